/* The model: one struct per host and per VM, changed by events only. Hosts are
 * handled here; VMs in model_vm.c, definitions in model_defs.c.
 *
 * A host that is not heard from keeps its last observation: its VMs stay where
 * they were last seen, marked as old. Silence never makes a VM disappear. */
#include "core/model.h"

#include <string.h>

#include "core/mem.h"
#include "core/model_priv.h"

struct model *
model_new(const struct conf *conf)
{
	struct model *m = x_calloc(1, sizeof *m);

	m->conf = conf;
	m->nhosts = conf->nhosts;
	m->hosts = x_calloc(m->nhosts, sizeof *m->hosts);
	m->stale_defs = x_calloc(conf->nclusters, sizeof *m->stale_defs);
	for (uint32_t i = 0; i < m->nhosts; i++) {
		struct host *h = &m->hosts[i].pub;
		struct obs none;

		obs_init(&none);
		h->id = i;
		h->cluster = conf->hosts[i].cluster;
		h->name = conf->hosts[i].name;
		h->facts = none.host;
		obs_dom_init(&h->dom0);
		h->retry = MONO_NEVER;
		h->trouble_since = MONO_NEVER;
		h->cpu_pm = h->dom0_cpu_pm = OBS_UNKNOWN;
		h->net_rx = h->net_tx = h->disk_rd = h->disk_wr = OBS_UNKNOWN;
		h->clock_ms = h->after_ns = OBS_UNKNOWN;
	}
	return m;
}

void
model_free(struct model *m)
{
	if (m == NULL)
		return;
	for (size_t i = 0; i < m->nhosts; i++) {
		struct host *h = &m->hosts[i].pub;

		x_free(h->reason);
		x_free(h->transport);
		x_free(h->observer);
		x_free(h->note);
		arena_free(&h->facts_mem);
		for (size_t k = 0; k < ASK_COUNT; k++) {
			x_free(h->answer[k].text);
			x_free(h->answer[k].error);
		}
		x_free(m->hosts[i].told);
		x_free(m->hosts[i].seats);
		defs_unref(m->hosts[i].defs);
	}
	x_free(m->hosts);
	x_free(m->stale_defs);
	vmindex_free(&m->vms);
	x_free(m);
}

static enum host_health
judge(const struct model *m, const struct host *h)
{
	switch (h->link) {
	case LINK_IDLE:
	case LINK_CONNECTING:
		return h->seen ? HOST_STALE : HOST_WAITING;
	case LINK_DOWN:
		return HOST_DOWN;
	case LINK_REFUSED:
		return HOST_REFUSED;
	case LINK_LIVE:
		break;
	}
	if (!h->seen)
		return HOST_WAITING;
	return mono_diff_ms(m->now, h->last) > m->conf->stale_ms ? HOST_STALE :
	    HOST_LIVE;
}

static void
note_trouble(const struct model *m, struct host *h)
{
	if (h->health == HOST_LIVE)
		h->trouble_since = MONO_NEVER;
	else if (h->trouble_since.ns == MONO_NEVER.ns && host_troubled(h))
		h->trouble_since = m->now;
}

/* Returns whether the health changed. */
static bool
review(struct model *m, struct host_node *h)
{
	enum host_health was = h->pub.health;

	h->pub.health = judge(m, &h->pub);
	note_trouble(m, &h->pub);
	if (h->pub.health == was)
		return false;
	m->generation++;
	if (h->pub.health == HOST_STALE && h->pub.link == LINK_LIVE) {
		h->told_silent = true;
		model_logf(m, NOTE_WARNING, h->pub.id, MODEL_NONE,
		    "%s: no figures for %lld s", h->pub.name,
		    (long long)mono_diff_ms(m->now, h->pub.last) / 1000);
	}
	model_resolve_host(m, h);
	return true;
}

/* A failure is told once, however often it is tried again: hosts that are dead
 * for days must not push everything else out of the log. */
