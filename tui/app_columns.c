/* Commands that choose columns, and that show those without room. As long as
 * the program chooses them, the first change by hand makes what is just shown
 * the user's choice. */
#include "tui/app_cmd.h"

#include "tui/setup.h"

static void
take_over(struct app *a)
{
	struct colset shown;

	setup_shown(&shown, &a->ui, app_layout(a).body.w);
	a->ui.columns = shown;
}

static void
shown_now(const struct app *a, struct colset *shown)
{
	struct layout l;

	layout_home(&l, &a->ui, a->w, a->h);
	setup_shown(shown, &a->ui, l.body.w);
}

void
cmd_columns(struct app *a)
{
	a->ui.menu = MENU_COLUMNS;
	a->ui.menu_at = 0;
	a->ui.column_page = 0;
}

void
cmd_column_toggle(struct app *a)
{
	struct colset shown;
	size_t column;

	shown_now(a, &shown);
	column = setup_entry(&shown, a->ui.menu_at);
	take_over(a);
	if (!colset_toggle(&a->ui.columns, column))
		app_say(a, STYLE_STATUS, "The name is always shown.");
}

static void
shift(struct app *a, int by)
{
	take_over(a);
	if (colset_move(&a->ui.columns, a->ui.menu_at, by))
		a->ui.menu_at = by < 0 ? a->ui.menu_at - 1 :
		    a->ui.menu_at + 1;
	else if (a->ui.menu_at >= a->ui.columns.n)
		app_say(a, STYLE_STATUS, "It is not shown; Space shows it.");
}

void
cmd_column_left(struct app *a)
{
	shift(a, -1);
}

void
cmd_column_right(struct app *a)
{
	shift(a, 1);
}

static void
widen(struct app *a, int by)
{
	take_over(a);
	if (!colset_widen(&a->ui.columns, a->ui.menu_at, by) &&
	    a->ui.menu_at >= a->ui.columns.n)
		app_say(a, STYLE_STATUS, "It is not shown; Space shows it.");
}

void
cmd_column_wider(struct app *a)
{
	widen(a, 1);
}

void
cmd_column_narrower(struct app *a)
{
	widen(a, -1);
}

void
cmd_columns_reset(struct app *a)
{
	a->ui.columns = a->ui.columns_default;
	app_say(a, STYLE_STATUS, a->ui.columns.n > 0 ?
	    "Columns as the configuration has them." :
	    "As many columns as fit.");
}

void
cmd_more_columns(struct app *a)
{
	struct table_layout t;

	table_layout(&t, app_layout(a).body.w, &a->ui);
	a->ui.column_page = (t.page + 1) % t.pages;
	if (t.pages == 1)
		app_say(a, STYLE_STATUS, "All columns are on the screen.");
	else
		app_say(a, STYLE_STATUS, "Columns: page %d of %d.",
		    a->ui.column_page + 1, t.pages);
}
