#ifndef TUI_MANUAL_H
#define TUI_MANUAL_H

#include "core/buf.h"
#include "core/err.h"

/* Fills a template of a manual page (mdoc(7)): a line "@NAME@" becomes what
 * the program itself knows of that name: its keys, settings, verbs. 0, or -1
 * and why: a name that there is not. */
int manual_fill(struct buf *out, const char *template, struct err *err);

#endif
