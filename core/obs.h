#ifndef CORE_OBS_H
#define CORE_OBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/uuid.h"

/* An observation: all that one host said of itself at one moment. It is always
 * whole: sources that send changes only (the agent's delta frames) are put
 * together before they become one. All strings are clean text (utf8_clean),
 * NULL where unknown; numbers are -1 where unknown. */

#define OBS_UNKNOWN (-1)

enum {
	OBS_NAME_MAX = 255,     /* bytes of a name; longer ones are cut */
	OBS_TEXT_MAX = 1023,    /* bytes of any other string */
	OBS_DOMS_MAX = 4096,    /* Xen's own limit is 32752 domids */
	OBS_DEVICES_MAX = 64,   /* nics, and disks, of one domain */
	OBS_NODES_MAX = 64,     /* Xen's MAX_NUMNODES on x86 */
	OBS_POOLS_MAX = 64,
	OBS_CPU_MAX_PM = 1000 * 512, /* Xen's most vCPUs, all busy */
};

#define OBS_MEM_MAX_KB (INT64_C(1) << 40) /* 1 PiB; Xen's limit is 16 TiB */
#define OBS_TIME_MAX_S INT64_C(253402300799) /* the end of the year 9999 */

enum vm_type { VM_TYPE_UNKNOWN, VM_TYPE_PV, VM_TYPE_PVH, VM_TYPE_HVM };

/* Bits of obs_dom.flags, as the hypervisor reports them
 * (xen/include/public/domctl.h, XEN_DOMINF_*). running is set only while a
 * vCPU is on a physical CPU at that instant: an idle guest is blocked. */
enum dom_flag {
	DOM_RUNNING = 1 << 0,
	DOM_BLOCKED = 1 << 1,
	DOM_PAUSED = 1 << 2,
	DOM_SHUTDOWN = 1 << 3, /* reason tells why */
	DOM_DYING = 1 << 4,
};

/* xen/include/public/sched.h, SHUTDOWN_*. */
enum shutdown_reason {
	REASON_NONE = -1,
	REASON_POWEROFF = 0,
	REASON_REBOOT = 1,
	REASON_SUSPEND = 2,
	REASON_CRASH = 3,
	REASON_WATCHDOG = 4,
	REASON_SOFT_RESET = 5,
};

struct obs_nic {
	int32_t devid;
	const char *mac;    /* "00:16:3e:..." */
	const char *bridge;
	const char *ip;     /* what the guest says; never decide on it */
};

struct obs_disk {
	const char *vdev;   /* "xvda" */
	const char *target; /* "/dev/vgs/web1" */
	bool readonly;
};

struct obs_dom {
	uint32_t domid;
	struct uuid uuid;
	const char *name;   /* NULL while it is being made or torn down */
	enum vm_type type;
	unsigned flags;     /* enum dom_flag */
	enum shutdown_reason reason;
	int32_t vcpus;      /* online */
	int32_t vcpus_max;
	int64_t mem_kb;     /* current plus outstanding */
	int64_t maxmem_kb;  /* INT64_MAX: no limit */
	int64_t cpu_ns;     /* all vCPUs' running time since it was made */
	int32_t cpu_pm;     /* per mille of one pCPU, where the source measures
	                     * it better than differences of cpu_ns would */
	/* Bytes since the domain was made, as the guest sees them. */
	int64_t net_rx, net_tx, disk_rd, disk_wr;
	int64_t start_s;    /* wall clock of the host, s since 1970 */
	int32_t vnc_port;
	int32_t stubdom_of; /* domid that this one serves */
	struct obs_nic *nics;
	size_t nnics;
	struct obs_disk *disks;
	size_t ndisks;
};

/* A NUMA node. Processors are numbers and ranges: "0-3,8". */
struct obs_node {
	int32_t id;
	int64_t mem_kb, free_kb;
	const char *cpus;
};

/* A pool of processors with a scheduler of its own. */
struct obs_pool {
	const char *name;   /* "Pool-0" */
	const char *scheduler;
	const char *cpus;
	int32_t doms;       /* how many domains are in it, dom0 too */
};

struct obs_host {
	const char *hostname;
	const char *boot_id;     /* /proc/sys/kernel/random/boot_id of dom0 */
	const char *xen_version; /* "4.17.7" */
	const char *kernel;      /* dom0's */
	const char *virt_caps;   /* "pv hvm hap": xl info's words */
	const char *scheduler;
	int32_t cpus;            /* physical, online */
	int32_t cpu_mhz;
	int32_t nodes;           /* NUMA */
	int32_t sockets, cores_per_socket, threads_per_core;
	int64_t mem_kb;          /* all that Xen manages */
	int64_t free_kb;         /* what a new domain could get, less claims */
	int64_t claimed_kb;
	int32_t load_pm;         /* dom0's 1 minute load average, times 1000 */
	int64_t uptime_s;
	struct obs_node *numa;   /* by id */
	size_t nnuma;
	struct obs_pool *pools;  /* as Xen lists them */
	size_t npools;
};

struct obs {
	struct arena mem;   /* everything below lives in it */
	uint64_t seq;
	int64_t t_ns;       /* source's monotonic clock when it counted */
	int64_t wall_ms;    /* source's wall clock, ms since 1970 */
	struct obs_host host;
	struct obs_dom *doms; /* by domid ascending; dom0 among them */
	size_t ndoms;
};

/* Sets every number to unknown, every string to NULL, the arena to empty. */
void obs_init(struct obs *o);
void obs_dom_init(struct obs_dom *d);
void obs_free(struct obs *o);

/* Makes *to a deep copy; *to is an initialised obs whose content is dropped,
 * its memory reused. */
void obs_copy(struct obs *to, const struct obs *from);

/* Deep copies of the strings and arrays of one element, into an arena. */
struct obs_dom obs_dom_dup(struct arena *a, const struct obs_dom *d);
struct obs_host obs_host_dup(struct arena *a, const struct obs_host *h);

/* Two figures together; of one that is unknown, what the other says. */
int64_t obs_sum(int64_t a, int64_t b);

/* NULL when there is none. */
const struct obs_dom *obs_find(const struct obs *o, uint32_t domid);

/* Sorts doms as the struct promises, drops second domids and absurd figures,
 * and cuts to the limits. A source calls it before it hands an obs on. */
void obs_normalise(struct obs *o);

/* Whether NUMA nodes and pools are the same. */
bool obs_topology_equal(const struct obs_host *a, const struct obs_host *b);
/* Whether nics and disks are the same. */
bool obs_devices_equal(const struct obs_dom *a, const struct obs_dom *b);
bool obs_dom_equal(const struct obs_dom *a, const struct obs_dom *b);
bool obs_equal(const struct obs *a, const struct obs *b); /* but for seq */

#endif
