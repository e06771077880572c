/* The time axis of histories: one for all those of a host, since they are
 * pushed together and a time for each value would double their size. */
#include "core/moments.h"

#define TENTH_NS INT64_C(100000000)

void
moments_push(struct moments *m, struct mono at)
{
	m->tenths[m->next] = (uint32_t)(at.ns / TENTH_NS);
	m->next = (uint16_t)((m->next + 1) % HISTORY_LEN);
	if (m->n < HISTORY_LEN)
		m->n++;
}

bool
moments_get(const struct moments *m, size_t back, struct mono *at)
{
	size_t i = (m->next + (size_t)HISTORY_LEN - 1 - back) % HISTORY_LEN;

	if (back >= m->n)
		return false;
	at->ns = m->tenths[i] * TENTH_NS;
	return true;
}
