#ifndef CORE_PRNG_H
#define CORE_PRNG_H

#include <stdint.h>

/* Seeded pseudo-random numbers (xoshiro256**, seeded by splitmix64; Blackman
 * and Vigna): the same on every machine. Not for secrets. */
struct prng {
	uint64_t s[4];
};

void prng_init(struct prng *r, uint64_t seed);
uint64_t prng_next(struct prng *r);
/* 0 .. n - 1, each as likely; n > 0. */
uint32_t prng_below(struct prng *r, uint32_t n);
/* lo .. hi, both included. */
int64_t prng_between(struct prng *r, int64_t lo, int64_t hi);

/* A well-mixed function of its arguments: noise that needs no state. */
uint64_t prng_hash(uint64_t a, uint64_t b);

#endif
