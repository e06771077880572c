#ifndef CORE_ACTION_PRIV_H
#define CORE_ACTION_PRIV_H

/* What the actions' own files share; nobody else includes this. */

#include "core/action.h"
#include "core/defs.h"

/* A request about that domain, guarded: by its UUID and by its host's boot. */
void action_request(struct request *r, enum request_op op, const struct vm *vm,
    const struct vm_copy *c, const struct model *m);

/* Adds the step when the rules and the commands agree, and takes the request
 * over in any case. */
int action_add(struct plan *p, struct request *r, const char *why,
    const struct model *m, struct err *err);

/* Whether the host has that much memory left, less what is kept free there and
 * what earlier steps of the plan will take. */
int action_has_room(const struct plan *p, const struct vm *vm, uint32_t host,
    int64_t kb, const struct model *m, struct err *err);

/* What a host that is silent now said last of a VM that no live host defines;
 * or NULL. */
const struct def *action_known(const struct model *m, const struct vm *vm);
/* A start from that, behind its writing; takes the request over. */
int action_add_known(struct plan *p, struct request *r, const struct def *d,
    const struct vm *vm, const struct model *m, struct err *err);

int action_plan_start(struct plan *p, const struct action *a,
    const struct vm *vm, const struct model *m, struct err *err);

#endif
