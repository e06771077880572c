/* The slow facts of each domain. A domain appears in the list long before its
 * configuration and its xenstore entries are complete, and xl leaves it out of
 * `xl list -l` until then, so what is missing is asked for again, less and less
 * often. Guests change what they say about themselves (addresses) at any time:
 * that is read once a minute. */
#include "backends/shellfacts.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "backends/scan.h"
#include "backends/xsparse.h"
#include "core/mem.h"

enum {
	FIRST_MS = 700,      /* a new domain is not complete at once */
	AGAIN_MS = 1500,     /* doubles with each try */
	AGAIN_MAX_MS = 60000,
	ATTRS_MS = 60000,
	STORES = 2,          /* the second for what comes late: VNC */
};

struct ip {
	int32_t devid;
	int rank;
	char text[SCAN_ADDRESS];
};

struct entry {
	uint32_t domid;
	struct uuid uuid;
	bool complete_name; /* it has one, and is not being torn down */
	bool seen;          /* by the present sync */
	struct mono since;
	bool configured;
	unsigned devices;   /* counters it had last time, if any time */
	bool counted;
	int config_tries, store_tries, stores;
	struct mono config_due, store_due;
	struct obs_dom d;   /* what is known; lives in mem */
	struct arena mem;
	enum vm_type type;  /* xenstore's word */
	struct ip *ips;
	size_t nips, cap;
};

struct facts {
	struct entry **v; /* by domid */
	size_t n, cap;
	bool begun;       /* the first sync is done */
};

struct facts *
facts_new(void)
{
	return x_calloc(1, sizeof(struct facts));
}

static void
entry_free(struct entry *e)
{
	arena_free(&e->mem);
	x_free(e->ips);
	x_free(e);
}

void
facts_free(struct facts *f)
{
	if (f == NULL)
		return;
	for (size_t i = 0; i < f->n; i++)
		entry_free(f->v[i]);
	x_free(f->v);
	x_free(f);
}

static int
by_domid(const void *a, const void *b)
{
	uint32_t x = (*(struct entry *const *)a)->domid;
	uint32_t y = (*(struct entry *const *)b)->domid;

	return (x > y) - (x < y);
}

static struct entry *
find(const struct facts *f, uint32_t domid)
{
	struct entry key = { .domid = domid }, *k = &key, **e;

	if (f->n == 0)
		return NULL;
	e = bsearch(&k, f->v, f->n, sizeof *f->v, by_domid);
	return e != NULL ? *e : NULL;
}

static struct entry *
find_same(const struct facts *f, uint32_t domid, const struct uuid *uuid)
{
	struct entry *e = find(f, domid);

	return e != NULL && uuid_cmp(&e->uuid, uuid) == 0 ? e : NULL;
}

struct mono
facts_since(const struct facts *f, const struct obs_dom *d)
{
	const struct entry *e = find_same(f, d->domid, &d->uuid);

	return e != NULL ? e->since : MONO_NEVER;
}

/* --- Which domains there are ---------------------------------------------- */

static struct entry *
entry_new(const struct obs_dom *d, struct mono now, struct mono due)
{
	struct entry *e = x_calloc(1, sizeof *e);

	e->domid = d->domid;
	e->uuid = d->uuid;
	e->since = now;
	e->config_due = e->store_due = due;
	obs_dom_init(&e->d);
	return e;
}

static bool
drop_unseen(struct facts *f)
{
	size_t kept = 0;
	bool dropped;

	for (size_t i = 0; i < f->n; i++) {
		if (f->v[i]->seen)
			f->v[kept++] = f->v[i];
		else
			entry_free(f->v[i]);
	}
	dropped = kept != f->n;
	f->n = kept;
	return dropped;
}

bool
facts_sync(struct facts *f, const struct obs_dom *doms, size_t n,
    struct mono now)
{
	struct mono due = f->begun ? mono_add_ms(now, FIRST_MS) : now;
	size_t old = f->n;
	bool changed = false;

