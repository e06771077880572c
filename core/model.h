#ifndef CORE_MODEL_H
#define CORE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/history.h"
#include "core/moments.h"

/* What is known of all clusters, hosts and VMs. Only model_apply and
 * model_tick change it; everybody else reads these structs through const
 * pointers, which hold until the next of those two calls. Ids hold for the
 * life of the model: keep ids, never pointers or row numbers. */

#define MODEL_NONE UINT32_MAX

/* --- Hosts --------------------------------------------------------------- */

enum host_health {
	HOST_WAITING,  /* no word from it yet */
	HOST_LIVE,     /* figures are current */
	HOST_STALE,    /* link is there or unclear, figures are old */
	HOST_DOWN,     /* link is down; says nothing about its VMs */
	HOST_REFUSED,  /* link waits for the operator */
};

/* What a host said when it was asked for a text. */
struct host_answer {
	char *text;       /* the last one; NULL: none so far */
	int64_t wall_ms;  /* when it came */
	char *error;      /* why the last question brought none; NULL */
	struct mono at;   /* when text or error came */
};

struct host {
	uint32_t id;           /* index in conf->hosts */
	uint32_t cluster;
	const char *name;      /* conf's */
	enum host_health health;
	enum link_state link;
	char *reason, *transport, *observer, *note;
	struct mono since;     /* of the present link state */
	/* When it was first not live, whatever was tried since; MONO_NEVER
	 * while it is live or nothing has failed yet. */
	struct mono trouble_since;
	struct mono retry;
	bool seen;             /* facts below are of `last` */
	struct mono last;      /* when the last observation came */
	/* What that one shows was looked at after this moment of the host's own
	 * clock, ns since it was booted: that of the one before. 0: nothing can
	 * be said yet; -1: nobody tells what its clock says. */
	int64_t after_ns;
	int64_t last_wall_ms;
	int64_t clock_ms;      /* its own wall clock at `last`; -1: unknown */
	struct obs_host facts; /* strings live in `facts_mem` */
	struct arena facts_mem;
	struct obs_dom dom0;   /* its strings too */
	int32_t cpu_pm;        /* all domains, per mille of ONE pCPU; -1 */
	int32_t dom0_cpu_pm;
	int64_t doms_kb;       /* memory of all domUs */
	uint32_t ncopies;      /* domUs there */
	/* One value per observation; a gap where it was silent for long. */
	struct history cpu;    /* per mille of the whole host */
	struct history mem;    /* used, MiB */
	struct history net;    /* bytes/s, both ways, all domUs */
	struct history disk;
	struct moments when;   /* of them, and of its VMs' */
	int64_t net_rx, net_tx, disk_rd, disk_wr; /* of all domUs; -1 */
	struct host_answer answer[ASK_COUNT];
	/* For deltas. */
	int64_t t_ns, dom0_cpu_ns;
	int64_t heard_ns;      /* t_ns of the last observation */
};

/* --- VMs ------------------------------------------------------------------ */

/* xl migrate's names (tools/xl/xl_migrate.c): the copy being received is
 * NAME--incoming, the one that was sent NAME--migratedaway. */
enum copy_role { COPY_PLAIN, COPY_INCOMING, COPY_MIGRATEDAWAY };

/* One domain: a VM normally has one, none when it is dormant, two in
 * migration. */
struct vm_copy {
	uint32_t host;
	uint32_t domid;
	enum copy_role role;
	char *name;              /* without the suffix; NULL: it has none */
	unsigned flags;          /* enum dom_flag */
	enum shutdown_reason reason;
	enum vm_type type;
	int32_t vcpus, vcpus_max;
	int64_t mem_kb, maxmem_kb;
	int64_t start_s;
	int32_t vnc_port;
	/* Rates over the last interval; -1 unknown. */
	int32_t cpu_pm;          /* per mille of one pCPU */
	int64_t net_rx, net_tx, disk_rd, disk_wr; /* bytes/s, guest's view */
	/* The counters they came from. */
	int64_t t_ns;
	int64_t cpu_ns, c_net_rx, c_net_tx, c_disk_rd, c_disk_wr;
	struct mono first;       /* when it was first seen */
	uint64_t round;          /* of the host's observation that had it */
};

enum vm_state {
	VM_RUNNING,
	VM_PAUSED,
	VM_SHUTDOWN,  /* stopped, its domain not cleared away */
	VM_CRASHED,
	VM_DYING,
	VM_MIGRATING,
	VM_GONE,      /* just vanished: rebooting, moving or stopped */
	VM_DORMANT,   /* defined, not running anywhere known */
};

enum vm_conflict {
	CONFLICT_NONE,
	CONFLICT_UUID,  /* two live domains claim its UUID */
	CONFLICT_MAYBE, /* two do, one on a host whose figures are old */
	CONFLICT_NAME,  /* another VM in the cluster runs by the same name */
};

