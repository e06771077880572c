#ifndef CORE_HISTORY_H
#define CORE_HISTORY_H

#include <stddef.h>
#include <stdint.h>

/* The last values of one figure, oldest forgotten first. Values that are
 * unknown are HISTORY_GAP; large ones are rounded, to three digits and a half,
 * since there are four of these for each of ten thousand VMs. */
enum { HISTORY_LEN = 120 };

#define HISTORY_GAP UINT32_MAX

struct history {
	uint16_t v[HISTORY_LEN]; /* packed: history_get */
	uint16_t n;    /* how many there are */
	uint16_t next; /* where the next one goes */
};

void history_push(struct history *h, int64_t value); /* < 0: a gap */

/* back 0 is the newest; HISTORY_GAP when there is none. */
uint32_t history_get(const struct history *h, size_t back);

#endif
