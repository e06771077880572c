/* All jobs of this console, a line each, the newest first. The selection is a
 * job, never a line: it stays on it while new ones come in above. */
#include <stdio.h>

#include "tui/doc.h"
#include "tui/jobsview.h"
#include "tui/text.h"
#include "tui/view.h"

size_t
jobs_row(const struct frame *f)
{
	size_t n = f->jobs != NULL ? jobs_count(f->jobs) : 0;

	for (size_t i = 0; i < n; i++)
		if (jobs_at(f->jobs, n - 1 - i)->id == f->ui->job_sel)
			return i;
	return f->ui->job_row < n ? f->ui->job_row : n > 0 ? n - 1 : 0;
}

const struct job *
jobs_line(const struct frame *f, size_t line)
{
	size_t n = f->jobs != NULL ? jobs_count(f->jobs) : 0;

	return line < n ? jobs_at(f->jobs, n - 1 - line) : NULL;
}

size_t
jobs_top(const struct frame *f, int lines)
{
	long n = f->jobs != NULL ? (long)jobs_count(f->jobs) : 0;
	long top = f->ui->job_top, at = (long)jobs_row(f);
	long h = lines > 0 ? lines : 1;

	if (top > at)
		top = at;
	if (top < at - h + 1)
		top = at - h + 1;
	if (top > n - h)
		top = n - h;
	return top > 0 ? (size_t)top : 0;
}

/* --- One line ------------------------------------------------------------------ */

enum { AT_BEGAN = 1, AT_TOOK = 13, AT_STATE = 22, AT_TITLE = 38 };

static void
draw_job(struct canvas *c, struct rect r, const struct frame *f,
    const struct job *job)
{
	int64_t end = job->ended_ms > 0 ? job->ended_ms : f->wall_ms;
	char text[TEXT_MAX], words[64];
	int x = r.x + AT_TITLE;

	text_when(text, job->made_ms, f->wall_ms);
	canvas_text(c, r.x + AT_BEGAN, r.y, 11, STYLE_NORMAL, text);
	text_uptime(text, (end - job->made_ms) / 1000);
	canvas_right(c, r.x + AT_TOOK, r.y, 7, STYLE_NORMAL, text);
	job_words(words, sizeof words, job);
	canvas_text(c, r.x + AT_STATE, r.y, AT_TITLE - AT_STATE - 1,
	    job_style(job), words);
	x += canvas_text(c, x, r.y, r.w - AT_TITLE, STYLE_NORMAL, job->title);
	if (job->outcome != NULL && x + 3 < r.x + r.w)
		canvas_text(c, x + 2, r.y, r.x + r.w - x - 2,
		    job->state == JOB_DONE ? STYLE_FAINT : job_style(job),
		    job->outcome);
}

static void
draw_titles(struct canvas *c, struct rect r, const struct frame *f)
{
	char text[80];

	canvas_fill(c, r, STYLE_COLUMNS, ' ');
	canvas_text(c, r.x + AT_BEGAN, r.y, 11, STYLE_COLUMNS, "BEGAN");
	canvas_right(c, r.x + AT_TOOK, r.y, 7, STYLE_COLUMNS, "TOOK");
	canvas_text(c, r.x + AT_STATE, r.y, 9, STYLE_COLUMNS, "JOB");
	canvas_text(c, r.x + AT_TITLE, r.y, 9, STYLE_COLUMNS, "WHAT");
	snprintf(text, sizeof text, "%zu under way",
	    f->jobs != NULL ? jobs_running(f->jobs) : 0);
	canvas_right(c, r.x + AT_TITLE + 5, r.y, r.w - AT_TITLE - 6,
	    STYLE_COLUMNS, text);
}

static void
draw(struct canvas *c, const struct layout *l, const struct frame *f)
{
	size_t at = jobs_row(f), top = jobs_top(f, l->body.h);

	draw_titles(c, l->titles, f);
	if (jobs_line(f, 0) == NULL)
		canvas_text(c, l->body.x + 2, l->body.y + 1, l->body.w - 4,
		    STYLE_FAINT, "Nothing was done from this console yet. "
		    "T shows what was done before.");
	for (size_t i = 0; i < (size_t)l->body.h; i++) {
		struct rect r = { l->body.x, l->body.y + (int)i, l->body.w, 1 };
		const struct job *job = jobs_line(f, top + i);

		if (job == NULL)
			break;
		draw_job(c, r, f, job);
		if (top + i == at)
			canvas_select(c, r);
	}
}

const struct view view_jobs = {
	.name = "jobs",
	.ctx = CTX_JOBS,
	.draw = draw,
};
