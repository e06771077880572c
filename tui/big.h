#ifndef TUI_BIG_H
#define TUI_BIG_H

#include <stdbool.h>

#include "tui/canvas.h"

/* Letters and figures that are read from across a room: five rows of blocks,
 * each two columns wide, since cells are twice as high as wide; twice as large
 * at scale 2. */

enum { BIG_ROWS = 5 };

/* False when it has a character that there is no big one of. */
bool big_can(const char *text);
int big_width(const char *text, int scale);
/* Returns the columns used. */
int big_text(struct canvas *c, int x, int y, int scale, unsigned style,
    const char *text);

#endif
