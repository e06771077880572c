#ifndef TUI_SETUP_H
#define TUI_SETUP_H

#include "tui/canvas.h"
#include "tui/table.h"

/* The box in which columns are chosen: those that are shown in their order,
 * then all others. The list behind it follows every change. */

/* What is shown now on a list of that width, chosen or not. */
void setup_shown(struct colset *out, const struct ui *ui, int width);

/* The box's entry: a column of table_columns. */
size_t setup_entry(const struct colset *shown, size_t i);

/* Where it is in the rect, and its first entry shown. */
struct rect setup_box(const struct ui *ui, struct rect r, int *first);
void setup_draw(struct canvas *c, struct rect r, const struct frame *f);

#endif
