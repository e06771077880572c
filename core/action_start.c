/* Where a VM is started, and from which file. It starts at its home, else where
 * it was last, else where it is defined; when that host cannot take it, the
 * operator is told why and who could, and decides. Only when none of them is
 * there at all, any other host that has its definition will do. */
#include <stdio.h>
#include <string.h>

#include "core/action_priv.h"
#include "core/defs.h"
#include "core/mem.h"
#include "core/units.h"

/* --- Memory --------------------------------------------------------------- */

/* "512 MiB", "7.5 GiB". */
static const char *
size_text(char out[32], int64_t kb)
{
	int64_t mib = kb > 0 ? kb / 1024 : 0;

	if (mib < 10 * 1024 && mib % 1024 != 0)
		snprintf(out, 32, "%lld MiB", (long long)mib);
	else
		snprintf(out, 32, "%lld.%lld GiB", (long long)(mib / 1024),
		    (long long)(mib % 1024 * 10 / 1024));
	return out;
}

/* What steps of the plan will take there. */
static int64_t
promised_kb(const struct plan *p, uint32_t host)
{
	int64_t kb = 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct request *r = &p->steps[i].req;

		if (r->host == host && r->value > 0 &&
		    (r->op == REQ_START || r->op == REQ_RESTORE))
			kb += r->value;
	}
	return kb;
}

/* OBS_UNKNOWN: nobody knows. */
static int64_t
room_kb(const struct plan *p, uint32_t host, const struct model *m)
{
	int64_t free_kb = model_host(m, host)->facts.free_kb;

	if (free_kb < 0)
		return OBS_UNKNOWN;
	free_kb -= model_conf(m)->hosts[host].reserve_kb +
	    promised_kb(p, host);
	return free_kb > 0 ? free_kb : 0;
}

int
action_has_room(const struct plan *p, const struct vm *vm, uint32_t host,
    int64_t kb, const struct model *m, struct err *err)
{
	int64_t room = room_kb(p, host, m);
	char need[32], have[32];

	if (kb <= 0 || room < 0 || kb <= room)
		return 0;
	return err_set(err, ERR_FAILED, "%.100s needs %s more on %.100s, where "
	    "%s can be given away", vm->name, size_text(need, kb),
	    model_host(m, host)->name, size_text(have, room));
}

/* --- Definitions ---------------------------------------------------------- */

struct place {
	uint32_t host;
	const char *path;  /* of the definition; NULL: it has none */
	int64_t kb;        /* that it takes; OBS_UNKNOWN */
	const struct def *known; /* to be written there first; or NULL */
};

static struct place
look_at(uint32_t host, const struct vm *vm, const struct model *m)
{
	const struct defs *defs = model_defs(m, host);
	const struct def *d = defs != NULL ?
	    defs_find(defs, &vm->uuid, vm->name) : NULL;

	return (struct place){ host, d != NULL ? d->path : NULL,
		d != NULL ? d->mem_kb : OBS_UNKNOWN, NULL };
}

static bool
is_live(uint32_t host, const struct model *m)
{
	return model_host(m, host)->health == HOST_LIVE;
}

static bool
could_take(struct place at, const struct plan *p, const struct model *m)
{
	int64_t room;

	if (at.path == NULL || !is_live(at.host, m))
		return false;
	room = room_kb(p, at.host, m);
	return room < 0 || at.kb < 0 || at.kb <= room;
}

/* The host with the most room that could take it; MODEL_NONE. */
static uint32_t
find_other(uint32_t but, const struct plan *p, const struct vm *vm,
    const struct model *m)
{
	uint32_t best = MODEL_NONE;

	for (uint32_t i = 0; i < model_nhosts(m); i++)
		if (i != but && model_host(m, i)->cluster == vm->cluster &&
		    could_take(look_at(i, vm, m), p, m) &&
		    (best == MODEL_NONE ||
		    room_kb(p, i, m) > room_kb(p, best, m)))
			best = i;
	return best;
}

/* The live one with the most room, whatever it defines. */
static uint32_t
find_roomy(const struct plan *p, const struct vm *vm, const struct model *m)
{
	uint32_t best = MODEL_NONE;

	for (uint32_t i = 0; i < model_nhosts(m); i++)
		if (model_host(m, i)->cluster == vm->cluster && is_live(i, m) &&
		    (best == MODEL_NONE ||
		    room_kb(p, i, m) > room_kb(p, best, m)))
			best = i;
	return best;
}

static int
no_definition(uint32_t host, const struct vm *vm, const struct model *m,
    struct err *err)
{
	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		struct place at = look_at(i, vm, m);

		if (model_host(m, i)->cluster == vm->cluster &&
		    at.path != NULL)
			return err_set(err, ERR_FAILED, "%.100s has no "
			    "definition of %.100s; %.100s has one, %.200s",
			    model_host(m, host)->name, vm->name,
			    model_host(m, i)->name, at.path);
	}
	return err_set(err, ERR_FAILED, "no host that answers has a definition "
	    "of %.100s", vm->name);
}

