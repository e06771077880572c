#ifndef TUI_UISTATE_H
#define TUI_UISTATE_H

#include <stddef.h>

#include "core/buf.h"
#include "core/model.h"
#include "tui/ui.h"

/* What the console keeps from one run to the next, as text: a line "key =
 * value" for each thing that the user changed. Clusters and hosts are named,
 * for ids are another configuration's tomorrow. */

/* Of lines about clusters and hosts that this configuration does not have:
 * kept as they are, for the one that does. */
enum { UISTATE_OTHERS_MAX = 64 * 1024 };

/* Only what differs from the defaults; others may be NULL. */
void uistate_put(const struct ui *ui, const struct model *m,
    const struct buf *others, struct buf *out);

/* Reads it back into a fresh ui. What is not understood is left out: returns
 * how many lines, and about the first of them a sentence in note. Lines about
 * unknown hosts are no error, and added to others. */
size_t uistate_take(struct ui *ui, const struct model *m, const char *text,
    size_t n, struct buf *others, char *note, size_t size);

#endif
