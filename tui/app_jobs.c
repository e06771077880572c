/* Commands about jobs: looking at them, cancelling, and leaving while some are
 * under way. */
#include "tui/app_cmd.h"
#include "tui/menu.h"
#include "tui/jobsview.h"

static const struct job *
selected(struct app *a)
{
	struct frame f = app_frame(a);
	const struct job *job;

	if (app_layer(a)->view == VIEW_JOB)
		return a->jobs != NULL ?
		    jobs_find(a->jobs, app_layer(a)->about.id) : NULL;
	a->ui.job_row = jobs_row(&f);
	job = jobs_line(&f, a->ui.job_row);
	a->ui.job_sel = job != NULL ? job->id : 0;
	return job;
}

void
app_jobs_move(struct app *a, long by)
{
	struct frame f = app_frame(a);
	long n = a->jobs != NULL ? (long)jobs_count(a->jobs) : 0;
	long at = (long)jobs_row(&f) + by;
	const struct job *job;

	at = at >= n ? n - 1 : at;
	a->ui.job_row = at > 0 ? (size_t)at : 0;
	job = jobs_line(&f, a->ui.job_row);
	a->ui.job_sel = job != NULL ? job->id : 0;
	f = app_frame(a);
	a->ui.job_top = (int)jobs_top(&f, app_layout(a).body.h);
}

bool
app_jobs_click(struct app *a, int line)
{
	struct frame f = app_frame(a);
	size_t at = jobs_top(&f, app_layout(a).body.h) + (size_t)line;
	const struct job *job = jobs_line(&f, at);

	if (job == NULL)
		return false;
	a->ui.job_row = at;
	a->ui.job_sel = job->id;
	return true;
}

void
cmd_jobs(struct app *a)
{
	a->ui.job_sel = 0;
	a->ui.job_row = 0;
	a->ui.job_top = 0;
	app_push(a, VIEW_JOBS, a->ui.sel);
}

void
cmd_job_open(struct app *a)
{
	const struct job *job = selected(a);

	if (job != NULL)
		app_push(a, VIEW_JOB, (struct row_id){ .kind = ROW_CLUSTER,
		    .id = (uint32_t)job->id, .host = MODEL_NONE });
}

void
cmd_job_cancel(struct app *a)
{
	const struct job *job = selected(a);

	if (job == NULL || job_over(job) || job->cancelling) {
		app_say(a, STYLE_STATUS, "There is nothing to cancel.");
		return;
	}
	a->fx.cancel = job->id;
	app_say(a, STYLE_STATUS, "No further step of it is begun; what runs is "
	    "asked to end where that is safe.");
}

/* --- Leaving ----------------------------------------------------------------------- */

/* Who asks twice means it: nothing may hold an operator. */
void
cmd_quit(struct app *a)
{
	size_t n = a->jobs != NULL ? jobs_running(a->jobs) : 0;

	if (n == 0) {
		a->fx.quit = true;
	} else if (a->ui.menu == MENU_LEAVE) {
		app_leave_choose(a, LEAVE_NOW);
	} else {
		app_action_leave(a);
		app_line_close(a);
		a->ui.menu = MENU_LEAVE;
		a->ui.menu_at = LEAVE_NOT;
		app_say(a, STYLE_WARN, "%zu job%s under way.", n,
		    n == 1 ? " is" : "s are");
	}
}

void
app_leave_choose(struct app *a, size_t i)
{
	a->ui.menu = MENU_NONE;
	a->ui.leaving = i == LEAVE_LATER || i == LEAVE_CANCEL;
	a->fx.cancel_all = i == LEAVE_CANCEL;
	a->fx.quit = a->fx.leave_jobs = i == LEAVE_NOW;
	if (a->ui.leaving)
		app_say(a, STYLE_STATUS, "Leaving when the last job is over; "
		    "any key: staying.");
}
