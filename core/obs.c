/* Observations as data: making, copying and comparing them. Where they come
 * from is the backends' business, what they mean the model's. */
#include "core/obs.h"

#include <stdlib.h>
#include <string.h>

void
obs_dom_init(struct obs_dom *d)
{
	*d = (struct obs_dom){
		.reason = REASON_NONE,
		.vcpus = OBS_UNKNOWN,
		.vcpus_max = OBS_UNKNOWN,
		.mem_kb = OBS_UNKNOWN,
		.maxmem_kb = OBS_UNKNOWN,
		.cpu_ns = OBS_UNKNOWN,
		.cpu_pm = OBS_UNKNOWN,
		.net_rx = OBS_UNKNOWN,
		.net_tx = OBS_UNKNOWN,
		.disk_rd = OBS_UNKNOWN,
		.disk_wr = OBS_UNKNOWN,
		.start_s = OBS_UNKNOWN,
		.vnc_port = OBS_UNKNOWN,
		.stubdom_of = OBS_UNKNOWN,
	};
}

static void
host_init(struct obs_host *h)
{
	*h = (struct obs_host){
		.cpus = OBS_UNKNOWN,
		.cpu_mhz = OBS_UNKNOWN,
		.nodes = OBS_UNKNOWN,
		.sockets = OBS_UNKNOWN,
		.cores_per_socket = OBS_UNKNOWN,
		.threads_per_core = OBS_UNKNOWN,
		.mem_kb = OBS_UNKNOWN,
		.free_kb = OBS_UNKNOWN,
		.claimed_kb = OBS_UNKNOWN,
		.load_pm = OBS_UNKNOWN,
		.uptime_s = OBS_UNKNOWN,
	};
}

void
obs_init(struct obs *o)
{
	*o = (struct obs){ .wall_ms = OBS_UNKNOWN };
	host_init(&o->host);
}

void
obs_free(struct obs *o)
{
	arena_free(&o->mem);
	obs_init(o);
}

struct obs_dom
obs_dom_dup(struct arena *a, const struct obs_dom *d)
{
	struct obs_dom c = *d;

	c.name = arena_strdup(a, d->name);
	c.nics = arena_array(a, d->nnics, sizeof *c.nics);
	for (size_t i = 0; i < d->nnics; i++) {
		c.nics[i].devid = d->nics[i].devid;
		c.nics[i].mac = arena_strdup(a, d->nics[i].mac);
		c.nics[i].bridge = arena_strdup(a, d->nics[i].bridge);
		c.nics[i].ip = arena_strdup(a, d->nics[i].ip);
	}
	c.disks = arena_array(a, d->ndisks, sizeof *c.disks);
	for (size_t i = 0; i < d->ndisks; i++) {
		c.disks[i].vdev = arena_strdup(a, d->disks[i].vdev);
		c.disks[i].target = arena_strdup(a, d->disks[i].target);
		c.disks[i].readonly = d->disks[i].readonly;
	}
	return c;
}

struct obs_host
obs_host_dup(struct arena *a, const struct obs_host *h)
{
	struct obs_host c = *h;

	c.hostname = arena_strdup(a, h->hostname);
	c.boot_id = arena_strdup(a, h->boot_id);
	c.xen_version = arena_strdup(a, h->xen_version);
	c.kernel = arena_strdup(a, h->kernel);
	c.virt_caps = arena_strdup(a, h->virt_caps);
	c.scheduler = arena_strdup(a, h->scheduler);
	c.numa = arena_array(a, h->nnuma, sizeof *c.numa);
	for (size_t i = 0; i < h->nnuma; i++) {
		c.numa[i] = h->numa[i];
		c.numa[i].cpus = arena_strdup(a, h->numa[i].cpus);
	}
	c.pools = arena_array(a, h->npools, sizeof *c.pools);
	for (size_t i = 0; i < h->npools; i++) {
		c.pools[i].name = arena_strdup(a, h->pools[i].name);
		c.pools[i].scheduler = arena_strdup(a, h->pools[i].scheduler);
		c.pools[i].cpus = arena_strdup(a, h->pools[i].cpus);
		c.pools[i].doms = h->pools[i].doms;
	}
	return c;
}

