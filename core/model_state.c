/* What state a VM is in when its domains disagree: which of them speaks for it,
 * whether it is on its way from host to host, and whether it runs twice.
 *
 * Two live domains with one UUID are a conflict only when both hosts have said
 * so after each other; while one of them is silent, it may be one. */
#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

void
model_set_state(struct model *m, struct vm *vm, enum vm_state s)
{
	if (vm->state == s)
		return;
	m->ngone += (size_t)(s == VM_GONE);
	m->ngone -= (size_t)(vm->state == VM_GONE);
	m->shape++;
	m->generation++;
	vm->state = s;
	vm->since = m->now;
}

static bool
is_live(const struct vm_copy *c)
{
	return (c->flags & (DOM_SHUTDOWN | DOM_DYING)) == 0;
}

static const struct host *
host_of(const struct model *m, const struct vm_copy *c)
{
	return &m->hosts[c->host].pub;
}

/* Whether a is the better one to show. A total order, so that the choice does
 * not depend on who reported first. */
static bool
is_better(const struct model *m, const struct vm_copy *a,
    const struct vm_copy *b)
{
	bool la = host_of(m, a)->health == HOST_LIVE;
	bool lb = host_of(m, b)->health == HOST_LIVE;

	if (is_live(a) != is_live(b))
		return is_live(a);
	if (a->role != b->role)
		return a->role == COPY_PLAIN || b->role == COPY_INCOMING;
	if (la != lb)
		return la;
	return false; /* copies are sorted: the first one stays */
}

static size_t
choose_main(const struct model *m, const struct vm *vm)
{
	size_t best = 0;

	for (size_t i = 1; i < vm->ncopies; i++)
		if (is_better(m, &vm->copies[i], &vm->copies[best]))
			best = i;
	return best;
}

/* Whether host has spoken long enough after the moment to be believed. */
static bool
has_settled(const struct host *h, struct mono since)
{
	return mono_diff_ms(h->last, since) >= SETTLE_MS;
}

/* How two plain live copies of one UUID are to be taken. */
static enum vm_conflict
judge_pair(const struct model *m, const struct vm_copy *a,
    const struct vm_copy *b)
{
	const struct host *ha = host_of(m, a), *hb = host_of(m, b);

	if (ha->health != HOST_LIVE || hb->health != HOST_LIVE)
		return CONFLICT_MAYBE;
	if (has_settled(ha, b->first) && has_settled(hb, a->first))
		return CONFLICT_UUID;
	return CONFLICT_NONE;
}

/* Whether the copy may be writing to the VM's disks. One that is being received
 * is paused and one that was sent is suspended; by whatever name, a copy that
 * runs is one too many. */
static bool
is_contender(const struct vm_copy *c)
{
	return is_live(c) &&
	    (c->role == COPY_PLAIN || (c->flags & DOM_PAUSED) == 0);
}

/* Of a crowd, which only a host that lies has, the first ones will do. */
enum { CONTENDERS_MAX = 32 };

static size_t
find_contenders(const struct vm *vm, const struct vm_copy *v[CONTENDERS_MAX])
{
	size_t n = 0;

	for (size_t i = 0; i < vm->ncopies && n < CONTENDERS_MAX; i++)
		if (is_contender(&vm->copies[i]))
			v[n++] = &vm->copies[i];
	return n;
}

static enum vm_conflict
find_uuid_conflict(const struct model *m, const struct vm *vm)
{
	const struct vm_copy *v[CONTENDERS_MAX];
	size_t n = find_contenders(vm, v);
	enum vm_conflict worst = CONFLICT_NONE;

	for (size_t i = 0; i < n; i++)
		for (size_t k = i + 1; k < n; k++) {
			enum vm_conflict c = judge_pair(m, v[i], v[k]);

			if (c == CONFLICT_UUID)
				return c;
			if (c == CONFLICT_MAYBE)
				worst = c;
		}
	return worst;
}

static bool
has_live_copy(const struct vm *vm)
{
	for (size_t i = 0; i < vm->ncopies; i++)
		if (is_live(&vm->copies[i]))
			return true;
	return false;
}

static bool
has_namesake(const struct model *m, const struct vm_node *v)
{
	const struct vm_node *w =
	    vmindex_by_name(&m->vms, v->vm.cluster, v->vm.name);

	if (!has_live_copy(&v->vm) || strcmp(v->vm.name, MODEL_NO_NAME) == 0)
		return false;
	for (; w != NULL; w = vmindex_next_by_name(w))
		if (w != v && has_live_copy(&w->vm))
			return true;
	return false;
}

static void
set_conflict(struct model *m, struct vm_node *v)
{
	enum vm_conflict was = v->vm.conflict;
	enum vm_conflict c = find_uuid_conflict(m, &v->vm);

	if (c == CONFLICT_NONE && has_namesake(m, v))
		c = CONFLICT_NAME;
	if (c == was)
		return;
	m->conflicts[was]--;
	m->conflicts[c]++;
	v->vm.conflict = c;
	if (was == CONFLICT_NONE)
		v->vm.conflict_since = m->now;
	model_log_conflict(m, &v->vm);
}

static void
judge_namesakes(struct model *m, const struct vm_node *v, const char *name)
{
	struct vm_node *w = vmindex_by_name(&m->vms, v->vm.cluster, name);

	for (; w != NULL; w = vmindex_next_by_name(w))
		if (w != v)
			set_conflict(m, w);
}

/* The old name's namesakes may be in conflict no more; the new one's have yet
 * to learn of it. */
