#ifndef CORE_DEFDIFF_H
#define CORE_DEFDIFF_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/defs.h"
#include "core/model.h"

/* How the definitions of one VM on several hosts differ: in what they set, not
 * in comments, blanks or the order of lines. */

struct def_change {
	const char *key;
	const char *a, *b; /* values as text; NULL: not set there */
};

struct def_changes {
	struct arena mem;
	struct def_change *v; /* by key; passwords are "***" */
	size_t n;
};

/* Into an empty one. Where a file is not understood as a whole, two that are
 * not byte for byte the same differ in "(text)" at least. */
void def_diff(struct def_changes *c, const struct def *a,
    const struct def *b);
void def_changes_free(struct def_changes *c);

enum def_how {
	DEF_SAME,
	DEF_DIFFERS,
	DEF_ABSENT,  /* the host has none */
	DEF_UNKNOWN, /* it has not said what it has */
};

struct def_place {
	uint32_t host;
	enum def_how how;      /* beside the one that counts: vm->def_host's */
	const struct def *def; /* or NULL */
};

/* The VM's definition on each host of its cluster, at most max. Returns how
 * many hosts there are. */
size_t def_spread(struct def_place *v, size_t max, const struct model *m,
    const struct vm *vm);
/* The one on that host, MODEL_NONE: the one that counts; or NULL. */
const struct def *def_of_vm(const struct model *m, const struct vm *vm,
    uint32_t host);

const char *def_how_name(enum def_how h);

#endif
