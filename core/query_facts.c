/* The facts that a query is asked of, out of the model. What a host that is not
 * live said last counts, as it is what is shown. */
#include <string.h>

#include "core/query.h"

static void
unknown(struct query_facts *f)
{
	memset(f, 0, sizeof *f);
	for (size_t i = 0; i < QUERY_NUMBERS; i++)
		f->n[i] = -1;
}

static const char *
cluster_name(const struct model *m, uint32_t cluster)
{
	const struct conf *c = model_conf(m);

	return cluster < c->nclusters ? c->clusters[cluster].name : NULL;
}

static void
add_copy(struct query_facts *f, const struct model *m, const struct vm_copy *c)
{
	int64_t up_s = model_uptime_s(m, c, model_now(m));

	f->type = c->type;
	f->n[QUERY_CPU] = c->cpu_pm;
	f->n[QUERY_MEM] = c->mem_kb;
	f->n[QUERY_VCPUS] = c->vcpus;
	f->n[QUERY_DOMID] = c->domid;
	if (up_s >= 0)
		f->n[QUERY_UP] = up_s * 1000;
	f->n[QUERY_RX] = c->net_rx;
	f->n[QUERY_TX] = c->net_tx;
	f->n[QUERY_NET] = obs_sum(c->net_rx, c->net_tx);
	f->n[QUERY_RD] = c->disk_rd;
	f->n[QUERY_WR] = c->disk_wr;
	f->n[QUERY_DISK] = obs_sum(c->disk_rd, c->disk_wr);
}

static void
add_conf(struct query_facts *f, const struct model *m, const struct vm *vm)
{
	if (vm->conf != NULL) {
		f->desc = vm->conf->description;
		if (vm->conf->priority > 0)
			f->n[QUERY_PRIO] = vm->conf->priority;
	}
	if (vm->home < model_nhosts(m))
		f->home = model_host(m, vm->home)->name;
}

static unsigned
vm_is(const struct vm *vm, uint32_t host, const struct host *h,
    const struct vm_copy *c)
{
	unsigned is = 0;
	bool twice = vm->conflict == CONFLICT_UUID ||
	    vm->conflict == CONFLICT_MAYBE;

	if (h != NULL && h->health != HOST_LIVE)
		is |= QUERY_STALE;
	if (vm_troubled(vm))
		is |= QUERY_TROUBLED;
	if (vm->conflict == CONFLICT_UUID || vm->state == VM_CRASHED)
		is |= QUERY_ALARM;
	if (twice)
		is |= QUERY_TWICE;
	if (c != NULL && vm->home != MODEL_NONE && vm->home != host)
		is |= QUERY_AWAY;
	return is;
}

void
query_facts_vm(struct query_facts *f, const struct model *m,
    const struct vm *vm, uint32_t host, const struct vm_copy *copy)
{
	const struct host *h = host < model_nhosts(m) ? model_host(m, host) :
	    NULL;

	unknown(f);
	f->name = vm->name;
	f->host = h != NULL ? h->name : NULL;
	f->cluster = cluster_name(m, vm->cluster);
	f->uuid = &vm->uuid;
	f->nics = vm->detail.nics;
	f->nnics = vm->detail.nnics;
	f->vm_state = vm->state;
	if (copy != NULL && h != NULL) {
		add_copy(f, m, copy);
	} else {
		f->type = vm->def_type;
		f->n[QUERY_MEM] = vm->def_mem_kb;
		f->n[QUERY_VCPUS] = vm->def_vcpus;
	}
	add_conf(f, m, vm);
	f->is = vm_is(vm, host, h, copy);
}

void
query_facts_host(struct query_facts *f, const struct model *m,
    const struct host *h)
{
	const struct obs_host *x = &h->facts;

	unknown(f);
	f->is_host = true;
	f->name = f->host = h->name;
	f->cluster = cluster_name(m, h->cluster);
	f->address = model_conf(m)->hosts[h->id].address;
	f->host_health = h->health;
	f->is = (h->health != HOST_LIVE && h->seen ? QUERY_STALE : 0u) |
	    (host_troubled(h) ? QUERY_TROUBLED : 0u) |
	    (h->health == HOST_DOWN || h->health == HOST_REFUSED ?
	    QUERY_ALARM : 0u);
	if (!h->seen)
		return;
	if (x->cpus > 0 && h->cpu_pm >= 0)
		f->n[QUERY_CPU] = h->cpu_pm / x->cpus;
	if (x->mem_kb >= 0 && x->free_kb >= 0)
		f->n[QUERY_MEM] = x->mem_kb - x->free_kb;
	f->n[QUERY_FREE] = x->free_kb;
	f->n[QUERY_VCPUS] = x->cpus;
	if (x->uptime_s >= 0)
		f->n[QUERY_UP] = x->uptime_s * 1000;
}
