#ifndef CORE_REQUEST_H
#define CORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/uuid.h"

/* A request: one thing to be done on one host, as data, before anybody carries
 * it out. core/command.h makes an argv of it, core/safety.h says whether it may
 * be done now, core/jobs.h sees it through. */

/* Beside each: the arguments it takes. */
enum request_op {
	REQ_NONE,
	/* Of a VM that has no domain on that host. */
	REQ_START,       /* arg: the definition's path there; value: KiB that it
	                  * will take, -1: unknown; PAUSED */
	REQ_RESTORE,     /* arg: the saved state's path there; value, PAUSED */
	/* Of the VM's domain there. */
	REQ_SHUTDOWN,    /* FALLBACK, HARD; value: seconds until then */
	REQ_REBOOT,      /* FALLBACK */
	REQ_DESTROY,     /* arg: NAME--incoming or NAME--migratedaway, and it
	                  * must be that still; NULL: whatever it is */
	REQ_PAUSE,
	REQ_UNPAUSE,
	REQ_RESUME,      /* one that is suspended, as a migration that broke
	                  * leaves it */
	REQ_SAVE,        /* arg: path there; LEAVE */
	REQ_RENAME,      /* arg: the new name */
	REQ_MEM_SET,     /* value: KiB */
	REQ_VCPU_SET,    /* value: how many are online */
	REQ_VCPU_PIN,    /* value: vCPU, -1: all; arg: processors, "all" */
	REQ_SCHED,       /* value: weight, cap: per cent; -1: as it is; arg: the
	                  * host's scheduler, NULL: credit2 */
	REQ_DISK_ATTACH, /* arg: xl-disk-configuration(5) */
	REQ_DISK_DETACH, /* arg: virtual device */
	REQ_NIC_ATTACH,  /* arg: xl-network-configuration(5) */
	REQ_NIC_DETACH,  /* arg: MAC address or number */
	REQ_CD_INSERT,   /* arg: virtual device, arg2: path there */
	REQ_CD_EJECT,    /* arg: virtual device */
	REQ_TRIGGER,     /* arg: nmi, reset, power, ...: xl(1) */
	REQ_SYSRQ,       /* arg: one letter */
	REQ_DUMP_CORE,   /* arg: path there */
	REQ_MIGRATE,     /* to, arg: its address; PAUSED */
	/* Of the host alone. */
	REQ_DEF_CHECK,   /* arg: path there, body: a definition's text; `xl -N
	                  * create` of it, nothing is kept */
	REQ_DEF_WRITE,   /* arg: path, body: text; the old file stays beside it;
	                  * arg2: what cksum(1) must say of that, "-": there
	                  * must be none, NULL: whatever it is */
	REQ_PROBE,       /* arg: lines of what must be so there, or it fails:
	                  * core/probe.h */
	REQ_LV_ACTIVATE, /* arg: VG/LV; so that it can be used there */
	REQ_LV_DEACTIVATE,
	REQ_OPS,
};

enum request_flag {
	REQUEST_PAUSED = 1 << 0,   /* the new domain is left paused */
	REQUEST_FALLBACK = 1 << 1, /* ACPI, where the guest has no PV drivers */
	REQUEST_LEAVE = 1 << 2,    /* the domain is left running */
	/* The operator has typed that the VM runs nowhere else. */
	REQUEST_SWORN = 1 << 3,
	REQUEST_HARD = 1 << 4,     /* what does not end in time is destroyed */
};

#define REQUEST_NO_DOMID UINT32_MAX
/* Of a step behind others, whose domain they make: the only one that the VM has
 * on that host when the step's turn comes. */
#define REQUEST_LATER_DOMID (UINT32_MAX - 1)
#define REQUEST_NO_HOST UINT32_MAX

struct request {
	enum request_op op;
	uint32_t host;     /* that it is carried out on: index in conf->hosts */
	/* The VM that it is about; without a name: none. */
	uint32_t cluster;
	struct uuid uuid;  /* nil: unknown, for one that never ran */
	char *name;
	/* The guard: when that domain has not that UUID, or the host has been
	 * rebooted, nothing is run. */
	uint32_t domid;    /* REQUEST_NO_DOMID: of none */
	char *boot_id;     /* NULL: whatever it is */
	/* Arguments. */
	uint32_t to;       /* host; REQUEST_NO_HOST */
	int64_t value, cap;
	unsigned flags;    /* enum request_flag */
	char *arg, *arg2;  /* or NULL */
	char *body;        /* for its standard input; or NULL */
};

void request_init(struct request *r, enum request_op op); /* none of all */
void request_copy(struct request *to, const struct request *from);
void request_free(struct request *r);
bool request_equal(const struct request *a, const struct request *b);

/* Words: "shutdown"; for the journal, and back (REQ_NONE: no such word). */
const char *request_op_name(enum request_op op);
enum request_op request_op_find(const char *name);

/* What it does, for people, without the host: "shut web1 down". */
void request_text(char *out, size_t size, const struct request *r);

#endif