static void
log_link(struct model *m, struct host_node *node, const struct event_link *l)
{
	const struct host *h = &node->pub;
	const char *reason = l->reason != NULL ? l->reason : "link lost";
	bool after = h->trouble_since.ns != MONO_NEVER.ns;
	char took[MODEL_TOOK];

	switch (l->state) {
	case LINK_LIVE:
		model_logf(m, NOTE_INFO, h->id, MODEL_NONE,
		    "%s: connected (%s over %s)%s%s", h->name,
		    l->observer != NULL ? l->observer : "?",
		    l->transport != NULL ? l->transport : "?",
		    after ? " after " : "", after ? model_took(took,
		    mono_diff_ms(m->now, h->trouble_since)) : "");
		x_replace(&node->told, NULL);
		node->told_silent = false;
		break;
	case LINK_DOWN:
	case LINK_REFUSED:
		if (x_replace(&node->told, reason))
			model_logf(m, l->state == LINK_REFUSED ? NOTE_ALARM :
			    NOTE_WARNING, h->id, MODEL_NONE, "%s: %s", h->name,
			    reason);
		break;
	case LINK_IDLE:
	case LINK_CONNECTING:
		break;
	}
}

static void
apply_link(struct model *m, struct host_node *node,
    const struct event_link *l, struct mono at)
{
	struct host *h = &node->pub;
	enum link_state was = h->link;

	/* While it is tried again, the reason of the last failure stays: it
	 * is what the operator wants to read. */
	if (l->state != LINK_CONNECTING || l->reason != NULL)
		x_replace(&h->reason, l->reason);
	if (l->state == LINK_LIVE || l->transport != NULL)
		x_replace(&h->transport, l->transport);
	if (l->state == LINK_LIVE || l->observer != NULL)
		x_replace(&h->observer, l->observer);
	x_replace(&h->note, l->note);
	h->retry = l->retry;
	m->generation++;
	if (was != l->state) {
		h->link = l->state;
		h->since = at;
	}
	/* LIVE again with another note is no news. */
	if (was != LINK_LIVE || l->state != LINK_LIVE)
		log_link(m, node, l);
	review(m, node);
}

static void
take_facts(struct host *h, const struct obs *o)
{
	const struct obs_dom *d0 = obs_find(o, 0);

	arena_reset(&h->facts_mem);
	h->facts = obs_host_dup(&h->facts_mem, &o->host);
	if (d0 != NULL)
		h->dom0 = obs_dom_dup(&h->facts_mem, d0);
	else
		obs_dom_init(&h->dom0);
}

/* Sums over the domains that are there now. */
static void
sum_host(struct host_node *node)
{
	struct host *h = &node->pub;

	h->doms_kb = 0;
	h->ncopies = (uint32_t)node->nseats;
	h->cpu_pm = h->dom0_cpu_pm;
	h->net_rx = h->net_tx = h->disk_rd = h->disk_wr = OBS_UNKNOWN;
	for (size_t i = 0; i < node->nseats; i++) {
		const struct vm *vm = &node->seats[i].vm->vm;

		for (size_t k = 0; k < vm->ncopies; k++) {
			const struct vm_copy *c = &vm->copies[k];

			if (c->host != h->id ||
			    c->domid != node->seats[i].domid)
				continue;
			if (c->mem_kb > 0)
				h->doms_kb += c->mem_kb;
			if (c->cpu_pm >= 0)
				h->cpu_pm = (h->cpu_pm > 0 ? h->cpu_pm : 0) +
				    c->cpu_pm;
			h->net_rx = obs_sum(h->net_rx, c->net_rx);
			h->net_tx = obs_sum(h->net_tx, c->net_tx);
			h->disk_rd = obs_sum(h->disk_rd, c->disk_rd);
			h->disk_wr = obs_sum(h->disk_wr, c->disk_wr);
		}
	}
}

static void
push_history(struct host *h)
{
	history_push(&h->cpu, h->cpu_pm >= 0 && h->facts.cpus > 0 ?
	    h->cpu_pm / h->facts.cpus : OBS_UNKNOWN);
	history_push(&h->mem, h->facts.mem_kb >= 0 && h->facts.free_kb >= 0 ?
	    (h->facts.mem_kb - h->facts.free_kb) / 1024 : OBS_UNKNOWN);
	history_push(&h->net, obs_sum(h->net_rx, h->net_tx));
	history_push(&h->disk, obs_sum(h->disk_rd, h->disk_wr));
	moments_push(&h->when, h->last);
}

