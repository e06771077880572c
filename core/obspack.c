/* See obspack.h. Numbers are in as few bytes as they need (the lowest seven bits
 * first, the sign in the lowest of all), strings end with a NUL and can be used
 * where they are. Both directions walk through the structs in the same order;
 * nobody else ever sees the bytes, so they are trusted. */
#include "core/obspack.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "core/mem.h"

enum { NUMBER_MAX = 10, LASTING = DOM_PAUSED | DOM_SHUTDOWN | DOM_DYING };

void
packed_free(struct packed *k)
{
	x_free(k->p);
	*k = (struct packed){ 0 };
}

void
obspack_free(struct obspack *k)
{
	packed_free(&k->steady);
	packed_free(&k->figures);
}

void
packed_keep(struct packed *to, const struct packed *from)
{
	enum { SPARE = 256 };

	if (to->cap < from->n || to->cap - from->n > 2 * SPARE) {
		x_free(to->p);
		to->cap = from->n + SPARE;
		to->p = x_malloc(to->cap);
	}
	to->n = from->n;
	if (from->n > 0)
		memcpy(to->p, from->p, from->n);
}

void
obspack_keep(struct obspack *to, const struct obspack *from)
{
	packed_keep(&to->steady, &from->steady);
	packed_keep(&to->figures, &from->figures);
}

bool
packed_equal(const struct packed *a, const struct packed *b)
{
	return a->n == b->n && (a->n == 0 || memcmp(a->p, b->p, a->n) == 0);
}

/* --- In ------------------------------------------------------------------- */

static unsigned char *
room(struct packed *k, size_t n)
{
	if (k->cap - k->n < n) {
		k->cap = (k->cap + n) * 2;
		k->p = x_reallocarray(k->p, k->cap, 1);
	}
	return k->p + k->n;
}

static void
put_bytes(struct packed *k, const void *p, size_t n)
{
	memcpy(room(k, n), p, n);
	k->n += n;
}

static void
put(struct packed *k, int64_t v)
{
	uint64_t u = v < 0 ? ~((uint64_t)v << 1) : (uint64_t)v << 1;
	unsigned char *p = room(k, NUMBER_MAX);

	for (; u >= 0x80; u >>= 7)
		*p++ = (unsigned char)(u | 0x80);
	*p++ = (unsigned char)u;
	k->n = (size_t)(p - k->p);
}

/* NULL is not "". */
static void
put_str(struct packed *k, const char *s)
{
	put(k, s != NULL);
	if (s != NULL)
		put_bytes(k, s, strlen(s) + 1);
}

static void
put_host(struct obspack *k, const struct obs_host *h)
{
	struct packed *s = &k->steady, *f = &k->figures;
	const char *const texts[] = { h->hostname, h->boot_id, h->xen_version,
		h->kernel, h->virt_caps, h->scheduler };
	const int64_t numbers[] = { h->cpus, h->nodes, h->sockets,
		h->cores_per_socket, h->threads_per_core, h->mem_kb };
	const int64_t figures[] = { h->cpu_mhz, h->free_kb, h->claimed_kb,
		h->load_pm, h->uptime_s };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		put_str(s, texts[i]);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		put(s, numbers[i]);
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		put(f, figures[i]);
	put(s, (int64_t)h->nnuma);
	for (size_t i = 0; i < h->nnuma; i++) {
		put(s, h->numa[i].id);
		put(s, h->numa[i].mem_kb);
		put_str(s, h->numa[i].cpus);
		put(f, h->numa[i].free_kb);
	}
	put(s, (int64_t)h->npools);
	for (size_t i = 0; i < h->npools; i++) {
		put_str(s, h->pools[i].name);
		put_str(s, h->pools[i].scheduler);
		put_str(s, h->pools[i].cpus);
		put(s, h->pools[i].doms);
	}
}

static void
put_devices(struct packed *s, const struct obs_dom *d)
{
	put(s, (int64_t)d->nnics);
	for (size_t i = 0; i < d->nnics; i++) {
		put(s, d->nics[i].devid);
		put_str(s, d->nics[i].mac);
		put_str(s, d->nics[i].bridge);
		put_str(s, d->nics[i].ip);
	}
	put(s, (int64_t)d->ndisks);
	for (size_t i = 0; i < d->ndisks; i++) {
		put_str(s, d->disks[i].vdev);
		put_str(s, d->disks[i].target);
		put(s, d->disks[i].readonly);
	}
}

static void
put_dom(struct obspack *k, const struct obs_dom *d)
{
	const int64_t steady[] = { d->domid, d->type, d->flags & LASTING,
		d->reason, d->vcpus, d->vcpus_max, d->maxmem_kb, d->vnc_port,
		d->stubdom_of };
	const int64_t figures[] = { d->flags & ~(unsigned)LASTING, d->mem_kb,
		d->cpu_ns, d->cpu_pm, d->net_rx, d->net_tx, d->disk_rd,
		d->disk_wr, d->start_s };

	for (size_t i = 0; i < sizeof steady / sizeof steady[0]; i++)
		put(&k->steady, steady[i]);
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++)
		put(&k->figures, figures[i]);
	put_bytes(&k->steady, &d->uuid, sizeof d->uuid);
	put_str(&k->steady, d->name);
	put_devices(&k->steady, d);
}

