/* Migration as `xl migrate` does it (tools/xl/xl_migrate.c): the receiver makes
 * NAME--incoming, paused, and memory is copied; then the sender suspends and
 * renames its own to NAME--migratedaway, the receiver takes the plain name and
 * runs, and the sender's is destroyed. Either host may die at any moment, and
 * what is left is then what xl would leave. */
#include <stddef.h>

#include "backends/simworld.h"

static int64_t
copy_ms(const struct simdom *d)
{
	return SIM_MIGRATE_MIN_MS + d->mem_kb / SIM_MIGRATE_KB_PER_MS;
}

static struct simdom *
sender(struct simworld *w, const struct simop *o)
{
	return simdom_at(&w->hosts[o->host], o->domid);
}

static struct simdom *
receiver(struct simworld *w, const struct simop *o)
{
	return simdom_at(&w->hosts[o->to], o->to_domid);
}

uint32_t
simmig_begin(struct simworld *w, uint32_t host, uint32_t domid, uint32_t to,
    const struct simop *how)
{
	const struct simdom *from = simdom_at(&w->hosts[host], domid);
	struct simop op = *how;
	int64_t ms = copy_ms(from);
	struct simdom *d;

	d = simdom_add(w, to, from->vm, SIM_INCOMING, from->mem_kb);
	simdom_rename(w, d, from->name, SIM_INCOMING);
	d->paused = true;
	d->target_kb = from->target_kb;
	d->max_kb = from->max_kb;
	d->vcpus_max = from->vcpus_max;
	d->nics = from->nics;
	d->nnics = from->nnics;
	d->disks = from->disks;
	d->ndisks = from->ndisks;
	simdom_set_vcpus(w, to, d, from->vcpus);
	op.busy = SIM_COPYING;
	op.vm = from->vm;
	op.host = host;
	op.domid = domid;
	op.to = to;
	op.to_domid = d->domid;
	if (op.end == SIMMIG_EMPTY)
		ms = ms * op.end_pm / 1000;
	return simop_begin(w, &op, ms);
}

int
simworld_migrate(struct simworld *w, uint32_t host, uint32_t vm, uint32_t to,
    bool will_fail, struct err *err)
{
	const struct simop how = {
		.end = will_fail ? SIMMIG_EMPTY : SIMMIG_WELL,
		.end_pm = 500,
	};
	struct simhost *a = &w->hosts[host], *b = &w->hosts[to];
	const struct simvm *v = &w->vms[vm];
	const struct simdom *d;

	if (simop_of_vm(w, vm) != SIM_NONE)
		return err_set(err, ERR_FAILED, "%s is busy", v->name);
	if (a->power != SIM_POWER_ON || b->power != SIM_POWER_ON)
		return err_set(err, ERR_FAILED, "%s is not up",
		    a->power != SIM_POWER_ON ? a->conf->name : b->conf->name);
	d = simdom_of(a, vm, SIM_PLAIN);
	if (d == NULL || !simdom_runs(d))
		return err_set(err, ERR_FAILED, "%s does not run on %s",
		    v->name, a->conf->name);
	for (size_t i = 0; i < b->ndoms; i++)
		if (b->doms[i].vm == vm)
			return err_set(err, ERR_FAILED, "%s has %s already, as "
			    "domain %u", b->conf->name, v->name,
			    b->doms[i].domid);
	if (d->mem_kb > simworld_free_kb(b))
		return err_set(err, ERR_FAILED, "%s has too little memory "
		    "free for %s", b->conf->name, v->name);
	simmig_begin(w, host, d->domid, to, &how);
	return 0;
}

/* It breaks off while memory is copied: the sender's runs on. */
static void
break_off(struct simworld *w, uint32_t op, enum simmig end)
{
	struct simop *o = &w->ops[op];
	struct simdom *d = receiver(w, o);

	simop_end(w, op);
	o->end = end;
	if (d != NULL && end == SIMMIG_EMPTY)
		d->mem_kb = d->target_kb = 0;
	else if (d != NULL && end != SIMMIG_BOTH)
		simdom_remove(w, o->to, d);
	if (end == SIMMIG_EMPTY)
		simworld_note(w, o->to, "migration of %s broke off",
		    w->vms[o->vm].name);
}

