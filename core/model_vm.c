/* From the domains that hosts report to the VMs that people know: which domain
 * is which VM, and what state a VM is in when its domains disagree.
 *
 * A VM is known by its UUID within its cluster. `xl create` makes a new UUID
 * up when the file names none, so a VM without a domain is also recognised by
 * its name. Two live domains with one UUID are never merged: both stay, and
 * the VM is in conflict. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

static const char NO_NAME[] = "(unnamed)";

/* --- Names and identity --------------------------------------------------- */

enum copy_role
copy_role_of(const char *name, size_t *len)
{
	static const struct {
		const char *suffix;
		enum copy_role role;
	} tails[] = {
		{ "--incoming", COPY_INCOMING },
		{ "--migratedaway", COPY_MIGRATEDAWAY },
	};
	size_t n = strlen(name);

	*len = n;
	for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
		size_t k = strlen(tails[i].suffix);

		if (n > k && strcmp(name + n - k, tails[i].suffix) == 0) {
			*len = n - k;
			return tails[i].role;
		}
	}
	return COPY_PLAIN;
}

static struct uuid
identity(uint32_t host, const struct obs_dom *d)
{
	struct uuid u = { "no uuid" };

	if (!uuid_is_nil(&d->uuid))
		return d->uuid;
	/* Only libxc's users make domains without one; such a domain is itself
	 * and nothing else. */
	for (size_t i = 0; i < 4; i++) {
		u.b[8 + i] = (uint8_t)(host >> (8 * i));
		u.b[12 + i] = (uint8_t)(d->domid >> (8 * i));
	}
	return u;
}

static struct vm_node *
find_by_name_without_copies(const struct model *m, uint32_t cluster,
    const char *name)
{
	struct vm_node *v = vmindex_by_name(&m->vms, cluster, name);
	struct vm_node *best = NULL;

	for (; v != NULL; v = vmindex_next_by_name(v))
		if (v->vm.ncopies == 0 &&
		    (best == NULL || v->vm.id < best->vm.id))
			best = v;
	return best;
}

static void
configure(struct model *m, struct vm *vm)
{
	vm->conf = conf_find_vm(m->conf, vm->name);
	vm->home = vm->conf != NULL && vm->conf->home != NULL ?
	    conf_find_host(m->conf, vm->conf->home) : MODEL_NONE;
}

struct vm_node *
model_add_vm(struct model *m, uint32_t host, const struct uuid *uuid,
    const char *name)
{
	struct vm_node *v = vmindex_add(&m->vms, m->hosts[host].pub.cluster,
	    uuid, name);

	v->vm.host = host;
	v->vm.peer = MODEL_NONE;
	v->vm.state = VM_DORMANT;
	v->vm.def_mem_kb = OBS_UNKNOWN;
	v->vm.def_vcpus = OBS_UNKNOWN;
	obs_dom_init(&v->vm.detail);
	configure(m, &v->vm);
	m->conflicts[CONFLICT_NONE]++;
	m->stale_defs[v->vm.cluster] = true;
	m->shape++;
	m->generation++;
	return v;
}

void
model_remove_vm(struct model *m, struct vm_node *v)
{
	m->conflicts[v->vm.conflict]--;
	m->ngone -= (size_t)(v->vm.state == VM_GONE);
	m->stale_defs[v->vm.cluster] = true;
	m->shape++;
	m->generation++;
	vmindex_remove(&m->vms, v);
}

static void
set_state(struct model *m, struct vm *vm, enum vm_state s)
{
	if (vm->state == s)
		return;
	m->ngone += (size_t)(s == VM_GONE);
	m->ngone -= (size_t)(vm->state == VM_GONE);
	m->shape++;
	m->generation++;
	vm->state = s;
}

static struct vm_node *
identify(struct model *m, const struct host *h, const struct obs_dom *d,
    const char *name)
{
	struct uuid uuid = identity(h->id, d);
	struct vm_node *v = vmindex_by_uuid(&m->vms, h->cluster, &uuid);

	if (v != NULL)
		return v;
	if (name != NULL)
		v = find_by_name_without_copies(m, h->cluster, name);
	if (v != NULL) {
		vmindex_set_uuid(&m->vms, v, &uuid);
		m->stale_defs[h->cluster] = true;
		return v;
	}
	return model_add_vm(m, h->id, &uuid,
	    name != NULL ? name : NO_NAME);
}

