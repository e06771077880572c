/* Ends: outcomes on their way into the journal, what is told of them, and the
 * end of a job when all its steps have one. A journal that cannot be written
 * holds nobody up for ever: the world is as it is, and the next console asks
 * the hosts about what the journal lacks. */
#include <stdarg.h>
#include <stdio.h>

#include "core/jobs_priv.h"
#include "core/mem.h"

/* --- Steps ------------------------------------------------------------------ */

static enum note_level
level_of(enum step_state result)
{
	return result == STEP_UNKNOWN ? NOTE_ALARM :
	    result == STEP_DONE ? NOTE_INFO : NOTE_WARNING;
}

void
jobs_end_step(struct jobs_at *a, enum step_state result, const char *outcome,
    struct mono now, int64_t wall_ms)
{
	a->s->result = result;
	a->s->ended_ms = wall_ms;
	x_replace(&a->s->outcome, outcome);
	a->r->over_at = now;
	a->r->looking = result == STEP_UNKNOWN;
	a->r->writes = 0;
	jobs_set_state(a, STEP_ENDING, now);
	jobs_write(a->j, a->n, a->i, RECORD_OUTCOME);
	/* The outcome of a job of one step is the job's. */
	if (a->n->job->nsteps > 1 && result != STEP_SKIPPED &&
	    result != STEP_DONE)
		jobs_tell(a->j, a->n, a->i, level_of(result), outcome);
}

void
jobs_skip(struct jobs_at *a, const struct jobs_turn *t, const char *fmt, ...)
{
	char text[JOBS_TEXT];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	jobs_end_step(a, STEP_SKIPPED, text, t->now, t->wall_ms);
}

void
jobs_fail(struct jobs_at *a, struct mono now, int64_t wall_ms,
    const char *why)
{
	const struct request *r = &a->s->plan.req;
	char what[256], text[JOBS_TEXT];

	request_text(what, sizeof what, r);
	snprintf(text, sizeof text, "could not %s on %s: %s", what,
	    jobs_host_name(a->j, r->host), why);
	jobs_end_step(a, STEP_FAILED, text, now, wall_ms);
}

void
jobs_amend(struct jobs_at *a, enum step_state result, const char *outcome,
    const struct jobs_turn *t)
{
	char text[JOBS_TEXT];

	a->s->result = result;
	x_replace(&a->s->outcome, outcome);
	a->r->looking = false;
	a->r->writes = 0;
	jobs_set_state(a, result, t->now);
	jobs_write(a->j, a->n, a->i, RECORD_OUTCOME);
	snprintf(text, sizeof text, "now it is known: %s", outcome);
	jobs_tell(a->j, a->n, a->i, level_of(result), text);
}

/* Nothing of it is left that a host would have to be asked about. A host keeps
 * what has not ended yet, whatever it is told. */
static bool
may_forget(const struct jobs_at *a)
{
	return a->s->run_id[0] != '\0' && (a->r->ended || a->r->never ||
	    a->s->result == STEP_DONE);
}

void
jobs_outcome_written(struct jobs_at *a, const char *error, struct mono now)
{
	char text[JOBS_TEXT];

	if (error != NULL && ++a->r->writes < JOBS_WRITE_AGAIN) {
		a->r->write_at = mono_add_ms(now,
		    (int64_t)JOBS_PAUSE_MS * 5 * a->r->writes);
		return;
	}
	if (error != NULL) {
		a->n->broken = true;
		x_replace(&a->n->journal, error);
		snprintf(text, sizeof text, "the journal lacks an outcome (%s):"
		    " %s", error, a->s->outcome);
		jobs_tell(a->j, a->n, a->i, NOTE_ALARM, text);
	}
	if (a->s->state == STEP_ENDING)
		jobs_set_state(a, a->s->result, now);
	if (error == NULL && may_forget(a))
		jobs_do(a, JOB_FORGET);
}

