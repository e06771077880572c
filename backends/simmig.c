/* Migration as `xl migrate` does it (tools/xl/xl_migrate.c): the receiver makes
 * NAME--incoming, paused, and memory is copied; then the sender suspends and
 * renames its own to NAME--migratedaway, the receiver takes the plain name and
 * runs, and the sender's is destroyed. Either host may die at any moment, and
 * what is left is then what xl would leave. */
#include <stddef.h>

#include "backends/simworld.h"

static int64_t
copy_ms(const struct simvm *v)
{
	return SIM_MIGRATE_MIN_MS + v->conf->mem_kb / SIM_MIGRATE_KB_PER_MS;
}

int
simworld_migrate(struct simworld *w, uint32_t host, uint32_t vm, uint32_t to,
    bool will_fail, struct err *err)
{
	struct simhost *a = &w->hosts[host], *b = &w->hosts[to];
	struct simvm *v = &w->vms[vm];
	struct simdom *d;

	if (v->busy != SIM_IDLE)
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
	if (v->conf->mem_kb > simworld_free_kb(b))
		return err_set(err, ERR_FAILED, "%s has too little memory "
		    "free for %s", b->conf->name, v->name);
	d = simdom_add(w, to, vm, SIM_INCOMING, v->conf->mem_kb);
	d->paused = true;
	v->from = host;
	v->to = to;
	v->will_fail = will_fail;
	simvm_timer(w, vm, SIM_COPYING,
	    will_fail ? copy_ms(v) / 2 : copy_ms(v));
	return 0;
}

/* The receiver is left with an empty domain; the sender's runs on. */
static void
fail(struct simworld *w, uint32_t vm)
{
	struct simvm *v = &w->vms[vm];
	struct simdom *d = simdom_of(&w->hosts[v->to], vm, SIM_INCOMING);

	v->busy = SIM_IDLE;
	if (d != NULL)
		d->mem_kb = 0;
	simworld_note(w, v->to, "migration of %s broke off", v->name);
}

static void
hand_over(struct simworld *w, uint32_t vm)
{
	struct simvm *v = &w->vms[vm];
	struct simdom *d = simdom_of(&w->hosts[v->from], vm, SIM_PLAIN);

	simdom_fold(w, d);
	d->role = SIM_MIGRATEDAWAY;
	simxen_logf(w, v->from, "HVM d%uv0 save: CPU", d->domid);
	d->reason = REASON_SUSPEND;
	simvm_timer(w, vm, SIM_HANDOVER, SIM_HANDOVER_MS);
}

/* The sender's domain may be gone with its host: the receiver had its leave
 * to go on, so it does. */
static void
arrive(struct simworld *w, uint32_t vm)
{
	struct simvm *v = &w->vms[vm];
	struct simdom *d = simdom_of(&w->hosts[v->to], vm, SIM_INCOMING);

	simdom_fold(w, d);
	d->role = SIM_PLAIN;
	d->paused = false;
	simxen_logf(w, v->to, "HVM%u restore: CPU 0", d->domid);
	v->busy = SIM_IDLE;
	d = simdom_of(&w->hosts[v->from], vm, SIM_MIGRATEDAWAY);
	if (d != NULL)
		simdom_remove(w, v->from, d);
}

/* The receiver throws away what it has got so far. */
static void
discard(struct simworld *w, uint32_t vm)
{
	struct simvm *v = &w->vms[vm];
	struct simdom *d = simdom_of(&w->hosts[v->to], vm, SIM_INCOMING);

	v->busy = SIM_IDLE;
	if (d != NULL)
		simdom_remove(w, v->to, d);
}

void
simvm_migrated(struct simworld *w, uint32_t vm)
{
	struct simvm *v = &w->vms[vm];
	const struct simdom *from, *to;

	from = simdom_of(&w->hosts[v->from], vm, SIM_PLAIN);
	to = simdom_of(&w->hosts[v->to], vm, SIM_INCOMING);
	if (to == NULL) /* somebody destroyed it */
		v->busy = SIM_IDLE;
	else if (v->busy == SIM_HANDOVER)
		arrive(w, vm);
	else if (from == NULL)
		discard(w, vm);
	else if (v->will_fail || !simdom_runs(from))
		fail(w, vm);
	else
		hand_over(w, vm);
}

/* Its domains are gone already. Whatever VMs were busy there end being so. A
 * sender that loses its receiver before the handover runs on; after it, the
 * sender's copy stays as it is, since nobody can tell. */
void
simvm_host_died(struct simworld *w, uint32_t host)
{
	for (uint32_t i = 0; i < w->nvms; i++) {
		struct simvm *v = &w->vms[i];
		bool moving = v->busy == SIM_COPYING || v->busy == SIM_HANDOVER;

		if (v->busy == SIM_IDLE ||
		    (v->from != host && !(moving && v->to == host)))
			continue;
		if (v->busy == SIM_HANDOVER && v->from == host)
			arrive(w, i);
		else if (v->busy == SIM_COPYING && v->from == host)
			discard(w, i);
		v->busy = SIM_IDLE;
		v->gen++;
	}
}
