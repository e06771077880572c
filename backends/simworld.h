#ifndef BACKENDS_SIMWORLD_H
#define BACKENDS_SIMWORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/simload.h"
#include "backends/simtimer.h"
#include "core/arena.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/defs.h"
#include "core/err.h"
#include "core/obs.h"
#include "core/uuid.h"

/* The simulated machines themselves: hosts, the domains on them, and what
 * happens to both in virtual time. It behaves as Xen does, so it will start a
 * VM twice on two hosts when told to; what it never does is to use memory
 * twice. Nobody outside reads it but through simworld_observe: links, which may
 * break, are the simulator's other half (simlink.h). */

#define SIM_NONE UINT32_MAX

/* Virtual ms when the simulator starts; machines were up for days by then. */
#define SIM_EPOCH (INT64_C(60) * 86400 * 1000)

enum {
	SIM_VMS_SPARE = 64, /* that somebody may define later */
	SIM_BOOT_MS = 90 * 1000,
	SIM_REBOOT_MS = 2000,   /* of a VM: how long there is no domain */
	SIM_SHUTDOWN_MS = 4000, /* of a VM */
	SIM_GUEST_UP_MS = 5000, /* from its start to its having an address */
	SIM_MIGRATE_MIN_MS = 2000,
	SIM_MIGRATE_KB_PER_MS = 200, /* about a 2 Gbit/s network */
	SIM_HANDOVER_MS = 1200,
};

enum simpower { SIM_POWER_ON, SIM_POWER_OFF, SIM_POWER_BOOTING };

enum simrole { SIM_PLAIN, SIM_INCOMING, SIM_MIGRATEDAWAY };

enum { SIMDEVICES_MAX = 16 }; /* nics, and disks, of a domain's own */

struct simdom {
	uint32_t domid;
	uint32_t vm;     /* SIM_NONE: dom0 */
	enum simrole role;
	const char *name; /* of dom0 too; it says the role as well */
	bool paused;
	int pauses;      /* by xl: what is paused twice is unpaused twice */
	bool alone;      /* no xl waits for its end any more */
	enum shutdown_reason reason;
	int64_t mem_kb;
	int64_t target_kb, max_kb; /* what it is told to have; at most */
	int vcpus, vcpus_max;
	int weight, cap; /* of its scheduler */
	/* Its own devices; NULL: as the VM has them. */
	struct obs_nic *nics;
	size_t nnics;
	struct obs_disk *disks;
	size_t ndisks;
	int32_t vnc_port;
	int64_t start;   /* virtual ms */
	struct simload load;
	const void *reader; /* of its console; NULL: nobody */
	bool logged_in;     /* somebody has, there */
	/* CPU and running time up to `since`. */
	int64_t since, cpu_ns, run_ms;
};

/* How a migration ends, and what it leaves: xl(1) knows all of these. */
enum simmig {
	SIMMIG_WELL,
	SIMMIG_EMPTY,     /* the source runs on; an incoming without memory */
	SIMMIG_BOTH,      /* the source runs on; a whole incoming, paused */
	SIMMIG_HANDSHAKE, /* migratedaway, suspended; incoming, paused */
	SIMMIG_UNHEARD,   /* migratedaway, suspended; the other one runs */
	SIMMIG_UNDONE,    /* the source runs on, nothing is left */
	SIMMIG_TAKEN,     /* the same: its name was taken there */
	SIMMIG_KINDS,
};

/* What becomes of the next command that somebody runs on a host. */
enum simrunfault {
	SIMRUN_WELL,
	SIMRUN_HANGS, /* begins, does nothing, never ends */
	SIMRUN_LOST,  /* never gets there */
	SIMRUN_MUTE,  /* does it all, but that it ended is not heard */
};

/* On a host's disk, and still there when it has been off: a saved VM, or what
 * nobody can restore (vm: SIM_NONE). */
struct simfile {
	const char *path;
	uint32_t vm;
	const char *name;
	int64_t mem_kb, max_kb;
	int vcpus, vcpus_max;
};