static void
hand_over(struct simworld *w, uint32_t op)
{
	const struct simop *o = &w->ops[op];
	struct simdom *d = sender(w, o);

	simdom_fold(w, d);
	simdom_rename(w, d, d->name, SIM_MIGRATEDAWAY);
	simxen_logf(w, o->host, "HVM d%uv0 save: CPU", d->domid);
	d->reason = REASON_SUSPEND;
	simop_phase(w, op, SIM_HANDOVER, SIM_HANDOVER_MS);
}

/* The receiver takes the plain name. The sender's domain may be gone with its
 * host: the receiver had its leave to go on, so it does. */
static void
arrive(struct simworld *w, uint32_t op)
{
	struct simop *o = &w->ops[op];
	struct simdom *d = receiver(w, o);
	char name[OBS_NAME_MAX + 1];

	simdom_plain_name(name, sizeof name, d);
	simdom_fold(w, d);
	simdom_rename(w, d, simworld_text(w, name), SIM_PLAIN);
	d->paused = o->stays_paused;
	simxen_logf(w, o->to, "HVM%u restore: CPU 0", d->domid);
	simop_end(w, op);
	d = sender(w, o);
	if (d != NULL && o->end != SIMMIG_UNHEARD)
		simdom_remove(w, o->host, d);
}

/* The name is taken there: the receiver destroys its copy and says so, and the
 * sender's goes on. */
static void
come_home(struct simworld *w, uint32_t op)
{
	struct simop *o = &w->ops[op];
	struct simdom *d = sender(w, o);
	char name[OBS_NAME_MAX + 1];

	simdom_remove(w, o->to, receiver(w, o));
	simop_end(w, op);
	o->end = SIMMIG_TAKEN;
	if (d == NULL)
		return;
	simdom_plain_name(name, sizeof name, d);
	simdom_rename(w, d, simworld_text(w, name), SIM_PLAIN);
	d->since = w->now;
	d->reason = REASON_NONE;
}

static void
handed_over(struct simworld *w, uint32_t op)
{
	struct simop *o = &w->ops[op];
	const struct simdom *d = receiver(w, o);
	char name[OBS_NAME_MAX + 1];

	if (d == NULL || o->end == SIMMIG_HANDSHAKE) {
		simop_end(w, op);
		o->end = SIMMIG_HANDSHAKE;
		return;
	}
	simdom_plain_name(name, sizeof name, d);
	if (simdom_named(&w->hosts[o->to], name) != NULL)
		come_home(w, op);
	else
		arrive(w, op);
}

void
simmig_phase_over(struct simworld *w, uint32_t op)
{
	const struct simop *o = &w->ops[op];
	const struct simdom *from = sender(w, o), *to = receiver(w, o);

	if (o->busy == SIM_HANDOVER)
		handed_over(w, op);
	else if (to == NULL || from == NULL) /* somebody destroyed it */
		break_off(w, op, SIMMIG_UNDONE);
	else if (o->end == SIMMIG_EMPTY || o->end == SIMMIG_BOTH)
		break_off(w, op, o->end);
	else if (!simdom_listens(w, from)) /* to the wish to suspend */
		break_off(w, op, SIMMIG_UNDONE);
	else
		hand_over(w, op);
}

/* What xl was about: before the handover the receiver throws away what it has;
 * after it the sender's is left behind and the receiver has its leave. */
void
simmig_abort(struct simworld *w, uint32_t op)
{
	struct simop *o = &w->ops[op];

	if (o->busy == SIM_COPYING)
		break_off(w, op, SIMMIG_UNDONE);
	else if (o->busy == SIM_HANDOVER && o->end == SIMMIG_WELL)
		o->end = SIMMIG_UNHEARD;
}

/* A sender that loses its receiver before the handover runs on; after it, the
 * sender's copy stays as it is, since nobody can tell. */
void
simmig_host_died(struct simworld *w, uint32_t op, uint32_t host)
{
	struct simop *o = &w->ops[op];

	if (o->busy == SIM_COPYING) {
		break_off(w, op, SIMMIG_UNDONE);
	} else if (o->host == host && o->end != SIMMIG_HANDSHAKE) {
		handed_over(w, op);
	} else {
		simop_end(w, op);
		o->end = SIMMIG_HANDSHAKE;
	}
}
