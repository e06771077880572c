/* Random numbers that can be repeated. Nothing here knows a clock: a seed is
 * always a parameter, so every run of the simulator and of a property test can
 * be run again. */
#include "core/prng.h"

#include <stddef.h>

static uint64_t
mix(uint64_t z)
{
	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
	z = (z ^ z >> 27) * 0x94d049bb133111ebu;
	return z ^ z >> 31;
}

void
prng_init(struct prng *r, uint64_t seed)
{
	for (size_t i = 0; i < 4; i++)
		r->s[i] = mix(seed += 0x9e3779b97f4a7c15u);
}

static uint64_t
rotate(uint64_t x, int k)
{
	return x << k | x >> (64 - k);
}

uint64_t
prng_next(struct prng *r)
{
	uint64_t *s = r->s;
	uint64_t result = rotate(s[1] * 5, 7) * 9;
	uint64_t t = s[1] << 17;

	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = rotate(s[3], 45);
	return result;
}

/* The high half of a product is uniform but for a bias below n / 2^32. */
uint32_t
prng_below(struct prng *r, uint32_t n)
{
	return (uint32_t)(((prng_next(r) >> 32) * n) >> 32);
}

int64_t
prng_between(struct prng *r, int64_t lo, int64_t hi)
{
	uint64_t n = (uint64_t)hi - (uint64_t)lo + 1;

	return (int64_t)((uint64_t)lo + (n != 0 ? prng_next(r) % n :
	    prng_next(r)));
}

uint64_t
prng_hash(uint64_t a, uint64_t b)
{
	return mix(mix(a + 0x9e3779b97f4a7c15u) ^ (b + 0x632be59bd9b4e019u));
}
