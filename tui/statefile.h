#ifndef TUI_STATEFILE_H
#define TUI_STATEFILE_H

#include "core/buf.h"
#include "core/err.h"

/* Small files that xendeck keeps by itself, below the user's state directory
 * (XDG Base Directory Specification): its own, never the configuration. */

enum { STATEFILE_MAX = 1 << 20 };

/* Its absolute path, to be freed; NULL where there is no place for it: neither
 * XDG_STATE_HOME nor HOME is set. */
char *statefile_path(const char *name);

/* All of it, appended. One that is not there is empty. */
int statefile_read(const char *path, struct buf *out, struct err *e);

/* Whole or not at all, for nobody else to read; makes the directories. */
int statefile_write(const char *path, const struct buf *text, struct err *e);

#endif
