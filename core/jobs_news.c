/* What runners tell. It is believed only about a run that is looked for: what
 * comes twice, too late, or about another try of the same step, changes
 * nothing. */
#include <string.h>

#include "core/jobs_priv.h"
#include "core/mem.h"

static bool
expects(const struct jobs_at *a)
{
	return a->s->state == STEP_RUNNING || a->s->state == STEP_UNHEARD ||
	    (a->r->open && (a->s->state == STEP_UNKNOWN ||
	    a->s->state == STEP_ENDING));
}

static bool
find(struct jobs *j, const struct run_news *n, struct jobs_at *a)
{
	for (size_t k = j->n; k-- > 0;)
		for (size_t i = 0; i < j->v[k]->job->nsteps; i++) {
			*a = jobs_step_at(j, j->v[k], i);
			if (a->s->plan.req.host == n->host &&
			    strcmp(a->s->run_id, n->id) == 0)
				return true;
		}
	return false;
}

static bool
find_there(struct jobs *j, const struct run_news *n, struct jobs_at *a)
{
	for (size_t k = j->n; k-- > 0;)
		for (size_t i = 0; i < j->v[k]->job->nsteps; i++) {
			*a = jobs_step_at(j, j->v[k], i);
			if (a->s->plan.req.op == REQ_MIGRATE &&
			    a->s->plan.req.to == n->host &&
			    strcmp(a->s->run_id, n->id) == 0)
				return true;
		}
	return false;
}

/* Of the target there is nothing else that anybody asked. */
static void
take_there(struct jobs_at *a, const struct run_news *n)
{
	if ((n->what == RUN_ABSENT || n->what == RUN_GONE) && n->up_ns > 0)
		a->r->there_up_ns = n->up_ns;
}

static void
take_way(struct jobs_at *a, struct mono now)
{
	if (!mono_before(a->r->asked_at, now))
		return;
	a->r->way_ms = mono_diff_ms(now, a->r->asked_at);
	a->r->asked_at = MONO_NEVER;
}

static void
show(struct jobs_at *a)
{
	a->s->progress_pm = a->r->said.pm;
	a->s->round = a->r->said.round;
	x_replace(&a->s->words,
	    a->r->said.nwords != 0 ? a->r->said.words : NULL);
	a->j->generation++;
}

static void
take_started(struct jobs_at *a, struct mono now)
{
	a->r->started = true;
	a->r->vain = MONO_NEVER;
	a->r->pause_ms = JOBS_PAUSE_MS;
	if (a->r->replay) {
		a->r->replay = false;
		progress_init(&a->r->said);
		show(a);
	}
	if (a->s->state != STEP_UNHEARD)
		return;
	jobs_set_state(a, STEP_RUNNING, now);
	a->s->deadline = mono_add_ms(a->r->began_at, jobs_limit_ms(a));
	/* One that is overdue gets the time to say that it is over. */
	if (a->s->deadline.ns < mono_add_ms(now, JOBS_PAUSE_MS).ns)
		a->s->deadline = mono_add_ms(now, JOBS_PAUSE_MS);
}

static void
take_ended(struct jobs_at *a, const struct run_news *n, struct mono now)
{
	progress_end(&a->r->said);
	show(a);
	a->s->status = n->status;
	a->r->started = true;
	jobs_ended(a, now);
}

/* It never began. Whoever has heard that it did knows better: then its record
 * got lost, and with it the word how it ended. */
static void
take_absent(struct jobs_at *a, struct mono now, int64_t wall_ms)
{
	if (a->r->started) {
		a->r->gone = true;
		jobs_ended(a, now);
		return;
	}
	a->r->open = false;
	if (a->s->state == STEP_UNKNOWN || a->s->state == STEP_ENDING) {
		a->r->never = true;
		return;
	}
	if (++a->r->absent < JOBS_RUN_AGAIN) {
		jobs_set_state(a, STEP_WAITING, now);
		a->r->pause_ms = JOBS_PAUSE_MS;
		a->r->again = mono_add_ms(now, a->r->pause_ms);
		return;
	}
	jobs_fail(a, now, wall_ms,
	    "the host was asked again and again and never began");
}

void
jobs_news(struct jobs *j, const struct run_news *n, struct mono now,
    int64_t wall_ms)
{
	struct jobs_at a;

	if (!find(j, n, &a)) {
		if (find_there(j, n, &a))
			take_there(&a, n);
		return;
	}
	if (!expects(&a))
		return;
	take_way(&a, now);
	if (n->what == RUN_ENDED || n->what == RUN_ABSENT ||
	    n->what == RUN_GONE)
		a.r->ended_up_ns = n->up_ns;
	switch (n->what) {
	case RUN_STARTED:
		take_started(&a, now);
		break;
	case RUN_OUTPUT:
		progress_feed(&a.r->said, n->text, n->n);
		show(&a);
		break;
	case RUN_ENDED:
		take_ended(&a, n, now);
		break;
	case RUN_GUARDED:
		if (a.r->started || a.s->state == STEP_UNKNOWN ||
		    a.s->state == STEP_ENDING)
			break;
		jobs_fail(&a, now, wall_ms,
		    n->why != NULL ? n->why : "the host refused it");
		break;
	case RUN_ABSENT:
		if (a.s->state == STEP_RUNNING && !a.r->asked)
			break; /* nobody asked */
		take_absent(&a, now, wall_ms);
		break;
	case RUN_GONE:
		a.r->gone = true;
		jobs_ended(&a, now);
		break;
	case RUN_UNHEARD:
		if (a.s->state == STEP_RUNNING)
			jobs_unheard(&a, now);
		break;
	}
	j->generation++;
}

static void
start_failed(struct jobs_at *a, const char *why, struct mono now)
{
	if (a->s->state != STEP_RUNNING || a->r->started)
		return;
	jobs_set_state(a, STEP_WAITING, now);
	x_replace(&a->r->why, why);
	if (a->r->vain.ns == MONO_NEVER.ns)
		a->r->vain = now;
	a->r->again = mono_add_ms(now, a->r->pause_ms);
	a->r->pause_ms = a->r->pause_ms * 2 > JOBS_PAUSE_MAX_MS ?
	    JOBS_PAUSE_MAX_MS : a->r->pause_ms * 2;
}

void
jobs_not_started(struct jobs *j, const struct job_effect *e, const char *why,
    struct mono now)
{
	struct jobs_node *n = e->job != NULL ?
	    jobs_node_find(j, e->job->id) : NULL;
	struct jobs_at a;

	if (n == NULL || e->step >= n->job->nsteps || e->run.id == NULL)
		return;
	a = jobs_step_at(j, n, e->step);
	if (strcmp(a.s->run_id, e->run.id) != 0)
		return;
	if (e->type == JOB_START) {
		start_failed(&a, why, now);
	} else if (e->run.host != a.s->plan.req.host) {
		a.r->there_again = mono_add_ms(now, JOBS_PAUSE_MS);
	} else if (e->type == JOB_ATTACH) {
		a.r->again = mono_add_ms(now, a.r->pause_ms);
	} else if (e->type == JOB_CANCEL) {
		a.r->cancelled = false; /* it is asked once more */
		a.r->again = mono_add_ms(now, JOBS_PAUSE_MS);
	}
	j->generation++;
}
