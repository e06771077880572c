/* Fits columns to the width there is and draws titles and rows. What a column
 * shows is in columns.c. The name is always there; the others are added by
 * rank while the name keeps a reasonable width, then what is left makes the
 * elastic ones wider. */
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

static bool
in_mode(const struct column *col, bool flat)
{
	return (col->mode & (flat ? COLUMN_FLAT : COLUMN_TREE)) != 0;
}

/* Columns needed by all of one rank, with a blank before each. */
static int
rank_width(int rank, bool flat)
{
	int w = 0;

	for (size_t i = 0; i < table_ncolumns; i++)
		if (table_columns[i].rank == rank &&
		    in_mode(&table_columns[i], flat))
			w += table_columns[i].width + 1;
	return w;
}

/* The last rank that still fits. */
static int
last_rank(int room, bool flat)
{
	int last = 0;

	for (int rank = 1; rank < 100; rank++) {
		int w = rank_width(rank, flat);

		if (w > room)
			break;
		if (w > 0)
			last = rank;
		room -= w;
	}
	return last;
}

static int
least_name(int width)
{
	int w = width / 4;

	return w < 12 ? 12 : w > 20 ? 20 : w;
}

void
table_layout(struct table_layout *t, int width, bool flat)
{
	int rank = last_rank(width - least_name(width), flat);
	int used = 0, x = 0;

	t->n = 0;
	t->width = width;
	for (size_t i = 0; i < table_ncolumns; i++) {
		const struct column *col = &table_columns[i];

		if (col->rank > rank || !in_mode(col, flat))
			continue;
		t->v[t->n].column = (uint8_t)i;
		t->v[t->n].w = col->width;
		used += col->width + (t->n > 0);
		t->n++;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = &table_columns[t->v[i].column];
		int more = width - used, want = col->most - col->width;

		more = want < more ? want : more;
		if (more > 0) {
			t->v[i].w += more;
			used += more;
		}
	}
	/* Nothing elastic took the rest, or there is too little. */
	t->v[0].w += width - used;
	for (size_t i = 0; i < t->n; i++) {
		t->v[i].x = x;
		x += t->v[i].w + 1;
	}
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

/* The columns that are not figures; a host's are as good as ever. */
enum { NAME_AND_STATE = 2 };

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

void
table_draw_row(struct canvas *c, struct rect r, const struct table_layout *t,
    const struct item *it)
{
	enum style style = STYLE_NORMAL;
	const char *reason = instead_of_figures(it, &style);

	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = &table_columns[t->v[i].column];
		struct rect cell = { r.x + t->v[i].x, r.y, t->v[i].w, 1 };

		bool figure = i >= NAME_AND_STATE;

		if (it->row->id.kind == ROW_DORMANT && col->text != NULL)
			continue; /* it has a name only */
		if (reason != NULL && figure) {
			canvas_text(c, cell.x, r.y, r.x + r.w - cell.x, style,
			    reason);
			return;
		}
		draw_cell(c, cell, col, it, it->stale &&
		    (figure || it->row->id.kind != ROW_HOST));
	}
}
