/* The home screen's body: titles and the rows that fit, the selected one
 * marked over its whole width, with the terminal's own cursor parked on it. */
#include <string.h>

#include "core/alarm.h"
#include "tui/alarms.h"
#include "tui/rows.h"
#include "tui/table.h"
#include "tui/view.h"

static void
draw_nothing(struct canvas *c, struct rect r, const struct frame *f)
{
	const char *text = f->ui->filter.n > 0 ?
	    "Nothing matches. Esc shows everything again." :
	    model_nhosts(f->model) == 0 ? "No host is configured." :
	    "No VM is known yet.";

	canvas_text(c, r.x + 2, r.y + 1, r.w - 4, STYLE_FAINT, text);
}

/* Beside the row, where the tree's first column leaves room; in the list, at the
 * end of the name. */
static void
draw_alarm_mark(struct canvas *c, struct rect r, const struct table_layout *t,
    const struct item *it)
{
	const struct alarm *x = row_alarm(it);
	size_t name = 0;
	int at;

	if (x == NULL)
		return;
	while (name + 1 < t->n && table_columns[t->v[name].column].rank > 0)
		name++;
	at = t->v[name].x + (it->row->depth > 0 ? 0 : t->v[name].w - 1);
	canvas_put(c, r.x + at, r.y, alarm_style(x),
	    alarm_is_loud(x) ? '!' : 0xb7);
}

static void
draw_rows(struct canvas *c, struct rect r, const struct frame *f,
    const struct table_layout *t)
{
	const struct rows *rows = f->rows;
	size_t top = f->ui->top > 0 ? (size_t)f->ui->top : 0;

	for (size_t i = top; i < rows->n && i - top < (size_t)r.h; i++) {
		struct rect line = { r.x, r.y + (int)(i - top), r.w, 1 };
		struct item it = row_item(f, &rows->v[i]);

		table_draw_row(c, line, t, &it);
		draw_alarm_mark(c, line, t, &it);
		if (row_id_equal(rows->v[i].id, f->ui->sel))
			canvas_select(c, line);
	}
}

static void
home_draw(struct canvas *c, const struct layout *l, const struct frame *f)
{
	struct table_layout t;

	panes_draw(c, l, f);
	table_layout(&t, l->body.w, f->ui);
	table_draw_titles(c, l->titles, &t, f->ui);
	if (f->rows->n == 0)
		draw_nothing(c, l->body, f);
	else
		draw_rows(c, l->body, f, &t);
}

const struct view view_home = {
	.name = "home",
	.ctx = CTX_HOME,
	.draw = home_draw,
};
