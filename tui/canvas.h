#ifndef TUI_CANVAS_H
#define TUI_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "tui/style.h"

/* A grid of cells that views draw on and the terminal shows. Pure: a screen
 * can be drawn, looked at and compared without any terminal. */

enum { CELL_MARKS = 2 }; /* combining characters kept per cell */

struct cell {
	uint32_t cp[1 + CELL_MARKS]; /* 0: none; a wide one's right half is 0 */
	uint8_t style;               /* enum style, perhaps STYLE_SELECTED */
	uint8_t width;               /* 1, 2; 0: the right half of a wide one */
	uint8_t attr;                /* of STYLE_OWN: as in struct look */
	int16_t fg, bg;
};

struct rect {
	int x, y, w, h;
};

struct canvas {
	int w, h;
	struct cell *cell; /* h rows of w */
	bool ascii;        /* everything else is replaced as it is drawn */
	struct rect clip;  /* nothing outside is touched */
	int cursor_x, cursor_y;
	bool cursor_shown; /* parked unseen otherwise */
	bool whole_lines;  /* a line that changed is sent whole, to be read */
};

void canvas_init(struct canvas *c, int w, int h);
void canvas_free(struct canvas *c);
void canvas_resize(struct canvas *c, int w, int h); /* keeps nothing */
void canvas_grow(struct canvas *c, int h);          /* keeps what is there */
void canvas_clear(struct canvas *c);

struct rect canvas_all(const struct canvas *c);
/* Sets the clip to the part of r inside it; returns the old one to set back. */
struct rect canvas_clip(struct canvas *c, struct rect r);

/* Draws s (UTF-8; anything else shows as U+FFFD) in at most w columns; what
 * does not fit ends in an ellipsis. Returns the columns used. */
int canvas_text(struct canvas *c, int x, int y, int w, unsigned style,
    const char *s);
int canvas_printf(struct canvas *c, int x, int y, int w, unsigned style,
    const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The same at the right end of w columns. */
void canvas_right(struct canvas *c, int x, int y, int w, unsigned style,
    const char *s);
void canvas_put(struct canvas *c, int x, int y, unsigned style, uint32_t cp);
/* What another terminal shows in a cell: a character and what hangs on it, in
 * colours that are no theme's. */
void canvas_own(struct canvas *c, int x, int y, struct look look,
    const uint32_t *cp, size_t n);
void canvas_fill(struct canvas *c, struct rect r, unsigned style, uint32_t cp);
/* Changes the style only: new = old & keep | add. */
void canvas_restyle(struct canvas *c, struct rect r, unsigned keep,
    unsigned add);
/* The line of the cursor: STYLE_SELECTED, a ">" in the first of its cells that
 * is blank, for those who see no styles, and the terminal's cursor on it. */
void canvas_select(struct canvas *c, struct rect line);
void canvas_box(struct canvas *c, struct rect r, unsigned style,
    const char *title);
/* Copies h lines of src from its line `from` on to y; both are as wide. */
void canvas_blit(struct canvas *c, struct rect to, const struct canvas *src,
    int from);

/* A character of ASCII for those that views draw with; others as they are. */
uint32_t canvas_plain(uint32_t cp);

bool cell_equal(const struct cell *a, const struct cell *b);
/* Never NULL: outside is blank. */
const struct cell *canvas_at(const struct canvas *c, int x, int y);

/* The glyphs, a line per row without trailing blanks; and the styles as one
 * character each (style_mark), "<" behind lines that the cursor is on. */
void canvas_dump(const struct canvas *c, struct buf *out);
void canvas_dump_styles(const struct canvas *c, struct buf *out);

#endif
