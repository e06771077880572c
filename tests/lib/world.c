/* See world.h. Observations are kept unsorted and normalised in a copy, as a
 * real source would hand them over. */
#include "tests/lib/world.h"

#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/mem.h"

void
world_init(struct world *w, uint32_t nclusters, uint32_t hosts_each)
{
	uint32_t n = nclusters * hosts_each;

	*w = (struct world){ .now = { 1000000000 } };
	conf_init(&w->conf);
	w->conf.nclusters = nclusters;
	w->conf.clusters = x_calloc(nclusters, sizeof *w->conf.clusters);
	for (uint32_t i = 0; i < nclusters; i++)
		w->conf.clusters[i].name = x_asprintf("c%u", i);
	w->conf.nhosts = n;
	w->conf.hosts = x_calloc(n, sizeof *w->conf.hosts);
	w->obs = x_calloc(n, sizeof *w->obs);
	w->defs = x_calloc(n, sizeof *w->defs);
	for (uint32_t i = 0; i < n; i++) {
		struct obs *o = &w->obs[i];

		w->conf.hosts[i].name = x_asprintf("h%u", i);
		w->conf.hosts[i].address = x_asprintf("h%u", i);
		w->conf.hosts[i].cluster = i / hosts_each;
		w->conf.hosts[i].memory_alarm = w->conf.hosts[i].cpu_alarm = -1;
		obs_init(o);
		o->doms = x_calloc(WORLD_DOMS, sizeof *o->doms);
		o->host.cpus = 8;
		o->host.mem_kb = 64 * 1024 * 1024;
		o->host.free_kb = 32 * 1024 * 1024;
		o->host.xen_version = "4.17.7";
		world_dom(w, i, 0, 0, "Domain-0");
	}
	w->model = model_new(&w->conf);
}

void
world_free(struct world *w)
{
	model_free(w->model);
	for (size_t i = 0; i < w->conf.nhosts; i++) {
		x_free(w->obs[i].doms);
		defset_free(&w->defs[i]);
		obs_free(&w->obs[i]);
	}
	x_free(w->obs);
	x_free(w->defs);
	conf_free(&w->conf);
}

struct uuid
world_uuid(unsigned n)
{
	struct uuid u = { { 0 } };

	u.b[14] = (uint8_t)(n >> 8);
	u.b[15] = (uint8_t)n;
	return u;
}

struct obs_dom *
world_dom(struct world *w, uint32_t host, uint32_t domid, unsigned uuid,
    const char *name)
{
	struct obs *o = &w->obs[host];
	struct obs_dom *d;

	if (o->ndoms == WORLD_DOMS)
		abort();
	d = &o->doms[o->ndoms++];
	obs_dom_init(d);
	d->domid = domid;
	d->uuid = world_uuid(uuid);
	d->name = arena_strdup(&o->mem, name);
	d->type = VM_TYPE_PVH;
	d->flags = DOM_BLOCKED;
	d->vcpus = d->vcpus_max = 2;
	d->mem_kb = d->maxmem_kb = 1024 * 1024;
	return d;
}

void
world_undom(struct world *w, uint32_t host, uint32_t domid)
{
	struct obs *o = &w->obs[host];

	for (size_t i = 0; i < o->ndoms; i++)
		if (o->doms[i].domid == domid) {
			o->doms[i] = o->doms[--o->ndoms];
			return;
		}
}

void
world_def(struct world *w, uint32_t host, const char *name)
{
	struct def d = { .name = name, .vcpus = 2, .mem_kb = 1024 * 1024 };

	defset_add(&w->defs[host], &d, NULL);
}

void
world_undef(struct world *w, uint32_t host, const char *name)
{
	defset_drop(&w->defs[host], name);
}

static void
send_defs(struct world *w, uint32_t host)
{
	const struct defs *d = defset_read(&w->defs[host]);

	model_apply(w->model, &(struct event){
		.type = EVENT_DEFS,
		.host = host,
		.at = w->now,
		.u.defs = d,
	});
	defs_unref(d);
}

void
world_send(struct world *w, uint32_t host)
{
	struct obs copy;
	struct event e = {
		.type = EVENT_OBS,
		.host = host,
		.at = w->now,
		.u.obs = &copy,
	};

	w->obs[host].t_ns++;
	w->obs[host].seq++;
	obs_init(&copy);
	obs_copy(&copy, &w->obs[host]);
	obs_normalise(&copy);
	send_defs(w, host);
	model_apply(w->model, &e);
	obs_free(&copy);
}

void
world_link(struct world *w, uint32_t host, enum link_state state,
    const char *reason)
{
	struct event e = {
		.type = EVENT_LINK,
		.host = host,
		.at = w->now,
		.u.link = {
			.state = state,
			.reason = reason,
			.transport = "test",
			.observer = "test",
			.retry = MONO_NEVER,
		},
	};

	model_apply(w->model, &e);
}

void
world_pass(struct world *w, int64_t ms)
{
	struct mono next = MONO_NEVER;

	w->now = mono_add_ms(w->now, ms);
	model_tick(w->model, w->now, 0, &next);
}

char *
world_dump(const struct world *w)
{
	struct buf b;

	buf_init(&b, 1 << 24);
	buf_puts(&b, "");
	model_dump(w->model, &b);
	return b.p;
}

char *
world_dump_vm(const struct world *w, const char *vm)
{
	char *all = world_dump(w), *line, *start = x_asprintf("vm %s ", vm);

	line = strstr(all, start);
	x_free(start);
	line = x_strndup(line != NULL ? line : "",
	    line != NULL ? strcspn(line, "\n") : 0);
	x_free(all);
	return line;
}
