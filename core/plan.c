/* Plans as data. A step waits for earlier ones only, so that there are no
 * circles and the order of the steps is one in which they can be done. */
#include "core/plan.h"

#include <assert.h>
#include <string.h>

#include "core/mem.h"

void
plan_init(struct plan *p)
{
	*p = (struct plan){ .title = NULL };
}

void
plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n; i++) {
		request_free(&p->steps[i].req);
		x_free(p->steps[i].why);
		x_free(p->steps[i].after);
	}
	x_free(p->steps);
	x_free(p->title);
	plan_init(p);
}

static void
copy_step(struct step *to, const struct step *from)
{
	request_copy(&to->req, &from->req);
	to->why = x_strdup(from->why);
	to->nafter = from->nafter;
	to->after = NULL;
	if (from->nafter == 0)
		return;
	to->after = x_reallocarray(NULL, from->nafter, sizeof *to->after);
	memcpy(to->after, from->after, from->nafter * sizeof *to->after);
}

void
plan_copy(struct plan *to, const struct plan *from)
{
	plan_init(to);
	to->title = x_strdup(from->title);
	to->steps = x_calloc(from->n, sizeof *to->steps);
	to->n = to->cap = from->n;
	for (size_t i = 0; i < from->n; i++)
		copy_step(&to->steps[i], &from->steps[i]);
}

uint32_t
plan_add(struct plan *p, struct request *r, const char *why)
{
	struct step *s;

	p->steps = x_grow(p->steps, p->n, &p->cap, sizeof *p->steps);
	s = &p->steps[p->n];
	*s = (struct step){ .req = *r, .why = x_strdup(why) };
	request_init(r, REQ_NONE);
	return (uint32_t)p->n++;
}

void
plan_after(struct plan *p, uint32_t step, uint32_t before)
{
	struct step *s = &p->steps[step];

	assert(step < p->n && before < step);
	for (size_t i = 0; i < s->nafter; i++)
		if (s->after[i] == before)
			return;
	s->after = x_reallocarray(s->after, s->nafter + 1, sizeof *s->after);
	s->after[s->nafter++] = before;
}
