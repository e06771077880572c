/* Jobs and steps in few words and in colours, for every screen that tells of
 * them. See jobsview.h. */
#include <stdio.h>

#include "core/model.h"
#include "tui/jobsview.h"

static bool
is_going(enum step_state s)
{
	return s == STEP_NOTING || s == STEP_RUNNING || s == STEP_UNHEARD ||
	    s == STEP_SETTLING || s == STEP_ENDING;
}

static bool
is_over(enum step_state s)
{
	return s >= STEP_DONE;
}

int
job_progress_pm(const struct job *job)
{
	int64_t sum = 0;

	if (job->nsteps == 0)
		return -1;
	for (size_t i = 0; i < job->nsteps; i++) {
		const struct job_step *s = &job->steps[i];

		if (is_over(s->state))
			sum += 1000;
		else if (is_going(s->state) && s->progress_pm > 0)
			sum += s->progress_pm;
	}
	return sum > 0 ? (int)(sum / (int64_t)job->nsteps) : -1;
}

void
step_words(char *out, size_t size, const struct job_step *s)
{
	const char *name = step_state_name(s->state);

	if (s->state == STEP_RUNNING && s->progress_pm >= 0 && s->round > 0)
		snprintf(out, size, "%s %d %%, round %d", name,
		    s->progress_pm / 10, s->round);
	else if (s->state == STEP_RUNNING && s->progress_pm >= 0)
		snprintf(out, size, "%s %d %%", name, s->progress_pm / 10);
	else
		snprintf(out, size, "%s", name);
}

void
job_words(char *out, size_t size, const struct job *job)
{
	int pm = job_progress_pm(job);

	if (job->cancelling && !job_over(job))
		snprintf(out, size, "cancelling");
	else if (job->state == JOB_RUNNING && pm >= 0)
		snprintf(out, size, "%s %d %%", job_state_name(job->state),
		    pm / 10);
	else
		snprintf(out, size, "%s", job_state_name(job->state));
}

enum style
job_style(const struct job *job)
{
	switch (job->state) {
	case JOB_NOTING:
	case JOB_RUNNING:
		return STYLE_BUSY;
	case JOB_DONE:
		return STYLE_GOOD;
	case JOB_FAILED:
	case JOB_REFUSED:
		return STYLE_ALARM;
	case JOB_UNKNOWN:
		return STYLE_WARN;
	case JOB_CANCELLED:
	case JOB_STATES:
		break;
	}
	return STYLE_FAINT;
}

enum style
step_style(enum step_state s)
{
	switch (s) {
	case STEP_DONE:
		return STYLE_GOOD;
	case STEP_FAILED:
		return STYLE_ALARM;
	case STEP_UNHEARD:
	case STEP_UNKNOWN:
		return STYLE_WARN;
	case STEP_NOTING:
	case STEP_RUNNING:
	case STEP_SETTLING:
	case STEP_ENDING:
		return STYLE_BUSY;
	case STEP_WAITING:
	case STEP_SKIPPED:
	case STEP_STATES:
		break;
	}
	return STYLE_FAINT;
}

/* What is being done, by the step that is about it now; and a shorter word where
 * more has to be said in the nine columns of a state. */
static const struct {
	const char *doing, *brief;
} words[REQ_OPS] = {
	[REQ_START] = { "starting", "start" },
	[REQ_RESTORE] = { "restoring", "load" },
	[REQ_SHUTDOWN] = { "stopping", "stop" },
	[REQ_REBOOT] = { "rebooting", "reboot" },
	[REQ_DESTROY] = { "killing", "kill" },
	[REQ_SAVE] = { "saving", "save" },
	[REQ_MIGRATE] = { "moving", "move" },
	[REQ_DUMP_CORE] = { "dumping", "dump" },
};

bool
jobs_vm_words(const struct frame *f, const struct vm *vm, char *out,
    size_t size)
{
	const struct job_step *s;
	const struct job *job;
	size_t step = 0;
	enum request_op op;

	/* Other times had other jobs. */
	if (f->jobs == NULL || f->ui->time.mode != TIME_NOW)
		return false;
	job = jobs_of_vm(f->jobs, vm->cluster, &vm->uuid, vm->name, &step);
	if (job == NULL)
		return false;
	s = &job->steps[step];
	op = s->plan.req.op;
	if (s->state == STEP_WAITING)
		snprintf(out, size, "queued");
	else if (s->state == STEP_UNHEARD)
		snprintf(out, size, "%s?", words[op].brief != NULL ?
		    words[op].brief : "working");
	else if (s->progress_pm >= 0 && words[op].brief != NULL)
		snprintf(out, size, "%s %d%%", words[op].brief,
		    s->progress_pm / 10);
	else
		snprintf(out, size, "%s", words[op].doing != NULL ?
		    words[op].doing : "working");
	return true;
}
