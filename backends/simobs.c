/* What a simulated host says of itself: the same facts, in the same terms, as
 * an agent would report of a real one. */
#include <stdio.h>
#include <string.h>

#include "backends/simworld.h"
#include "core/prng.h"

enum { KB_PER_CPU_MS_MAX = 20, CHATTER_B_PER_S = 400 };

/* The counters up to now, without touching the domain. */
static void
count(const struct simworld *w, const struct simdom *d, int64_t *cpu_ns,
    int64_t *run_ms)
{
	*cpu_ns = d->cpu_ns;
	*run_ms = d->run_ms;
	if (simdom_runs(d)) {
		*cpu_ns += simload_ns(&d->load, d->since, w->now);
		*run_ms += w->now - d->since;
	}
}

/* Traffic goes with the work that is done, each VM in its own proportions, and
 * a little of it is always there. */
static int64_t
traffic(const struct simdom *d, unsigned which, int64_t cpu_ns, int64_t run_ms)
{
	uint64_t r = prng_hash(d->load.seed, which);
	int64_t per_ms = 1 + (int64_t)(r % (KB_PER_CPU_MS_MAX * 1024));

	if (r >> 32 & 1)
		per_ms = per_ms / 16 + 1;
	return cpu_ns / 1000000 * per_ms + run_ms * CHATTER_B_PER_S / 1000;
}

/* Idle guests are blocked nearly always: running is the state of an instant. */
static unsigned
flags(const struct simworld *w, const struct simdom *d)
{
	uint64_t r = prng_hash(d->load.seed, (uint64_t)w->now) % 1000000;

	if (d->reason != REASON_NONE)
		return DOM_SHUTDOWN;
	if (d->paused)
		return DOM_PAUSED;
	return (int64_t)r < d->load.mean ? DOM_RUNNING : DOM_BLOCKED;
}

static void
put_devices(const struct simworld *w, const struct simdom *d,
    struct obs_dom *o, struct arena *a)
{
	struct simvm *v = &w->vms[d->vm];
	bool up = simdom_runs(d) && w->now - d->start >= SIM_GUEST_UP_MS;

	o->nics = up ? &v->nic_up : &v->nic;
	o->nnics = 1;
	o->disks = d->disks != NULL ? d->disks : v->disks;
	o->ndisks = d->disks != NULL ? d->ndisks : v->ndisks;
	if (d->nics == NULL)
		return;
	o->nnics = d->nnics;
	o->nics = arena_array(a, d->nnics, sizeof *o->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		o->nics[i] = d->nics[i];
		if (up && strcmp(d->nics[i].mac, v->nic.mac) == 0)
			o->nics[i].ip = v->nic_up.ip;
	}
}

static void
put_dom(const struct simworld *w, const struct simdom *d, struct obs_dom *o,
    struct arena *a, int64_t wall_ms)
{
	int64_t run_ms;

	obs_dom_init(o);
	o->domid = d->domid;
	o->name = d->name;
	o->flags = flags(w, d);
	o->reason = d->reason;
	o->vcpus = d->vcpus;
	o->vcpus_max = d->vcpus_max;
	o->mem_kb = d->mem_kb;
	o->maxmem_kb = d->vm == SIM_NONE ? INT64_MAX :
	    d->target_kb + 1024; /* LIBXL_MAXMEM_CONSTANT */
	count(w, d, &o->cpu_ns, &run_ms);
	o->start_s = (wall_ms - (w->now - d->start)) / 1000;
	if (d->vm == SIM_NONE) {
		o->type = VM_TYPE_PV;
		return;
	}
	o->type = (enum vm_type)w->vms[d->vm].conf->type;
	o->uuid = w->vms[d->vm].uuid;
	o->vnc_port = d->vnc_port;
	o->net_rx = traffic(d, 1, o->cpu_ns, run_ms);
	o->net_tx = traffic(d, 2, o->cpu_ns, run_ms);
	o->disk_rd = traffic(d, 3, o->cpu_ns, run_ms);
	o->disk_wr = traffic(d, 4, o->cpu_ns, run_ms);
	put_devices(w, d, o, a);
}

void
simworld_boot_id(const struct simhost *h, char out[UUID_STR])
{
	uint64_t hi = prng_hash(h->seed, (uint64_t)h->boot);
	uint64_t lo = prng_hash(hi, 1);
	struct uuid u;

	memcpy(u.b, &hi, sizeof hi);
	memcpy(u.b + sizeof hi, &lo, sizeof lo);
	uuid_format(out, &u);
}

/* Load average of the last minute, by the work of dom0. */
static int32_t
load_pm(const struct simworld *w, const struct simdom *dom0)
{
	int64_t from = w->now - 60 * 1000;

	if (from < dom0->start)
		from = dom0->start;
	return (int32_t)(simload_ns(&dom0->load, from, w->now) / 60 / 1000000);
}

static void
put_host(const struct simworld *w, const struct simhost *h,
    struct obs_host *o, struct arena *a)
{
	char boot_id[UUID_STR];

	simworld_boot_id(h, boot_id);
	o->hostname = h->conf->name;
	o->boot_id = arena_strdup(a, boot_id);
	o->xen_version = "4.17.5";
	o->kernel = "6.1.0-28-amd64";
	o->virt_caps = "pv hvm hap";
	o->scheduler = "credit2";
	o->cpus = h->conf->cpus;
	o->cpu_mhz = 2000 + (int32_t)(h->seed % 8) * 200;
	simxen_topology(h, o, a);
	o->mem_kb = h->conf->mem_kb;
	o->free_kb = simworld_free_kb(h);
	o->claimed_kb = 0;
	o->load_pm = load_pm(w, &h->doms[0]);
	o->uptime_s = (w->now - h->boot) / 1000;
}

void
simworld_observe(const struct simworld *w, uint32_t host, int64_t wall_ms,
    struct obs *o)
{
	const struct simhost *h = &w->hosts[host];
	struct arena *a = &o->mem;

	arena_reset(a);
	o->t_ns = (w->now - h->boot) * 1000000;
	o->wall_ms = wall_ms;
	put_host(w, h, &o->host, a);
	o->ndoms = h->ndoms < OBS_DOMS_MAX ? h->ndoms : OBS_DOMS_MAX;
	o->doms = arena_array(a, o->ndoms, sizeof *o->doms);
	for (size_t i = 0; i < o->ndoms; i++)
		put_dom(w, &h->doms[i], &o->doms[i], a, wall_ms);
}
