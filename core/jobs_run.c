/* While a command runs: its time limit, and links that break. A command that is
 * overdue is first asked about, since news may have been lost; then it is asked
 * to end where that does no harm; then nobody can tell what becomes of it. */
#include <string.h>

#include "core/jobs_priv.h"

void
jobs_unheard(struct jobs_at *a, struct mono now)
{
	jobs_set_state(a, STEP_UNHEARD, now);
	a->s->deadline = mono_add_ms(now, JOBS_UNHEARD_MS);
	a->r->again = mono_add_ms(now, a->r->pause_ms);
}

void
jobs_ended(struct jobs_at *a, struct mono now)
{
	struct jobs_run *r = a->r;

	r->ended = !r->gone;
	r->open = false;
	r->ended_at = now;
	if (a->s->state != STEP_RUNNING && a->s->state != STEP_UNHEARD)
		return;
	jobs_set_state(a, STEP_SETTLING, now);
	a->s->deadline = mono_add_ms(now,
	    jobs_settle_limit_ms(a->s->plan.req.op));
}

static bool
was_rebooted(const struct jobs_at *a, const struct model *m)
{
	const struct request *r = &a->s->plan.req;
	const char *now = model_host(m, r->host)->facts.boot_id;

	return now != NULL && r->boot_id != NULL &&
	    strcmp(now, r->boot_id) != 0;
}

static void
ask(struct jobs_at *a, const struct jobs_turn *t, int64_t again_ms)
{
	a->r->replay = true;
	a->r->asked_at = t->now;
	a->r->again = mono_add_ms(t->now, again_ms);
	mono_lower(t->deadline, a->r->again);
	jobs_do(a, JOB_ATTACH);
}

static void
grow_pause(struct jobs_run *r)
{
	r->pause_ms = r->pause_ms * 2 < JOBS_PAUSE_MAX_MS ?
	    r->pause_ms * 2 : JOBS_PAUSE_MAX_MS;
}

/* Nobody tells how the command ended; the world may still tell. */
static void
give_up(struct jobs_at *a, const struct jobs_turn *t)
{
	char text[JOBS_TEXT];

	a->r->open = true;
	a->r->ended_at = a->s->since;
	if (jobs_judge(a, t->m) == VERDICT_DONE) {
		jobs_text_done(text, a, t->m);
		jobs_end_step(a, STEP_DONE, text, t->now, t->wall_ms);
		return;
	}
	jobs_text_unknown(text, a, t->m);
	jobs_end_step(a, STEP_UNKNOWN, text, t->now, t->wall_ms);
}

/* --- RUNNING ---------------------------------------------------------------- */

static bool
try_cancel(struct jobs_at *a, const struct jobs_turn *t)
{
	if (a->r->cancelled || !jobs_may_cancel(a))
		return false;
	if (!mono_reached(a->r->again, t->now)) {
		mono_lower(t->deadline, a->r->again);
		return false;
	}
	a->r->cancelled = true;
	jobs_do(a, JOB_CANCEL);
	return true;
}

static void
overdue(struct jobs_at *a, const struct jobs_turn *t)
{
	if (!a->r->asked) {
		a->r->asked = true;
		a->s->deadline = mono_add_ms(t->now, JOBS_ASK_MS);
		ask(a, t, 0);
	} else if (try_cancel(a, t)) {
		a->s->deadline = mono_add_ms(t->now, JOBS_CANCEL_MS);
	} else {
		give_up(a, t);
	}
}

void
jobs_turn_running(struct jobs_at *a, const struct jobs_turn *t)
{
	if (a->n->job->cancelling)
		try_cancel(a, t);
	if (mono_reached(a->s->deadline, t->now))
		overdue(a, t);
}

/* --- UNHEARD ---------------------------------------------------------------- */

/* Asks again and again while its host can be asked; a host that was rebooted
 * answers by that. */
static void
keep_asking(struct jobs_at *a, const struct jobs_turn *t)
{
	uint32_t host = a->s->plan.req.host;

	if (!jobs_host_live(t->m, host))
		return;
	if (was_rebooted(a, t->m)) {
		a->r->gone = true;
		jobs_ended(a, t->now);
		return;
	}
	if (mono_reached(a->r->again, t->now)) {
		ask(a, t, JOBS_ASK_MS + a->r->pause_ms);
		grow_pause(a->r);
	}
	mono_lower(t->deadline, a->r->again);
}

void
jobs_turn_unheard(struct jobs_at *a, const struct jobs_turn *t)
{
	if (mono_reached(a->s->deadline, t->now))
		give_up(a, t);
	else
		keep_asking(a, t);
}

void
jobs_turn_open(struct jobs_at *a, const struct jobs_turn *t)
{
	keep_asking(a, t);
}
