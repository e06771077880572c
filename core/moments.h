#ifndef CORE_MOMENTS_H
#define CORE_MOMENTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/history.h"
#include "core/mono.h"

/* When the values of histories were taken that are pushed together: to a tenth
 * of a second, for as many. */
struct moments {
	uint32_t tenths[HISTORY_LEN];
	uint16_t n, next;
};

void moments_push(struct moments *m, struct mono at);

/* back 0 is the newest; false when there is none. */
bool moments_get(const struct moments *m, size_t back, struct mono *at);

#endif
