#ifndef BACKENDS_AGENT_DEFFILES_H
#define BACKENDS_AGENT_DEFFILES_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/mono.h"

/* The files of the VMs that this host could start: *.cfg in some directories,
 * links followed, no subdirectories. Nothing in them is read here but bytes. */

enum { DEFFILES_EVERY_MS = 5000 };

struct deffiles;

/* dirs: absolute, separated by blanks. */
struct deffiles *deffiles_new(const char *dirs);
void deffiles_free(struct deffiles *d);
/* From now on passwords in them are blanked out. */
void deffiles_blank(struct deffiles *d);

/* When it is worth looking again. */
struct mono deffiles_due(const struct deffiles *d);
/* Looks whether any file has changed, come or gone since the last time, by
 * stat(2); then adds a line with all of them. Returns whether it did. */
bool deffiles_look(struct deffiles *d, struct buf *out, struct mono now);

#endif
