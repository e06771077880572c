/* A job on its way, for people and pipes: one line per step that begins, hangs
 * or is over, on standard output; how far it is, on a terminal only, in a line
 * that is written over. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/verb_act.h"

void
verb_act_tell_start(struct verb_act_tell *t, const struct conf *conf, size_t steps)
{
	*t = (struct verb_act_tell){ .conf = conf, .n = steps, .progress_s = -1 };
	t->told = x_calloc(steps + 1, sizeof *t->told);
}

static void
wipe(struct verb_act_tell *t)
{
	if (t->shown)
		fputs("\r\033[K", stderr);
	t->shown = false;
}

void
verb_act_tell_end(struct verb_act_tell *t)
{
	wipe(t);
	x_free(t->told);
	t->told = NULL;
}

static const char *
host_name(const struct verb_act_tell *t, uint32_t host)
{
	return host < t->conf->nhosts ? t->conf->hosts[host].name : "?";
}

static bool
is_over(enum step_state s)
{
	return s == STEP_DONE || s == STEP_FAILED || s == STEP_UNKNOWN ||
	    s == STEP_SKIPPED;
}

static void
tell_step(const struct verb_act_tell *t, const struct job_step *s)
{
	const struct request *r = &s->plan.req;
	const char *host = host_name(t, r->host);
	char what[400];

	request_text(what, sizeof what, r);
	if (s->state == STEP_RUNNING)
		printf("%s: %s ...\n", host, what);
	else if (s->state == STEP_UNHEARD)
		printf("%s: %s: the link is lost; it is asked again as soon as "
		    "it is back\n", host, what);
	else if (s->state == STEP_DONE)
		printf("%s\n", s->outcome != NULL ? s->outcome : what);
	else if (is_over(s->state) && s->outcome != NULL)
		fprintf(stderr, "xendeck: %s\n", s->outcome);
	else if (is_over(s->state))
		fprintf(stderr, "xendeck: %s: %s on %s\n",
		    step_state_name(s->state), what, host);
}

static void
show_progress(struct verb_act_tell *t, const struct job *job, int64_t now_s)
{
	if (now_s == t->progress_s || !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < job->nsteps; i++) {
		const struct job_step *s = &job->steps[i];

		if (s->state != STEP_RUNNING || s->progress_pm < 0)
			continue;
		wipe(t);
		fprintf(stderr, "%.40s: %d %%", s->plan.req.name != NULL ?
		    s->plan.req.name : "", s->progress_pm / 10);
		if (s->round > 0)
			fprintf(stderr, " (round %d)", s->round);
		t->shown = true;
		t->progress_s = now_s;
		return;
	}
}

void
verb_act_tell_turn(struct verb_act_tell *t, const struct job *job, struct mono now)
{
	/* Of one that was refused there is nothing to tell but why. */
	for (size_t i = 0; i < job->nsteps && i < t->n &&
	    job->state != JOB_REFUSED; i++) {
		const struct job_step *s = &job->steps[i];

		if (s->state == t->told[i])
			continue;
		t->told[i] = s->state;
		wipe(t);
		tell_step(t, s);
	}
	fflush(stdout);
	show_progress(t, job, now.ns / 1000000000);
}

int
verb_act_outcome(const struct job *job)
{
	static const int codes[JOB_STATES] = {
		[JOB_NOTING] = ERR_UNKNOWN,
		[JOB_RUNNING] = ERR_UNKNOWN,
		[JOB_DONE] = ERR_NONE,
		[JOB_FAILED] = ERR_FAILED,
		[JOB_UNKNOWN] = ERR_UNKNOWN,
		[JOB_CANCELLED] = ERR_FAILED,
		[JOB_REFUSED] = ERR_REFUSED,
	};
	int code = codes[job->state];

	for (size_t i = 0; i < job->nsteps; i++)
		if (job->steps[i].state == STEP_UNKNOWN)
			code = ERR_UNKNOWN;
	/* Of a single step all has been said. */
	if (job->state == JOB_REFUSED)
		fprintf(stderr, "xendeck: could not %s: %s\n",
		    job->title != NULL ? job->title : "begin", job->outcome !=
		    NULL ? job->outcome : job_state_name(job->state));
	else if (code != ERR_NONE && (job->nsteps > 1 ||
	    !is_over(job->steps[0].state)))
		fprintf(stderr, "xendeck: %s\n", job->outcome != NULL ?
		    job->outcome : job_state_name(job->state));
	return code;
}
