/* Random observations: the smallest and the largest values more often than
 * chance would, since that is where codecs break. */
#include "tests/lib/obsgen.h"

#include <string.h>

#include "core/utf8.h"

enum { DOMS = 50 };

void
obsgen_init(struct obsgen *g, uint64_t seed)
{
	*g = (struct obsgen){ .next_domid = 1 };
	prng_init(&g->random, seed);
}

uint64_t
obsgen_random(struct obsgen *g, uint64_t below)
{
	return prng_next(&g->random) % below;
}

static bool
chance(struct obsgen *g, unsigned percent)
{
	return obsgen_random(g, 100) < percent;
}

static int64_t
number(struct obsgen *g, int64_t max)
{
	switch (obsgen_random(g, 6)) {
	case 0:
		return OBS_UNKNOWN;
	case 1:
		return 0;
	case 2:
		return max;
	default:
		return (int64_t)obsgen_random(g, (uint64_t)max);
	}
}

static int32_t
small(struct obsgen *g)
{
	return (int32_t)number(g, INT32_MAX);
}

/* Any bytes, cleaned as a source has to. */
static const char *
text(struct obsgen *g, struct arena *a, size_t max)
{
	static const char *const bits[] = { "web", "\"", "\\", "\\u0041", "é",
		"日本", "\xf0\x9f\x90\xa7", "\xff", "\x1b[31m", "\n", "%s",
		" ", "{", "]", ",", "--incoming", "/" };
	char raw[2048], clean[OBS_TEXT_MAX + 1];
	size_t n = 0, parts = obsgen_random(g, 6);

	if (chance(g, 15))
		return NULL;
	if (chance(g, 2))
		parts = 300;
	for (; parts-- > 0 && n < sizeof raw - 32; n += strlen(raw + n)) {
		const char *bit = bits[obsgen_random(g,
		    sizeof bits / sizeof bits[0])];

		memcpy(raw + n, bit, strlen(bit) + 1);
	}
	utf8_clean(clean, max + 1, raw, n);
	return arena_strdup(a, clean);
}

static struct uuid
uuid(struct obsgen *g)
{
	struct uuid u = { { 0 } };

	if (chance(g, 90))
		for (size_t i = 0; i < sizeof u.b; i++)
			u.b[i] = (uint8_t)obsgen_random(g, 256);
	return u;
}

static void
devices(struct obsgen *g, struct arena *a, struct obs_dom *d)
{
	d->nnics = obsgen_random(g, 4);
	d->ndisks = obsgen_random(g, 4);
	d->nics = arena_array(a, d->nnics, sizeof *d->nics);
	d->disks = arena_array(a, d->ndisks, sizeof *d->disks);
	for (size_t i = 0; i < d->nnics; i++)
		d->nics[i] = (struct obs_nic){ small(g),
		    text(g, a, OBS_TEXT_MAX), text(g, a, OBS_TEXT_MAX),
		    text(g, a, OBS_TEXT_MAX) };
	for (size_t i = 0; i < d->ndisks; i++)
		d->disks[i] = (struct obs_disk){ text(g, a, OBS_TEXT_MAX),
		    text(g, a, OBS_TEXT_MAX), chance(g, 50) };
}

/* Changes each member with the given chance. */
static void
change_dom(struct obsgen *g, struct arena *a, struct obs_dom *d, unsigned pc)
{
	int64_t *const wide[] = { &d->mem_kb, &d->maxmem_kb, &d->cpu_ns,
		&d->net_rx, &d->net_tx, &d->disk_rd, &d->disk_wr,
		&d->start_s };
	int32_t *const narrow[] = { &d->vcpus, &d->vcpus_max, &d->cpu_pm,
		&d->vnc_port, &d->stubdom_of };

	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (chance(g, pc))
			*wide[i] = number(g, INT64_MAX);
	for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
		if (chance(g, pc))
			*narrow[i] = small(g);
	if (chance(g, pc / 2))
		d->name = text(g, a, OBS_NAME_MAX);
	if (chance(g, pc / 4))
		d->uuid = uuid(g);
	if (chance(g, pc))
		d->type = (enum vm_type)obsgen_random(g, 4);
	if (chance(g, pc))
		d->flags = (unsigned)obsgen_random(g, 32);
	if (chance(g, pc))
		d->reason = (enum shutdown_reason)
		    ((int)obsgen_random(g, 7) - 1);
	if (chance(g, pc))
		devices(g, a, d);
}

