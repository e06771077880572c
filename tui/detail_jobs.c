/* What this console does and did to a VM, in the details of it. */
#include <stdio.h>
#include <string.h>

#include "tui/jobsview.h"
#include "tui/text.h"
#include "tui/view.h"

enum { SHOWN = 5 };

static bool
is_about(const struct request *r, const struct vm *vm)
{
	if (r->name == NULL || r->cluster != vm->cluster)
		return false;
	if (!uuid_is_nil(&r->uuid) && !uuid_is_nil(&vm->uuid))
		return uuid_cmp(&r->uuid, &vm->uuid) == 0;
	return vm->name != NULL && strcmp(r->name, vm->name) == 0;
}

static bool
has_step(const struct job *job, const struct vm *vm)
{
	for (size_t i = 0; i < job->nsteps; i++)
		if (is_about(&job->steps[i].plan.req, vm))
			return true;
	return false;
}

static void
put_job(struct doc *d, const struct frame *f, const struct job *job)
{
	char when[TEXT_MAX], state[64], text[600];

	text_when(when, job->made_ms, f->wall_ms);
	job_words(state, sizeof state, job);
	if (job_over(job) && job->state != JOB_DONE && job->outcome != NULL)
		snprintf(text, sizeof text, "%s: %s", state, job->outcome);
	else
		snprintf(text, sizeof text, "%s: %s", state, job->title);
	doc_fact(d, when, job->state == JOB_DONE ? STYLE_NORMAL :
	    job_style(job), text);
}

void
detail_jobs(struct doc *d, const struct frame *f, const struct vm *vm)
{
	size_t n = f->jobs != NULL && f->ui->time.mode == TIME_NOW ?
	    jobs_count(f->jobs) : 0;
	int shown = 0;

	for (size_t i = n; i-- > 0 && shown < SHOWN;) {
		const struct job *job = jobs_at(f->jobs, i);

		if (!has_step(job, vm))
			continue;
		if (shown++ == 0)
			doc_title(d, "Jobs, the newest first");
		put_job(d, f, job);
	}
}
