#ifndef BACKENDS_SHA256_H
#define BACKENDS_SHA256_H

#include <stddef.h>
#include <stdint.h>

/* FIPS 180-4. */
struct sha256 {
	uint32_t h[8];
	uint64_t n; /* bytes taken */
	uint8_t block[64];
};

void sha256_init(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *p, size_t n);
void sha256_end(struct sha256 *s, uint8_t out[32]);

#endif
