/* The CRC of cksum(1), bit by bit: what it is used for is small. */
#include "core/cksum.h"

#include <inttypes.h>
#include <stdio.h>

static uint32_t
add_byte(uint32_t crc, unsigned c)
{
	crc ^= (uint32_t)c << 24;
	for (int i = 0; i < 8; i++)
		crc = crc & 0x80000000u ? crc << 1 ^ 0x04c11db7u : crc << 1;
	return crc;
}

uint32_t
cksum(const void *p, size_t n)
{
	const unsigned char *s = p;
	uint32_t crc = 0;

	for (size_t i = 0; i < n; i++)
		crc = add_byte(crc, s[i]);
	for (size_t left = n; left != 0; left >>= 8)
		crc = add_byte(crc, left & 0xff);
	return ~crc;
}

void
cksum_text(char out[CKSUM_TEXT], const void *p, size_t n)
{
	snprintf(out, CKSUM_TEXT, "%" PRIu32 " %zu", cksum(p, n), n);
}
