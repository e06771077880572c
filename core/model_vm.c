/* From the domains that hosts report to the VMs that people know: which domain
 * is which VM. What follows from that for its state is in model_state.c.
 *
 * A VM is known by its UUID within its cluster. `xl create` makes a new UUID
 * up when the file names none, so a VM without a domain is also recognised by
 * its name. Two live domains with one UUID are never merged: both stay, and
 * the VM is in conflict. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

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

void
model_configure(struct model *m, struct vm *vm)
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
	v->vm.seen_on = MODEL_NONE;
	v->vm.state = VM_DORMANT;
	v->vm.def_mem_kb = OBS_UNKNOWN;
	v->vm.def_vcpus = OBS_UNKNOWN;
	obs_dom_init(&v->vm.detail);
	model_configure(m, &v->vm);
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
	    name != NULL ? name : MODEL_NO_NAME);
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

	/* Nearly all VMs have one and never another. */
	if (vm->copies_cap == 0) {
		vm->copies_cap = 1;
		vm->copies = x_reallocarray(NULL, 1, sizeof *vm->copies);
	}
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

	vm->shut_down = (c->flags & DOM_SHUTDOWN) != 0 &&
	    c->reason == REASON_POWEROFF;
	/* Of one that was not seen to end nobody knows. */
	vm->left = c->role != COPY_PLAIN ||
	    (c->flags & (DOM_SHUTDOWN | DOM_DYING)) == 0 ||
	    ((c->flags & DOM_SHUTDOWN) != 0 && c->reason == REASON_SUSPEND);
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

static void
push_gap(struct vm *vm)
{
	history_push(&vm->cpu, OBS_UNKNOWN);
	history_push(&vm->mem, OBS_UNKNOWN);
	history_push(&vm->net, OBS_UNKNOWN);
	history_push(&vm->disk, OBS_UNKNOWN);
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
	v->vm.seen = host->last;
	v->vm.seen_on = host->id;
	if (arrived && h->round > 1)
		model_log_arrival(m, host, &v->vm, c);
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
model_apply_doms(struct model *m, struct host_node *h, const struct obs *o,
    bool after_silence)
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
			if (after_silence)
				push_gap(&v->vm);
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
			model_set_state(m, &v->vm, VM_DORMANT);
		else
			model_remove_vm(m, v);
	}
	return changed;
}
