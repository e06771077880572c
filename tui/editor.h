#ifndef TUI_EDITOR_H
#define TUI_EDITOR_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"
#include "core/err.h"

/* A text in the operator's own editor: VISUAL, else EDITOR, else what Debian
 * has as the sensible one, else vi. The file is in a directory of its own that
 * nobody else can look into, as definitions have passwords in them. */

struct editor {
	char *dir, *path;
};

/* Puts the text into a file of that name. -1 and why, and nothing is left. */
int editor_open(struct editor *e, const char *name, const char *text,
    size_t len, struct err *err);

/* Runs the editor and hands the terminal to it; turn is called again and again
 * meanwhile and must come back within a moment. -1: it ended with a failure,
 * or could not be started. */
int editor_run(const struct editor *e, void (*turn)(void *arg), void *arg,
    struct err *err);

/* What the file says now, appended. */
int editor_read(const struct editor *e, struct buf *out, struct err *err);

/* keep: the file stays, for the operator to find it by its path. */
void editor_close(struct editor *e, bool keep);

/* Whether an editor was chosen, in the environment. */
bool editor_chosen(void);

#endif
