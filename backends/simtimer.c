/* A binary heap of timers. Equal times keep their order, because the simulator
 * must do the same thing in every run. */
#include "backends/simtimer.h"

#include "core/mem.h"

static bool
before(const struct simtimer *a, const struct simtimer *b)
{
	return a->t != b->t ? a->t < b->t : a->order < b->order;
}

static void
swap(struct simtimer *a, struct simtimer *b)
{
	struct simtimer t = *a;

	*a = *b;
	*b = t;
}

void
simtimer_set(struct simtimers *q, int64_t t, int kind, uint32_t what,
    uint32_t gen)
{
	size_t i = q->n;

	q->v = x_grow(q->v, q->n, &q->cap, sizeof *q->v);
	q->v[q->n++] = (struct simtimer){ t, q->order++, kind, what, gen };
	for (; i > 0 && before(&q->v[i], &q->v[(i - 1) / 2]); i = (i - 1) / 2)
		swap(&q->v[i], &q->v[(i - 1) / 2]);
}

int64_t
simtimer_next(const struct simtimers *q)
{
	return q->n > 0 ? q->v[0].t : INT64_MAX;
}

bool
simtimer_take(struct simtimers *q, int64_t t, struct simtimer *out)
{
	size_t i = 0, child;

	if (q->n == 0 || q->v[0].t > t)
		return false;
	*out = q->v[0];
	q->v[0] = q->v[--q->n];
	while ((child = 2 * i + 1) < q->n) {
		if (child + 1 < q->n && before(&q->v[child + 1], &q->v[child]))
			child++;
		if (!before(&q->v[child], &q->v[i]))
			break;
		swap(&q->v[i], &q->v[child]);
		i = child;
	}
	return true;
}

void
simtimer_free(struct simtimers *q)
{
	x_free(q->v);
	*q = (struct simtimers){ 0 };
}
