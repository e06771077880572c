#ifndef TUI_MARKS_H
#define TUI_MARKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model.h"

/* The VMs that the operator marked, by id: a mark stays with its VM wherever
 * that goes and whatever is shown, and never passes to another. */
struct marks {
	uint32_t *slot; /* MODEL_NONE: free */
	size_t nslots;  /* a power of two, or 0 */
	size_t n;
};

void marks_free(struct marks *k); /* leaves none */
bool marks_has(const struct marks *k, uint32_t vm);
void marks_set(struct marks *k, uint32_t vm, bool marked);

/* Takes the marks of VMs that the model has no more; returns how many. */
size_t marks_prune(struct marks *k, const struct model *m);

#endif
