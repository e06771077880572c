#ifndef BACKENDS_SIMLOAD_H
#define BACKENDS_SIMLOAD_H

#include <stdint.h>

/* How busy one simulated domain is, as a function of time: a day's rise and
 * fall, slow and quick wavering, bursts now and then. Loads are in millionths
 * of one CPU, times in virtual ms from 0 on, so that one times the other is
 * nanoseconds of CPU time. */
struct simload {
	uint64_t seed;
	int64_t mean; /* over a long time; at most cap */
	int64_t cap;  /* never more than this at any moment */
};

/* CPU time used from `from` to `to` (not before from), in ns. Never falls
 * with `to`, and the same however a time is divided. */
int64_t simload_ns(const struct simload *l, int64_t from, int64_t to);

#endif
