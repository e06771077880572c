#ifndef TUI_LAYOUT_H
#define TUI_LAYOUT_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/ui.h"

/* Where everything is on a screen. Drawing, scrolling and the mouse all ask
 * here, so that none of them can disagree. */

/* Screens smaller than this get a message instead. */
enum { SCREEN_MIN_W = 40, SCREEN_MIN_H = 8 };

/* What is not there has neither width nor height. Nothing overlaps. */
struct layout {
	bool small;           /* only that message is shown */
	struct rect header;
	struct rect main;     /* all from there to the status line; menus are
	                       * in it */
	struct rect titles;   /* of the columns, or of a view that is text */
	struct rect body;     /* its rows; below the titles, as wide */
	struct rect divider;  /* between body and details beside it */
	struct rect details;  /* pane, its title in the first line */
	struct rect events;   /* likewise */
	struct rect status, keys;
};

void layout_make(struct layout *l, const struct ui *ui, int w, int h);
/* Home's, also while another view hides it. */
void layout_home(struct layout *l, const struct ui *ui, int w, int h);

/* The least size of screen for the panes. */
enum {
	LAYOUT_EVENTS_H = 15,  /* lines */
	LAYOUT_BESIDE_W = 140, /* columns, for details beside the list */
	LAYOUT_BELOW_H = 30,   /* lines, for details below it */
};

/* Whether a screen of that size has room for the pane at all. */
bool layout_details_fit(int w, int h);
bool layout_events_fit(int h);

bool rect_has(struct rect r, int x, int y);

#endif