/* --- Copies --------------------------------------------------------------- */

static struct vm_copy *
find_copy(struct vm *vm, uint32_t host, uint32_t domid)
{
	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].host == host && vm->copies[i].domid == domid)
			return &vm->copies[i];
	return NULL;
}

static struct vm_copy *
add_copy(struct model *m, struct vm *vm, uint32_t host, uint32_t domid)
{
	size_t i = vm->ncopies;

	vm->copies = x_grow(vm->copies, vm->ncopies, &vm->copies_cap,
	    sizeof *vm->copies);
	while (i > 0 && (vm->copies[i - 1].host > host ||
	    (vm->copies[i - 1].host == host &&
	    vm->copies[i - 1].domid > domid))) {
		vm->copies[i] = vm->copies[i - 1];
		i--;
	}
	vm->ncopies++;
	vm->copies[i] = (struct vm_copy){
		.host = host, .domid = domid, .first = m->now
	};
	m->shape++;
	return &vm->copies[i];
}

static void
drop_copy(struct model *m, struct vm *vm, const struct vm_copy *c)
{
	size_t i = (size_t)(c - vm->copies);

	x_free(vm->copies[i].name);
	vm->ncopies--;
	memmove(&vm->copies[i], &vm->copies[i + 1],
	    (vm->ncopies - i) * sizeof vm->copies[0]);
	vm->main = 0;
	m->shape++;
}

static void
update_copy(struct vm_copy *c, const struct obs_dom *d, const struct obs *o,
    uint64_t round)
{
	model_rate_copy(c, d, o->t_ns);
	c->flags = d->flags;
	c->reason = d->reason;
	c->type = d->type;
	c->vcpus = d->vcpus;
	c->vcpus_max = d->vcpus_max;
	c->mem_kb = d->mem_kb;
	c->maxmem_kb = d->maxmem_kb;
	c->start_s = d->start_s;
	c->vnc_port = d->vnc_port;
	c->round = round;
}

/* --- Telling what happened ------------------------------------------------ */

static void
log_arrival(struct model *m, const struct host *h, const struct vm *vm,
    const struct vm_copy *c)
{
	if (vm->ncopies > 1) {
		if (c->role == COPY_INCOMING)
			model_logf(m, NOTE_INFO, h->id, vm->id,
			    "%s: is being migrated to %s", vm->name, h->name);
	} else if (vm->state == VM_GONE) {
		model_logf(m, NOTE_INFO, h->id, vm->id,
		    "%s: is back on %s as domain %u after %.1f s", vm->name,
		    h->name, c->domid,
		    (double)mono_diff_ms(m->now, vm->gone_since) / 1000);
	} else {
		model_logf(m, NOTE_INFO, h->id, vm->id,
		    "%s: started on %s as domain %u", vm->name, h->name,
		    c->domid);
	}
}

static void
log_state(struct model *m, const struct vm *vm, enum vm_state was)
{
	const char *host = m->hosts[vm->host].pub.name;
	const char *peer = vm->peer != MODEL_NONE ?
	    m->hosts[vm->peer].pub.name : "another host";

	switch (vm->state) {
	case VM_CRASHED:
		model_logf(m, NOTE_ALARM, vm->host, vm->id, "%s: crashed on %s",
		    vm->name, host);
		break;
	case VM_MIGRATING:
		model_logf(m, NOTE_INFO, vm->host, vm->id,
		    "%s: migrates from %s to %s", vm->name, host, peer);
		break;
	case VM_PAUSED:
	case VM_SHUTDOWN:
		model_logf(m, NOTE_INFO, vm->host, vm->id, "%s: %s on %s",
		    vm->name, vm_state_name(vm->state), host);
		break;
	case VM_RUNNING:
		if (was == VM_MIGRATING)
			model_logf(m, NOTE_INFO, vm->host, vm->id,
			    "%s: runs on %s after its migration", vm->name,
			    host);
		else if (was == VM_PAUSED)
			model_logf(m, NOTE_INFO, vm->host, vm->id,
			    "%s: runs again on %s", vm->name, host);
		break;
	case VM_GONE:
		model_logf(m, NOTE_INFO, vm->host, vm->id, "%s: left %s",
		    vm->name, host);
		break;
	case VM_DYING:
	case VM_DORMANT:
		break;
	}
}

