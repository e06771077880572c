/* Making a simulated world: hosts that have been up for weeks, VMs on them since
 * some time after, and the definitions that each host keeps. Everything that
 * nobody configured follows from the seed and a name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/simworld.h"
#include "core/mem.h"
#include "core/prng.h"

enum {
	DEFS_SHARED_MAX = 512, /* VMs of a cluster that all hosts define */
	DEFS_NEIGHBOURS = 2,
	DAY_MS = 86400 * 1000,
};

static uint64_t
hash_name(uint64_t seed, const char *name)
{
	uint64_t h = prng_hash(seed, 0x78656e);

	while (*name != '\0')
		h = prng_hash(h, (unsigned char)*name++);
	return h;
}

struct name_at {
	const char *name;
	uint32_t index;
};

static int
by_name(const void *a, const void *b)
{
	const struct name_at *x = a, *y = b;

	return strcmp(x->name, y->name);
}

static void
make_hosts(struct simworld *w)
{
	const struct conf *c = w->conf;
	struct name_at *index = x_calloc(c->nhosts, sizeof *index);

	for (size_t i = 0; i < c->nhosts; i++)
		index[i] = (struct name_at){ c->hosts[i].name, (uint32_t)i };
	if (c->nhosts > 1)
		qsort(index, c->nhosts, sizeof *index, by_name);
	w->hosts = x_calloc(c->sim.nhosts, sizeof *w->hosts);
	for (size_t i = 0; i < c->sim.nhosts; i++) {
		struct simhost *h = &w->hosts[w->nhosts];
		struct name_at key = { c->sim.hosts[i].name, 0 }, *at;

		at = bsearch(&key, index, c->nhosts, sizeof key, by_name);
		if (at == NULL || c->hosts[at->index].transport !=
		    TRANSPORT_SIM)
			continue;
		h->conf = &c->sim.hosts[i];
		h->conf_host = at->index;
		h->cluster = c->hosts[at->index].cluster;
		h->seed = hash_name(c->sim.seed, h->conf->name);
		w->now = SIM_EPOCH - 2 * DAY_MS -
		    (int64_t)(h->seed % (40 * (uint64_t)DAY_MS));
		simhost_come_up(w, h);
		w->nhosts++;
	}
	w->now = SIM_EPOCH;
	x_free(index);
}

static void
make_uuid(struct uuid *u, uint64_t seed)
{
	for (size_t i = 0; i < sizeof u->b; i++)
		u->b[i] = (uint8_t)(prng_hash(seed, i / 8) >> 8 * (i % 8));
	u->b[6] = (uint8_t)((u->b[6] & 0x0f) | 0x40); /* RFC 4122, random */
	u->b[8] = (uint8_t)((u->b[8] & 0x3f) | 0x80);
}

static void
make_devices(struct simworld *w, struct simvm *v, unsigned nth)
{
	uint64_t r = prng_hash(v->seed, 6);
	char t[OBS_NAME_MAX + 32];

	snprintf(t, sizeof t, "00:16:3e:%02x:%02x:%02x", (unsigned)(r & 0x7f),
	    (unsigned)(r >> 8 & 0xff), (unsigned)(r >> 16 & 0xff));
	v->nic.mac = simworld_text(w, t);
	v->nic.bridge = "xenbr0";
	v->nic_up = v->nic;
	snprintf(t, sizeof t, "10.%u.%u.%u",
	    1 + w->hosts[v->home].cluster % 250, nth / 250 % 256,
	    2 + nth % 250);
	v->nic_up.ip = simworld_text(w, t);
	snprintf(t, sizeof t, "/dev/vgs/%s", v->conf->name);
	v->disks[0].vdev = "xvda";
	v->disks[0].target = simworld_text(w, t);
	snprintf(t, sizeof t, "/dev/vgs/%s-data", v->conf->name);
	v->disks[1].vdev = "xvdb";
	v->disks[1].target = simworld_text(w, t);
	v->ndisks = r >> 24 & 3 ? 1 : 2;
	snprintf(t, sizeof t, "/etc/xen/%s.cfg", v->conf->name);
	v->path = simworld_text(w, t);
}

static void
make_vms(struct simworld *w)
{
	const struct conf_sim *sim = &w->conf->sim;
	struct name_at *index = x_calloc(w->nhosts, sizeof *index);

	for (size_t i = 0; i < w->nhosts; i++)
		index[i] = (struct name_at){ w->hosts[i].conf->name,
			(uint32_t)i };
	if (w->nhosts > 1)
		qsort(index, w->nhosts, sizeof *index, by_name);
	w->vms = x_calloc(sim->nvms + SIM_VMS_SPARE, sizeof *w->vms);
	w->vms_cap = sim->nvms + SIM_VMS_SPARE;
	for (size_t i = 0; i < sim->nvms; i++) {
		struct simvm *v = &w->vms[w->nvms];
		struct name_at key = { sim->vms[i].host, 0 }, *at = NULL;

		if (w->nhosts > 0)
			at = bsearch(&key, index, w->nhosts, sizeof key,
			    by_name);
		if (at == NULL)
			continue;
		v->conf = &sim->vms[i];
		v->name = v->conf->name;
		v->seed = hash_name(sim->seed, v->name);
		v->home = at->index;
		make_uuid(&v->uuid, v->seed);
		make_devices(w, v, (unsigned)i);
		w->nvms++;
	}
	x_free(index);
}

