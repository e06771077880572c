/* A short ring per figure: what sparklines and graphs draw. A value is kept in
 * 16 bits as eleven digits and five bits of exponent, so that what is below
 * 2048 is exact and the rest wrong by less than a thousandth. */
#include "core/history.h"

enum {
	DIGITS = 11,
	DIGITS_MASK = (1 << DIGITS) - 1,
	PACKED_GAP = UINT16_MAX,
};

static uint16_t
pack(uint64_t v)
{
	unsigned exponent = 0;

	while (v >> exponent > DIGITS_MASK)
		exponent++;
	if (exponent > 0)
		v += UINT64_C(1) << (exponent - 1); /* to the nearest */
	if (v >> exponent > DIGITS_MASK)
		exponent++;
	return (uint16_t)(exponent << DIGITS | v >> exponent);
}

void
history_push(struct history *h, int64_t value)
{
	/* Any value that rounds to a gap's 32 bits would be one. */
	const int64_t max = (int64_t)DIGITS_MASK << (32 - DIGITS);

	h->v[h->next] = value < 0 ? (uint16_t)PACKED_GAP :
	    pack((uint64_t)(value < max ? value : max));
	h->next = (uint16_t)((h->next + 1) % HISTORY_LEN);
	if (h->n < HISTORY_LEN)
		h->n++;
}

uint32_t
history_get(const struct history *h, size_t back)
{
	uint16_t packed;

	if (back >= h->n)
		return HISTORY_GAP;
	packed = h->v[(h->next + (size_t)HISTORY_LEN - 1 - back) % HISTORY_LEN];
	if (packed == PACKED_GAP)
		return HISTORY_GAP;
	return (uint32_t)(packed & DIGITS_MASK) << (packed >> DIGITS);
}
