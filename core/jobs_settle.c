/* After a command: what its end and the hosts' word make together. One row per
 * op says what counts.
 *
 * DONE: the hosts show the world as it was wanted, in an observation made after
 * the command's end (or after its beginning, when it says itself that it went
 * well). FAILED: they show positively that it is not, and the command says
 * itself that it failed, or cannot run any more. Everything else is waited for,
 * and in the end unknown. */
#include <string.h>

#include "core/jobs_priv.h"

/* How far a migration may be that is broken off: all of its first round but the
 * end, for then the guest may be suspended already. */
enum { CANCEL_ROUND = 0, CANCEL_PM = 900 };

enum rule {
	ZERO_SUFFICES = 1 << 0, /* what it changed may show late or never */
	ZERO_NEEDED = 1 << 1,   /* the same sight has other causes, too */
	TAKES_TIME = 1 << 2,    /* it goes on when the command is over, or
	                         * killed */
	HARMLESS = 1 << 3,      /* changes nothing; may be killed */
	MAY_CANCEL = 1 << 4,
};

static const struct row {
	int64_t limit_ms; /* for the hosts to show it */
	unsigned rules;
} rows[REQ_OPS] = {
	[REQ_START] = { 30000, 0 },
	[REQ_RESTORE] = { 30000, 0 },
	[REQ_SHUTDOWN] = { 300000, TAKES_TIME | MAY_CANCEL },
	[REQ_REBOOT] = { 300000, TAKES_TIME | MAY_CANCEL },
	[REQ_DESTROY] = { 60000, 0 },
	[REQ_PAUSE] = { 20000, 0 },
	[REQ_UNPAUSE] = { 20000, 0 },
	[REQ_RESUME] = { 20000, 0 },
	[REQ_SAVE] = { 30000, ZERO_NEEDED },
	[REQ_RENAME] = { 20000, 0 },
	[REQ_MEM_SET] = { 20000, ZERO_SUFFICES },
	[REQ_VCPU_SET] = { 20000, ZERO_SUFFICES },
	[REQ_MIGRATE] = { 60000, 0 },
	[REQ_DEF_CHECK] = { 0, HARMLESS | MAY_CANCEL },
	[REQ_PROBE] = { 0, HARMLESS | MAY_CANCEL },
};

int64_t
jobs_settle_limit_ms(enum request_op op)
{
	return rows[op].limit_ms;
}

bool
jobs_may_cancel(const struct jobs_at *a)
{
	const struct progress *p = &a->r->said;

	if (a->s->plan.req.op == REQ_MIGRATE)
		return p->round <= CANCEL_ROUND && p->pm < CANCEL_PM &&
		    !p->handing && !a->r->replay;
	return (rows[a->s->plan.req.op].rules & MAY_CANCEL) != 0;
}

/* --- Judging ---------------------------------------------------------------- */

static bool
has_spoken(const struct model *m, const struct request *r, struct mono after)
{
	if (!jobs_host_live(m, r->host) ||
	    !mono_before(after, model_host(m, r->host)->last))
		return false;
	return r->op != REQ_MIGRATE || (jobs_host_live(m, r->to) &&
	    mono_before(after, model_host(m, r->to)->last));
}

static bool
is_other_boot(const struct host *h, const struct request *r)
{
	return h->id == r->host && h->facts.boot_id != NULL &&
	    r->boot_id != NULL && strcmp(h->facts.boot_id, r->boot_id) != 0;
}

/* Whether the host's word is of after the command's end. What comes later may
 * have been on its way for long, and another way than the word of the end: the
 * host's own clock tells, where it is known. */
static bool
spoke_after(const struct jobs_at *a, const struct model *m, uint32_t host,
    int64_t up_ns)
{
	const struct jobs_run *r = a->r;
	const struct host *h;

	if (!jobs_host_live(m, host))
		return false;
	h = model_host(m, host);
	if (is_other_boot(h, &a->s->plan.req))
		return mono_before(r->ended_at, h->last);
	if (up_ns > 0 && h->after_ns >= 0)
		return h->after_ns > up_ns;
	return mono_before(mono_add_ms(r->ended_at, JOBS_SURE_MS + r->way_ms),
	    h->last);
}

/* The target of a migration that failed may have got something of it since. */
static enum jobs_verdict
judge_target(const struct jobs_at *a, const struct model *m)
{
	const struct request *r = &a->s->plan.req;

	if (r->op != REQ_MIGRATE ||
	    (model_host(m, r->to)->after_ns < 0 ?
	    spoke_after(a, m, r->to, 0) : a->r->there_up_ns > 0 &&
	    spoke_after(a, m, r->to, a->r->there_up_ns)))
		return VERDICT_FAILED;
	return VERDICT_ASK;
}

