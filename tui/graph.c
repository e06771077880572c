/* Histories as graphs: four lines of bars over an axis that says how long ago
 * that was, the newest value at the right. What the height means stands at the
 * left in figures, for those who see no bars, too. */
#include "tui/graph.h"

#include <stdio.h>
#include <string.h>

#include "tui/columns.h"

enum {
	LINES = 4,        /* of bars */
	LABEL = 12,       /* columns left of them */
	TWO_COLUMNS = 110, /* from this width on */
	APART = 3,        /* columns between two graphs */
	NARROW = 10,      /* fewer columns of bars say nothing */
	BAR_LINE = 0x2500,
};

void
graph_mib(char out[TEXT_MAX], int64_t mib)
{
	text_kib(out, mib >= 0 ? mib * 1024 : -1);
}

/* Of what is shown; -1: nothing is known. */
static int64_t
highest(const struct history *h, int columns)
{
	int64_t max = -1;

	for (int i = 0; i < columns; i++) {
		uint32_t v = history_get(h, (size_t)i);

		if (v != HISTORY_GAP && v > max)
			max = v;
	}
	return max;
}

static void
put_figure(struct doc *d, int x, int y, unsigned style, const char *what,
    const struct graph *g, int64_t v)
{
	char text[TEXT_MAX];

	g->words(text, v);
	canvas_printf(&d->c, x, y, LABEL - 1, style, "%-4s%s", what, text);
}

static void
put_labels(struct doc *d, int x, int y, const struct graph *g, int64_t max,
    int64_t full)
{
	canvas_text(&d->c, x, y, LABEL - 1, STYLE_LABEL, g->label);
	put_figure(d, x, y + 1, STYLE_NORMAL, "now", g, g->now);
	put_figure(d, x, y + 2, STYLE_NORMAL, "max", g, max);
	if (full != max)
		put_figure(d, x, y + 3, STYLE_FAINT, "of", g, full);
}

static void
put_bar(struct doc *d, int x, int y, const struct graph *g, uint32_t v,
    int64_t full)
{
	int64_t step = (full + LINES - 1) / LINES;
	unsigned style = g->levels ? column_level(v, full) : STYLE_LOW;

	for (int k = 0; k < LINES && v != HISTORY_GAP; k++)
		canvas_put(&d->c, x, y + LINES - 1 - k, style,
		    text_spark((int64_t)v - step * k, step));
}

/* "2m05s" at the column of that value, if there is room for it. */
static void
put_age(struct doc *d, int x, int y, int *free_from, int right, int column,
    size_t back, const struct moments *when, struct mono now)
{
	char text[TEXT_MAX];
	struct mono at;
	int n, from;

	if (!moments_get(when, back, &at))
		return;
	text_uptime(text, mono_diff_ms(now, at) / 1000);
	n = (int)strlen(text);
	from = column - n / 2;
	if (from < *free_from)
		from = *free_from;
	if (from + n > right)
		return;
	canvas_text(&d->c, x + from, y, n, STYLE_FAINT, text);
	*free_from = from + n + 2;
}

/* Labels at the oldest value, at a third and two thirds of the way, and now. */
static void
put_axis(struct doc *d, int x, int y, int w, const struct history *h,
    const struct moments *when, struct mono now)
{
	static const char end[] = "now";
	int used = h->n < w ? h->n : w, first = w - used, from = 0;
	int right = w - (int)sizeof end - 1;

	for (int i = 0; i < w; i++)
		canvas_put(&d->c, x + i, y, STYLE_FAINT, BAR_LINE);
	canvas_text(&d->c, x + w - (int)sizeof end + 1, y, (int)sizeof end - 1,
	    STYLE_FAINT, end);
	for (int third = 0; third < 3; third++) {
		int column = first + used * third / 3;

		put_age(d, x, y, &from, right, column, (size_t)(w - 1 - column),
		    when, now);
	}
}

static void
put_one(struct doc *d, int x, int y, int width, const struct graph *g,
    const struct moments *when, struct mono now)
{
	int w = width - LABEL;
	int64_t max, full;

	if (w > HISTORY_LEN)
		w = HISTORY_LEN;
	if (w < NARROW)
		return;
	max = highest(g->h, w);
	full = g->full > 0 ? g->full : max > 0 ? max : 1;
	put_labels(d, x, y, g, max, g->full > 0 ? full : max);
	for (int i = 0; i < w; i++)
		put_bar(d, x + LABEL + i, y, g,
		    history_get(g->h, (size_t)(w - 1 - i)), full);
	put_axis(d, x + LABEL, y + LINES, w, g->h, when, now);
}

void
graph_put(struct doc *d, const struct graph *g, size_t n,
    const struct moments *when, struct mono now)
{
	size_t across = d->c.w >= TWO_COLUMNS ? 2 : 1;
	int width = (d->c.w - 2 - APART * ((int)across - 1)) / (int)across;

	for (size_t i = 0; i < n; i += across) {
		doc_need(d, LINES + 1);
		for (size_t k = 0; k < across && i + k < n; k++)
			put_one(d, 1 + (int)k * (width + APART), d->y, width,
			    &g[i + k], when, now);
		for (int k = 0; k <= LINES; k++)
			doc_blank(d);
	}
}