static void
rename_vm(struct model *m, struct vm_node *v, const char *name)
{
	char *was = x_strdup(v->vm.name);

	vmindex_set_name(&m->vms, v, name);
	model_configure(m, &v->vm);
	m->stale_defs[v->vm.cluster] = true;
	m->shape++;
	judge_namesakes(m, v, was);
	v->counts = false;
	x_free(was);
}

/* The main copy's name, or else whatever another copy is called. A domain that
 * is being made or torn down has none; then the VM keeps the one it had. */
static void
take_name(struct model *m, struct vm_node *v)
{
	struct vm *vm = &v->vm;
	const char *name = vm->copies[vm->main].name;

	for (size_t i = 0; name == NULL && i < vm->ncopies; i++)
		name = vm->copies[i].name;
	if (name == NULL || strcmp(vm->name, name) == 0)
		return;
	if (strcmp(vm->name, MODEL_NO_NAME) != 0)
		model_logf(m, NOTE_INFO, vm->host, vm->id,
		    "%s: was renamed to %s", vm->name, name);
	rename_vm(m, v, name);
}

/* In a migration: the copy on the other side, or NULL. */
static const struct vm_copy *
find_partner(const struct vm *vm)
{
	const struct vm_copy *main = &vm->copies[vm->main];

	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];

		if (c != main && c->role != main->role &&
		    (c->flags & DOM_DYING) == 0)
			return c;
	}
	return NULL;
}

/* Two plain copies that have not both been seen since the other came: the last
 * moment of a migration, as long as nobody knows better. */
static const struct vm_copy *
find_unsettled(const struct model *m, const struct vm *vm)
{
	const struct vm_copy *main = &vm->copies[vm->main];

	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];

		if (c != main && is_live(c) && is_live(main) &&
		    c->role == COPY_PLAIN && main->role == COPY_PLAIN &&
		    judge_pair(m, main, c) == CONFLICT_NONE)
			return c;
	}
	return NULL;
}

void
vm_route(const struct vm *vm, uint32_t *from, uint32_t *to)
{
	*from = *to = MODEL_NONE;
	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];

		if (c->role == COPY_INCOMING)
			*to = c->host;
		else if (c->role == COPY_MIGRATEDAWAY || *from == MODEL_NONE)
			*from = c->host;
	}
	/* Only the sent copy has its suffix left: the plain one arrived. */
	for (size_t i = 0; i < vm->ncopies && *to == MODEL_NONE; i++)
		if (vm->copies[i].role == COPY_PLAIN &&
		    vm->copies[i].host != *from)
			*to = vm->copies[i].host;
	if (*to == MODEL_NONE && vm->peer != *from)
		*to = vm->peer;
	if (*from == MODEL_NONE && vm->peer != *to)
		*from = vm->peer;
}

static enum vm_state
state_of(const struct vm_copy *c)
{
	if ((c->flags & DOM_DYING) != 0)
		return VM_DYING;
	if ((c->flags & DOM_SHUTDOWN) != 0)
		return c->reason == REASON_CRASH ||
		    c->reason == REASON_WATCHDOG ? VM_CRASHED : VM_SHUTDOWN;
	return (c->flags & DOM_PAUSED) != 0 ? VM_PAUSED : VM_RUNNING;
}

static enum vm_state
work_out_state(struct model *m, struct vm *vm)
{
	const struct vm_copy *partner;

	vm->peer = MODEL_NONE;
	if (vm->ncopies == 0) {
		if (vm->state == VM_DORMANT || vm->state == VM_GONE)
			return vm->state;
		vm->gone_since = m->now;
		return VM_GONE;
	}
	vm->main = choose_main(m, vm);
	vm->host = vm->copies[vm->main].host;
	partner = find_partner(vm);
	if (partner == NULL)
		partner = find_unsettled(m, vm);
	if (partner != NULL)
		vm->peer = partner->host;
	else if (vm->copies[vm->main].role == COPY_PLAIN)
		return state_of(&vm->copies[vm->main]);
	/* Else only one end of a migration is seen: the other host was asked
	 * a moment ago, or cannot be. */
	return VM_MIGRATING;
}

void
model_resolve(struct model *m, struct vm_node *v)
{
	struct vm *vm = &v->vm;
	enum vm_state was = vm->state;
	struct mono since = vm->since;
	uint32_t was_on = vm->host;

	model_set_state(m, vm, work_out_state(m, vm));
	if (vm->state != was)
		model_log_state(m, vm, was, since);
	if (vm->host != was_on) {
		m->shape++;
		m->generation++;
	}
	if (vm->ncopies != 0)
		take_name(m, v);
	set_conflict(m, v);
	if (has_live_copy(vm) != v->counts) {
		v->counts = !v->counts;
		judge_namesakes(m, v, vm->name);
	}
}

void
model_resolve_host(struct model *m, struct host_node *h)
{
	for (size_t i = 0; i < h->nseats; i++)
		model_resolve(m, h->seats[i].vm);
}

const char *
vm_state_name(enum vm_state s)
{
	static const char *const names[] = {
		[VM_RUNNING] = "running",
		[VM_PAUSED] = "paused",
		[VM_SHUTDOWN] = "shutdown",
		[VM_CRASHED] = "crashed",
		[VM_DYING] = "dying",
		[VM_MIGRATING] = "migrating",
		[VM_GONE] = "gone",
		[VM_DORMANT] = "dormant",
	};

	return names[s];
}

const char *
vm_type_name(enum vm_type t)
{
	static const char *const names[] = {
		[VM_TYPE_UNKNOWN] = "?",
		[VM_TYPE_PV] = "PV",
		[VM_TYPE_PVH] = "PVH",
		[VM_TYPE_HVM] = "HVM",
	};

	return names[t];
}
