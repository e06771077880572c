/* Before a step runs: what it waits for, whether it may be done now, and its
 * intent in the journal. Whatever is asked here is asked of the hosts' latest
 * word, since a plan may be minutes old when its turn comes. */
#include <stdio.h>
#include <string.h>

#include "core/jobs_priv.h"
#include "core/mem.h"
#include "core/safety.h"

/* --- Steps before it -------------------------------------------------------- */

/* Whether it must wait for one, and the one because of which it never will
 * begin. */
static bool
is_behind(const struct jobs_at *a, size_t *culprit, struct mono *since)
{
	const struct step *p = &a->s->plan;
	bool wait = false;

	*culprit = SIZE_MAX;
	*since = MONO_ZERO;
	for (size_t i = 0; i < p->nafter; i++) {
		const struct job_step *b;

		if (p->after[i] >= a->i) { /* no plan of ours */
			*culprit = a->i;
			continue;
		}
		b = &a->n->job->steps[p->after[i]];
		if (!jobs_step_over(b))
			wait = true;
		else if (b->state != STEP_DONE)
			*culprit = p->after[i];
		if (since->ns < a->n->runs[p->after[i]].over_at.ns)
			*since = a->n->runs[p->after[i]].over_at;
	}
	return wait && *culprit == SIZE_MAX;
}

static void
skip_after(struct jobs_at *a, size_t culprit, const struct jobs_turn *t)
{
	const struct job_step *b = &a->n->job->steps[culprit];
	char text[160];

	request_text(text, sizeof text, &b->plan.req);
	jobs_skip(a, t, "not begun, since step %zu (%s) %s", culprit + 1, text,
	    b->state == STEP_FAILED ? "failed" :
	    b->state == STEP_UNKNOWN ? "ended in nobody knows what" :
	    "was not done");
}

/* --- Room ------------------------------------------------------------------- */

static bool
uses_place(const struct job_step *s)
{
	return s->state == STEP_NOTING || s->state == STEP_RUNNING ||
	    s->state == STEP_UNHEARD;
}

/* Whether its command is over and only the guest is waited for. Where the
 * command says that it failed, the hosts' next word settles it: a kill before
 * that would make it untrue that nothing has happened. */
static bool
is_up_to_guest(const struct job_step *s, const struct jobs_run *r)
{
	enum request_op op = s->plan.req.op;

	return s->state == STEP_SETTLING && r->ended &&
	    (op == REQ_SHUTDOWN || op == REQ_REBOOT) &&
	    (s->status == 0 || s->status >= 128);
}

/* Whether all that is under way there about that VM is to wait for a guest that
 * was asked to end. */
static bool
only_waits_for(const struct jobs_node *n, const struct request *vm)
{
	bool waits = false;

	for (size_t i = 0; i < n->job->nsteps; i++) {
		const struct job_step *s = &n->job->steps[i];

		if (!jobs_same_vm(&s->plan.req, vm) || !jobs_step_active(s))
			continue;
		if (!is_up_to_guest(s, &n->runs[i]))
			return false;
		waits = true;
	}
	return waits;
}

/* Whoever wants an end of it need not wait for a guest that may never listen. */
static bool
forces(const struct request *r)
{
	return r->op == REQ_DESTROY || (r->op == REQ_SHUTDOWN &&
	    (r->flags & REQUEST_HARD) != 0);
}

/* Whether what b does must be over before a may begin. */
static bool
is_in_the_way(const struct jobs_at *a, const struct jobs_at *b)
{
	const struct request *q = &a->s->plan.req, *r = &b->s->plan.req;

	if (b->n != a->n && forces(q) && only_waits_for(b->n, q))
		return false;
	if (jobs_step_active(b->s) && jobs_same_vm(q, r))
		return true;
	/* An older job has its VMs until it is over. */
	if (b->n->job->id < a->n->job->id && !job_over(b->n->job) &&
	    !jobs_step_over(b->s) && jobs_same_vm(q, r))
		return true;
	return q->op == REQ_MIGRATE && r->op == REQ_MIGRATE &&
	    (uses_place(b->s) || b->s->state == STEP_SETTLING) &&
	    (q->host == r->host || q->to == r->to);
}

static bool
has_room(const struct jobs_at *a)
{
	size_t used = 0;

	for (size_t k = 0; k < a->j->n; k++) {
		struct jobs_node *n = a->j->v[k];

		for (size_t i = 0; i < n->job->nsteps; i++) {
			const struct jobs_at b = jobs_step_at(a->j, n, i);

			if (b.s == a->s)
				continue;
			if (is_in_the_way(a, &b))
				return false;
			used += (size_t)(uses_place(b.s) &&
			    b.s->plan.req.host == a->s->plan.req.host);
		}
	}
	return used < JOBS_PER_HOST;
}

