#ifndef CORE_SAFETY_PRIV_H
#define CORE_SAFETY_PRIV_H

/* What the rules' own files share; nobody else includes this. */

#include "core/safety.h"

/* Of which VM, and what counts as current. */
struct question {
	const struct model *m;
	uint32_t cluster;
	const struct uuid *uuid;
	const char *name;
	struct mono since;
};

struct sighting {
	const struct vm *vm;
	const struct vm_copy *copy; /* NULL: none */
};

/* A domain of it that a live host shows; not that one, if it is given. */
struct sighting safety_find(const struct question *q,
    const struct vm_copy *but);
/* Says so; returns -1. */
int safety_refuse_seen(const struct question *q, struct sighting s,
    struct err *err);
/* 0 when every host can tell that it has none (but that one); or -1, and which
 * cannot. */
int safety_refuse_gaps(const struct question *q, const struct vm_copy *but,
    struct err *err);

/* 0, or -1 when it may come back by itself on another host than this one. */
int safety_refuse_return(const struct question *q, uint32_t host,
    struct err *err);

/* ", which is paused", or "". */
const char *safety_copy_state(const struct vm_copy *c);

#endif
