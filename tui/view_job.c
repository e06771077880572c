/* One job with all its steps: what ran where, how far it is, what came of it and
 * the host's own words. */
#include <stdio.h>

#include "core/plan.h"
#include "tui/jobsview.h"
#include "tui/text.h"
#include "tui/view.h"

static void
put_command(struct doc *d, const struct frame *f, const struct step *s)
{
	struct buf text;

	buf_init(&text, 1 << 16);
	if (step_text(&text, s, model_conf(f->model)) == 0)
		doc_text(d, 2, STYLE_FAINT, text.p);
	buf_free(&text);
}

static void
put_step(struct doc *d, const struct frame *f, const struct job_step *s)
{
	char what[300], state[64], line[400], when[TEXT_MAX] = "";

	request_text(what, sizeof what, &s->plan.req);
	step_words(state, sizeof state, s);
	if (s->began_ms > 0)
		text_when(when, s->began_ms, f->wall_ms);
	snprintf(line, sizeof line, "%s: %s%s%s", what, state,
	    when[0] != '\0' ? ", begun " : "", when);
	doc_blank(d);
	doc_text(d, 0, step_style(s->state), line);
	if (s->plan.why != NULL)
		doc_text(d, 2, STYLE_NORMAL, s->plan.why);
	put_command(d, f, &s->plan);
	if (s->outcome != NULL)
		doc_text(d, 2, step_style(s->state), s->outcome);
	doc_lines(d, 4, STYLE_FAINT, s->words);
}

static const struct job *
job_of(const struct frame *f, const struct layer *l)
{
	return f->jobs != NULL ? jobs_find(f->jobs, l->about.id) : NULL;
}

static void
build(struct doc *d, const struct frame *f, const struct layer *l)
{
	const struct job *job = job_of(f, l);
	char text[TEXT_MAX], words[64];

	if (job == NULL) {
		doc_text(d, 0, STYLE_FAINT, "This job is so long over that it "
		    "is only in the history: T.");
		return;
	}
	job_words(words, sizeof words, job);
	doc_fact(d, "State", job_style(job), words);
	doc_fact(d, "Outcome", STYLE_NORMAL, job->outcome);
	doc_fact(d, "Wanted by", STYLE_NORMAL, job->operator);
	text_date(text, job->made_ms);
	doc_fact(d, "Begun", STYLE_NORMAL, text);
	if (job->ended_ms > 0) {
		text_date(text, job->ended_ms);
		doc_fact(d, "Ended", STYLE_NORMAL, text);
	}
	doc_fact(d, "Journal", STYLE_NORMAL, job->key);
	if (job->adopted)
		doc_text(d, 0, STYLE_WARN, "Begun by a console that is gone, "
		    "and taken over by this one.");
	for (size_t i = 0; i < job->nsteps; i++)
		put_step(d, f, &job->steps[i]);
}

static void
title(char *out, size_t size, const struct frame *f, const struct layer *l)
{
	const struct job *job = job_of(f, l);

	snprintf(out, size, "Job: %s", job != NULL ? job->title : "gone");
}

const struct view view_job = {
	.name = "job",
	.ctx = CTX_JOB,
	.build = build,
	.title = title,
};
