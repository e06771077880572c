#ifndef BACKENDS_SCAN_H
#define BACKENDS_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

/* Pieces for readers of other programs' text: pure, safe on any bytes. */

enum { SCAN_ADDRESS = 46 }; /* the longest IPv6 one and the NUL */

/* Takes the next line off *p, *n; without its newline. False at the end. */
bool scan_line(const char **p, size_t *n, const char **line, size_t *len);

/* An upper bound of how many lines scan_line will give. */
size_t scan_count_lines(const char *p, size_t n);

/* A whole decimal number of at most 18 digits, with nothing around it. */
bool scan_number(const char *s, size_t n, int64_t *out);

/* "12.5", with up to nine decimals, times 10^9. */
bool scan_decimal(const char *s, size_t n, int64_t *nanos);

/* The word at the end of s; *n shrinks to what stands before it. Returns its
 * length, 0 when there is none. */
size_t scan_last_word(const char *s, size_t *n, const char **word);
bool scan_last_number(const char *s, size_t *n, int64_t max, int64_t *out);

/* Takes spaces and tabs off both ends. */
void scan_trim(const char **s, size_t *n);

/* utf8_clean into the arena, cut at max bytes (at most OBS_TEXT_MAX); NULL when
 * nothing is left. */
const char *scan_clean(struct arena *a, const char *s, size_t n, size_t max);

/* The IP address that s begins with, up to a prefix length or the next of a
 * list. False: it begins with none. */
bool scan_address(char out[SCAN_ADDRESS], const char *s, size_t n);

/* Several lines of complaint as one piece of a sentence: joined by "; ",
 * cleaned, cut at size. An empty string when they say nothing. */
void scan_sentence(char *to, size_t size, const char *s, size_t n);

#endif
