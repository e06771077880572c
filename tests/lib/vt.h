#ifndef TESTS_LIB_VT_H
#define TESTS_LIB_VT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A screen, from the bytes that would have gone to a terminal of the type
 * xterm-256color: as much of it as curses makes use of. Widths of characters
 * are taken to be one. */

enum { VT_W_MAX = 400, VT_H_MAX = 150 };

struct vt_cell {
	uint32_t cp;
	uint32_t look;  /* equal for cells that look equal */
};

struct vt {
	int w, h, x, y;
	int top, bottom;    /* the region that scrolls */
	bool wraps;         /* the next character goes to the next line */
	uint32_t look, last;
	int reports;        /* CSI 5 n that came and nobody has answered */
	struct vt_cell cell[VT_H_MAX][VT_W_MAX];
	/* The sequence being read. */
	int state, nargs;
	int args[16];
	char mark;          /* "?" in CSI ? ... */
	uint32_t cp;
	int more;           /* bytes of a character still to come */
};

void vt_init(struct vt *v, int w, int h);
void vt_feed(struct vt *v, const char *p, size_t n);

/* Row y as UTF-8 without blanks at its end, borrowed text of the given size. */
void vt_row(const struct vt *v, int y, char *out, size_t size);
/* The first row that contains text; -1. */
int vt_find(const struct vt *v, const char *text);

#endif