static void
log_conflict(struct model *m, const struct vm *vm)
{
	switch (vm->conflict) {
	case CONFLICT_UUID:
		model_logf(m, NOTE_ALARM, vm->host, vm->id,
		    "%s: RUNS TWICE: %zu domains claim its UUID", vm->name,
		    vm->ncopies);
		break;
	case CONFLICT_MAYBE:
		model_logf(m, NOTE_ALARM, vm->host, vm->id,
		    "%s: MAY RUN TWICE: one of its hosts does not answer",
		    vm->name);
		break;
	case CONFLICT_NAME:
		model_logf(m, NOTE_WARNING, vm->host, vm->id,
		    "%s: another VM of the cluster runs by this name",
		    vm->name);
		break;
	case CONFLICT_NONE:
		model_logf(m, NOTE_INFO, vm->host, vm->id,
		    "%s: its conflict is over", vm->name);
		break;
	}
}

/* --- State ---------------------------------------------------------------- */

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

static enum vm_conflict
find_uuid_conflict(const struct model *m, const struct vm *vm)
{
	enum vm_conflict worst = CONFLICT_NONE;

	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *a = &vm->copies[i];

		if (a->role != COPY_PLAIN || !is_live(a))
			continue;
		for (size_t k = i + 1; k < vm->ncopies; k++) {
			const struct vm_copy *b = &vm->copies[k];
			enum vm_conflict c;

			if (b->role != COPY_PLAIN || !is_live(b))
				continue;
			c = judge_pair(m, a, b);
			if (c == CONFLICT_UUID)
				return c;
			if (c == CONFLICT_MAYBE)
				worst = c;
		}
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

	if (!has_live_copy(&v->vm))
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
	log_conflict(m, &v->vm);
}

/* The old name's namesakes may be in conflict no more: they are judged again
 * with the VM itself. */
static void
rename_vm(struct model *m, struct vm_node *v, const char *name)
{
	char *was = x_strdup(v->vm.name);
	struct vm_node *w;

	vmindex_set_name(&m->vms, v, name);
	configure(m, &v->vm);
	m->stale_defs[v->vm.cluster] = true;
	m->shape++;
	for (w = vmindex_by_name(&m->vms, v->vm.cluster, was); w != NULL;
	     w = vmindex_next_by_name(w))
		set_conflict(m, w);
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
	if (strcmp(vm->name, NO_NAME) != 0)
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
	if (partner == NULL)
		return state_of(&vm->copies[vm->main]);
	vm->peer = partner->host;
	return VM_MIGRATING;
}

void
model_resolve(struct model *m, struct vm_node *v)
{
	struct vm *vm = &v->vm;
	enum vm_state was = vm->state;
	uint32_t was_on = vm->host;
	struct vm_node *w;

	set_state(m, vm, work_out_state(m, vm));
	if (vm->state != was)
		log_state(m, vm, was);
	if (vm->host != was_on) {
		m->shape++;
		m->generation++;
	}
	if (vm->ncopies != 0)
		take_name(m, v);
	set_conflict(m, v);
	for (w = vmindex_by_name(&m->vms, vm->cluster, vm->name); w != NULL;
	     w = vmindex_next_by_name(w))
		if (w != v)
			set_conflict(m, w);
}

void
model_resolve_host(struct model *m, struct host_node *h)
{
	for (size_t i = 0; i < h->nseats; i++)
		model_resolve(m, h->seats[i].vm);
}

/* --- One observation ------------------------------------------------------ */

