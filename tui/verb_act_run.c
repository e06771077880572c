/* A verb's plan being carried out: until the hosts have shown what became of
 * it, the time is over, or the operator leaves. */
#include <signal.h>
#include <stdio.h>

#include "tui/background.h"
#include "tui/loop.h"
#include "tui/signals.h"
#include "tui/verb.h"
#include "tui/verb_act.h"
#include "tui/work.h"

struct running {
	struct session *s;
	struct work *work;
	struct signals signals;
	uint64_t job;
	struct mono until;
	bool cancelled;
	bool left;
};

/* The first ^C cancels, the second leaves; other ends leave at once. */
static bool
is_left(struct running *r)
{
	int end = signals_took_end(&r->signals);

	if (end == 0)
		return mono_reached(r->until, loop_now());
	if (end != SIGINT || r->cancelled)
		return true;
	r->cancelled = true;
	work_cancel(r->work, r->job);
	fprintf(stderr, "xendeck: cancelling: nothing more is begun; ^C again "
	    "leaves what is under way alone\n");
	return false;
}

static int
see_through(struct running *r, struct verb_act_tell *tell)
{
	for (;;) {
		struct mono next = r->until;
		const struct job *job;

		work_turn(r->work, &next);
		job = jobs_find(work_jobs(r->work), r->job);
		if (job == NULL)
			return ERR_UNKNOWN;
		verb_act_tell_turn(tell, job, loop_now());
		if (job_over(job))
			return verb_act_outcome(job);
		if (is_left(r)) {
			r->left = true;
			fprintf(stderr, "xendeck: %s is still under way\n",
			    job->title);
			return ERR_UNKNOWN;
		}
		session_turn(r->s, next);
	}
}

/* Of several that failed the first: the others are its consequence. */
static void
note_end(struct verb_act_end *end, const struct job *job)
{
	for (size_t i = 0; job != NULL && i < job->nsteps; i++) {
		const struct job_step *step = &job->steps[i];

		if (step->state != STEP_FAILED)
			continue;
		end->failed = step->plan.req.op;
		snprintf(end->words, sizeof end->words, "%s",
		    step->words != NULL ? step->words : "");
		return;
	}
}

/* The simulator's hosts end with it. */
static void
leave(const struct session *s, bool keep)
{
	if (keep && background_carry_on(&s->conf))
		fprintf(stderr, "xendeck: it goes on in the background; "
		    "'xendeck history' tells what becomes of it\n");
	else if (keep)
		fprintf(stderr, "xendeck: there is no process that could go on "
		    "with it: the next xendeck takes it over\n");
}

int
verb_act_carry_out(struct session *s, const struct plan *plan, bool keep,
    int64_t timeout_ms, struct verb_act_end *end)
{
	struct running r = { .s = s, .until = MONO_NEVER };
	struct err err = { 0 };
	struct verb_act_tell tell;
	int rc;

	if (timeout_ms > 0)
		r.until = mono_add_ms(loop_now(), timeout_ms);
	if (signals_open(&r.signals, &err) != 0)
		return verb_fail(&err);
	wiring_add(&s->wiring, &r.signals.base);
	r.work = work_open(s, keep, NULL, &err);
	if (r.work == NULL) {
		rc = verb_fail(&err);
	} else {
		r.job = work_add(r.work, plan);
		verb_act_tell_start(&tell, &s->conf, plan->n);
		rc = see_through(&r, &tell);
		verb_act_tell_end(&tell);
		if (end != NULL)
			note_end(end, jobs_find(work_jobs(r.work), r.job));
		work_close(r.work);
	}
	wiring_drop(&s->wiring, &r.signals.base);
	signals_close(&r.signals);
	if (r.left)
		leave(s, keep);
	return rc;
}

/* --- What the hosts say ---------------------------------------------------------- */

static bool
is_enough(const struct session *s, bool defs)
{
	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);
		bool failed = h->link == LINK_REFUSED || h->link == LINK_DOWN;

		if (!failed && (s->nobs[i] == 0 ||
		    (defs && model_defs(s->model, i) == NULL)))
			return false;
	}
	return true;
}

void
verb_act_gather(struct session *s, bool defs)
{
	enum { GATHER_MS = 15000 };
	struct mono end = mono_add_ms(loop_now(), GATHER_MS);

	while (!is_enough(s, defs) && mono_before(loop_now(), end))
		session_turn(s, end);
}

/* A host that has just grown silent is not waited for beyond that. */
void
verb_act_refresh(struct session *s)
{
	enum { FRESH_MS = 5000 };
	struct mono since = loop_now(), end = mono_add_ms(since, FRESH_MS);
	bool waits = true;

	while (waits && mono_before(loop_now(), end)) {
		session_turn(s, end);
		waits = false;
		for (uint32_t i = 0; i < s->conf.nhosts; i++) {
			const struct host *h = model_host(s->model, i);

			waits |= h->health == HOST_LIVE &&
			    mono_before(h->last, since);
		}
	}
}
