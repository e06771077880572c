#ifndef BACKENDS_SIMCONS_H
#define BACKENDS_SIMCONS_H

#include "core/backend.h"
#include "core/vmconsole.h"

/* The console of a simulated VM. NULL when b is no simulator, or has no link to
 * that host now. Must be closed before b is freed. */
struct vmconsole *simcons_open(struct backend *b,
    const struct vmconsole_want *want, const struct vmconsole_sink *sink);

#endif