	for (size_t i = 0; i < f->n; i++)
		f->v[i]->seen = false;
	for (size_t i = 0; i < n; i++) {
		struct entry key = { .domid = doms[i].domid }, *k = &key;
		struct entry **at = old == 0 ? NULL : bsearch(&k, f->v, old,
		    sizeof *f->v, by_domid);
		struct entry *e = at != NULL ? *at : NULL;

		if (e != NULL && uuid_cmp(&e->uuid, &doms[i].uuid) != 0)
			e = NULL;
		if (e == NULL) {
			e = entry_new(&doms[i], f->begun ? now : MONO_ZERO,
			    due);
			f->v = x_grow(f->v, f->n, &f->cap, sizeof *f->v);
			f->v[f->n++] = e;
			changed = true;
		}
		e->seen = true;
		e->complete_name = doms[i].name != NULL &&
		    (doms[i].flags & DOM_DYING) == 0;
	}
	changed |= drop_unseen(f);
	if (f->n != 0)
		qsort(f->v, f->n, sizeof *f->v, by_domid);
	f->begun = true;
	return changed;
}

/* --- What to ask ---------------------------------------------------------- */

static bool
wants_config(const struct entry *e)
{
	return e->complete_name && !e->configured;
}

/* dom0 has no entries of interest. */
static bool
wants_store(const struct entry *e)
{
	return e->complete_name && e->domid != 0;
}

struct facts_want
facts_next(struct facts *f, struct mono now)
{
	struct facts_want w = { .kind = FACTS_NOTHING };

	for (size_t i = 0; i < f->n && w.n < FACTS_AT_ONCE; i++) {
		const struct entry *e = f->v[i];
		enum facts_kind kind = FACTS_NOTHING;

		if (wants_store(e) && mono_reached(e->store_due, now))
			kind = e->stores < STORES ? FACTS_STORE : FACTS_ATTRS;
		else if (wants_config(e) && mono_reached(e->config_due, now))
			kind = FACTS_CONFIG;
		if (kind == FACTS_NOTHING ||
		    (w.n > 0 && kind != FACTS_ATTRS))
			continue;
		w.kind = kind;
		w.doms[w.n++] = e->domid;
		if (w.n == 1)
			w.uuid = e->uuid;
		if (kind != FACTS_ATTRS)
			break;
	}
	return w;
}

void
facts_deadline(const struct facts *f, struct mono *deadline)
{
	for (size_t i = 0; i < f->n; i++) {
		const struct entry *e = f->v[i];

		if (wants_store(e))
			mono_lower(deadline, e->store_due);
		if (wants_config(e))
			mono_lower(deadline, e->config_due);
	}
}

static struct mono
again(struct mono now, int tries)
{
	int64_t ms = AGAIN_MS;

	while (tries-- > 1 && ms < AGAIN_MAX_MS)
		ms *= 2;
	return mono_add_ms(now, ms < AGAIN_MAX_MS ? ms : AGAIN_MAX_MS);
}

static bool
store_complete(const struct entry *e)
{
	return e->type != VM_TYPE_UNKNOWN && e->d.start_s >= 0 &&
	    (e->type != VM_TYPE_HVM || e->d.vnc_port > 0);
}

void
facts_asked(struct facts *f, const struct facts_want *w, struct mono now)
{
	for (size_t i = 0; i < w->n; i++) {
		struct entry *e = find(f, w->doms[i]);

		if (e == NULL)
			continue;
		if (w->kind == FACTS_CONFIG) {
			e->config_due = again(now, ++e->config_tries);
			continue;
		}
		e->store_due = mono_add_ms(now, ATTRS_MS);
		if (w->kind != FACTS_STORE)
			continue;
		if (store_complete(e) || e->store_tries > 6)
			e->stores++;
		else
			e->store_due = again(now, ++e->store_tries);
	}
}

/* --- Answers -------------------------------------------------------------- */

static void
configure(struct entry *e, const struct obs_dom *d)
{
	struct obs_dom old = e->d;

	arena_reset(&e->mem);
	e->d = obs_dom_dup(&e->mem, d);
	e->d.start_s = old.start_s;
	e->d.vnc_port = old.vnc_port;
	e->d.stubdom_of = old.stubdom_of;
	e->configured = true;
}

void
facts_config(struct facts *f, const struct obs_dom *doms, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct entry *e = find_same(f, doms[i].domid, &doms[i].uuid);

		if (e != NULL)
			configure(e, &doms[i]);
	}
}

