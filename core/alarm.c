/* The episodes: from the first sign of a trouble to its end. What is wrong is
 * found out in alarm_judge.c; lists of them, and what operators do about them,
 * are in alarm_use.c.
 *
 * A trouble is told when it has lasted its time, and has ended only when it
 * stayed away for min_interval: what comes and goes is one episode, so nobody
 * is woken twice for it. Live ones are kept sorted by kind and subject, so that
 * a look at 10,000 VMs finds each by bisection. Everything is bounded: screens
 * on walls run for months. */
#include "core/alarm.h"

#include <string.h>

#include "core/alarm_priv.h"
#include "core/mem.h"

/* Hosts answer one by one, all the time: looking at every answer would look
 * a hundred times a second. */
enum { LOOK_MS = 250 };

/* Longer than figures may be late, and nobody has listened meanwhile. */
enum { NAP_MS = 5000 };

struct alarms *
alarms_new(const struct conf *conf)
{
	struct alarms *a = x_calloc(1, sizeof *a);

	a->conf = conf;
	return a;
}

static void
alarm_free(struct alarm *x)
{
	if (x == NULL)
		return;
	x_free(x->name);
	x_free(x->place);
	x_free(x->why);
	x_free(x);
}

void
alarms_free(struct alarms *a)
{
	if (a == NULL)
		return;
	for (size_t i = 0; i < a->nlive; i++)
		alarm_free(a->live[i]);
	for (size_t i = 0; i < ALARMS_ENDED_MAX; i++)
		alarm_free(a->ended[i]);
	x_free(a->live);
	x_free(a);
}

/* --- The live ones ---------------------------------------------------------- */

static uint32_t
subject(uint32_t host, uint32_t vm)
{
	return vm != MODEL_NONE ? vm : host;
}

