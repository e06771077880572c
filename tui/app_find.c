/* Commands that order rows and look for some of them. */
#include "tui/app_cmd.h"

#include <stdio.h>
#include <string.h>

#include "tui/table.h"

/* --- Order ----------------------------------------------------------------------- */

void
app_sort_by(struct app *a, size_t column)
{
	if (table_columns[column].key == NULL) {
		app_say(a, STYLE_WARN, "VMs cannot be sorted by %s: that is a "
		    "figure of hosts.", table_columns[column].name);
		return;
	}
	if (column != a->ui.sort)
		a->ui.invert = false;
	a->ui.sort = column;
	app_remake(a);
	app_say(a, STYLE_STATUS, "Sorted by %s, %s first.",
	    table_columns[column].name,
	    table_columns[column].descending != a->ui.invert ?
	    "the highest" : "the lowest");
}

/* Steps over the columns on the screen, so that one sees what happens. */
static void
sort_step(struct app *a, size_t step)
{
	struct table_layout t;
	size_t at = 0;

	table_layout(&t, app_layout(a).body.w, &a->ui);
	if (t.n == 0)
		return;
	for (size_t i = 0; i < t.n; i++)
		if (t.v[i].column == a->ui.sort)
			at = i;
	for (size_t i = 0; i < t.n; i++) {
		at = (at + (step == 1 ? 1 : t.n - 1)) % t.n;
		if (table_columns[t.v[at].column].key != NULL)
			break;
	}
	app_sort_by(a, t.v[at].column);
}

void
cmd_sort_prev(struct app *a)
{
	sort_step(a, 0);
}

void
cmd_sort_next(struct app *a)
{
	sort_step(a, 1);
}

void
cmd_invert(struct app *a)
{
	a->ui.invert = !a->ui.invert;
	app_sort_by(a, a->ui.sort);
}

void
cmd_tree(struct app *a)
{
	a->ui.flat = !a->ui.flat;
	app_remake(a);
}

void
cmd_sort_menu(struct app *a)
{
	a->ui.menu = MENU_SORT;
	a->ui.menu_at = a->ui.sort;
}

/* --- Filter ------------------------------------------------------------------------ */

void
app_filter_facts(struct app *a)
{
	a->ui.filter.marks = &a->ui.marks;
	a->ui.filter.alarms = a->alarms;
}

/* After each letter: the VM that was selected in the beginning while it is
 * still there, else the first one that was found. A word that finds nothing, but may become a field, is
 * waited for. */
static void
refilter(struct app *a)
{
	const struct conf *conf = model_conf(a->model);
	struct ui *ui = &a->ui;
	bool kept;

	ui->kept = MODEL_NONE;
	app_filter_facts(a);
	filter_set(&ui->filter, ui->filter_text, conf);
	rows_make(&a->rows, a->model, ui);
	if (a->rows.n == 0 && ui->filter_typing &&
	    filter_set_without_end(&ui->filter, ui->filter_text, conf))
		rows_make(&a->rows, a->model, ui);
	if (ui->filter_typing)
		ui->sel = ui->anchor;
	kept = ui->sel.kind == ROW_VM &&
	    rows_find_moved(&a->rows, ui->sel) < a->rows.n;
	for (size_t i = 0; !kept && ui->filter.n > 0 && i < a->rows.n; i++)
		if (a->rows.v[i].id.kind == ROW_VM) {
			ui->sel = a->rows.v[i].id;
			kept = true;
		}
	ui->sel_set = kept || ui->sel_set;
	app_settle(a);
}

void
app_filter_set(struct app *a, const char *text)
{
	struct ui *ui = &a->ui;

	snprintf(ui->filter_text, sizeof ui->filter_text, "%s", text);
	refilter(a);
	if (ui->filter.n > 0)
		snprintf(ui->searched, sizeof ui->searched, "%s",
		    ui->filter_text);
	if (ui->filter_typing)
		return;
	if (ui->filter.note[0] != '\0')
		app_say(a, STYLE_WARN, "Left out: %s", ui->filter.note);
	if (ui->filter.n == 0)
		ui->filter_text[0] = '\0';
}

void
app_filter_clear(struct app *a)
{
	app_line_close(a);
	app_filter_set(a, "");
}