/* Ops whose result no observation shows. */
static enum jobs_verdict
judge_status(const struct jobs_at *a, unsigned rules)
{
	int status = a->s->status;

	if (a->r->ended && status == 0)
		return VERDICT_DONE;
	if ((rules & HARMLESS) != 0 && (a->r->ended || a->r->gone))
		return VERDICT_FAILED;
	if (a->r->ended && status < 128)
		return VERDICT_FAILED;
	/* Killed in the middle of it. */
	return a->r->open ? VERDICT_NOT_YET : VERDICT_NEVER;
}

static bool
shows_by_status(const struct request *r)
{
	return !jobs_sees(r->op) ||
	    (r->op == REQ_SAVE && (r->flags & REQUEST_LEAVE) != 0);
}

/* A domain that is left paused looks the same while it is being made. */
static bool
is_half_made(const struct jobs_at *a)
{
	const struct request *r = &a->s->plan.req;

	return !a->r->ended && !a->r->gone &&
	    (r->flags & REQUEST_PAUSED) != 0 && r->op != REQ_MIGRATE;
}

/* Whether what did not happen by now is not going to. */
static bool
is_final(const struct jobs_at *a, unsigned rules)
{
	if (a->r->gone)
		return true;
	if (!a->r->ended || a->s->status == 0 || a->r->said.handshake)
		return false;
	return (rules & TAKES_TIME) == 0 || a->s->status < 128;
}

enum jobs_verdict
jobs_judge(const struct jobs_at *a, const struct model *m)
{
	const struct request *r = &a->s->plan.req;
	unsigned rules = rows[r->op].rules;
	bool well = a->r->ended && a->s->status == 0;
	enum jobs_sight sight;

	if (a->r->never)
		return VERDICT_FAILED;
	if (shows_by_status(r))
		return judge_status(a, rules);
	if (well && (rules & ZERO_SUFFICES) != 0)
		return VERDICT_DONE;
	if (!has_spoken(m, r, well ? a->r->began_at : a->r->ended_at) ||
	    (!well && !spoke_after(a, m, r->host, a->r->ended_up_ns)))
		return VERDICT_NOT_YET;
	sight = jobs_see(m, r, a->r->began_at);
	if (sight == SIGHT_YES && !is_half_made(a) &&
	    (well || (rules & ZERO_NEEDED) == 0))
		return VERDICT_DONE;
	/* What ended well is never called failed. */
	return sight == SIGHT_NO && is_final(a, rules) ? judge_target(a, m) :
	    VERDICT_NOT_YET;
}

/* --- Its turns -------------------------------------------------------------- */

/* Hosts that say nothing are given as long as a link that is broken. */
static bool
may_wait_on(struct jobs_at *a, const struct jobs_turn *t)
{
	const struct request *r = &a->s->plan.req;

	if (shows_by_status(r) || (jobs_host_live(t->m, r->host) &&
	    (r->op != REQ_MIGRATE || jobs_host_live(t->m, r->to))))
		return false;
	if (mono_diff_ms(t->now, a->s->since) >= JOBS_UNHEARD_MS)
		return false;
	a->s->deadline = mono_add_ms(t->now, 5000);
	return true;
}

static void
ask_there(struct jobs_at *a, const struct jobs_turn *t)
{
	if (mono_reached(a->r->there_again, t->now)) {
		a->r->there_again = mono_add_ms(t->now, JOBS_ASK_MS);
		jobs_ask_there(a);
	}
	mono_lower(t->deadline, a->r->there_again);
}

void
jobs_turn_settling(struct jobs_at *a, const struct jobs_turn *t)
{
	enum jobs_verdict v = jobs_judge(a, t->m);
	char text[JOBS_TEXT];

	if (v == VERDICT_ASK)
		ask_there(a, t);
	if (v == VERDICT_DONE) {
		jobs_text_done(text, a, t->m);
		jobs_end_step(a, STEP_DONE, text, t->now, t->wall_ms);
	} else if (v == VERDICT_FAILED) {
		jobs_text_failed(text, a);
		jobs_end_step(a, STEP_FAILED, text, t->now, t->wall_ms);
	} else if (v == VERDICT_NEVER ||
	    (mono_reached(a->s->deadline, t->now) && !may_wait_on(a, t))) {
		jobs_text_unknown(text, a, t->m);
		jobs_end_step(a, STEP_UNKNOWN, text, t->now, t->wall_ms);
	}
}

void
jobs_turn_unknown(struct jobs_at *a, const struct jobs_turn *t)
{
	enum jobs_verdict v;
	char text[JOBS_TEXT];

	if (!a->r->looking)
		return;
	if (a->r->open)
		jobs_turn_open(a, t);
	v = jobs_judge(a, t->m);
	if (v == VERDICT_ASK)
		ask_there(a, t);
	if (v == VERDICT_DONE) {
		jobs_text_done(text, a, t->m);
		jobs_amend(a, STEP_DONE, text, t);
	} else if (v == VERDICT_FAILED) {
		jobs_text_failed(text, a);
		jobs_amend(a, STEP_FAILED, text, t);
	}
}