void
obs_copy(struct obs *to, const struct obs *from)
{
	struct arena *a = &to->mem;

	arena_reset(a);
	to->seq = from->seq;
	to->t_ns = from->t_ns;
	to->wall_ms = from->wall_ms;
	to->host = obs_host_dup(a, &from->host);
	to->ndoms = from->ndoms;
	to->doms = arena_array(a, from->ndoms, sizeof *to->doms);
	for (size_t i = 0; i < from->ndoms; i++)
		to->doms[i] = obs_dom_dup(a, &from->doms[i]);
}

int64_t
obs_sum(int64_t a, int64_t b)
{
	return a < 0 ? b : b < 0 ? a : a + b;
}

static int
by_domid(const void *a, const void *b)
{
	uint32_t x = ((const struct obs_dom *)a)->domid;
	uint32_t y = ((const struct obs_dom *)b)->domid;

	return (x > y) - (x < y);
}

const struct obs_dom *
obs_find(const struct obs *o, uint32_t domid)
{
	struct obs_dom key = { .domid = domid };

	if (o->ndoms == 0)
		return NULL;
	return bsearch(&key, o->doms, o->ndoms, sizeof key, by_domid);
}

static void
drop_above(int64_t *v, int64_t most)
{
	if (*v > most)
		*v = OBS_UNKNOWN;
}

/* What no machine has would only overflow somebody's sum. */
static void
drop_absurd(struct obs *o)
{
	struct obs_host *h = &o->host;

	drop_above(&h->mem_kb, OBS_MEM_MAX_KB);
	drop_above(&h->free_kb, OBS_MEM_MAX_KB);
	drop_above(&h->claimed_kb, OBS_MEM_MAX_KB);
	drop_above(&h->uptime_s, OBS_TIME_MAX_S);
	drop_above(&o->wall_ms, OBS_TIME_MAX_S * 1000);
	for (size_t i = 0; i < h->nnuma; i++) {
		drop_above(&h->numa[i].mem_kb, OBS_MEM_MAX_KB);
		drop_above(&h->numa[i].free_kb, OBS_MEM_MAX_KB);
	}
	for (size_t i = 0; i < o->ndoms; i++) {
		struct obs_dom *d = &o->doms[i];

		drop_above(&d->mem_kb, OBS_MEM_MAX_KB);
		drop_above(&d->start_s, OBS_TIME_MAX_S);
		if (d->maxmem_kb > OBS_MEM_MAX_KB)
			d->maxmem_kb = INT64_MAX;
		if (d->cpu_pm > OBS_CPU_MAX_PM)
			d->cpu_pm = OBS_UNKNOWN;
	}
}

void
obs_normalise(struct obs *o)
{
	size_t n = 0;

	if (o->host.nnuma > OBS_NODES_MAX)
		o->host.nnuma = OBS_NODES_MAX;
	if (o->host.npools > OBS_POOLS_MAX)
		o->host.npools = OBS_POOLS_MAX;
	drop_absurd(o);
	if (o->ndoms > 1)
		qsort(o->doms, o->ndoms, sizeof *o->doms, by_domid);
	for (size_t i = 0; i < o->ndoms; i++)
		if (n == 0 || o->doms[n - 1].domid != o->doms[i].domid)
			o->doms[n++] = o->doms[i];
	o->ndoms = n < OBS_DOMS_MAX ? n : OBS_DOMS_MAX;
}

static bool
same(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && !strcmp(a, b));
}

