#ifndef TESTS_LIB_OBSGEN_H
#define TESTS_LIB_OBSGEN_H

#include <stdint.h>

#include "core/obs.h"
#include "core/prng.h"

/* Random observations that follow one from the other like a host's: domains
 * come, change a little and go, names hold odd (but clean) text, any figure may
 * be unknown or at its limit. The same seed gives the same ones. */

struct obsgen {
	struct prng random;
	uint32_t next_domid;
};

void obsgen_init(struct obsgen *g, uint64_t seed);
uint64_t obsgen_random(struct obsgen *g, uint64_t below);

/* Moves *o, an initialised obs, one step on. */
void obsgen_step(struct obsgen *g, struct obs *o);

#endif
