#ifndef CORE_OBSPACK_H
#define CORE_OBSPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/obs.h"

/* An observation in a small part of the memory of a struct obs, for those who
 * keep one per host only to compare with or to put back. All that an operator
 * would call news is in `steady`: two with the same bytes there differ in
 * figures and in the states of an instant (running, blocked) alone. */

struct packed {
	unsigned char *p;
	size_t n, cap;
};

struct obspack {
	struct packed steady, figures;
};

/* Begin with all zeros. */
void packed_free(struct packed *k);
void obspack_free(struct obspack *k);

/* Drops what is in k and keeps the memory. All but seq is packed. */
void obspack_put(struct obspack *k, const struct obs *o);

/* A copy that has little room to spare. */
void packed_keep(struct packed *to, const struct packed *from);
void obspack_keep(struct obspack *to, const struct obspack *from);

bool packed_equal(const struct packed *a, const struct packed *b);

/* Makes *to, an initialised obs whose content is dropped, from steady bytes and
 * the figures of an observation with the same steady bytes. Its strings are in
 * `steady`. */
void obspack_get(struct obs *to, const struct packed *steady,
    const struct packed *figures);

#endif
