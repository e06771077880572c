#ifndef CORE_MODEL_PRIV_H
#define CORE_MODEL_PRIV_H

/* What the model's own files share; nobody else includes this. */

#include "core/model.h"
#include "core/vmindex.h"

/* One domain of a host's last observation, and the VM it was taken for. */
struct seat {
	uint32_t domid;
	struct vm_node *vm;
};

struct host_node {
	struct host pub;
	uint64_t round;     /* observations so far */
	char *told;         /* reason of the failure in the log; NULL: none */
	bool told_silent;   /* that it gives no figures is in the log */
	struct seat *seats; /* by domid */
	size_t nseats;
	const struct defs *defs; /* a reference; NULL: it has not said */
};

struct model {
	const struct conf *conf;
	struct host_node *hosts;
	size_t nhosts;
	struct vmindex vms;
	size_t conflicts[CONFLICT_NAME + 1];
	size_t ngone;
	bool *stale_defs; /* per cluster: definitions, or the VMs that they
	                   * speak of, changed since they were settled */
	uint64_t generation, shape;
	struct log_entry log[MODEL_LOG_LEN];
	uint64_t nlogged;
	/* Of the event being applied. */
	struct mono now;
	int64_t wall_ms;
};

/* Of a VM until a domain of it has one. */
#define MODEL_NO_NAME "(unnamed)"

enum {
	/* How long a VM that vanished is kept in its place: `xl reboot` takes
	 * its domain away for two seconds and more. */
	GONE_MS = 15000,
	/* Two hosts are asked at different moments, so a VM that moves may seem
	 * to be on both. Both must have said so again this much later before
	 * it is an alarm. */
	SETTLE_MS = 1500,
};

/* model_log.c */
/* How long something took, as log entries say it: "8.1 s", "3m12s", "2d03h". */
enum { MODEL_TOOK = 24 };
const char *model_took(char out[MODEL_TOOK], int64_t ms);
void model_logf(struct model *m, enum note_level level, uint32_t host,
    uint32_t vm, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void model_log_arrival(struct model *m, const struct host *h,
    const struct vm *vm, const struct vm_copy *c);
/* since: when the state before began. */
void model_log_state(struct model *m, const struct vm *vm, enum vm_state was,
    struct mono since);
void model_log_conflict(struct model *m, const struct vm *vm);

/* model_vm.c: the domains of one observation become copies of VMs.
 * after_silence: their histories get a gap first. */
void model_apply_doms(struct model *m, struct host_node *h,
    const struct obs *o, bool after_silence);
/* Gives up what has been gone too long; lowers *next. */
bool model_expire(struct model *m, struct mono *next);

/* Looks the VM up in the configuration by its name. */
void model_configure(struct model *m, struct vm *vm);
/* A VM without a domain yet, dormant on that host. */
struct vm_node *model_add_vm(struct model *m, uint32_t host,
    const struct uuid *uuid, const char *name);
void model_remove_vm(struct model *m, struct vm_node *v);

/* model_state.c */
/* Works a VM's state out anew from its copies and their hosts' health. */
void model_resolve(struct model *m, struct vm_node *v);
void model_resolve_host(struct model *m, struct host_node *h);
void model_set_state(struct model *m, struct vm *vm, enum vm_state s);

/* model_defs.c: which VMs are defined, and the dormant ones among them. */
void model_apply_defs(struct model *m, struct host_node *h,
    const struct defs *d);
/* Applies what has changed since; returns whether anything had. */
bool model_settle_defs(struct model *m);
/* Whether a VM without a domain is still worth a row. */
bool model_keeps_dormant(const struct model *m, const struct vm_node *v);

/* model_rate.c: counters become rates. */
void model_rate_copy(struct vm_copy *c, const struct obs_dom *d, int64_t t_ns);
void model_rate_host(struct host *h, const struct obs *o);

#endif
