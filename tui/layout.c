/* Divides the screen. The list is what the screen is for: panes are cut off
 * from it only where it stays useful. Details go beside it on wide screens and
 * below it on high ones; events go below both. Views other than home have no
 * panes. */
#include "tui/layout.h"

enum {
	EVENTS_AUTO_H = 40, /* screens that have the pane unless told not to */
	BESIDE_AUTO_W = 160,
	BELOW_AUTO_H = 50,
	DIVIDER_W = 2, /* a line, and a blank before it */
	DETAILS_MIN_W = 52,
	DETAILS_MAX_W = 96,
	DETAILS_MIN_H = 9,
	DETAILS_MAX_H = 24,
};

bool
rect_has(struct rect r, int x, int y)
{
	return x >= r.x && x - r.x < r.w && y >= r.y && y - r.y < r.h;
}

static int
between(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

bool
layout_details_fit(int w, int h)
{
	return w >= LAYOUT_BESIDE_W || h >= LAYOUT_BELOW_H;
}

bool
layout_events_fit(int h)
{
	return h >= LAYOUT_EVENTS_H;
}

static bool
wants_details(const struct ui *ui, int w, int h)
{
	switch (ui->details_pane) {
	case PANE_OFF:
		return false;
	case PANE_ON:
		return layout_details_fit(w, h);
	case PANE_AUTO:
		break;
	}
	return w >= BESIDE_AUTO_W || (w < LAYOUT_BESIDE_W && h >= BELOW_AUTO_H);
}

static bool
wants_events(const struct ui *ui, int h)
{
	switch (ui->events_pane) {
	case PANE_OFF:
		return false;
	case PANE_ON:
		return layout_events_fit(h);
	case PANE_AUTO:
		break;
	}
	return h >= EVENTS_AUTO_H;
}

/* Cuts h lines off the lower end. */
static struct rect
cut_below(struct rect *r, int h)
{
	r->h -= h;
	return (struct rect){ r->x, r->y + r->h, r->w, h };
}

static void
cut_details(struct layout *l, struct rect *list, int screen_w)
{
	int w;

	if (screen_w < LAYOUT_BESIDE_W) {
		l->details = cut_below(list, between(list->h * 2 / 5,
		    DETAILS_MIN_H, DETAILS_MAX_H));
		return;
	}
	w = between(screen_w * 2 / 5, DETAILS_MIN_W, DETAILS_MAX_W);
	list->w -= w + DIVIDER_W;
	l->divider = (struct rect){ list->x + list->w, list->y, DIVIDER_W,
		list->h };
	l->details = (struct rect){ l->divider.x + DIVIDER_W, list->y, w,
		list->h };
}

/* A title, lines, and one that tells; at any size. */
static void
divide_reader(struct layout *l, int w, int h)
{
	h = h < 3 ? 3 : h;
	*l = (struct layout){
		.main = { 0, 0, w, h - 1 },
		.titles = { 0, 0, w, 1 },
		.body = { 0, 1, w, h - 2 },
		.status = { 0, h - 1, w, 1 },
	};
}

static void
divide(struct layout *l, const struct ui *ui, bool panes, int w, int h)
{
	struct rect list;

	if (ui->reader) {
		divide_reader(l, w, h);
		return;
	}
	*l = (struct layout){ .small = w < SCREEN_MIN_W || h < SCREEN_MIN_H };
	if (l->small) /* what is not seen is scrolled by lines all the same */
		h = h < 5 ? 5 : h;
	l->header = (struct rect){ 0, 0, w, 1 };
	l->main = (struct rect){ 0, 1, w, h - 3 };
	l->status = (struct rect){ 0, h - 2, w, 1 };
	l->keys = (struct rect){ 0, h - 1, w, 1 };
	list = l->main;
	if (panes && !l->small) {
		if (wants_events(ui, h)) /* 3 to 8, and a title */
			l->events = cut_below(&list, 1 +
			    between(h / 8 + 1, 3, 8));
		if (wants_details(ui, w, h))
			cut_details(l, &list, w);
	}
	l->titles = (struct rect){ list.x, list.y, list.w, 1 };
	l->body = (struct rect){ list.x, list.y + 1, list.w, list.h - 1 };
}

void
layout_make(struct layout *l, const struct ui *ui, int w, int h)
{
	divide(l, ui, ui->nlayers == 1, w, h);
}

void
layout_home(struct layout *l, const struct ui *ui, int w, int h)
{
	divide(l, ui, true, w, h);
}