static enum vm_type
type_of(const char *s)
{
	return strcmp(s, "pv") == 0 ? VM_TYPE_PV :
	    strcmp(s, "pvh") == 0 ? VM_TYPE_PVH :
	    strcmp(s, "hvm") == 0 ? VM_TYPE_HVM : VM_TYPE_UNKNOWN;
}

/* The best address of each interface. */
static void
add_ip(struct entry *e, const struct xs_fact *x)
{
	struct ip *ip = NULL;

	for (size_t i = 0; i < e->nips; i++)
		if (e->ips[i].devid == x->devid)
			ip = &e->ips[i];
	if (ip == NULL) {
		if (e->nips == OBS_DEVICES_MAX)
			return;
		e->ips = x_grow(e->ips, e->nips, &e->cap, sizeof *e->ips);
		ip = &e->ips[e->nips++];
		*ip = (struct ip){ .devid = x->devid, .rank = INT_MAX };
	}
	if (x->rank < ip->rank) {
		ip->rank = x->rank;
		memcpy(ip->text, x->text, sizeof ip->text);
	}
}

static bool
asked_about(const struct facts_want *w, uint32_t domid)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->doms[i] == domid)
			return true;
	return false;
}

static void
take(struct facts *f, const struct facts_want *w, const struct xs_fact *x)
{
	uint32_t domid = x->kind == XS_START_TIME ? w->doms[0] : x->domid;
	struct entry *e = asked_about(w, domid) ? find(f, domid) : NULL;

	if (e == NULL)
		return;
	switch (x->kind) {
	case XS_TYPE:
		e->type = type_of(x->text);
		break;
	case XS_START_TIME:
		e->d.start_s = x->number;
		break;
	case XS_VNC_PORT:
		e->d.vnc_port = (int32_t)x->number;
		break;
	case XS_TARGET:
		e->d.stubdom_of = (int32_t)x->number;
		break;
	case XS_IP:
		add_ip(e, x);
		break;
	case XS_OTHER:
		break;
	}
}

void
facts_store(struct facts *f, const struct facts_want *w, const char *p,
    size_t n)
{
	const char *line;
	size_t len;

	if (w->kind == FACTS_STORE &&
	    find_same(f, w->doms[0], &w->uuid) == NULL)
		return; /* another domain has that number by now */
	for (size_t i = 0; i < w->n; i++) {
		struct entry *e = find(f, w->doms[i]);

		if (e != NULL)
			e->nips = 0;
	}
	while (scan_line(&p, &n, &line, &len)) {
		struct xs_fact x = xs_parse_line(line, len);

		take(f, w, &x);
	}
}

void
facts_devices(struct facts *f, const struct obs_dom *d, unsigned count,
    struct mono now)
{
	struct entry *e = find_same(f, d->domid, &d->uuid);

	if (e == NULL || (e->counted && e->devices == count))
		return;
	e->devices = count;
	if (!e->counted) {
		e->counted = true;
		return;
	}
	e->configured = false;
	e->config_tries = 0;
	e->config_due = mono_add_ms(now, FIRST_MS);
}

/* --- What is known -------------------------------------------------------- */

static const char *
ip_of(const struct entry *e, const struct obs_nic *nic)
{
	for (size_t i = 0; i < e->nips; i++)
		if (e->ips[i].devid == nic->devid)
			return e->ips[i].text;
	return nic->ip;
}

bool
facts_fill(const struct facts *f, struct obs_dom *d, struct arena *a)
{
	const struct entry *e = find_same(f, d->domid, &d->uuid);

	if (e == NULL)
		return false;
	d->type = e->type != VM_TYPE_UNKNOWN ? e->type : e->d.type;
	d->vcpus_max = e->d.vcpus_max;
	d->maxmem_kb = e->d.maxmem_kb;
	d->start_s = e->d.start_s;
	d->vnc_port = e->d.vnc_port;
	d->stubdom_of = e->d.stubdom_of;
	d->disks = e->d.disks;
	d->ndisks = e->d.ndisks;
	d->nnics = e->d.nnics;
	d->nics = arena_array(a, d->nnics, sizeof *d->nics);
	for (size_t i = 0; i < d->nnics; i++) {
		d->nics[i] = e->d.nics[i];
		d->nics[i].ip = ip_of(e, &e->d.nics[i]);
	}
	return e->configured;
}
