/* Fits columns to the width there is. Which come into question, and in which
 * order, is the user's choice or, without one, the registry's. The name is
 * always there; the others are added by rank while the name keeps a reasonable
 * width, then what is left makes the elastic ones wider. What finds no room
 * that way makes further pages, each behind the name again, so that every
 * column can be seen on any screen. */
#include <string.h>

#include "tui/table.h"

struct want {
	uint8_t column;
	int least, most, rank;
	int page; /* -1: none yet */
};

struct wants {
	struct want v[TABLE_MAX];
	size_t n, name; /* name: its index */
	bool chosen;    /* by the user */
};

static bool
in_mode(const struct column *col, const struct ui *ui)
{
	unsigned modes = ui->flat ? COLUMN_FLAT : COLUMN_TREE;

	if (ui->flat && ui->clusters > 1)
		modes |= COLUMN_CLUSTERS;
	return ((unsigned)col->mode & modes) != 0;
}

static void
add(struct wants *ws, size_t column, int width)
{
	const struct column *col = &table_columns[column];
	struct want *w = &ws->v[ws->n];

	*w = (struct want){ (uint8_t)column, col->width, col->most, col->rank,
		-1 };
	if (width > 0)
		w->least = w->most = width;
	if (w->rank == 0)
		ws->name = ws->n;
	ws->n++;
}

static void
gather(struct wants *ws, const struct ui *ui)
{
	const struct colset *cs = &ui->columns;

	ws->n = ws->name = 0;
	ws->chosen = cs->n > 0;
	for (size_t i = 0; i < cs->n; i++)
		add(ws, cs->v[i].column, cs->v[i].width);
	for (size_t i = 0; cs->n == 0 && i < table_ncolumns; i++)
		if (in_mode(&table_columns[i], ui))
			add(ws, i, 0);
}

/* The least width of the name: more on wide screens, and never so much that
 * nothing else had room. */
static int
least_name(const struct want *w, int width)
{
	int least = width / 4;

	least = least < 12 ? 12 : least > 20 ? 20 : least;
	if (w->least == w->most)
		least = w->least;
	return least > width - 12 ? width - 12 : least;
}

/* Columns needed by all of one rank, with a blank before each. */
static int
rank_width(const struct wants *ws, int rank)
{
	int w = 0;

	for (size_t i = 0; i < ws->n; i++)
		if (ws->v[i].rank == rank)
			w += ws->v[i].least + 1;
	return w;
}

/* Page 0: by rank, until one does not fit; what the user chose, as much of it
 * as fits. */
static void
first_page(struct wants *ws, int room)
{
	for (int rank = 1; rank < 100; rank++) {
		int w = rank_width(ws, rank);

		if (w > room && !ws->chosen)
			return;
		if (w > room)
			continue;
		for (size_t i = 0; w > 0 && i < ws->n; i++)
			if (ws->v[i].rank == rank)
				ws->v[i].page = 0;
		room -= w;
	}
}

/* Then what is left, in order, at least one on each. Returns how many pages
 * there are. */
static int
further_pages(struct wants *ws, int room)
{
	int page = 0, left = 0;

	for (size_t i = 0; i < ws->n; i++) {
		struct want *w = &ws->v[i];

		if (w->page >= 0 || i == ws->name)
			continue;
		if (w->least + 1 > room) /* cut, but to be seen */
			w->least = room - 1;
		if (page == 0 || w->least + 1 > left) {
			page++;
			left = room;
		}
		w->page = page;
		left -= w->least + 1;
	}
	return page + 1;
}

static int
place(struct table_layout *t, const struct wants *ws, int page, int name_w)
{
	int used = 0;

	t->n = 0;
	for (size_t i = 0; i < ws->n; i++) {
		const struct want *w = &ws->v[i];

		if (i != ws->name && w->page != page)
			continue;
		t->v[t->n].column = w->column;
		t->v[t->n].w = i == ws->name ? name_w : w->least;
		used += t->v[t->n].w + (t->n > 0);
		t->n++;
	}
	return used;
}

/* Makes elastic columns wider, the name first; and the name again by what
 * nobody else took, unless the user gave it a width. */
static void
stretch(struct table_layout *t, const struct wants *ws, int room)
{
	const struct want *name = &ws->v[ws->name];

	for (int pass = 0; pass < 3; pass++)
		for (size_t i = 0, k = 0; i < ws->n && k < t->n; i++) {
			const struct want *w = &ws->v[i];
			int more = pass == 2 ? room : w->most - t->v[k].w;

			if (w->column != t->v[k].column)
				continue;
			more = more < room ? more : room;
			if ((w == name) == (pass != 1) && more > 0 &&
			    (pass < 2 || name->least != name->most)) {
				t->v[k].w += more;
				room -= more;
			}
			k++;
		}
}

void
table_layout(struct table_layout *t, int width, const struct ui *ui)
{
	struct wants ws;
	int name_w, x = 0, used;

	gather(&ws, ui);
	name_w = least_name(&ws.v[ws.name], width);
	first_page(&ws, width - name_w);
	t->width = width;
	t->pages = further_pages(&ws, width - name_w);
	t->page = ui->column_page % t->pages;
	if (name_w > ws.v[ws.name].least &&
	    ws.v[ws.name].least != ws.v[ws.name].most)
		name_w = ws.v[ws.name].least; /* it grows first */
	used = place(t, &ws, t->page, name_w);
	stretch(t, &ws, width - used);
	for (size_t i = 0; i < t->n; i++) {
		t->v[i].x = x;
		x += t->v[i].w + 1;
	}
}
