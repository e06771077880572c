#ifndef CORE_SAFETY_H
#define CORE_SAFETY_H

#include "core/err.h"
#include "core/model.h"
#include "core/request.h"

/* The rules that outrank every feature, in one place: what must be true, by
 * what the hosts themselves say, before a request may be carried out. It is
 * asked when a plan is made and again right before each step. */

/* 0, or -1 with ERR_REFUSED and the one sentence that says what is missing:
 * read-only, another VM behind that domain, a second copy, a host that does not
 * answer and might run it; ERR_UNREACHABLE when it is the host to act on that
 * does not. `since`: only what was observed after this moment counts as a proof
 * of absence; MONO_ZERO: whatever is not stale. */
int safety_check(const struct model *m, const struct request *r,
    struct mono since, struct err *err);

/* The part of it that needs no model: whether anything may be done at all
 * there (read_only, of everything or of that cluster). */
int safety_writable(const struct conf *conf, uint32_t cluster,
    struct err *err);

/* Whether the VM is known to run nowhere: 0; or -1, and why that is not known,
 * with the hosts that would have to say so. */
int safety_runs_nowhere(const struct model *m, uint32_t cluster,
    const struct uuid *uuid, const char *name, struct mono since,
    struct err *err);

#endif
