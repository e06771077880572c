/* What one row is about: the model's structs behind its ids, and whether what
 * they say is old. */
#include "tui/rows.h"

#include "core/alarm.h"

const struct vm_copy *
vm_copy_on(const struct vm *vm, uint32_t host)
{
	const struct vm_copy *found = NULL;

	if (vm->main < vm->ncopies && vm->copies[vm->main].host == host)
		return &vm->copies[vm->main];
	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].host == host &&
		    (found == NULL || vm->copies[i].role == COPY_PLAIN))
			found = &vm->copies[i];
	return found;
}

struct mono
host_fine_until(const struct host *h)
{
	if (h->seen)
		return h->last;
	return h->trouble_since.ns != MONO_NEVER.ns ? h->trouble_since :
	    h->since;
}

static void
age(struct item *it)
{
	const struct host *h = it->host;

	if (h == NULL || h->health == HOST_LIVE)
		return;
	it->stale = true;
	it->age_ms = mono_diff_ms(it->f->now, host_fine_until(h));
}

struct item
row_item(const struct frame *f, const struct row *row)
{
	struct item it = { .f = f, .row = row };
	uint32_t id = row->id.id;

	switch (row->id.kind) {
	case ROW_CLUSTER:
		it.sum = f->rows != NULL ? &f->rows->cluster[id] : NULL;
		break;
	case ROW_HOST:
	case ROW_DOM0:
		it.host = model_host(f->model, id);
		it.sum = f->rows != NULL ? &f->rows->host[id] : NULL;
		break;
	case ROW_DORMANT:
		if (row->id.host < model_nhosts(f->model))
			it.host = model_host(f->model, row->id.host);
		break;
	case ROW_VM:
		it.vm = model_vm(f->model, id);
		if (row->id.host < model_nhosts(f->model))
			it.host = model_host(f->model, row->id.host);
		if (it.vm != NULL)
			it.copy = vm_copy_on(it.vm, row->id.host);
		break;
	}
	age(&it);
	return it;
}

/* --- Alarms and trouble ----------------------------------------------------- */

static bool
is_inside(const void *arg, const struct alarm *x)
{
	const struct item *it = arg;
	struct row_id id = it->row->id;
	const struct vm *vm;

	switch (id.kind) {
	case ROW_CLUSTER:
		return x->cluster == id.id;
	case ROW_HOST:
		return x->host == id.id;
	case ROW_DORMANT:
		vm = model_vm(it->f->model, x->vm);
		return vm != NULL &&
		    rows_dormant_has(it->f->model, id, vm);
	case ROW_DOM0:
	case ROW_VM:
		break;
	}
	return false;
}

const struct alarm *
row_alarm(const struct item *it)
{
	const struct alarms *a = it->f->alarms;
	struct row_id id = it->row->id;

	if (a == NULL)
		return NULL;
	if (it->row->folds && !it->row->open)
		return alarms_worst(a, is_inside, it);
	return id.kind != ROW_VM && id.kind != ROW_HOST ? NULL :
	    alarms_about(a, id.host, id.kind == ROW_VM ? id.id : MODEL_NONE);
}

/* Somebody should know. */
static bool
alarmed(const struct item *it, uint32_t vm)
{
	const struct alarm *x = it->f->alarms == NULL ? NULL :
	    alarms_about(it->f->alarms, it->row->id.host, vm);

	return x != NULL && alarm_is_loud(x);
}

bool
row_troubled(const struct item *it)
{
	switch (it->row->id.kind) {
	case ROW_HOST:
		return host_troubled(it->host) || alarmed(it, MODEL_NONE);
	case ROW_VM:
		return it->vm != NULL && (vm_troubled(it->vm) ||
		    alarmed(it, it->vm->id));
	case ROW_CLUSTER:
	case ROW_DOM0:
	case ROW_DORMANT:
		break;
	}
	return false;
}
