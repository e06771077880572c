/* A short ring per figure: what sparklines and graphs draw. */
#include "core/history.h"

void
history_push(struct history *h, int64_t value)
{
	h->v[h->next] = value < 0 ? HISTORY_GAP :
	    value >= (int64_t)HISTORY_GAP ? HISTORY_GAP - 1 : (uint32_t)value;
	h->next = (uint16_t)((h->next + 1) % HISTORY_LEN);
	if (h->n < HISTORY_LEN)
		h->n++;
}

uint32_t
history_get(const struct history *h, size_t back)
{
	if (back >= h->n)
		return HISTORY_GAP;
	return h->v[(h->next + (size_t)HISTORY_LEN - 1 - back) % HISTORY_LEN];
}
