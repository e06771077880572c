#ifndef TUI_KEEP_H
#define TUI_KEEP_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/err.h"
#include "tui/app.h"

/* Where the console's state is kept, and what of it is there already. */
struct keep {
	const char *path;  /* borrowed; NULL: nothing is kept */
	bool writes;       /* else it is only read */
	struct buf was;    /* as it was read or written last */
	struct buf others; /* lines for other configurations */
};

/* Reads it into the app. What is wrong with it is said there, and a file that
 * cannot be read is not written either. */
void keep_open(struct keep *k, const char *path, bool writes, struct app *app);
void keep_close(struct keep *k);

/* Writes it when it has changed, or always. */
int keep_save(struct keep *k, const struct app *app, bool always,
    struct err *e);

#endif