/* A silence is one column of a graph, which would look like a step. */
static void
push_gap(struct host *h)
{
	struct history *const all[] = { &h->cpu, &h->mem, &h->net, &h->disk };

	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		history_push(all[i], OBS_UNKNOWN);
	moments_push(&h->when, h->last);
}

static void
apply_answer(struct model *m, struct host *h, const struct event_answer *a,
    struct mono at)
{
	struct host_answer *to = &h->answer[a->what];

	if (a->text != NULL) {
		x_replace(&to->text, a->text);
		to->wall_ms = m->wall_ms;
	}
	x_replace(&to->error, a->error);
	to->at = at;
	m->generation++;
}

/* Whoever observes does one thing after the other: what an observation shows was
 * looked at when the one before had been counted. */
static void
take_clock(struct host *h, const struct obs *o, bool rebooted)
{
	bool goes_on = h->seen && !rebooted && h->facts.uptime_s >= 0 &&
	    h->heard_ns <= o->t_ns;

	h->after_ns = o->host.uptime_s < 0 ? OBS_UNKNOWN :
	    goes_on ? h->heard_ns : 0;
	h->heard_ns = o->t_ns;
}

static void
apply_obs(struct model *m, struct host_node *node, const struct obs *o,
    struct mono at)
{
	struct host *h = &node->pub;
	bool first = !h->seen;
	bool rebooted = !first && h->facts.boot_id != NULL &&
	    o->host.boot_id != NULL &&
	    strcmp(h->facts.boot_id, o->host.boot_id) != 0;

	bool silent = !first &&
	    mono_diff_ms(at, h->last) > m->conf->stale_ms;
	char took[MODEL_TOOK];

	m->generation++;
	if (rebooted)
		model_logf(m, NOTE_WARNING, h->id, MODEL_NONE,
		    "%s: was rebooted", h->name);
	model_rate_host(h, o);
	take_clock(h, o, rebooted);
	take_facts(h, o);
	/* Figures prove that the link is up, whoever forgot to say so. */
	if (h->link != LINK_LIVE) {
		h->link = LINK_LIVE;
		h->since = at;
		h->retry = MONO_NEVER;
		x_replace(&h->reason, NULL);
	}
	h->seen = true;
	if (node->told_silent)
		model_logf(m, NOTE_INFO, h->id, MODEL_NONE,
		    "%s: figures again after %s", h->name, model_took(took,
		    mono_diff_ms(at, h->last)));
	node->told_silent = false;
	h->last = at;
	h->last_wall_ms = m->wall_ms;
	h->clock_ms = o->wall_ms;
	h->health = judge(m, h); /* what waited on the way may be old */
	note_trouble(m, h);
	node->round++;
	if (silent)
		push_gap(h);
	model_apply_doms(m, node, o, silent);
	sum_host(node);
	push_history(h);
	if (first)
		model_logf(m, NOTE_INFO, h->id, MODEL_NONE, "%s: %u VM%s",
		    h->name, h->ncopies, h->ncopies == 1 ? "" : "s");
}

void
model_apply(struct model *m, const struct event *e)
{
	struct host_node *h =
	    e->host < m->nhosts ? &m->hosts[e->host] : NULL;

	if (m->now.ns < e->at.ns)
		m->now = e->at;
	m->wall_ms = e->wall_ms;
	switch (e->type) {
	case EVENT_LINK:
		if (h != NULL)
			apply_link(m, h, &e->u.link, e->at);
		break;
	case EVENT_OBS:
		if (h != NULL)
			apply_obs(m, h, e->u.obs, e->at);
		break;
	case EVENT_NOTE:
		model_logf(m, e->u.note.level,
		    h != NULL ? h->pub.id : MODEL_NONE, MODEL_NONE, "%s%s%s",
		    h != NULL ? h->pub.name : "", h != NULL ? ": " : "",
		    e->u.note.text);
		break;
	case EVENT_ANSWER:
		if (h != NULL)
			apply_answer(m, &h->pub, &e->u.answer, e->at);
		break;
	case EVENT_DEFS:
		if (h != NULL)
			model_apply_defs(m, h, e->u.defs);
		break;
	}
}

bool
model_tick(struct model *m, struct mono now, int64_t wall_ms,
    struct mono *next)
{
	bool changed = false;

