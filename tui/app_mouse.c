/* What the mouse does. All of it can be done with keys, and goes the same way
 * from where the place on the screen is known: a click on a title is the sort
 * command, one on the key bar the key. */
#include "tui/app_cmd.h"

#include <string.h>

#include "tui/menu.h"
#include "tui/setup.h"
#include "tui/table.h"
#include "tui/view.h"

enum { WHEEL_ROWS = 3 };

static void
act(struct app *a, const char *name)
{
	const struct binding *b = keymap_named(&a->keys, name);

	if (b != NULL)
		app_act(a, b);
}

/* --- The home screen ----------------------------------------------------------- */

/* The column at x, or t->n. */
static size_t
column_at(const struct table_layout *t, int x)
{
	size_t i = 0;

	while (i < t->n && (x < t->v[i].x || x > t->v[i].x + t->v[i].w))
		i++;
	return i;
}

static void
click_title(struct app *a, const struct layout *l, int x)
{
	struct table_layout t;
	size_t i;

	table_layout(&t, l->titles.w, &a->ui);
	i = column_at(&t, x - l->titles.x);
	if (i == t.n)
		return;
	if (t.v[i].column == a->ui.sort)
		cmd_invert(a);
	else
		app_sort_by(a, t.v[i].column);
}

/* Whether it is on the triangle in front of the name. */
static bool
on_fold_mark(const struct app *a, const struct layout *l,
    const struct row *row, int x)
{
	struct table_layout t;
	size_t i;

	table_layout(&t, l->body.w, &a->ui);
	i = column_at(&t, x - l->body.x);
	return row->folds && i < t.n &&
	    t.v[i].column == table_find("name") &&
	    x - l->body.x - t.v[i].x <= row->depth + 1;
}

/* The first click selects, another one opens. */
static void
click_row(struct app *a, const struct layout *l, struct mouse m, bool again)
{
	size_t at = (size_t)a->ui.top + (size_t)(m.y - l->body.y);
	const struct row *row;

	if (at >= a->rows.n)
		return;
	again = again && at == a->ui.sel_row;
	app_select(a, at);
	row = app_selected(a);
	if (on_fold_mark(a, l, row, m.x)) {
		if (row->open)
			cmd_fold(a);
		else
			cmd_unfold(a);
	} else if (again) {
		act(a, "open");
	} else {
		a->clicked = true;
	}
}

static void
click_home(struct app *a, const struct layout *l, struct mouse m, bool again)
{
	if (rect_has(l->titles, m.x, m.y))
		click_title(a, l, m.x);
	else if (rect_has(l->body, m.x, m.y))
		click_row(a, l, m, again);
	else if (rect_has(l->details, m.x, m.y))
		act(a, "open");
	else if (rect_has(l->events, m.x, m.y))
		act(a, "log");
}

/* --- What is in front of it ------------------------------------------------------ */

/* Outside of it, it goes away. */
static void
click_menu(struct app *a, const struct layout *l, struct mouse m)
{
	bool columns = a->ui.menu == MENU_COLUMNS;
	int first, i;
	struct rect box = columns ? setup_box(&a->ui, l->main, &first) :
	    menu_box(&a->ui, l->main, &first);

	if (!rect_has(box, m.x, m.y)) {
		a->ui.menu = MENU_NONE;
		return;
	}
	i = first + m.y - box.y - 1;
	if (m.y == box.y || m.y == box.y + box.h - 1 || i < 0 ||
	    (size_t)i >= menu_count(&a->ui))
		return;
	a->ui.menu_at = (size_t)i;
	act(a, columns ? "column-toggle" : "choose");
}

/* The second click on an alarm leads to where it is. */
static void
click_alarm(struct app *a, const struct layout *l, struct mouse m, bool again)
{
	uint64_t was = a->ui.alarm_sel;

	if (!rect_has(l->body, m.x, m.y) ||
	    !app_alarms_click(a, m.y - l->body.y))
		return;
	if (again && a->ui.alarm_sel == was)
		act(a, "go-to-row");
	else
		a->clicked = true;
}

static void
click_job(struct app *a, const struct layout *l, struct mouse m, bool again)
{
	uint64_t was = a->ui.job_sel;

	if (!rect_has(l->body, m.x, m.y) ||
	    !app_jobs_click(a, m.y - l->body.y))
		return;
	if (again && a->ui.job_sel == was)
		act(a, "job-details");
	else
		a->clicked = true;
}

/* What Tab found; false: it is not there. */
static bool
click_found(struct app *a, const struct layout *l, struct mouse m)
{
	size_t first;
	struct rect box = cmdline_found_box(&a->ui, l->main, &first);

	if (!rect_has(box, m.x, m.y))
		return false;
	if (m.y > box.y && m.y < box.y + box.h - 1)
		app_found_choose(a, first + (size_t)(m.y - box.y - 1));
	return true;
}

static void
press(struct app *a, const struct layout *l, struct mouse m, bool again)
{
	struct frame f = app_frame(a);
	enum context ctx = ui_context(&a->ui);
	const struct binding *b;

	if (rect_has(l->keys, m.x, m.y)) {
		b = keybar_at(l->keys, &f, m.x);
		if (b != NULL)
			app_run(a, b->cmd);
		return;
	}
	if (click_found(a, l, m) || ctx == CTX_COMMAND)
		return;
	/* What an action needs is answered, or left by its keys. */
	if (a->ui.act.stage != ACT_NONE)
		return;
	if (ctx == CTX_INPUT) /* a row that it let through */
		cmd_accept(a);
	if (ctx & CTX_BOX)
		click_menu(a, l, m);
	else if (ctx == CTX_ALARMS)
		click_alarm(a, l, m, again);
	else if (ctx == CTX_JOBS)
		click_job(a, l, m, again);
	else if (app_home_top(a))
		click_home(a, l, m, again);
}

void
app_mouse(struct app *a, struct mouse m)
{
	struct layout l = app_layout(a);
	bool again = a->clicked;

	memset(&a->fx, 0, sizeof a->fx);
	a->ui.msg[0] = '\0';
	a->clicked = false;
	if (app_vmconsole_mouse(a, m) || l.small || !a->mouse)
		return;
	/* The reader's screen is older than the rows, and laid out in lines. */
	if (m.what == MOUSE_PRESS && !a->ui.reader)
		press(a, &l, m, again);
	else if (m.what != MOUSE_PRESS && !a->ui.command_typing)
		app_move(a, m.what == MOUSE_UP ? -WHEEL_ROWS : WHEEL_ROWS);
	reader_touch(a, true);
}
