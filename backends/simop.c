/* What goes on with domains by itself: guests that shut down, xl that makes a
 * rebooted one again, migrations under way. One op is about one domain, not
 * about a VM: of a VM that was started twice, each copy goes its own way. */
#include <stddef.h>

#include "backends/simworld.h"
#include "core/mem.h"

static uint32_t
free_slot(struct simworld *w)
{
	for (size_t i = 0; i < w->nops; i++)
		if (w->ops[i].busy == SIM_IDLE && !w->ops[i].kept)
			return (uint32_t)i;
	w->ops = x_grow(w->ops, w->nops, &w->ops_cap, sizeof *w->ops);
	w->ops[w->nops] = (struct simop){ 0 };
	return (uint32_t)w->nops++;
}

uint32_t
simop_begin(struct simworld *w, const struct simop *op, int64_t ms)
{
	uint32_t i = free_slot(w), gen = w->ops[i].gen;

	w->ops[i] = *op;
	w->ops[i].gen = gen;
	simop_phase(w, i, op->busy, ms);
	return i;
}

void
simop_end(struct simworld *w, uint32_t op)
{
	w->ops[op].busy = SIM_IDLE;
	w->ops[op].gen++;
}

static bool
is_receiver(const struct simop *o, uint32_t host, uint32_t domid)
{
	return (o->busy == SIM_COPYING || o->busy == SIM_HANDOVER) &&
	    o->to == host && o->to_domid == domid;
}

uint32_t
simop_of_dom(const struct simworld *w, uint32_t host, uint32_t domid)
{
	for (size_t i = 0; i < w->nops; i++) {
		const struct simop *o = &w->ops[i];

		if (o->busy != SIM_IDLE &&
		    ((o->host == host && o->domid == domid) ||
		    is_receiver(o, host, domid)))
			return (uint32_t)i;
	}
	return SIM_NONE;
}

uint32_t
simop_of_vm(const struct simworld *w, uint32_t vm)
{
	for (size_t i = 0; i < w->nops; i++)
		if (w->ops[i].busy != SIM_IDLE && w->ops[i].vm == vm)
			return (uint32_t)i;
	return SIM_NONE;
}

void
simdom_reset(struct simworld *w, uint32_t host, struct simdom *d)
{
	simop_phase(w, simdom_stop(w, host, d, true), SIM_STOPPING, 0);
}

uint32_t
simdom_stop(struct simworld *w, uint32_t host, struct simdom *d, bool reboot)
{
	struct simop how = {
		.busy = SIM_STOPPING,
		.vm = d->vm,
		.host = host,
		.domid = d->domid,
		.reboot = reboot,
	};

	return simop_begin(w, &how,
	    d->reason == REASON_NONE ? SIM_SHUTDOWN_MS : 0);
}

void
simop_remember(struct simop *o, const struct simdom *d)
{
	o->name = d->name;
	o->mem_kb = d->max_kb;
	o->vcpus = d->vcpus_max;
}

/* The guest is through with it. The xl that made it takes it away, and makes it
 * again if it wanted to reboot; without one it stays as it is. */
static void
stopped(struct simworld *w, uint32_t op)
{
	struct simop *o = &w->ops[op];
	struct simdom *d = simdom_at(&w->hosts[o->host], o->domid);

	simop_end(w, op);
	if (d == NULL)
		return;
	if (d->alone) {
		simdom_fold(w, d);
		if (d->reason == REASON_NONE)
			d->reason = o->reboot ? REASON_REBOOT : REASON_POWEROFF;
		return;
	}
	simop_remember(o, d);
	simdom_remove(w, o->host, d);
	if (o->reboot)
		simop_phase(w, op, SIM_REBOOTING, SIM_REBOOT_MS);
}

static void
come_back(struct simworld *w, uint32_t op)
{
	const struct simop *o = &w->ops[op];
	struct err err;

	simop_end(w, op);
	if (simvm_make(w, o->host, o->vm, o->name, o->mem_kb, o->vcpus,
	    &err) == NULL)
		simworld_note(w, o->host, "%s did not come back: %s",
		    w->vms[o->vm].name, err.msg);
}

void
simop_timer(struct simworld *w, uint32_t op)
{
	switch (w->ops[op].busy) {
	case SIM_IDLE:
		break;
	case SIM_STOPPING:
		stopped(w, op);
		break;
	case SIM_REBOOTING:
		come_back(w, op);
		break;
	case SIM_COPYING:
	case SIM_HANDOVER:
		simmig_phase_over(w, op);
		break;
	}
}

/* Its domains are gone already. */
void
simop_host_died(struct simworld *w, uint32_t host)
{
	for (uint32_t i = 0; i < w->nops; i++) {
		const struct simop *o = &w->ops[i];

		switch (o->busy) {
		case SIM_IDLE:
			break;
		case SIM_STOPPING:
		case SIM_REBOOTING:
			if (o->host == host)
				simop_end(w, i);
			break;
		case SIM_COPYING:
		case SIM_HANDOVER:
			if (o->host == host || o->to == host)
				simmig_host_died(w, i, host);
			break;
		}
	}
}
