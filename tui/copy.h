#ifndef TUI_COPY_H
#define TUI_COPY_H

#include <stdbool.h>

#include "core/buf.h"
#include "tui/rows.h"
#include "tui/ui.h"

/* What of a row or a view can be copied, as text without control characters
 * (views: but for the ends of lines). */

enum copy_what { COPY_NAME, COPY_UUID, COPY_IP, COPY_SSH, COPY_ROW, COPY_N };

/* "name", "UUID", ... */
const char *copy_name(enum copy_what what);

/* False when the row has none. width: of the screen. */
bool copy_of(struct buf *out, const struct frame *f, const struct row *row,
    enum copy_what what, int width);

/* All of a view that is text; false when it is not. */
bool copy_view(struct buf *out, const struct frame *f, const struct layer *l,
    int width);

#endif