/* --- Whether it may be done now --------------------------------------------- */

static bool
needs_domain(enum request_op op)
{
	return op >= REQ_SHUTDOWN && op <= REQ_MIGRATE;
}

static int
check_host(const struct jobs_at *a, const struct model *m, uint32_t host,
    struct err *err)
{
	const struct host *h;

	if (host >= model_nhosts(m))
		return err_set(err, ERR_FAILED,
		    "its host is not in the configuration any more");
	h = model_host(m, host);
	if (h->health == HOST_LIVE)
		return 0;
	return err_set(err, ERR_UNREACHABLE, "%s is not connected%s%s",
	    jobs_host_name(a->j, host), h->reason != NULL ? ": " : "",
	    h->reason != NULL ? h->reason : "");
}

/* The domain may be one that a step before made. */
static int
find_domain(const struct model *m, struct request *r, struct mono since,
    struct err *err)
{
	const struct host *h = model_host(m, r->host);
	const struct vm_copy *c;
	struct uuid uuid;

	if (r->domid != REQUEST_NO_DOMID && r->domid != REQUEST_LATER_DOMID)
		return 0;
	c = jobs_copy_on(m, r, r->host, &uuid);
	if (c == NULL || h->last.ns <= since.ns)
		return err_set(err, ERR_REFUSED,
		    "%s does not show one domain of %s", h->name,
		    r->name != NULL ? r->name : "that VM");
	r->domid = c->domid;
	if (uuid_is_nil(&r->uuid))
		r->uuid = uuid;
	return 0;
}

/* Makes the guard that of this moment. */
static int
refresh(const struct model *m, struct request *r, struct mono since,
    struct err *err)
{
	const struct host *h = model_host(m, r->host);

	if (h->facts.boot_id != NULL && r->boot_id != NULL &&
	    strcmp(h->facts.boot_id, r->boot_id) != 0)
		return err_set(err, ERR_REFUSED,
		    "%s has been rebooted since this was planned", h->name);
	if (h->facts.boot_id != NULL)
		x_replace(&r->boot_id, h->facts.boot_id);
	return needs_domain(r->op) ? find_domain(m, r, since, err) : 0;
}

static int
may_begin(const struct jobs_at *a, const struct model *m, struct request *r,
    struct mono since, struct err *err)
{
	if (check_host(a, m, r->host, err) != 0 ||
	    (r->op == REQ_MIGRATE && check_host(a, m, r->to, err) != 0) ||
	    refresh(m, r, since, err) != 0)
		return -1;
	return safety_check(m, r, since, err);
}

/* Whether a domain is being made there: for a moment it has no name, and may be
 * anybody's. Of many starts one would be refused because of another. */
static bool
has_newborn(const struct model *m, uint32_t cluster)
{
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		for (size_t k = 0; k < vm->ncopies; k++)
			if (vm->cluster == cluster &&
			    vm->copies[k].name == NULL &&
			    (vm->copies[k].flags & DOM_DYING) == 0)
				return true;
	}
	return false;
}

/* A host may come back, what a step before has done may have to be seen first,
 * and domains get their names; whatever else is refused stays so. */
static int64_t
patience_ms(const struct jobs_at *a, const struct model *m,
    const struct err *err)
{
	if (err->kind == ERR_UNREACHABLE)
		return JOBS_CONNECT_MS;
	return err->kind == ERR_REFUSED && (a->s->plan.nafter != 0 ||
	    has_newborn(m, a->s->plan.req.cluster)) ? JOBS_REFUSED_MS : 0;
}

static void
wait_or_fail(struct jobs_at *a, const struct jobs_turn *t,
    const struct err *err)
{
	struct jobs_run *r = a->r;

	if (r->vain.ns == MONO_NEVER.ns)
		r->vain = t->now;
	if (mono_diff_ms(t->now, r->vain) >= patience_ms(a, t->m, err)) {
		jobs_fail(a, t->now, t->wall_ms, err->msg);
		return;
	}
	x_replace(&r->why, err->msg);
	r->again = mono_add_ms(t->now, JOBS_PAUSE_MS / 2);
	mono_lower(t->deadline, r->again);
}

/* --- Its intent ------------------------------------------------------------- */

int64_t
jobs_limit_ms(struct jobs_at *a)
{
	struct jobs_run *r = a->r;

	/* One that another console began: its command is not known here. */
	if (!r->has_cmd)
		r->has_cmd = command_build(&r->cmd, a->j->conf,
		    &a->s->plan.req, NULL) == 0;
	return r->has_cmd && r->cmd.limit_ms > 0 ? r->cmd.limit_ms :
	    JOBS_LIMIT_MS;
}

