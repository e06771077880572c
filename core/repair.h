#ifndef CORE_REPAIR_H
#define CORE_REPAIR_H

#include <stddef.h>

#include "core/action.h"

/* What a migration that broke has left, recognised from what the hosts report,
 * and what can be done about it. At most one copy is ever resumed. */

/* So long nothing may have changed, as far as whoever asks has seen. */
enum { REPAIR_WATCH_MS = 30 * 1000 };

/* Whether something was left that is no migration under way; into out the
 * sentence that says what, to be shown before anything is done. */
bool repair_needed(char *out, size_t size, const struct vm *vm,
    const struct model *m);

int repair_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err);

#endif