/* Where it is, or would have to be put. */
size_t
alarms_position(const struct alarms *a, enum alarm_kind kind, uint32_t id)
{
	size_t low = 0, high = a->nlive;

	while (low < high) {
		size_t mid = low + (high - low) / 2;
		const struct alarm *x = a->live[mid];

		if (x->kind < kind || (x->kind == kind &&
		    subject(x->host, x->vm) < id))
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Whether a kind of alarm is about VMs follows from the subject itself: no
 * kind is about both. */
struct alarm *
alarms_live(const struct alarms *a, enum alarm_kind kind, uint32_t host,
    uint32_t vm)
{
	uint32_t id = subject(host, vm);
	size_t i = alarms_position(a, kind, id);

	if (i == a->nlive || a->live[i]->kind != kind ||
	    subject(a->live[i]->host, a->live[i]->vm) != id ||
	    (a->live[i]->vm == MODEL_NONE) != (vm == MODEL_NONE))
		return NULL;
	return a->live[i];
}

static void
take_out(struct alarms *a, size_t i)
{
	a->nlive--;
	memmove(&a->live[i], &a->live[i + 1],
	    (a->nlive - i) * sizeof(struct alarm *));
}

static void
set_since(const struct alarms *a, struct alarm *x, struct mono since)
{
	x->since = mono_before(since, a->awake) ? a->awake : since;
	x->since_wall_ms = a->wall_ms - mono_diff_ms(a->now, x->since);
}

/* Kinds are in the order in which they matter, and the last of the live ones
 * is of the one that matters least. */
static bool
make_room(struct alarms *a, enum alarm_kind kind)
{
	struct alarm *least;

	if (a->nlive < ALARMS_LIVE_MAX)
		return true;
	least = a->live[a->nlive - 1];
	if (least->kind <= kind)
		return false;
	take_out(a, a->nlive - 1);
	alarm_free(least);
	return true;
}

static struct alarm *
add(struct alarms *a, const struct finding *f)
{
	uint32_t vm = f->vm != NULL ? f->vm->id : MODEL_NONE;
	struct alarm *x;
	size_t i;

	if (!make_room(a, f->kind)) {
		a->untold++;
		return NULL;
	}
	i = alarms_position(a, f->kind, subject(f->host->id, vm));
	x = x_calloc(1, sizeof *x);
	x->kind = f->kind;
	x->state = ALARM_PENDING;
	x->host = f->host->id;
	x->vm = vm;
	x->cluster = f->host->cluster;
	set_since(a, x, f->since);
	x->ended = x->off = x->silenced_until = MONO_NEVER;
	x->last = x->worst = x->limit = -1;
	a->live = x_grow(a->live, a->nlive, &a->live_cap,
	    sizeof(struct alarm *));
	memmove(&a->live[i + 1], &a->live[i],
	    (a->nlive - i) * sizeof(struct alarm *));
	a->live[i] = x;
	a->nlive++;
	return x;
}

void
alarms_end(struct alarms *a, size_t i, struct mono when)
{
	struct alarm *x = a->live[i];
	struct alarm **slot = &a->ended[a->nended++ % ALARMS_ENDED_MAX];

	take_out(a, i);
	x->state = ALARM_ENDED;
	x->ended = when;
	x->silenced = false;
	alarm_free(*slot);
	*slot = x;
}

/* --- What was found --------------------------------------------------------- */

static void
describe(struct alarm *x, const struct finding *f)
{
	x->level = f->level;
	x->host = f->host->id;
	x_replace(&x->name, f->vm != NULL ? f->vm->name : f->host->name);
	x_replace(&x->place, f->vm != NULL ? f->host->name : NULL);
	x_replace(&x->why, f->vm == NULL ? f->host->reason : NULL);
	if (f->vm != NULL)
		x->uuid = f->vm->uuid;
}

static void
take_value(struct alarm *x, const struct finding *f)
{
	x->limit = f->limit;
	if (f->value < 0)
		return;
	x->last = f->value;
	if (x->worst < f->value)
		x->worst = f->value;
}

void
alarms_note(struct alarms *a, const struct finding *f)
{
	struct alarm *x = alarms_live(a, f->kind, f->host->id,
	    f->vm != NULL ? f->vm->id : MODEL_NONE);

	if (x == NULL && f->truth == TRUTH_YES)
		x = add(a, f);
	if (x == NULL)
		return;
	/* What was never told needs proof all the time until it is. */
	x->seen = f->truth == TRUTH_YES ||
	    (f->truth == TRUTH_UNKNOWN && x->state == ALARM_ACTIVE && x->on);
	if (f->truth != TRUTH_UNKNOWN)
		take_value(x, f);
	if (f->truth == TRUTH_YES)
		describe(x, f);
}

/* --- Time ------------------------------------------------------------------- */

/* What the look has not come by is not true any more. */
static void
compare(struct alarms *a)
{
	for (size_t i = a->nlive; i-- > 0;) {
		struct alarm *x = a->live[i];

		if (x->seen) {
			x->merged += (unsigned)(x->state == ALARM_ACTIVE &&
			    !x->on);
			x->on = true;
			x->off = MONO_NEVER;
		} else if (x->state == ALARM_PENDING) {
			take_out(a, i);
			alarm_free(x);
		} else if (x->on) {
			x->on = false;
			x->off = a->now;
		}
	}
}

static void
look(struct alarms *a, const struct model *m)
{
	for (size_t i = 0; i < a->nlive; i++)
		a->live[i]->seen = false;
	a->untold = 0;
	alarms_judge(a, m);
	compare(a);
	a->looked = true;
	a->look = a->now;
	a->model_generation = model_generation(m);
}

static void
raise_due(struct alarms *a, struct alarm *x, struct mono *next)
{
	struct mono due = mono_add_ms(x->since, alarms_hold_ms(a, x->kind));

	if (x->wait)
		return;
	if (!mono_reached(due, a->now)) {
		mono_lower(next, due);
		return;
	}
	x->state = ALARM_ACTIVE;
	x->id = ++a->last_id;
}

/* That a VM is gone ends by itself at last: on a wall nobody acknowledges. */
static bool
is_forgotten(const struct alarms *a, const struct alarm *x, struct mono *next)
{
	struct mono when = mono_add_ms(x->since, a->conf->alarms.vm_missing_ms);

	if (x->kind != ALARM_VM_MISSING || x->state != ALARM_ACTIVE ||
	    a->conf->alarms.vm_missing_ms == 0)
		return false;
	if (mono_reached(when, a->now))
		return true;
	mono_lower(next, when);
	return false;
}

static bool
pass_time(struct alarms *a, struct mono *next)
{
	uint64_t was = a->last_id + a->nended;

	for (size_t i = a->nlive; i-- > 0;) {
		struct alarm *x = a->live[i];
		struct mono over = mono_add_ms(x->off,
		    a->conf->alarms.min_interval_ms);

		if (x->state == ALARM_PENDING)
			raise_due(a, x, next);
		if (x->silenced && mono_reached(x->silenced_until, a->now))
			x->silenced = false;
		if (x->silenced)
			mono_lower(next, x->silenced_until);
		if (x->on && !is_forgotten(a, x, next))
			continue;
		if (x->on)
			alarms_end(a, i, a->now);
		else if (mono_reached(over, a->now))
			alarms_end(a, i, x->off);
		else
			mono_lower(next, over);
	}
	return a->last_id + a->nended != was;
}

/* The console was stopped, or its machine asleep: that nothing was heard does
 * not mean that nothing was said. What is not told yet gets its time again. */
static void
wake_up(struct alarms *a)
{
	a->awake = a->now;
	for (size_t i = 0; i < a->nlive; i++)
		if (a->live[i]->state == ALARM_PENDING)
			set_since(a, a->live[i], a->now);
}

bool
alarms_update(struct alarms *a, const struct model *m, struct mono now,
    int64_t wall_ms, struct mono *next)
{
	struct mono from = mono_add_ms(a->look, LOOK_MS);
	bool napped = a->looked && mono_diff_ms(now, a->now) >
	    model_conf(m)->stale_ms + NAP_MS;

	a->now = now;
	a->wall_ms = wall_ms;
	if (napped)
		wake_up(a);
	if (a->looked && a->model_generation == model_generation(m))
		;
	else if (!a->looked || mono_reached(from, now))
		look(a, m);
	else
		mono_lower(next, from);
	return pass_time(a, next);
}
