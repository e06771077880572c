/* The box in which columns are chosen. */
#include "tui/setup.h"

#include <stdio.h>

#include "tui/layout.h"

void
setup_shown(struct colset *out, const struct ui *ui, int width)
{
	struct table_layout t;
	struct ui first = { .flat = ui->flat, .clusters = ui->clusters };

	*out = ui->columns;
	if (out->n > 0)
		return;
	table_layout(&t, width, &first);
	for (size_t i = 0; i < t.n; i++)
		colset_toggle(out, t.v[i].column);
}

size_t
setup_entry(const struct colset *shown, size_t i)
{
	size_t left = i - shown->n;

	if (i < shown->n)
		return shown->v[i].column;
	for (size_t k = 0; k < table_ncolumns; k++)
		if (colset_find(shown, k) == shown->n && left-- == 0)
			return k;
	return 0;
}

/* On which page of the list the column is. */
static int
page_of(const struct ui *ui, int width, size_t column)
{
	struct ui at = { .flat = ui->flat, .clusters = ui->clusters,
		.columns = ui->columns };
	struct table_layout t = { .pages = 1 };

	for (; at.column_page < t.pages; at.column_page++) {
		table_layout(&t, width, &at);
		for (size_t i = 0; i < t.n; i++)
			if (t.v[i].column == column)
				return at.column_page;
	}
	return 0;
}

static void
draw_entry(struct canvas *c, struct rect r, const struct frame *f,
    const struct colset *shown, size_t i, int list_w)
{
	const struct column *col = &table_columns[setup_entry(shown, i)];
	bool on = i < shown->n;
	enum style style = on ? STYLE_NORMAL : STYLE_FAINT;
	char width[24] = "";
	int page = on ? page_of(f->ui, list_w, shown->v[i].column) : 0;

	canvas_printf(c, r.x + 1, r.y, r.w - 12, style, "[%s] %s",
	    on ? "x" : " ", col->name);
	if (page > 0)
		snprintf(width, sizeof width, "page %d", page + 1);
	else if (on && shown->v[i].width > 0)
		snprintf(width, sizeof width, "%u", shown->v[i].width);
	else if (on)
		snprintf(width, sizeof width, "auto");
	canvas_right(c, r.x, r.y, r.w - 1, page > 0 ? STYLE_WARN : style,
	    width);
}

struct rect
setup_box(const struct ui *ui, struct rect r, int *first)
{
	struct rect box = { r.x, r.y + 1, 36, (int)table_ncolumns + 2 };
	int at = (int)ui->menu_at;

	/* The titles stay to be seen: they show what a change does. */
	if (box.h > r.h - 1)
		box.h = r.h - 1;
	box.x += r.w - box.w - 2;
	*first = at >= box.h - 2 ? at - (box.h - 2) + 1 : 0;
	return box;
}

void
setup_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	int n = (int)table_ncolumns, at = (int)f->ui->menu_at, first;
	struct rect box = setup_box(f->ui, r, &first);
	struct colset shown;
	struct layout l;

	layout_home(&l, f->ui, c->w, c->h);
	setup_shown(&shown, f->ui, l.body.w);
	canvas_box(c, box, STYLE_BOX, "Columns");
	for (int i = 0; i < box.h - 2 && first + i < n; i++) {
		struct rect line = { box.x + 1, box.y + 1 + i, box.w - 2, 1 };

		draw_entry(c, line, f, &shown, (size_t)(first + i), l.body.w);
		if (first + i == at)
			canvas_select(c, line);
	}
}