bool
obs_devices_equal(const struct obs_dom *a, const struct obs_dom *b)
{
	if (a->nnics != b->nnics || a->ndisks != b->ndisks)
		return false;
	for (size_t i = 0; i < a->nnics; i++)
		if (a->nics[i].devid != b->nics[i].devid ||
		    !same(a->nics[i].mac, b->nics[i].mac) ||
		    !same(a->nics[i].bridge, b->nics[i].bridge) ||
		    !same(a->nics[i].ip, b->nics[i].ip))
			return false;
	for (size_t i = 0; i < a->ndisks; i++)
		if (!same(a->disks[i].vdev, b->disks[i].vdev) ||
		    !same(a->disks[i].target, b->disks[i].target) ||
		    a->disks[i].readonly != b->disks[i].readonly)
			return false;
	return true;
}

bool
obs_dom_equal(const struct obs_dom *a, const struct obs_dom *b)
{
	return a->domid == b->domid && uuid_cmp(&a->uuid, &b->uuid) == 0 &&
	    same(a->name, b->name) && a->type == b->type &&
	    a->flags == b->flags && a->reason == b->reason &&
	    a->vcpus == b->vcpus && a->vcpus_max == b->vcpus_max &&
	    a->mem_kb == b->mem_kb && a->maxmem_kb == b->maxmem_kb &&
	    a->cpu_ns == b->cpu_ns && a->cpu_pm == b->cpu_pm &&
	    a->net_rx == b->net_rx && a->net_tx == b->net_tx &&
	    a->disk_rd == b->disk_rd && a->disk_wr == b->disk_wr &&
	    a->start_s == b->start_s && a->vnc_port == b->vnc_port &&
	    a->stubdom_of == b->stubdom_of && obs_devices_equal(a, b);
}

bool
obs_topology_equal(const struct obs_host *a, const struct obs_host *b)
{
	if (a->nnuma != b->nnuma || a->npools != b->npools)
		return false;
	for (size_t i = 0; i < a->nnuma; i++)
		if (a->numa[i].id != b->numa[i].id ||
		    a->numa[i].mem_kb != b->numa[i].mem_kb ||
		    a->numa[i].free_kb != b->numa[i].free_kb ||
		    !same(a->numa[i].cpus, b->numa[i].cpus))
			return false;
	for (size_t i = 0; i < a->npools; i++)
		if (a->pools[i].doms != b->pools[i].doms ||
		    !same(a->pools[i].name, b->pools[i].name) ||
		    !same(a->pools[i].scheduler, b->pools[i].scheduler) ||
		    !same(a->pools[i].cpus, b->pools[i].cpus))
			return false;
	return true;
}

static bool
host_equal(const struct obs_host *a, const struct obs_host *b)
{
	return same(a->hostname, b->hostname) && same(a->boot_id, b->boot_id) &&
	    same(a->xen_version, b->xen_version) &&
	    same(a->kernel, b->kernel) && same(a->virt_caps, b->virt_caps) &&
	    same(a->scheduler, b->scheduler) && a->cpus == b->cpus &&
	    a->cpu_mhz == b->cpu_mhz && a->nodes == b->nodes &&
	    a->mem_kb == b->mem_kb && a->free_kb == b->free_kb &&
	    a->claimed_kb == b->claimed_kb && a->load_pm == b->load_pm &&
	    a->uptime_s == b->uptime_s && a->sockets == b->sockets &&
	    a->cores_per_socket == b->cores_per_socket &&
	    a->threads_per_core == b->threads_per_core &&
	    obs_topology_equal(a, b);
}

bool
obs_equal(const struct obs *a, const struct obs *b)
{
	if (a->t_ns != b->t_ns || a->wall_ms != b->wall_ms ||
	    !host_equal(&a->host, &b->host) || a->ndoms != b->ndoms)
		return false;
	for (size_t i = 0; i < a->ndoms; i++)
		if (!obs_dom_equal(&a->doms[i], &b->doms[i]))
			return false;
	return true;
}
