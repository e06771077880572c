/* Totals per host and cluster, in one pass over the VMs: a host's own figures
 * would have to be searched for once per row otherwise. A VM counts once, where
 * its main copy is, however many domains it has just now. Figures of hosts that
 * are not live do not count as what the cluster does or has now, but their VMs
 * still exist. */
#include <string.h>

#include "core/mem.h"
#include "tui/rows.h"

/* Rates are as large as somebody's counters say. */
static void
add_known(int64_t *to, int64_t v)
{
	if (v < 0)
		return;
	if (*to < 0)
		*to = 0;
	*to = v < INT64_MAX - *to ? *to + v : INT64_MAX;
}

static struct sum
empty(void)
{
	return (struct sum){ .net_rx = -1, .net_tx = -1, .disk_rd = -1,
		.disk_wr = -1 };
}

static void
add_sum(struct sum *to, const struct sum *s)
{
	to->hosts += s->hosts;
	to->live += s->live;
	to->vms += s->vms;
	to->running += s->running;
	to->unsure += s->unsure;
	to->crashed += s->crashed;
	to->vcpus += s->vcpus;
	to->cpu_pm += s->cpu_pm;
	to->cpus += s->cpus;
	to->used_kb += s->used_kb;
	to->mem_kb += s->mem_kb;
	add_known(&to->net_rx, s->net_rx);
	add_known(&to->net_tx, s->net_tx);
	add_known(&to->disk_rd, s->disk_rd);
	add_known(&to->disk_wr, s->disk_wr);
}

static void
sum_copies(struct rows *r, const struct model *m, const struct vm *vm)
{
	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];
		struct sum *s;

		if (c->host >= r->nhosts)
			continue;
		s = &r->host[c->host];
		s->vcpus += c->vcpus > 0 ? (uint32_t)c->vcpus : 0;
		if (model_host(m, c->host)->health != HOST_LIVE)
			continue;
		add_known(&s->net_rx, c->net_rx);
		add_known(&s->net_tx, c->net_tx);
		add_known(&s->disk_rd, c->disk_rd);
		add_known(&s->disk_wr, c->disk_wr);
	}
}

/* What is left of a domain that crashed, shut down or is being destroyed does
 * not run. */
static void
count_vm(struct sum *s, const struct model *m, const struct vm *vm)
{
	const struct vm_copy *c = vm_main(vm);

	s->vms++;
	if (c == NULL)
		return;
	if (vm->state == VM_CRASHED)
		s->crashed++;
	else if (vm->state != VM_RUNNING && vm->state != VM_PAUSED &&
	    vm->state != VM_MIGRATING)
		return;
	else if (model_host(m, c->host)->health == HOST_LIVE)
		s->running++;
	else
		s->unsure++;
}

int64_t
host_used_kb(const struct host *h)
{
	return h->facts.mem_kb >= 0 && h->facts.free_kb >= 0 ?
	    h->facts.mem_kb - h->facts.free_kb : 0;
}

static void
sum_host(struct sum *s, const struct host *h)
{
	s->hosts = 1;
	if (h->health != HOST_LIVE)
		return;
	s->live = 1;
	s->cpu_pm = h->cpu_pm > 0 ? h->cpu_pm : 0;
	s->cpus = h->facts.cpus > 0 ? h->facts.cpus : 0;
	if (h->facts.mem_kb > 0) {
		s->mem_kb = h->facts.mem_kb;
		s->used_kb = host_used_kb(h);
	}
}

static void
reset(struct rows *r, const struct model *m)
{
	size_t nhosts = model_nhosts(m), nclusters = model_conf(m)->nclusters;

	if (r->nhosts != nhosts || r->nclusters != nclusters ||
	    r->host == NULL) {
		x_free(r->host);
		x_free(r->cluster);
		r->host = x_calloc(nhosts + 1, sizeof *r->host);
		r->cluster = x_calloc(nclusters + 1, sizeof *r->cluster);
		r->nhosts = nhosts;
		r->nclusters = nclusters;
	}
	for (size_t i = 0; i < nhosts; i++)
		r->host[i] = empty();
	for (size_t i = 0; i < nclusters; i++)
		r->cluster[i] = empty();
	r->all = empty();
}

void
rows_sum(struct rows *r, const struct model *m)
{
	reset(r, m);
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		sum_copies(r, m, vm);
		count_vm(vm->host < r->nhosts ? &r->host[vm->host] : &r->all,
		    m, vm);
	}
	for (uint32_t i = 0; i < r->nhosts; i++) {
		const struct host *h = model_host(m, i);

		sum_host(&r->host[i], h);
		if (h->cluster < r->nclusters)
			add_sum(&r->cluster[h->cluster], &r->host[i]);
		add_sum(&r->all, &r->host[i]);
	}
}
