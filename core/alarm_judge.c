/* What is wrong by the model of this moment, as findings. Only what a host
 * that is live says now begins or ends an alarm about figures; old figures
 * prove nothing either way. */
#include "core/alarm_priv.h"

/* --- Limits ------------------------------------------------------------------ */

/* A limit of its own keeps the distance that the general one has to its
 * clear. */
enum { GAP = 5 };

struct limit {
	int64_t limit, clear; /* per mille; limit 0: none */
};

static struct limit
choose_limit(int own, int general, int general_clear)
{
	int gap = general > general_clear ? general - general_clear : GAP;
	int limit = own >= 0 ? own : general;
	int clear = limit > gap ? limit - gap : 0;

	return (struct limit){ limit * INT64_C(10), clear * INT64_C(10) };
}

/* Between the two limits everything stays as it is; what is not told yet has to
 * stay above. */
static enum alarm_truth
compare(const struct alarm *x, struct limit l, int64_t value)
{
	if (l.limit <= 0)
		return TRUTH_NO;
	if (value < 0)
		return TRUTH_UNKNOWN;
	if (value >= l.limit)
		return TRUTH_YES;
	return x != NULL && x->state == ALARM_ACTIVE && x->on &&
	    value >= l.clear ? TRUTH_YES : TRUTH_NO;
}

/* --- Hosts ------------------------------------------------------------------- */

static void
note(struct alarms *a, enum alarm_kind kind, enum note_level level,
    const struct host *h, const struct vm *vm, bool is)
{
	alarms_note(a, &(struct finding){ .kind = kind, .level = level,
	    .host = h, .vm = vm, .since = a->now, .value = -1, .limit = -1,
	    .truth = is ? TRUTH_YES : TRUTH_NO });
}

static void
note_figure(struct alarms *a, enum alarm_kind kind, const struct host *h,
    const struct vm *vm, struct limit l, int64_t value)
{
	const struct alarm *x = alarms_live(a, kind, h->id,
	    vm != NULL ? vm->id : MODEL_NONE);

	alarms_note(a, &(struct finding){ .kind = kind, .level = NOTE_WARNING,
	    .host = h, .vm = vm, .since = a->now, .value = value,
	    .limit = l.limit, .truth = compare(x, l, value) });
}

static int64_t
memory_pm(const struct host *h)
{
	const struct obs_host *o = &h->facts;

	if (h->health != HOST_LIVE || o->mem_kb <= 0 || o->free_kb < 0 ||
	    o->free_kb > o->mem_kb)
		return OBS_UNKNOWN;
	return (o->mem_kb - o->free_kb) * 1000 / o->mem_kb;
}

static int64_t
cpu_pm(const struct host *h)
{
	if (h->health != HOST_LIVE || h->cpu_pm < 0 || h->facts.cpus <= 0)
		return OBS_UNKNOWN;
	return h->cpu_pm / h->facts.cpus;
}

static void
judge_host(struct alarms *a, const struct host *h)
{
	const struct conf_alarms *c = &a->conf->alarms;
	const struct conf_host *own = &a->conf->hosts[h->id];
	bool down = h->health != HOST_LIVE && h->health != HOST_REFUSED &&
	    h->trouble_since.ns != MONO_NEVER.ns && c->host_down_ms > 0;

	alarms_note(a, &(struct finding){ .kind = ALARM_HOST_DOWN,
	    .level = NOTE_ALARM, .host = h, .since = h->seen ? h->last :
	    h->trouble_since, .value = -1, .limit = -1,
	    .truth = down ? TRUTH_YES : TRUTH_NO });
	note(a, ALARM_HOST_REFUSED, NOTE_ALARM, h, NULL,
	    h->health == HOST_REFUSED);
	note_figure(a, ALARM_HOST_MEMORY, h, NULL,
	    choose_limit(own->memory_alarm, c->host_memory,
	    c->host_memory_clear), memory_pm(h));
	note_figure(a, ALARM_HOST_CPU, h, NULL, choose_limit(own->cpu_alarm,
	    c->host_cpu, c->host_cpu_clear), cpu_pm(h));
}

/* --- VMs ---------------------------------------------------------------------- */

enum { WATCHED_PRIORITY = 3 };

static bool
is_ignored(const struct vm *vm)
{
	return vm->conf != NULL && vm->conf->watch == TRI_NO;
}

static bool
is_watched(const struct vm *vm)
{
	if (vm->conf == NULL || vm->conf->watch == TRI_NO)
		return false;
	return vm->conf->watch == TRI_YES || vm->conf->home != NULL ||
	    vm->conf->priority <= WATCHED_PRIORITY;
}