struct vm {
	uint32_t id;
	uint32_t cluster;
	struct uuid uuid;       /* nil while only a definition without one */
	char *name;             /* without migration's suffix */
	enum vm_state state;
	struct mono since;      /* it has been in that state */
	enum vm_conflict conflict;
	struct mono conflict_since;
	struct vm_copy *copies; /* by host, then domid */
	size_t ncopies, copies_cap;
	size_t main;            /* index of the copy whose figures count */
	uint32_t host;          /* where it is, was last, or is defined */
	uint32_t peer;          /* the other host of a migration, MODEL_NONE */
	struct mono gone_since; /* for VM_GONE */
	struct mono seen;       /* when a host last said that it has it */
	uint32_t seen_on;       /* that host; MODEL_NONE: none ever did */
	bool shut_down;         /* its last domain was seen to end in order */
	bool left;              /* it may have gone to another host: that was
	                         * one end of a migration, or saved, or was not
	                         * seen to end at all */
	bool defined;
	int64_t def_mem_kb;
	int32_t def_vcpus;
	enum vm_type def_type;
	char *def_path;         /* on def_host; NULL: unknown */
	uint32_t def_host;      /* that it was taken from: its home, where it
	                         * is or was, or the first that has one */
	const struct conf_vm *conf; /* NULL: nothing configured */
	uint32_t home;              /* MODEL_NONE: none configured */
	struct obs_dom detail;  /* devices of the main copy; in detail_mem */
	struct arena detail_mem;
	/* One value per observation of the main copy's host. */
	struct history cpu;     /* per mille of one pCPU */
	struct history mem;     /* MiB */
	struct history net;     /* bytes/s, both ways */
	struct history disk;
};

/* --- What happened -------------------------------------------------------- */

struct log_entry {
	uint64_t seq;        /* from 1, without gaps */
	int64_t wall_ms;
	enum note_level level;
	uint32_t host, vm;   /* MODEL_NONE: none */
	char text[512]; /* as long as an err.msg; reasons are told in full */
};

enum { MODEL_LOG_LEN = 512 };

/* --- The model ------------------------------------------------------------ */

struct model;

/* conf must outlive the model. */
struct model *model_new(const struct conf *conf);
void model_free(struct model *m);

void model_apply(struct model *m, const struct event *e);

/* Lets time pass: links grow stale, vanished VMs are given up. Returns whether
 * anything changed; *next is lowered to when it is worth calling again. */
bool model_tick(struct model *m, struct mono now, int64_t wall_ms,
    struct mono *next);

/* The latest moment it has heard of: ages are counted from it. */
struct mono model_now(const struct model *m);

const struct conf *model_conf(const struct model *m);
size_t model_nhosts(const struct model *m);
/* What the host can start, as it said last; NULL: it has not said so far. */
const struct defs *model_defs(const struct model *m, uint32_t host);
const struct host *model_host(const struct model *m, uint32_t id);

/* VMs in no particular order: i from 0 to model_nvms - 1. */
size_t model_nvms(const struct model *m);
const struct vm *model_vm_at(const struct model *m, size_t i);
const struct vm *model_vm(const struct model *m, uint32_t id); /* or NULL */
/* The one that runs of those with that UUID or name, else the one with that
 * UUID, or NULL. */
const struct vm *model_vm_alike(const struct model *m, uint32_t cluster,
    const struct uuid *uuid, const char *name);

/* By UUID, else the one by that name; NULL. Another model has other ids. */
const struct vm *model_find_vm(const struct model *m, uint32_t cluster,
    const struct uuid *uuid, const char *name);

/* The main copy, or NULL: dormant or gone. */
const struct vm_copy *vm_main(const struct vm *vm);

/* Where a migrating VM goes to and comes from; MODEL_NONE where unclear. */
void vm_route(const struct vm *vm, uint32_t *from, uint32_t *to);

/* For how long a domain has been running, s, by its host's own clock; while the
 * host is not live, as of its last answer. -1: unknown. */
int64_t model_uptime_s(const struct model *m, const struct vm_copy *c,
    struct mono now);

/* Whether what is shown of the VM is old, since its host is not live. */
bool model_vm_stale(const struct model *m, const struct vm *vm);

/* What wants a look: a host that is not live, and that is no mere beginning; a
 * VM in conflict or crashed. */
bool host_troubled(const struct host *h);
bool vm_troubled(const struct vm *vm);

/* Changes with every change of anything above: redraw when it did. */
uint64_t model_generation(const struct model *m);
/* Changes when VMs or hosts come, go, move or are renamed. */
uint64_t model_shape(const struct model *m);

/* back 0 is the newest; NULL when there is none. */
const struct log_entry *model_log(const struct model *m, size_t back);

/* Replaces the log by these entries, the oldest first, at most MODEL_LOG_LEN:
 * for a model that was made for a moment and did not see what led to it. */
void model_set_log(struct model *m, const struct log_entry *v, size_t n);

/* How many VMs are in each conflict right now. */
size_t model_nconflicts(const struct model *m, enum vm_conflict c);

const char *host_health_name(enum host_health h);
const char *vm_state_name(enum vm_state s);
const char *vm_type_name(enum vm_type t);

/* Splits xl's suffix off: returns the role and sets *len to the length of the
 * VM's own name. */
enum copy_role copy_role_of(const char *name, size_t *len);

/* The lasting truth of the model as text, one line per host and VM, sorted,
 * without ids, times, rates or history: for tests and bug reports. */
void model_dump(const struct model *m, struct buf *out);

#endif
