#ifndef TUI_HISTFILE_H
#define TUI_HISTFILE_H

#include <stddef.h>

#include "core/err.h"
#include "tui/words.h"

/* The command line's history in a file: a line each, the oldest first. */

enum { HISTFILE_MAX = 200 }; /* lines */

/* Adds what is in it; nothing when there is none or it cannot be read. */
void histfile_load(const char *path, struct words *history);

/* Adds the last n lines to what is there by now: other consoles may have ended
 * meanwhile. */
int histfile_save(const char *path, const struct words *history, size_t n,
    struct err *e);

#endif