void
obspack_put(struct obspack *k, const struct obs *o)
{
	k->steady.n = k->figures.n = 0;
	put(&k->figures, o->t_ns);
	put(&k->figures, o->wall_ms);
	put_host(k, &o->host);
	put(&k->steady, (int64_t)o->ndoms);
	for (size_t i = 0; i < o->ndoms; i++)
		put_dom(k, &o->doms[i]);
}

/* --- Out ------------------------------------------------------------------ */

struct place {
	const unsigned char *p, *end;
};

static int64_t
get(struct place *k)
{
	uint64_t u = 0;
	unsigned shift = 0;

	do {
		assert(k->p < k->end && shift < 64);
		u |= (uint64_t)(*k->p & 0x7f) << shift;
		shift += 7;
	} while ((*k->p++ & 0x80) != 0);
	return u & 1 ? (int64_t)~(u >> 1) : (int64_t)(u >> 1);
}

static int32_t
get32(struct place *k)
{
	return (int32_t)get(k);
}

static const char *
get_str(struct place *k)
{
	const char *s = (const char *)k->p + 1;

	if (get(k) == 0)
		return NULL;
	k->p += strlen(s) + 1;
	return s;
}

static struct uuid
get_uuid(struct place *k)
{
	struct uuid u;

	assert((size_t)(k->end - k->p) >= sizeof u);
	memcpy(&u, k->p, sizeof u);
	k->p += sizeof u;
	return u;
}

static void
get_topology(struct obs_host *h, struct arena *a, struct place *s,
    struct place *f)
{
	h->nnuma = (size_t)get(s);
	h->numa = arena_array(a, h->nnuma, sizeof *h->numa);
	for (size_t i = 0; i < h->nnuma; i++) {
		h->numa[i].id = get32(s);
		h->numa[i].mem_kb = get(s);
		h->numa[i].cpus = get_str(s);
		h->numa[i].free_kb = get(f);
	}
	h->npools = (size_t)get(s);
	h->pools = arena_array(a, h->npools, sizeof *h->pools);
	for (size_t i = 0; i < h->npools; i++) {
		h->pools[i].name = get_str(s);
		h->pools[i].scheduler = get_str(s);
		h->pools[i].cpus = get_str(s);
		h->pools[i].doms = get32(s);
	}
}

static void
get_host(struct obs_host *h, struct arena *a, struct place *s,
    struct place *f)
{
	h->hostname = get_str(s);
	h->boot_id = get_str(s);
	h->xen_version = get_str(s);
	h->kernel = get_str(s);
	h->virt_caps = get_str(s);
	h->scheduler = get_str(s);
	h->cpus = get32(s);
	h->nodes = get32(s);
	h->sockets = get32(s);
	h->cores_per_socket = get32(s);
	h->threads_per_core = get32(s);
	h->mem_kb = get(s);
	h->cpu_mhz = get32(f);
	h->free_kb = get(f);
	h->claimed_kb = get(f);
	h->load_pm = get32(f);
	h->uptime_s = get(f);
	get_topology(h, a, s, f);
}

static void
get_devices(struct obs_dom *d, struct arena *a, struct place *s)
{
	d->nnics = (size_t)get(s);
	d->nics = arena_array(a, d->nnics, sizeof *d->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		d->nics[i].devid = get32(s);
		d->nics[i].mac = get_str(s);
		d->nics[i].bridge = get_str(s);
		d->nics[i].ip = get_str(s);
	}
	d->ndisks = (size_t)get(s);
	d->disks = arena_array(a, d->ndisks, sizeof *d->disks);
	for (size_t i = 0; i < d->ndisks; i++) {
		d->disks[i].vdev = get_str(s);
		d->disks[i].target = get_str(s);
		d->disks[i].readonly = get(s) != 0;
	}
}

static void
get_dom(struct obs_dom *d, struct arena *a, struct place *s, struct place *f)
{
	d->domid = (uint32_t)get(s);
	d->type = (enum vm_type)get(s);
	d->flags = (unsigned)get(s);
	d->reason = (enum shutdown_reason)get(s);
	d->vcpus = get32(s);
	d->vcpus_max = get32(s);
	d->maxmem_kb = get(s);
	d->vnc_port = get32(s);
	d->stubdom_of = get32(s);
	d->flags |= (unsigned)get(f);
	d->mem_kb = get(f);
	d->cpu_ns = get(f);
	d->cpu_pm = get32(f);
	d->net_rx = get(f);
	d->net_tx = get(f);
	d->disk_rd = get(f);
	d->disk_wr = get(f);
	d->start_s = get(f);
	d->uuid = get_uuid(s);
	d->name = get_str(s);
	get_devices(d, a, s);
}

void
obspack_get(struct obs *to, const struct packed *steady,
    const struct packed *figures)
{
	struct place s = { steady->p, steady->p + steady->n };
	struct place f = { figures->p, figures->p + figures->n };
	struct arena *a = &to->mem;

	arena_reset(a);
	to->seq = 0;
	to->t_ns = get(&f);
	to->wall_ms = get(&f);
	get_host(&to->host, a, &s, &f);
	to->ndoms = (size_t)get(&s);
	to->doms = arena_array(a, to->ndoms, sizeof *to->doms);
	for (size_t i = 0; i < to->ndoms; i++)
		get_dom(&to->doms[i], a, &s, &f);
	assert(s.p == s.end && f.p == f.end);
}