struct simhost {
	const struct conf_sim_host *conf;
	uint32_t conf_host; /* index in conf->hosts */
	uint32_t cluster;
	uint64_t seed;
	enum simpower power;
	int64_t boot;       /* virtual ms */
	uint32_t gen;       /* of the timer that ends the boot; counts boots */
	uint32_t next_domid;
	struct simdom *doms; /* by domid; dom0 the first while power is on */
	size_t ndoms, doms_cap;
	const struct defs *defs; /* a reference */
	struct buf log;     /* Xen's, since it booted */
	enum simrunfault next_run;
	enum simmig next_mig; /* how the next migration from here ends */
	int next_mig_pm;      /* how far it gets before */
	bool disk_full;       /* nothing can be saved */
	struct simfile *files;
	size_t nfiles, files_cap;
	const char **asleep;  /* paths of volumes that are not active */
	size_t nasleep, asleep_cap;
};

enum simbusy { SIM_IDLE, SIM_STOPPING, SIM_REBOOTING, SIM_COPYING,
	SIM_HANDOVER };

/* What is going on with a domain, by itself. */
struct simop {
	enum simbusy busy; /* SIM_IDLE: it is over */
	uint32_t gen;      /* of its timer */
	bool kept;         /* somebody wants to see how it ended */
	uint32_t vm;
	uint32_t host, domid;  /* of what it is done to */
	uint32_t to, to_domid; /* a migration's receiver */
	bool reboot;           /* SIM_STOPPING: and is made again then */
	const char *name;      /* SIM_REBOOTING: as what */
	int64_t mem_kb;
	int vcpus;
	enum simmig end;       /* a migration's, planned or real */
	int end_pm;            /* of what is to be copied, when it breaks */
	bool stays_paused;     /* -p */
	int64_t began, ends;   /* virtual ms, of this phase */
};

struct simvm {
	const struct conf_sim_vm *conf;
	const char *name; /* at present; conf->name in its definition */
	struct uuid uuid;
	uint64_t seed;
	uint32_t home;   /* simulated host */
	bool hung;       /* the guest hears nothing */
	bool stubborn;   /* the guest hears, and stays */
	const char *path; /* of its definition */
	/* What observations say of its devices. */
	struct obs_nic nic, nic_up; /* without and with an address */
	struct obs_disk disks[2];
	size_t ndisks;
};

struct simtexts { /* sorted */
	const char **v;
	size_t n, cap;
};

struct simworld {
	const struct conf *conf;
	struct defpool *pool;
	struct simhost *hosts;
	size_t nhosts;
	struct simvm *vms; /* they never move: observations point to them */
	size_t nvms, vms_cap;
	struct simop *ops; /* slots; they are used again */
	size_t nops, ops_cap;
	int64_t now;     /* virtual ms */
	struct simtimers timers;
	struct arena mem; /* definitions, texts: they never change or end */
	struct simtexts texts;
	/* What an operator could have seen on the host's console. */
	void (*note)(void *arg, uint32_t host, const char *text);
	void *note_arg;
};

/* conf must outlive the world; note may be called from any function. */
struct simworld *simworld_new(const struct conf *conf,
    void (*note)(void *arg, uint32_t host, const char *text), void *arg);
void simworld_free(struct simworld *w);

/* When something happens by itself next, and letting time pass until then: t
 * is never past that. */
int64_t simworld_next(const struct simworld *w);
void simworld_run(struct simworld *w, int64_t t);

/* Kept for as long as the world, once however often it comes; NULL: NULL. */
const char *simworld_text(struct simworld *w, const char *text);

/* By name; SIM_NONE when there is none. A VM also by its definition's name. */
uint32_t simworld_host(const struct simworld *w, const char *name);
uint32_t simworld_vm(const struct simworld *w, const char *name);
/* The host of the VM's plain domain, the first when there are two. */
uint32_t simworld_where(const struct simworld *w, uint32_t vm);

void simworld_boot_id(const struct simhost *h, char out[UUID_STR]);
int64_t simworld_free_kb(const struct simhost *h);
int64_t simworld_dom0_kb(const struct simhost *h);

/* --- Actions: 0, or -1 and why not. They take effect at `now`. ------------ */

int simworld_start(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err);
/* The same of any size, and whatever goes on elsewhere: xl looks no further
 * than its own host. NULL, and why not. */
struct simdom *simvm_make(struct simworld *w, uint32_t host, uint32_t vm,
    const char *name, int64_t mem_kb, int vcpus, struct err *err);
int simworld_shutdown(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err);
int simworld_reboot(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err);
int simworld_crash(struct simworld *w, uint32_t host, uint32_t vm,
    struct err *err);
int simworld_pause(struct simworld *w, uint32_t host, uint32_t vm, bool pause,
    struct err *err);
int simworld_rename(struct simworld *w, uint32_t host, uint32_t vm,
    const char *name, struct err *err);
