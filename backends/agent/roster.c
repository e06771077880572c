/* The agent's memory from tick to tick: what Xen lists now, and what xenstore
 * knew of each domain when it was asked. A domain is the same as before when
 * domid and UUID are: a domid alone may be reused (xl migrate -D keeps it). */
#include "backends/agent/roster.h"

#include <string.h>

#include "core/mem.h"

enum { SOONEST_MS = 1000, LATEST_MS = 300000 };

static void
dom_free(struct roster_dom *rd)
{
	arena_free(&rd->mem);
	x_free(rd->name);
}

void
roster_free(struct roster *r)
{
	for (size_t i = 0; i < r->n; i++)
		dom_free(&r->v[i]);
	x_free(r->v);
	*r = (struct roster){ 0 };
}

/* --- Xen's list ----------------------------------------------------------- */

static struct roster_dom
newcomer(const struct obs_dom *o, struct mono now)
{
	struct roster_dom rd = { .d = *o, .since = now, .due = now };

	rd.d.name = NULL;
	return rd;
}

static void
take_listed(struct roster_dom *rd, const struct obs_dom *o)
{
	if (rd->d.type == VM_TYPE_UNKNOWN)
		rd->d.type = o->type;
	rd->d.flags = o->flags;
	rd->d.reason = o->reason;
	rd->d.vcpus = o->vcpus;
	rd->d.vcpus_max = o->vcpus_max;
	rd->d.mem_kb = o->mem_kb;
	rd->d.maxmem_kb = o->maxmem_kb;
	rd->d.cpu_ns = o->cpu_ns;
}

void
roster_inventory(struct roster *r, const struct obs *o, struct mono now)
{
	struct roster_dom *v = x_calloc(o->ndoms + 1, sizeof *v);
	size_t old = 0;

	for (size_t i = 0; i < o->ndoms; i++) {
		const struct obs_dom *d = &o->doms[i];

		while (old < r->n && r->v[old].d.domid < d->domid)
			dom_free(&r->v[old++]);
		if (old < r->n && r->v[old].d.domid == d->domid &&
		    uuid_cmp(&r->v[old].d.uuid, &d->uuid) == 0) {
			v[i] = r->v[old++];
			take_listed(&v[i], d);
		} else {
			v[i] = newcomer(d, now);
		}
	}
	while (old < r->n)
		dom_free(&r->v[old++]);
	x_free(r->v);
	r->v = v;
	r->n = o->ndoms;
}

/* --- xenstore's knowledge ------------------------------------------------- */

void
roster_name(struct roster_dom *rd, const char *name)
{
	if (name != NULL && (name[0] == '\0' || strcmp(name, "(null)") == 0))
		name = NULL;
	x_replace(&rd->name, name);
	rd->d.name = rd->name;
}

struct roster_dom *
roster_due(struct roster *r, struct mono now)
{
	struct roster_dom *first = NULL;

	for (size_t i = 0; i < r->n; i++)
		if (mono_reached(r->v[i].due, now) &&
		    (first == NULL || mono_before(r->v[i].due, first->due)))
			first = &r->v[i];
	return first;
}

void
roster_done(struct roster_dom *rd, struct mono now, int64_t wall_s)
{
	int64_t wait = mono_diff_ms(now, rd->since);

	/* It may be older than this process. */
	if (rd->d.start_s > 0 && wall_s - rd->d.start_s > LATEST_MS / 1000)
		wait = LATEST_MS;
	if (wait < SOONEST_MS)
		wait = SOONEST_MS;
	if (wait > LATEST_MS)
		wait = LATEST_MS;
	rd->read = true;
	rd->due = mono_add_ms(now, wait);
}