/* Of all its vCPUs. */
static int64_t
vm_cpu_pm(const struct host *h, const struct vm *vm)
{
	const struct vm_copy *c = vm_main(vm);

	if (c == NULL || h->health != HOST_LIVE || c->cpu_pm < 0 ||
	    c->vcpus <= 0)
		return OBS_UNKNOWN;
	return c->cpu_pm / c->vcpus;
}

static void
judge_vm_cpu(struct alarms *a, const struct host *h, const struct vm *vm)
{
	const struct conf_alarms *c = &a->conf->alarms;
	int own = vm->conf != NULL ? vm->conf->cpu_alarm : -1;

	if (vm->ncopies == 0 || is_ignored(vm) || (own < 0 ? c->vm_cpu : own) == 0)
		return;
	note_figure(a, ALARM_VM_CPU, h, vm, choose_limit(own, c->vm_cpu,
	    c->vm_cpu_clear), vm_cpu_pm(h, vm));
}

/* Of most VMs there is nothing to say, and there may be many: only what is true
 * is noted, the rest ends by not being seen. */
static void
judge_vm(struct alarms *a, const struct model *m, const struct vm *vm)
{
	const struct host *h;

	if (vm->host >= model_nhosts(m))
		return;
	h = model_host(m, vm->host);
	if (vm->conflict == CONFLICT_UUID)
		note(a, ALARM_VM_TWICE, NOTE_ALARM, h, vm, true);
	else if (vm->conflict == CONFLICT_MAYBE)
		note(a, ALARM_VM_MAYBE, NOTE_ALARM, h, vm, true);
	else if (vm->conflict == CONFLICT_NAME)
		note(a, ALARM_VM_NAME, NOTE_WARNING, h, vm, true);
	if (vm->state == VM_CRASHED && !is_ignored(vm))
		note(a, ALARM_VM_CRASHED, NOTE_ALARM, h, vm, true);
	if (vm->state == VM_GONE && is_watched(vm) && !vm->shut_down)
		alarms_note(a, &(struct finding){ .kind = ALARM_VM_MISSING,
		    .level = NOTE_ALARM, .host = h, .vm = vm,
		    .since = vm->gone_since, .value = -1, .limit = -1,
		    .truth = TRUTH_YES });
	judge_vm_cpu(a, h, vm);
}

/* --- Those that are missing ----------------------------------------------------- */

static bool
has_silent_host(const struct model *m, uint32_t cluster)
{
	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);

		if (h->cluster == cluster && h->health != HOST_LIVE)
			return true;
	}
	return false;
}

/* The model gives a VM that vanished some time to come back, then makes it
 * dormant or forgets it: only then it is missing. It may come back as another
 * one to the model. On a host that is silent it may be all the time, so that is
 * only a warning. */
static void
judge_missing(const struct model *m, struct alarm *x)
{
	const struct vm *same = model_vm(m, x->vm);
	const struct vm *vm = model_vm_alike(m, x->cluster, &x->uuid, x->name);

	x->seen = vm == NULL || vm->ncopies == 0;
	x->wait = same != NULL && same->state == VM_GONE;
	x->level = has_silent_host(m, x->cluster) ? NOTE_WARNING : NOTE_ALARM;
}

void
alarms_judge(struct alarms *a, const struct model *m)
{
	for (uint32_t i = 0; i < model_nhosts(m); i++)
		judge_host(a, model_host(m, i));
	for (size_t i = 0; i < model_nvms(m); i++)
		judge_vm(a, m, model_vm_at(m, i));
	for (size_t i = 0; i < a->nlive; i++)
		if (a->live[i]->kind == ALARM_VM_MISSING)
			judge_missing(m, a->live[i]);
}

int64_t
alarms_hold_ms(const struct alarms *a, enum alarm_kind kind)
{
	const struct conf_alarms *c = &a->conf->alarms;
	int64_t hold = 0;

	switch (kind) {
	case ALARM_VM_TWICE:
	case ALARM_VM_CRASHED:
	case ALARM_VM_MISSING:
	case ALARM_HOST_REFUSED:
	case ALARM_NKINDS:
		return 0;
	case ALARM_HOST_DOWN:
		return c->host_down_ms;
	case ALARM_HOST_MEMORY:
		hold = c->host_memory_for_ms;
		break;
	case ALARM_HOST_CPU:
		hold = c->host_cpu_for_ms;
		break;
	case ALARM_VM_CPU:
		hold = c->vm_cpu_for_ms;
		break;
	case ALARM_VM_MAYBE:
	case ALARM_VM_NAME:
		break;
	}
	return hold > c->min_duration_ms ? hold : c->min_duration_ms;
}
