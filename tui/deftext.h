#ifndef TUI_DEFTEXT_H
#define TUI_DEFTEXT_H

#include <stdint.h>

#include "core/buf.h"
#include "core/err.h"
#include "core/model.h"
#include "tui/session.h"

/* What verbs and views have to say about definitions. */

/* Where it is and what differs from the one that counts, a line for each host
 * and, indented, for each setting that differs. Returns how many hosts have
 * another one or none. */
size_t deftext_spread(struct buf *out, const struct model *m,
    const struct vm *vm);

/* The one VM that the word means (tui/target.h); MODEL_NONE and why. */
uint32_t deftext_vm(const struct model *m, const char *name,
    struct err *err);
/* The host of that name; MODEL_NONE and why. */
uint32_t deftext_host(const struct session *s, const char *name,
    struct err *err);
/* The definition there, MODEL_NONE: the one that counts; NULL and why. */
const struct def *deftext_def(const struct model *m, const struct vm *vm,
    uint32_t host, struct err *err);

#endif
