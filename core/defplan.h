#ifndef CORE_DEFPLAN_H
#define CORE_DEFPLAN_H

#include "core/err.h"
#include "core/model.h"
#include "core/plan.h"

/* Writing a definition: xl's word on it, then into the file, each on its host,
 * and only over what was seen there. */

/* Adds the two steps for one host, as the VM's own. was: what the text that was
 * edited came from there; NULL: there must be none yet, and path says where to.
 * -1: ERR_REFUSED, ERR_UNREACHABLE, ERR_USAGE. */
int defplan_write(struct plan *p, const struct model *m, const struct vm *vm,
    uint32_t host, const char *path, const struct def *was, const char *text,
    struct err *err);

/* The same with the definition of one host for another of the cluster, over
 * the one that it has or none: the operator has seen the difference. */
int defplan_copy(struct plan *p, const struct model *m, const struct vm *vm,
    uint32_t from, uint32_t to, struct err *err);

#endif
