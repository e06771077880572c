/* What is told of alarms, in which order, and what is done about them. */
#include "core/alarm.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/alarm_priv.h"
#include "core/mem.h"

/* --- What is told ------------------------------------------------------------ */

bool
alarm_is_loud(const struct alarm *x)
{
	return x->state == ALARM_ACTIVE && !x->acked && !x->silenced;
}

struct alarm_counts
alarms_count(const struct alarms *a)
{
	struct alarm_counts n = { .untold = a->untold };

	for (size_t i = 0; i < a->nlive; i++) {
		const struct alarm *x = a->live[i];

		if (x->state != ALARM_ACTIVE)
			continue;
		n.active++;
		if (x->acked)
			n.acked++;
		else if (x->silenced)
			n.silenced++;
		else
			n.loud[x->level]++;
	}
	return n;
}

struct alarm_kind_counts
alarms_count_kind(const struct alarms *a, enum alarm_kind kind)
{
	struct alarm_kind_counts n = { 0 };

	for (size_t i = alarms_position(a, kind, 0); i < a->nlive &&
	     a->live[i]->kind == kind; i++) {
		const struct alarm *x = a->live[i];

		if (alarm_is_loud(x))
			n.loud[x->level]++;
		else if (x->state == ALARM_ACTIVE)
			n.known++;
	}
	return n;
}

static int
compare_active(const void *p, const void *q)
{
	const struct alarm *a = *(const struct alarm *const *)p;
	const struct alarm *b = *(const struct alarm *const *)q;

	if (a->level != b->level)
		return a->level > b->level ? -1 : 1;
	if (alarm_is_loud(a) != alarm_is_loud(b))
		return alarm_is_loud(a) ? -1 : 1;
	return (a->id < b->id) - (a->id > b->id);
}

size_t
alarms_list(const struct alarms *a, const struct alarm *v[], size_t most)
{
	const struct alarm **all = x_calloc(a->nlive,
	    sizeof(const struct alarm *));
	size_t n = 0;

	for (size_t i = 0; i < a->nlive; i++)
		if (a->live[i]->state == ALARM_ACTIVE)
			all[n++] = a->live[i];
	if (n > 1)
		qsort(all, n, sizeof(const struct alarm *), compare_active);
	n = n < most ? n : most;
	for (size_t i = 0; i < n; i++)
		v[i] = all[i];
	x_free(all);
	for (uint64_t i = 0; i < a->nended && i < ALARMS_ENDED_MAX &&
	     n < most; i++)
		v[n++] = a->ended[(a->nended - 1 - i) % ALARMS_ENDED_MAX];
	return n;
}

static size_t
find_live(const struct alarms *a, uint64_t id)
{
	size_t i = 0;

	while (i < a->nlive && (a->live[i]->state != ALARM_ACTIVE ||
	    a->live[i]->id != id))
		i++;
	return i;
}

const struct alarm *
alarms_find(const struct alarms *a, uint64_t id)
{
	size_t i = find_live(a, id);

	if (i < a->nlive)
		return a->live[i];
	for (i = 0; i < ALARMS_ENDED_MAX; i++)
		if (a->ended[i] != NULL && a->ended[i]->id == id)
			return a->ended[i];
	return NULL;
}

static bool
is_worse(const struct alarm *x, const struct alarm *than)
{
	return than == NULL || compare_active(&x, &than) < 0;
}

const struct alarm *
alarms_about(const struct alarms *a, uint32_t host, uint32_t vm)
{
	const struct alarm *worst = NULL;

	for (unsigned k = 0; a->nlive > 0 && k < ALARM_NKINDS; k++) {
		const struct alarm *x = alarms_live(a, k, host, vm);

		if (x != NULL && x->state == ALARM_ACTIVE && is_worse(x, worst))
			worst = x;
	}
	return worst;
}

const struct alarm *
alarms_worst(const struct alarms *a,
    bool (*is)(const void *arg, const struct alarm *x), const void *arg)
{
	const struct alarm *worst = NULL;

	for (size_t i = 0; i < a->nlive; i++) {
		const struct alarm *x = a->live[i];

		if (x->state == ALARM_ACTIVE && is(arg, x) && is_worse(x, worst))
			worst = x;
	}
	return worst;
}

const struct alarm *
alarms_news(const struct alarms *a, uint64_t *seen)
{
	const struct alarm *worst = NULL;

	if (*seen == a->last_id)
		return NULL;
	for (size_t i = 0; i < a->nlive; i++) {
		const struct alarm *x = a->live[i];

		if (alarm_is_loud(x) && x->id > *seen && is_worse(x, worst))
			worst = x;
	}
	*seen = a->last_id;
	return worst;
}

uint64_t
alarms_last(const struct alarms *a)
{
	return a->last_id;
}

size_t
alarms_count_since(const struct alarms *a, uint64_t id)
{
	size_t n = 0;

	for (size_t i = 0; i < a->nlive; i++)
		n += alarm_is_loud(a->live[i]) && a->live[i]->id > id;
	return n;
}

/* --- What is done about them -------------------------------------------------- */

static void
ack(struct alarms *a, size_t i, const char *by, struct mono now,
    int64_t wall_ms)
{
	struct alarm *x = a->live[i];

	x->acked = true;
	x->acked_wall_ms = wall_ms;
	snprintf(x->acked_by, sizeof x->acked_by, "%s", by);
	if (x->kind == ALARM_VM_MISSING)
		alarms_end(a, i, now);
}

bool
alarms_ack(struct alarms *a, uint64_t id, const char *by, struct mono now,
    int64_t wall_ms)
{
	size_t i = find_live(a, id);

	if (i == a->nlive || a->live[i]->acked)
		return false;
	ack(a, i, by, now, wall_ms);
	return true;
}

size_t
alarms_ack_all(struct alarms *a, const char *by, struct mono now,
    int64_t wall_ms)
{
	size_t n = 0;

	for (size_t i = a->nlive; i-- > 0;)
		if (a->live[i]->state == ALARM_ACTIVE && !a->live[i]->acked) {
			ack(a, i, by, now, wall_ms);
			n++;
		}
	return n;
}

bool
alarms_silence(struct alarms *a, uint64_t id, struct mono until)
{
	size_t i = find_live(a, id);

	if (i == a->nlive)
		return false;
	a->live[i]->silenced = true;
	a->live[i]->silenced_until = until;
	return true;
}
