#ifndef CORE_DEFEDIT_H
#define CORE_DEFEDIT_H

#include <stddef.h>

#include "core/arena.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/defs.h"
#include "core/err.h"
#include "core/model.h"

/* What an operator has made of a definition. */

/* Takes the text for that VM; *d, which points into it and the arena, is what
 * it says of it, without a name when it is not understood: xl then says what is
 * wrong. -1: it can be no definition, or is another VM's. */
int defedit_take(struct def *d, struct arena *a, const struct model *m,
    const struct vm *vm, const char *text, size_t len, struct err *err);

/* Where the definition of a VM that has none goes on that host, appended. -1:
 * that name makes no file's. */
int defedit_path(struct buf *out, const struct conf *conf, uint32_t host,
    const char *name, struct err *err);

/* Something to begin a new one from, appended. */
void defedit_template(struct buf *out, const char *name);

#endif