/* What could not be written is written once more. */
void
jobs_turn_ending(struct jobs_at *a, const struct jobs_turn *t)
{
	if (mono_reached(a->r->write_at, t->now)) {
		a->r->write_at = MONO_NEVER;
		jobs_write(a->j, a->n, a->i, RECORD_OUTCOME);
	}
	mono_lower(t->deadline, a->r->write_at);
}

/* --- Jobs ------------------------------------------------------------------- */

static enum job_state
state_of(const struct jobs_node *n)
{
	bool failed = false, unknown = false, skipped = false, broken = false;

	for (size_t i = 0; i < n->job->nsteps; i++) {
		const struct job_step *s = &n->job->steps[i];

		if (!jobs_step_over(s))
			return JOB_RUNNING;
		failed = failed || (s->state == STEP_FAILED &&
		    !(n->job->cancelling && n->runs[i].cancelled));
		broken = broken || s->state == STEP_FAILED;
		unknown = unknown || s->state == STEP_UNKNOWN;
		skipped = skipped || s->state == STEP_SKIPPED;
	}
	return failed ? JOB_FAILED : unknown ? JOB_UNKNOWN :
	    broken || skipped ? JOB_CANCELLED : JOB_DONE;
}

/* The worst of its steps speaks for a job. */
static void
put_outcome(char *out, const struct job *job)
{
	static const enum step_state worst[] = { STEP_FAILED, STEP_UNKNOWN,
		STEP_SKIPPED };
	const char *title = job->title != NULL ? job->title : "job";

	if (job->nsteps == 1 && job->steps[0].outcome != NULL) {
		snprintf(out, JOBS_TEXT, "%s", job->steps[0].outcome);
		return;
	}
	for (size_t k = 0; k < sizeof worst / sizeof worst[0]; k++)
		for (size_t i = 0; i < job->nsteps; i++) {
			if (job->steps[i].state != worst[k])
				continue;
			snprintf(out, JOBS_TEXT, "%s: %s", title,
			    job->steps[i].outcome != NULL ?
			    job->steps[i].outcome : job_state_name(job->state));
			return;
		}
	snprintf(out, JOBS_TEXT, "%s: done", title);
}

static enum note_level
job_level(enum job_state s)
{
	return s == JOB_DONE ? NOTE_INFO : s == JOB_UNKNOWN ? NOTE_ALARM :
	    NOTE_WARNING;
}

void
jobs_turn_end(struct jobs *j, struct jobs_node *n, const struct jobs_turn *t)
{
	enum job_state was = n->job->state, s;
	char text[JOBS_TEXT];

	if (mono_reached(n->write_at, t->now)) {
		n->write_at = MONO_NEVER;
		jobs_write(j, n, 0, RECORD_END);
	}
	mono_lower(t->deadline, n->write_at);
	if (was == JOB_NOTING || was == JOB_REFUSED)
		return;
	s = state_of(n);
	if (s == was)
		return;
	n->job->state = s;
	if (n->job->ended_ms == 0)
		n->job->ended_ms = t->wall_ms;
	put_outcome(text, n->job);
	x_replace(&n->job->outcome, text);
	n->writes = 0;
	jobs_write(j, n, 0, RECORD_END);
	if (was == JOB_RUNNING) /* else it has been told */
		jobs_tell(j, n, 0, job_level(s), text);
	j->generation++;
}

void
jobs_end_written(struct jobs *j, struct jobs_node *n, const char *error,
    struct mono now)
{
	char text[JOBS_TEXT];

	if (error == NULL)
		return;
	if (++n->writes < JOBS_WRITE_AGAIN) {
		n->write_at = mono_add_ms(now,
		    (int64_t)JOBS_PAUSE_MS * 5 * n->writes);
		return;
	}
	snprintf(text, sizeof text, "the journal lacks the end of a job (%s): "
	    "%s", error, n->job->outcome);
	jobs_tell(j, n, 0, NOTE_ALARM, text);
}