	if (m->now.ns < now.ns)
		m->now = now;
	m->wall_ms = wall_ms;
	for (size_t i = 0; i < m->nhosts; i++) {
		const struct host *h = &m->hosts[i].pub;

		changed |= review(m, &m->hosts[i]);
		if (h->health == HOST_LIVE)
			mono_lower(next,
			    mono_add_ms(h->last, m->conf->stale_ms + 1));
	}
	changed |= model_settle_defs(m);
	return model_expire(m, next) || changed;
}

struct mono
model_now(const struct model *m)
{
	return m->now;
}

const struct conf *
model_conf(const struct model *m)
{
	return m->conf;
}

size_t
model_nhosts(const struct model *m)
{
	return m->nhosts;
}

const struct host *
model_host(const struct model *m, uint32_t id)
{
	return &m->hosts[id].pub;
}

size_t
model_nvms(const struct model *m)
{
	return m->vms.n;
}

const struct vm *
model_vm_at(const struct model *m, size_t i)
{
	return &m->vms.all[i]->vm;
}

const struct vm *
model_vm(const struct model *m, uint32_t id)
{
	const struct vm_node *v = vmindex_by_id(&m->vms, id);

	return v != NULL ? &v->vm : NULL;
}

const struct vm *
model_vm_alike(const struct model *m, uint32_t cluster,
    const struct uuid *uuid, const char *name)
{
	const struct vm_node *v = vmindex_by_uuid(&m->vms, cluster, uuid);
	const struct vm_node *w = vmindex_by_name(&m->vms, cluster, name);

	if (v != NULL && v->vm.ncopies > 0)
		return &v->vm;
	while (w != NULL && w->vm.ncopies == 0)
		w = vmindex_next_by_name(w);
	if (w != NULL)
		v = w;
	return v != NULL ? &v->vm : NULL;
}

const struct vm *
model_find_vm(const struct model *m, uint32_t cluster, const struct uuid *uuid,
    const char *name)
{
	const struct vm_node *v = vmindex_by_uuid(&m->vms, cluster, uuid);

	if (v == NULL)
		v = vmindex_by_name(&m->vms, cluster, name);
	return v != NULL ? &v->vm : NULL;
}

const struct vm_copy *
vm_main(const struct vm *vm)
{
	return vm->ncopies != 0 ? &vm->copies[vm->main] : NULL;
}

int64_t
model_uptime_s(const struct model *m, const struct vm_copy *c,
    struct mono now)
{
	const struct host *h = &m->hosts[c->host].pub;
	int64_t clock = h->clock_ms >= 0 ? h->clock_ms : h->last_wall_ms;
	int64_t s;

	if (c->start_s < 0)
		return OBS_UNKNOWN;
	if (h->health == HOST_LIVE && now.ns > h->last.ns)
		clock += mono_diff_ms(now, h->last);
	s = clock / 1000 - c->start_s;
	return s > 0 ? s : 0;
}

bool
model_vm_stale(const struct model *m, const struct vm *vm)
{
	return vm->host != MODEL_NONE &&
	    m->hosts[vm->host].pub.health != HOST_LIVE;
}

uint64_t
model_generation(const struct model *m)
{
	return m->generation;
}

uint64_t
model_shape(const struct model *m)
{
	return m->shape;
}

size_t
model_nconflicts(const struct model *m, enum vm_conflict c)
{
	return m->conflicts[c];
}

bool
host_troubled(const struct host *h)
{
	switch (h->health) {
	case HOST_LIVE:
		break;
	case HOST_WAITING:
		return h->reason != NULL; /* it was tried, in vain */
	case HOST_STALE:
	case HOST_DOWN:
	case HOST_REFUSED:
		return true;
	}
	return false;
}

bool
vm_troubled(const struct vm *vm)
{
	return vm->conflict != CONFLICT_NONE || vm->state == VM_CRASHED;
}

const char *
host_health_name(enum host_health h)
{
	static const char *const names[] = {
		[HOST_WAITING] = "waiting",
		[HOST_LIVE] = "live",
		[HOST_STALE] = "stale",
		[HOST_DOWN] = "down",
		[HOST_REFUSED] = "refused",
	};

	return names[h];
}
