/* Puts one observation together from what the tools said. Each figure has one
 * source of choice: states, memory and CPU time from xl list, CPU per cent and
 * limits from xentop, counters from sysfs, the rest from the slow facts. What
 * comes later than the list is left unknown rather than guessed. */
#include <stdlib.h>
#include <string.h>

#include "backends/shellobs.h"
#include "backends/sysparse.h"

/* xentop compares with its block before: a domain that was not there then has
 * no figure, and may even stand in the place of a namesake that went. */
static bool
cpu_is_its_own(const struct shellobs *o, const struct obs_dom *d)
{
	struct mono since = facts_since(o->facts, d);

	return since.ns <= o->top_block[1].ns;
}

static bool
top_works(const struct shellobs *o)
{
	return o->top.c != NULL && xentop_blocks(o->xentop) > 0;
}

static void
add_top(const struct shellobs *o, struct obs_dom *d)
{
	const struct xentop_row *r = d->name != NULL && top_works(o) ?
	    xentop_find(o->xentop, d->name) : NULL;

	if (r == NULL)
		return;
	if (cpu_is_its_own(o, d))
		d->cpu_pm = r->cpu_pm;
	/* The same amount, not cut to MiB. */
	if (r->mem_kb >= 0 && r->mem_kb / 1024 == d->mem_kb / 1024)
		d->mem_kb = r->mem_kb;
	d->maxmem_kb = r->maxmem_kb;
	d->vcpus_max = r->vcpus;
	if (!o->stats.sysfs && d->domid != 0) {
		d->net_rx = r->net_rx;
		d->net_tx = r->net_tx;
		d->disk_rd = r->disk_rd;
		d->disk_wr = r->disk_wr;
	}
}

/* Devices that the configuration knows and sysfs does not are served elsewhere,
 * by QEMU or a driver domain; dom0's own traffic is not here. */
static void
add_counters(struct obs_dom *d, const struct sys_counters *c, bool configured)
{
	if (d->domid == 0)
		return;
	if (c != NULL) {
		d->net_rx = c->net_rx;
		d->net_tx = c->net_tx;
		d->disk_rd = c->disk_rd;
		d->disk_wr = c->disk_wr;
	}
	if (configured && d->nnics == 0 && d->net_rx < 0)
		d->net_rx = d->net_tx = 0;
	if (configured && d->ndisks == 0 && d->disk_rd < 0)
		d->disk_rd = d->disk_wr = 0;
}

static void
add_host(const struct shellobs *o, struct obs *obs)
{
	struct obs_host *h = &obs->host;

	if (o->info.known)
		*h = o->info.h;
	if (o->topology.known) {
		h->sockets = o->topology.h.sockets;
		h->numa = o->topology.h.numa;
		h->nnuma = o->topology.h.nnuma;
		h->pools = o->topology.h.pools;
		h->npools = o->topology.h.npools;
	}
	h->boot_id = o->boot_id[0] != '\0' ? o->boot_id : NULL;
	h->load_pm = o->stats.load_pm;
	h->uptime_s = o->stats.uptime_ns < 0 ? OBS_UNKNOWN :
	    o->stats.uptime_ns / 1000000000;
	obs->t_ns = o->stats.uptime_ns >= 0 ? o->stats.uptime_ns :
	    o->list.at.ns;
	if (o->boot_ms >= 0 && o->stats.uptime_ns >= 0)
		obs->wall_ms = o->boot_ms + o->stats.uptime_ns / 1000000;
}

void
shellbuild_emit(struct shellobs *o, const char *p, size_t n)
{
	struct sys_counters *counters;
	struct obs obs;
	size_t ncounters;

	obs_init(&obs);
	ncounters = sys_parse_counters(&obs.mem, p, n, &counters);
	obs.seq = ++o->seq;
	obs.ndoms = o->list.n;
	obs.doms = arena_array(&obs.mem, obs.ndoms, sizeof *obs.doms);
	for (size_t i = 0; i < obs.ndoms; i++) {
		struct obs_dom *d = &obs.doms[i];
		const struct sys_counters *c;
		bool configured;

		*d = o->list.doms[i];
		c = sys_find_counters(counters, ncounters, d->domid);
		if (o->stats.sysfs)
			facts_devices(o->facts, d, c != NULL ? c->lines : 0,
			    o->now);
		configured = facts_fill(o->facts, d, &obs.mem);
		if (o->stats.sysfs)
			add_counters(d, c, configured);
		add_top(o, d);
	}
	add_host(o, &obs);
	obs_normalise(&obs);
	o->emitted = true;
	o->cb.obs(o->arg, &obs);
	obs_free(&obs);
}
