#ifndef CORE_DEFREAD_H
#define CORE_DEFREAD_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/defs.h"

/* What one file says of its VM, but for its path: everything in the arena, and
 * text is the caller's own. False: it names no VM. */
bool def_read(struct def *d, struct arena *a, const char *text, size_t len);

#endif