static void
topology(struct obsgen *g, struct arena *a, struct obs_host *h)
{
	h->nnuma = obsgen_random(g, 5);
	h->numa = arena_array(a, h->nnuma, sizeof *h->numa);
	for (size_t i = 0; i < h->nnuma; i++)
		h->numa[i] = (struct obs_node){ small(g), number(g, INT64_MAX),
			number(g, INT64_MAX), text(g, a, OBS_TEXT_MAX) };
	h->npools = obsgen_random(g, 4);
	h->pools = arena_array(a, h->npools, sizeof *h->pools);
	for (size_t i = 0; i < h->npools; i++)
		h->pools[i] = (struct obs_pool){ text(g, a, OBS_NAME_MAX),
			text(g, a, OBS_NAME_MAX), text(g, a, OBS_TEXT_MAX),
			small(g) };
}

static void
change_host(struct obsgen *g, struct arena *a, struct obs_host *h, unsigned pc)
{
	const char **const words[] = { &h->boot_id, &h->xen_version,
		&h->kernel, &h->virt_caps, &h->scheduler };
	int64_t *const wide[] = { &h->mem_kb, &h->free_kb, &h->claimed_kb,
		&h->uptime_s };
	int32_t *const narrow[] = { &h->cpus, &h->cpu_mhz, &h->nodes,
		&h->sockets, &h->cores_per_socket, &h->threads_per_core,
		&h->load_pm };

	if (chance(g, pc))
		h->hostname = text(g, a, OBS_NAME_MAX);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (chance(g, pc))
			*words[i] = text(g, a, OBS_TEXT_MAX);
	for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
		if (chance(g, pc))
			*wide[i] = number(g, INT64_MAX);
	for (size_t i = 0; i < sizeof narrow / sizeof narrow[0]; i++)
		if (chance(g, pc))
			*narrow[i] = small(g);
	if (chance(g, pc))
		topology(g, a, h);
}

static void
come_and_go(struct obsgen *g, struct obs *o)
{
	size_t n = 0, more = obsgen_random(g, 4), room = o->ndoms + more;
	struct obs_dom *doms = arena_array(&o->mem, room, sizeof *doms);

	for (size_t i = 0; i < o->ndoms; i++)
		if (!chance(g, 8))
			doms[n++] = o->doms[i];
	for (; more > 0 && n < DOMS; more--) {
		obs_dom_init(&doms[n]);
		doms[n].domid = chance(g, 3) ? UINT32_MAX :
		    chance(g, 20) ? (uint32_t)obsgen_random(g, 10) :
		    g->next_domid++;
		change_dom(g, &o->mem, &doms[n++], 80);
	}
	o->doms = doms;
	o->ndoms = n;
}

void
obsgen_step(struct obsgen *g, struct obs *o)
{
	struct obs was = *o;

	obs_init(o);
	obs_copy(o, &was);
	obs_free(&was);
	o->t_ns += (int64_t)obsgen_random(g, 2000000000);
	o->wall_ms = number(g, INT64_MAX);
	if (chance(g, 30))
		change_host(g, &o->mem, &o->host, 40);
	for (size_t i = 0; i < o->ndoms; i++)
		if (chance(g, 70))
			change_dom(g, &o->mem, &o->doms[i], 10);
	if (chance(g, 60))
		come_and_go(g, o);
	obs_normalise(o);
}
