#ifndef BACKENDS_SIMTIMER_H
#define BACKENDS_SIMTIMER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is going to happen, by virtual time; at the same time in the order in
 * which it was set. A timer is never taken back: its owner counts generations
 * and passes over those that are out of date. */
struct simtimer {
	int64_t t;     /* virtual ms */
	uint64_t order;
	int kind;
	uint32_t what; /* host, VM or fault */
	uint32_t gen;
};

struct simtimers {
	struct simtimer *v; /* a heap */
	size_t n, cap;
	uint64_t order;
};

void simtimer_set(struct simtimers *q, int64_t t, int kind, uint32_t what,
    uint32_t gen);
/* INT64_MAX when there is none. */
int64_t simtimer_next(const struct simtimers *q);
/* Takes the first when it is due at t. */
bool simtimer_take(struct simtimers *q, int64_t t, struct simtimer *out);
void simtimer_free(struct simtimers *q);

#endif
