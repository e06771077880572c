#ifndef TUI_TARGET_H
#define TUI_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/model.h"

/* Which VMs are meant by a word, for those who are about to act: a name or UUID
 * means exactly one VM or is refused with the names of all that it might mean;
 * it never means a domain's number, nor a part of a name. */

struct targets {
	uint32_t *v; /* ids of VMs, each once */
	size_t n, cap;
};

void targets_free(struct targets *t);

/* Adds those that the word means: NAME, UUID, CLUSTER/NAME, CLUSTER/UUID, a
 * pattern such as web*, or a filter such as state:dormant. Several: only by
 * pattern or filter; *many says that it was one. -1: one sentence: ERR_USAGE
 * for what is ambiguous or wrong, ERR_FAILED when there is none. */
int targets_add(struct targets *t, const struct model *m, const char *word,
    bool *many, struct err *err);

/* Of those that bear exactly that name or UUID, how many there are; if several,
 * into out "prod/web1, lab/web1" or, in one cluster, their UUIDs. */
size_t target_count(const struct model *m, const char *word, char *out,
    size_t size);

#endif