/* will_fail: half way, leaving a paused domain without memory behind. */
int simworld_migrate(struct simworld *w, uint32_t host, uint32_t vm,
    uint32_t to, bool will_fail, struct err *err);
/* The same without any care, of any domain: returns the op. */
uint32_t simmig_begin(struct simworld *w, uint32_t host, uint32_t domid,
    uint32_t to, const struct simop *how);
/* Who does it is killed. */
void simmig_abort(struct simworld *w, uint32_t op);
int simworld_destroy(struct simworld *w, uint32_t host, uint32_t domid,
    struct err *err);
void simworld_power_off(struct simworld *w, uint32_t host);
void simworld_power_on(struct simworld *w, uint32_t host);

/* What the host would say of itself now; its power is on. wall_ms is what its
 * clock shows. o is initialised; its definitions, devices and plain names
 * belong to the world. */
void simworld_observe(const struct simworld *w, uint32_t host, int64_t wall_ms,
    struct obs *o);

/* Xen's log, as `xl dmesg` would print it. */
void simxen_log(const struct simworld *w, uint32_t host, struct buf *out);

/* --- For simworld's own files ---------------------------------------------- */

void simxen_logf(struct simworld *w, uint32_t host, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
int simxen_nodes(const struct simhost *h);
/* nodes, sockets and so on; numa and pools, in the arena. */
void simxen_topology(const struct simhost *h, struct obs_host *o,
    struct arena *a);
void simhost_come_up(struct simworld *w, struct simhost *h);
struct simdom *simdom_of(struct simhost *h, uint32_t vm, enum simrole role);
struct simdom *simdom_add(struct simworld *w, uint32_t host, uint32_t vm,
    enum simrole role, int64_t mem_kb);
void simdom_remove(struct simworld *w, uint32_t host, struct simdom *d);
bool simdom_runs(const struct simdom *d);
/* Whether the guest would do what it is asked to: not all have the drivers,
 * and not all that have them listen. */
bool simdom_has_drivers(const struct simworld *w, const struct simdom *d);
bool simdom_listens(const struct simworld *w, const struct simdom *d);
void simdom_set_vcpus(struct simworld *w, uint32_t host, struct simdom *d,
    int vcpus);
/* The guest gives memory back, or takes it, over time. */
void simdom_balloon(struct simworld *w, uint32_t host, struct simdom *d,
    int64_t kb);
/* NULL: there is none. */
struct simfile *simhost_file(struct simhost *h, const char *path);
/* A new one in place of any old one of that path. */
struct simfile *simhost_save(struct simworld *w, uint32_t host,
    const char *path, uint32_t vm);
/* Brings the counters up to now: before anything about the domain changes. */
void simdom_fold(struct simworld *w, struct simdom *d);
struct simdom *simdom_at(struct simhost *h, uint32_t domid);
struct simdom *simdom_named(struct simhost *h, const char *name);
/* Its name, or that with what the role adds. */
void simdom_rename(struct simworld *w, struct simdom *d, const char *name,
    enum simrole role);
/* Without what the role adds. */
void simdom_plain_name(char *out, size_t size, const struct simdom *d);
/* How it would be made again. */
void simop_remember(struct simop *o, const struct simdom *d);
/* The guest ends as it was asked to: what is left of it, and what xl does. */
uint32_t simdom_stop(struct simworld *w, uint32_t host, struct simdom *d,
    bool reboot);
/* The same at once: a reset. */
void simdom_reset(struct simworld *w, uint32_t host, struct simdom *d);

/* A new op from such a one; its phase lasts so long. Pointers to ops hold
 * until the next begins. */
uint32_t simop_begin(struct simworld *w, const struct simop *op, int64_t ms);
void simop_phase(struct simworld *w, uint32_t op, enum simbusy busy,
    int64_t ms);
void simop_end(struct simworld *w, uint32_t op);
/* The one of that domain, of any of the VM's; SIM_NONE. */
uint32_t simop_of_dom(const struct simworld *w, uint32_t host,
    uint32_t domid);
uint32_t simop_of_vm(const struct simworld *w, uint32_t vm);
void simop_timer(struct simworld *w, uint32_t op);
void simop_host_died(struct simworld *w, uint32_t host);
void simmig_phase_over(struct simworld *w, uint32_t op);
void simmig_host_died(struct simworld *w, uint32_t op, uint32_t host);
void simworld_note(struct simworld *w, uint32_t host, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