/* --- The place ------------------------------------------------------------ */

/* The one it should be on, of those that can be asked. */
static uint32_t
preferred(const struct plan *p, const struct vm *vm, const struct model *m)
{
	const uint32_t order[] = { vm->home, vm->host, vm->def_host };

	for (size_t i = 0; i < sizeof order / sizeof order[0]; i++) {
		uint32_t h = order[i];

		if ((i == 2 && !vm->defined) || h == MODEL_NONE ||
		    h >= model_nhosts(m) ||
		    model_host(m, h)->cluster != vm->cluster)
			continue;
		if (is_live(h, m) && look_at(h, vm, m).path != NULL)
			return h;
	}
	return find_other(MODEL_NONE, p, vm, m);
}

static int
unreachable(const struct vm *vm, uint32_t host, const struct model *m,
    struct err *err)
{
	const struct host *h = model_host(m, host);

	return err_set(err, ERR_UNREACHABLE, "%.100s gives no current figures "
	    "(%s): %.100s cannot be started there", h->name,
	    host_health_name(h->health), vm->name);
}

static int
choose(struct place *at, const struct plan *p, const struct action *a,
    const struct vm *vm, const struct model *m, struct err *err)
{
	const struct def *known = a->kind == ACTION_START ?
	    action_known(m, vm) : NULL;
	uint32_t host = a->host != MODEL_NONE ? a->host : preferred(p, vm, m);
	uint32_t other;
	char more[200];
	size_t n;

	if (host == MODEL_NONE && known != NULL)
		host = find_roomy(p, vm, m);
	if (host == MODEL_NONE)
		return vm->defined && !is_live(vm->def_host, m) ?
		    unreachable(vm, vm->def_host, m, err) :
		    no_definition(vm->host, vm, m, err);
	if (model_host(m, host)->cluster != vm->cluster)
		return err_set(err, ERR_REFUSED, "%.100s is in another cluster "
		    "than %.100s", model_host(m, host)->name, vm->name);
	if (!is_live(host, m))
		return unreachable(vm, host, m, err);
	*at = look_at(host, vm, m);
	if (at->path == NULL && known != NULL) {
		at->known = known;
		at->kb = known->mem_kb;
	}
	if (a->kind == ACTION_START && at->path == NULL && known == NULL)
		return no_definition(host, vm, m, err);
	if (action_has_room(p, vm, host, at->kb, m, err) == 0)
		return 0;
	other = find_other(host, p, vm, m);
	if (other == MODEL_NONE || err == NULL)
		return -1;
	snprintf(more, sizeof more, "; %.100s has room (--on %.60s)",
	    model_host(m, other)->name, model_host(m, other)->name);
	n = strlen(err->msg);
	snprintf(err->msg + n, sizeof err->msg - n, "%s", more);
	return -1;
}

/* Where a saved state is, only the operator knows: its path says nothing of the
 * host. It is most likely where the VM was. */
static uint32_t
restore_host(const struct action *a, const struct vm *vm,
    const struct model *m)
{
	if (a->host != MODEL_NONE)
		return a->host;
	return vm->seen_on != MODEL_NONE ? vm->seen_on :
	    vm->host != MODEL_NONE ? vm->host :
	    vm->home < model_nhosts(m) ? vm->home : MODEL_NONE;
}

int
action_plan_start(struct plan *p, const struct action *a, const struct vm *vm,
    const struct model *m, struct err *err)
{
	struct action where = *a;
	struct place at = { MODEL_NONE, NULL, OBS_UNKNOWN, NULL };
	struct request r;

	/* With a domain that answers, the rules say what is there. */
	if (vm->ncopies == 0 || model_vm_stale(m, vm)) {
		if (a->kind == ACTION_RESTORE)
			where.host = restore_host(a, vm, m);
		if (choose(&at, p, &where, vm, m, err) != 0)
			return -1;
	} else {
		at.host = vm->host;
	}
	request_init(&r, a->kind == ACTION_START ? REQ_START : REQ_RESTORE);
	r.host = at.host;
	r.cluster = vm->cluster;
	r.uuid = vm->uuid;
	r.name = x_strdup(vm->name);
	r.boot_id = x_strdup(model_host(m, at.host)->facts.boot_id);
	r.arg = x_strdup(a->kind != ACTION_START ? a->arg :
	    at.known != NULL ? at.known->path : at.path);
	r.value = at.kb;
	if (a->paused)
		r.flags |= REQUEST_PAUSED;
	if (a->sworn)
		r.flags |= REQUEST_SWORN;
	return at.known != NULL ?
	    action_add_known(p, &r, at.known, vm, m, err) :
	    action_add(p, &r, NULL, m, err);
}
