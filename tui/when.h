#ifndef TUI_WHEN_H
#define TUI_WHEN_H

#include <stddef.h>
#include <stdint.h>

/* Moments and speeds as people write them. */

/* What a moment is looked for in, wall clock in ms. */
struct when_span {
	int64_t first, last;
	int64_t at; /* what is shown now */
};

/* "14:05", "14:05:30", "2026-11-20 14:05", "11-20 14:05", "-10min", "+30s",
 * "50%", "start", "end": 0 and the moment, within the span. A time of day is
 * that of the day that is shown, or of another day in the span. -1 and *why, a
 * sentence of at most size bytes. */
int when_parse(const struct when_span *span, const char *text, int64_t *wall_ms,
    char *why, size_t size);

/* "50%", "end": in millionths; -1 when it is neither. */
int when_parse_share(const char *text);

/* "2x", "0.5", "1/4x": per cent; -1 when it is none. */
int when_parse_speed(const char *text);
/* "4x", "1/4x" */
void when_put_speed(char *out, size_t size, int percent);

/* "1:02:03", "2:03" */
void when_put_length(char *out, size_t size, int64_t ms);

#endif