/* What a VM does from now on tells nothing of an earlier step any more. */
static void
end_looking(const struct jobs_at *a)
{
	for (size_t k = 0; k < a->j->n; k++)
		for (size_t i = 0; i < a->j->v[k]->job->nsteps; i++) {
			struct jobs_at b = jobs_step_at(a->j, a->j->v[k], i);

			if (b.s != a->s && jobs_same_vm(&b.s->plan.req,
			    &a->s->plan.req))
				b.r->looking = false;
		}
}

static void
begin(struct jobs_at *a, const struct jobs_turn *t)
{
	struct job_step *s = a->s;
	struct jobs_run *r = a->r;
	struct err err;

	if (r->has_cmd)
		command_free(&r->cmd);
	r->has_cmd = command_build(&r->cmd, a->j->conf, &s->plan.req,
	    &err) == 0;
	if (!r->has_cmd) {
		jobs_fail(a, t->now, t->wall_ms, err.msg);
		return;
	}
	end_looking(a);
	s->tries++;
	snprintf(s->run_id, sizeof s->run_id, "%.*s-%zu-%u",
	    RUN_ID_MAX - 24, a->n->job->key, a->i + 1, s->tries);
	s->status = -1;
	s->began_ms = t->wall_ms;
	s->progress_pm = s->round = -1;
	x_replace(&s->words, NULL);
	progress_init(&r->said);
	r->acked = r->started = r->ended = r->gone = r->open = false;
	r->never = r->asked = r->cancelled = r->replay = false;
	r->ended_up_ns = r->there_up_ns = 0;
	r->there_again = MONO_ZERO;
	jobs_set_state(a, STEP_NOTING, t->now);
	jobs_write(a->j, a->n, a->i, RECORD_INTENT);
}

/* --- Its turns -------------------------------------------------------------- */

/* The end of a migration that is not broken off: without it the guest would
 * stand still. */
static bool
ends_handover(const struct jobs_at *a)
{
	const struct step *p = &a->s->plan;

	for (size_t i = 0; i < p->nafter; i++) {
		const struct request *b;

		if (p->req.op != REQ_UNPAUSE || p->after[i] >= a->i)
			break;
		b = &a->n->job->steps[p->after[i]].plan.req;
		if (b->op == REQ_MIGRATE && (b->flags & REQUEST_PAUSED) != 0)
			return true;
	}
	return false;
}

static bool
is_dropped(struct jobs_at *a, const struct jobs_turn *t)
{
	bool wanted = ends_handover(a);

	if (a->n->job->cancelling && !wanted)
		jobs_skip(a, t, "cancelled before it began");
	else if (a->n->broken)
		jobs_skip(a, t, "not begun, since the journal cannot be "
		    "written: %s", a->n->journal);
	else if (a->n->check_age && !wanted &&
	    t->wall_ms - a->n->job->made_ms > JOBS_OLD_MS)
		jobs_skip(a, t, "not begun, since it was asked for more than "
		    "an hour ago");
	else
		return false;
	return true;
}

void
jobs_turn_waiting(struct jobs_at *a, const struct jobs_turn *t)
{
	size_t culprit;
	struct mono since;
	struct err err;

	if (is_dropped(a, t))
		return;
	if (is_behind(a, &culprit, &since))
		return;
	if (culprit != SIZE_MAX) {
		skip_after(a, culprit, t);
		return;
	}
	if (!mono_reached(a->r->again, t->now)) {
		mono_lower(t->deadline, a->r->again);
		return;
	}
	if (a->r->vain.ns != MONO_NEVER.ns && a->r->why != NULL &&
	    mono_diff_ms(t->now, a->r->vain) >= JOBS_CONNECT_MS) {
		jobs_fail(a, t->now, t->wall_ms, a->r->why);
		return;
	}
	if (!has_room(a))
		return;
	if (may_begin(a, t->m, &a->s->plan.req, since, &err) != 0) {
		wait_or_fail(a, t, &err);
		return;
	}
	begin(a, t);
}

/* The journal may have taken its time: what was true when it was asked is
 * asked again. */
void
jobs_turn_noting(struct jobs_at *a, const struct jobs_turn *t)
{
	size_t culprit;
	struct mono since;
	struct err err;

	if (!a->r->acked)
		return;
	if (is_dropped(a, t))
		return;
	is_behind(a, &culprit, &since);
	if (may_begin(a, t->m, &a->s->plan.req, since, &err) != 0) {
		jobs_set_state(a, STEP_WAITING, t->now);
		wait_or_fail(a, t, &err);
		return;
	}
	jobs_set_state(a, STEP_RUNNING, t->now);
	a->r->began_at = a->r->asked_at = t->now;
	a->s->deadline = mono_add_ms(t->now, jobs_limit_ms(a));
	jobs_do(a, JOB_START);
}
