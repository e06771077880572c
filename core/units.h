#ifndef CORE_UNITS_H
#define CORE_UNITS_H

#include <stdint.h>

#include "core/buf.h"

/* Quantities as the operator writes them in the configuration: a whole number
 * and its unit, a blank between them allowed. Durations: ms, s, min, h, d.
 * Memory, always in powers of 1024: KiB, MiB, GiB, TiB, or K, M, G, T. */

int units_parse_ms(int64_t *ms, const char *s); /* 0 or -1; all of s */
int units_parse_kb(int64_t *kb, const char *s);

/* In the largest unit that keeps the value exact. */
int units_put_ms(struct buf *out, int64_t ms);
int units_put_kb(struct buf *out, int64_t kb);

#endif
