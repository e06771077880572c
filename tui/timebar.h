#ifndef TUI_TIMEBAR_H
#define TUI_TIMEBAR_H

#include <stddef.h>

#include "tui/ui.h"

/* What the lines around a view say of the moment that is shown, while it is
 * not now. */

/* For the right end of the header: "REPLAY 4x 14:03:22 12:30/1:40:00". With
 * each step, from 0 to 3, it is shorter. */
void timebar_label(char *out, size_t size, const struct frame *f, int step);

/* What is under way: "Seeking 43%"; empty: nothing. */
void timebar_status(char *out, size_t size, const struct ui *ui);

#endif
