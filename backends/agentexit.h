#ifndef BACKENDS_AGENTEXIT_H
#define BACKENDS_AGENTEXIT_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/observer.h"
#include "core/err.h"

/* Why a command that should have been xendeck-agent ended without a greeting,
 * from its exit status and the last line of its standard error. */

/* The last line of text that is not empty, clean; "" when there is none. */
void agentexit_last_line(const char *text, size_t n, char *out, size_t size);

/* What to do about it, and *e to go on with after "agent on HOST ". */
enum observer_fault agentexit_explain(const char *agent, bool sudo, int status,
    const char *last_line, struct err *e);

#endif
