/* Draws titles and rows. What a column shows is in columns.c, how many there
 * are in table_fit.c. */
#include "tui/table.h"

#include <stdio.h>
#include <string.h>

size_t
table_find(const char *id)
{
	size_t i = 0;

	while (i < table_ncolumns && strcmp(table_columns[i].id, id) != 0)
		i++;
	return i;
}

/* --- Drawing ------------------------------------------------------------------ */

void
table_draw_titles(struct canvas *c, struct rect r,
    const struct table_layout *t, const struct ui *ui)
{
	canvas_fill(c, (struct rect){ r.x, r.y, r.w, 1 }, STYLE_COLUMNS, ' ');
	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = &table_columns[t->v[i].column];
		bool sorted = t->v[i].column == ui->sort;
		bool down = col->descending != ui->invert;
		int x = r.x + t->v[i].x, w = t->v[i].w;
		char mark[40];

		if (!sorted)
			snprintf(mark, sizeof mark, "%s", col->title);
		else
			snprintf(mark, sizeof mark, "%s%s",
			    (int)strlen(col->title) < w ? col->title : "",
			    down ? "\xe2\x96\xbc" : "\xe2\x96\xb2");
		if (sorted && (int)strlen(col->title) >= w)
			snprintf(mark, sizeof mark, "%.*s%s", w - 1, col->title,
			    down ? "\xe2\x96\xbc" : "\xe2\x96\xb2");
		if (col->left)
			canvas_text(c, x, r.y, w,
			    sorted ? STYLE_SORTED : STYLE_COLUMNS, mark);
		else
			canvas_right(c, x, r.y, w,
			    sorted ? STYLE_SORTED : STYLE_COLUMNS, mark);
	}
}

/* Name and state are no figures; a host's are as good as ever. */
static bool
is_figure(const struct column *col)
{
	return col->rank > 1;
}

/* A host without current figures tells why instead of showing old ones. */
static const char *
instead_of_figures(const struct item *it, enum style *style)
{
	const struct host *h = it->host;

	if (it->row->id.kind != ROW_HOST)
		return NULL;
	*style = STYLE_WARN;
	switch (h->health) {
	case HOST_DOWN:
	case HOST_REFUSED:
		return h->reason != NULL ? h->reason : "no reason given";
	case HOST_WAITING:
		if (h->reason != NULL)
			return h->reason;
		*style = STYLE_FAINT;
		return h->link == LINK_IDLE ? "not tried yet" :
		    "waiting for its first answer";
	case HOST_STALE:
		/* Being tried again: the reason should not flicker. */
		return h->link == LINK_CONNECTING ? h->reason : NULL;
	case HOST_LIVE:
		break;
	}
	return NULL;
}

static void
draw_cell(struct canvas *c, struct rect r, const struct column *col,
    const struct item *it, bool old)
{
	struct cell_text cell = { .s = NULL, .style = STYLE_NORMAL };

	if (col->draw != NULL) {
		col->draw(c, r, it);
		return;
	}
	col->text(it, &cell);
	if (cell.s == NULL)
		return;
	if (old && cell.style != STYLE_ALARM)
		cell.style = STYLE_STALE;
	if (col->left)
		canvas_text(c, r.x, r.y, r.w, cell.style, cell.s);
	else
		canvas_right(c, r.x, r.y, r.w, cell.style, cell.s);
}

/* The widest run of figures, for a text in place of them. */
static struct rect
figures(const struct table_layout *t, struct rect r)
{
	struct rect best = { r.x, r.y, 0, 1 };
	int from = -1;

	for (size_t i = 0; i <= t->n; i++) {
		int end = i < t->n ? t->v[i].x - 1 : r.w;

		if (i < t->n && is_figure(&table_columns[t->v[i].column])) {
			from = from < 0 ? t->v[i].x : from;
			continue;
		}
		if (from >= 0 && end - from > best.w) {
			best.x = r.x + from;
			best.w = end - from;
		}
		from = -1;
	}
	return best;
}

void
table_draw_row(struct canvas *c, struct rect r, const struct table_layout *t,
    const struct item *it)
{
	enum style style = STYLE_NORMAL;
	const char *reason = instead_of_figures(it, &style);
	struct rect room = figures(t, r);

	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = &table_columns[t->v[i].column];
		struct rect cell = { r.x + t->v[i].x, r.y, t->v[i].w, 1 };
		bool figure = is_figure(col);

		if (it->row->id.kind == ROW_DORMANT && col->rank > 0)
			continue; /* it has a name only */
		if (reason == NULL || !figure)
			draw_cell(c, cell, col, it, it->stale &&
			    (figure || it->row->id.kind != ROW_HOST));
	}
	if (reason != NULL)
		canvas_text(c, room.x, r.y, room.w, style, reason);
}
