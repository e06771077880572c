/* A job as data: made from a plan, given back, and its words. What moves it is
 * core/jobs.c. */
#include <string.h>

#include "core/jobs.h"
#include "core/mem.h"

struct job *
job_new(const char *key, const struct plan *p, const char *operator,
    int64_t made_ms)
{
	struct job *job = x_calloc(1, sizeof *job);
	struct plan copy;

	plan_copy(&copy, p);
	job->key = x_strdup(key);
	job->title = copy.title;
	job->operator = x_strdup(operator);
	job->made_ms = made_ms;
	job->nsteps = copy.n;
	job->steps = x_calloc(copy.n, sizeof *job->steps);
	for (size_t i = 0; i < copy.n; i++)
		job->steps[i] = (struct job_step){
			.plan = copy.steps[i],
			.status = -1,
			.progress_pm = -1,
			.round = -1,
			.deadline = MONO_NEVER,
		};
	x_free(copy.steps);
	return job;
}

static void
free_step(struct job_step *s)
{
	request_free(&s->plan.req);
	x_free(s->plan.why);
	x_free(s->plan.after);
	x_free(s->words);
	x_free(s->outcome);
}

void
job_free(struct job *job)
{
	if (job == NULL)
		return;
	for (size_t i = 0; i < job->nsteps; i++)
		free_step(&job->steps[i]);
	x_free(job->steps);
	x_free(job->key);
	x_free(job->title);
	x_free(job->operator);
	x_free(job->outcome);
	x_free(job);
}

bool
job_over(const struct job *job)
{
	switch (job->state) {
	case JOB_NOTING:
	case JOB_RUNNING:
		return false;
	case JOB_DONE:
	case JOB_FAILED:
	case JOB_UNKNOWN:
	case JOB_CANCELLED:
	case JOB_REFUSED:
	case JOB_STATES:
		break;
	}
	return true;
}

const char *
job_state_name(enum job_state s)
{
	static const char *const names[JOB_STATES] = {
		[JOB_NOTING] = "noting",
		[JOB_RUNNING] = "running",
		[JOB_DONE] = "done",
		[JOB_FAILED] = "failed",
		[JOB_UNKNOWN] = "unknown",
		[JOB_CANCELLED] = "cancelled",
		[JOB_REFUSED] = "refused",
	};

	return names[s];
}

const char *
step_state_name(enum step_state s)
{
	static const char *const names[STEP_STATES] = {
		[STEP_WAITING] = "waiting",
		[STEP_NOTING] = "noting",
		[STEP_RUNNING] = "running",
		[STEP_UNHEARD] = "unheard",
		[STEP_SETTLING] = "settling",
		[STEP_ENDING] = "ending",
		[STEP_DONE] = "done",
		[STEP_FAILED] = "failed",
		[STEP_UNKNOWN] = "unknown",
		[STEP_SKIPPED] = "skipped",
	};

	return names[s];
}