static void
take_detail(struct vm *vm, const struct obs_dom *d)
{
	const struct obs_dom *old = &vm->detail;

	if (old->domid == d->domid && obs_devices_equal(old, d) &&
	    old->name != NULL && d->name != NULL &&
	    strcmp(old->name, d->name) == 0)
		return;
	arena_reset(&vm->detail_mem);
	vm->detail = obs_dom_dup(&vm->detail_mem, d);
}

static void
push_history(struct vm *vm, const struct vm_copy *c)
{
	history_push(&vm->cpu, c->cpu_pm);
	history_push(&vm->mem, c->mem_kb >= 0 ? c->mem_kb / 1024 : OBS_UNKNOWN);
	history_push(&vm->net, c->net_rx >= 0 && c->net_tx >= 0 ?
	    c->net_rx + c->net_tx : OBS_UNKNOWN);
	history_push(&vm->disk, c->disk_rd >= 0 && c->disk_wr >= 0 ?
	    c->disk_rd + c->disk_wr : OBS_UNKNOWN);
}

static struct vm_node *
seat(struct model *m, struct host_node *h, const struct obs *o,
    const struct obs_dom *d)
{
	const struct host *host = &h->pub;
	enum copy_role role = COPY_PLAIN;
	char name[OBS_NAME_MAX + 1];
	struct vm_node *v;
	struct vm_copy *c;
	bool arrived;

	if (d->name != NULL) {
		size_t len;

		role = copy_role_of(d->name, &len);
		snprintf(name, sizeof name, "%.*s", (int)len, d->name);
	}
	v = identify(m, host, d, d->name != NULL ? name : NULL);
	c = find_copy(&v->vm, host->id, d->domid);
	arrived = c == NULL;
	if (arrived)
		c = add_copy(m, &v->vm, host->id, d->domid);
	if (d->name != NULL) {
		if (role != c->role)
			m->shape++;
		x_replace(&c->name, name);
		c->role = role;
	}
	update_copy(c, d, o, h->round);
	if (arrived && h->round > 1)
		log_arrival(m, host, &v->vm, c);
	return v;
}

/* Takes away the copies that the last observation had and this one has not. */
static void
clear_seats(struct model *m, struct host_node *h, const struct seat *old,
    size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct vm *vm = &old[i].vm->vm;
		struct vm_copy *c = find_copy(vm, h->pub.id, old[i].domid);

		if (c == NULL || c->round == h->round)
			continue;
		drop_copy(m, vm, c);
		model_resolve(m, old[i].vm);
	}
}

void
model_apply_doms(struct model *m, struct host_node *h, const struct obs *o)
{
	struct seat *old = h->seats;
	size_t nold = h->nseats;

	h->seats = x_calloc(o->ndoms, sizeof *h->seats);
	h->nseats = 0;
	for (size_t i = 0; i < o->ndoms; i++) {
		const struct obs_dom *d = &o->doms[i];

		if (d->domid == 0 || d->stubdom_of >= 0)
			continue;
		h->seats[h->nseats++] = (struct seat){
			.domid = d->domid,
			.vm = seat(m, h, o, d),
		};
	}
	clear_seats(m, h, old, nold);
	x_free(old);
	for (size_t i = 0; i < h->nseats; i++) {
		struct vm_node *v = h->seats[i].vm;
		const struct vm_copy *main;

		model_resolve(m, v);
		main = vm_main(&v->vm);
		if (main->host == h->pub.id &&
		    main->domid == h->seats[i].domid) {
			take_detail(&v->vm, obs_find(o, main->domid));
			push_history(&v->vm, main);
		}
	}
}

/* --- Time ----------------------------------------------------------------- */

bool
model_expire(struct model *m, struct mono *next)
{
	bool changed = false;

	for (size_t i = m->vms.n; m->ngone > 0 && i-- > 0;) {
		struct vm_node *v = m->vms.all[i];
		struct mono end;

		if (v->vm.state != VM_GONE)
			continue;
		end = mono_add_ms(v->vm.gone_since, GONE_MS);
		if (!mono_reached(end, m->now)) {
			mono_lower(next, end);
			continue;
		}
		changed = true;
		if (model_keeps_dormant(m, v))
			set_state(m, &v->vm, VM_DORMANT);
		else
			model_remove_vm(m, v);
	}
	return changed;
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
