/* The way out. Esc takes away one layer, the uppermost there is, and this table
 * is the only place that knows their order. It never ends the program. */
#include "tui/app_cmd.h"

static bool
peel_filter_line(struct app *a)
{
	if (!a->ui.filter_typing)
		return false;
	app_filter_clear(a);
	return true;
}

static bool
peel_command_line(struct app *a)
{
	if (!a->ui.command_typing)
		return false;
	app_line_close(a);
	return true;
}

static bool
peel_menu(struct app *a)
{
	if (a->ui.menu == MENU_NONE)
		return false;
	a->ui.menu = MENU_NONE;
	return true;
}

static bool
peel_view(struct app *a)
{
	if (app_home_top(a))
		return false;
	a->ui.nlayers--;
	return true;
}

static bool
peel_filter(struct app *a)
{
	if (a->ui.filter.n == 0)
		return false;
	app_filter_clear(a);
	return true;
}

static bool
peel_marks(struct app *a)
{
	if (a->ui.marks.n == 0)
		return false;
	cmd_unmark_all(a);
	return true;
}

static bool
peel_columns(struct app *a)
{
	if (a->ui.column_page == 0)
		return false;
	a->ui.column_page = 0;
	return true;
}

static bool (*const layers[])(struct app *a) = {
	peel_filter_line,
	peel_command_line,
	app_seek_cancel,
	app_action_leave,
	peel_menu,
	peel_view,
	peel_columns,
	peel_filter,
	peel_marks,
};

void
cmd_back(struct app *a)
{
	for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++)
		if (layers[i](a))
			return;
}

void
cmd_close(struct app *a)
{
	if (!peel_menu(a) && !peel_view(a))
		cmd_quit(a);
}