/* What runs at the beginning was started some time ago. */
static void
populate(struct simworld *w)
{
	struct err err;

	for (uint32_t i = 0; i < w->nvms; i++) {
		struct simvm *v = &w->vms[i];
		struct simhost *h = &w->hosts[v->home];
		int64_t up = SIM_EPOCH - h->boot;
		struct simdom *d;

		if (v->conf->dormant)
			continue;
		h->next_domid += (uint32_t)(v->seed % 3);
		if (simworld_start(w, v->home, i, &err) != 0) {
			simworld_note(w, v->home, "%s did not start: %s",
			    v->name, err.msg);
			continue;
		}
		d = simdom_of(h, i, SIM_PLAIN);
		d->start = d->since = SIM_EPOCH -
		    (int64_t)(v->seed % (uint64_t)up);
	}
}

/* The file of a VM, as an administrator would have written it. */
static struct def_file
write_def(struct simworld *w, const struct simvm *v)
{
	struct obs_nic nic = v->nic;
	struct obs_disk disks[sizeof v->disks / sizeof v->disks[0]];
	struct def d = {
		.name = v->conf->name,
		.uuid = v->uuid,
		.type = (enum vm_type)v->conf->type,
		.vcpus = v->conf->vcpus,
		.mem_kb = v->conf->mem_kb,
		.nics = &nic,
		.nnics = 1,
		.disks = disks,
		.ndisks = v->ndisks,
	};
	struct def_file f = { .path = v->path, .mtime_s = OBS_UNKNOWN };
	struct buf text;

	memcpy(disks, v->disks, sizeof disks);
	buf_init(&text, DEFS_FILE_MAX);
	def_compose(&text, &d);
	f.len = text.len;
	f.text = arena_strndup(&w->mem, text.p, text.len);
	buf_free(&text);
	return f;
}

/* A cluster's hosts as a ring, and how far around it a definition goes. */
struct ring {
	uint32_t first, last;
	size_t n, vms;
};

struct hostfiles {
	struct def_file *v;
	size_t n, cap;
};

static size_t
reach(const struct ring *r)
{
	size_t few = DEFS_NEIGHBOURS + 1;

	return r->vms <= DEFS_SHARED_MAX || r->n < few ? r->n : few;
}

static void
make_rings(const struct simworld *w, struct ring *rings, uint32_t *next)
{
	for (uint32_t i = 0; i < w->nhosts; i++) {
		struct ring *r = &rings[w->hosts[i].cluster];

		if (r->n++ == 0)
			r->first = i;
		else
			next[r->last] = i;
		r->last = i;
		next[i] = r->first;
	}
	for (size_t i = 0; i < w->nvms; i++)
		rings[w->hosts[w->vms[i].home].cluster].vms++;
}

/* Every host of a cluster defines all its VMs, unless there are too many: then
 * a VM is defined where it belongs and on the next hosts. */
static void
share(struct simworld *w, const struct def_file *all, struct hostfiles *hosts)
{
	struct ring *rings = x_calloc(w->conf->nclusters, sizeof *rings);
	uint32_t *next = x_calloc(w->nhosts, sizeof *next);

	make_rings(w, rings, next);
	for (size_t i = 0; i < w->nvms; i++) {
		uint32_t at = w->vms[i].home;
		size_t n = reach(&rings[w->hosts[at].cluster]);

		for (; n > 0; n--, at = next[at]) {
			struct hostfiles *h = &hosts[at];

			h->v = x_grow(h->v, h->n, &h->cap, sizeof *h->v);
			h->v[h->n++] = all[i];
		}
	}
	x_free(rings);
	x_free(next);
}

static void
make_defs(struct simworld *w)
{
	struct def_file *all = x_calloc(w->nvms + 1, sizeof *all);
	struct hostfiles *hosts = x_calloc(w->nhosts + 1, sizeof *hosts);

	w->pool = defpool_new();
	for (size_t i = 0; i < w->nvms; i++)
		all[i] = write_def(w, &w->vms[i]);
	share(w, all, hosts);
	for (size_t i = 0; i < w->nhosts; i++) {
		w->hosts[i].defs = defs_read(w->pool, hosts[i].v, hosts[i].n,
		    NULL);
		x_free(hosts[i].v);
	}
	x_free(hosts);
	x_free(all);
}

struct simworld *
simworld_new(const struct conf *conf,
    void (*note)(void *arg, uint32_t host, const char *text), void *arg)
{
	struct simworld *w = x_calloc(1, sizeof *w);

	w->conf = conf;
	w->note = note;
	w->note_arg = arg;
	make_hosts(w);
	make_vms(w);
	populate(w);
	make_defs(w);
	return w;
}

void
simworld_free(struct simworld *w)
{
	for (size_t i = 0; i < w->nhosts; i++) {
		x_free(w->hosts[i].doms);
		x_free(w->hosts[i].files);
		x_free(w->hosts[i].asleep);
		buf_free(&w->hosts[i].log);
		defs_unref(w->hosts[i].defs);
	}
	x_free(w->hosts);
	x_free(w->vms);
	x_free(w->ops);
	defpool_drop(w->pool);
	simtimer_free(&w->timers);
	arena_free(&w->mem);
	x_free(w->texts.v);
	x_free(w);
}

