#ifndef CORE_UTF8_H
#define CORE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Decodes one character at s (n bytes are there). Returns its length, or 0 at
 * n == 0. Anything that is not well-formed (RFC 3629) is one byte long and
 * gives U+FFFD. */
size_t utf8_decode(uint32_t *cp, const char *s, size_t n);

/* Encodes cp; returns the length, 1 to 4. */
size_t utf8_encode(char out[4], uint32_t cp);

/* Terminal columns of cp: 0 (combining), 1 or 2. */
int utf8_width(uint32_t cp);

/* Columns of a whole string. */
int utf8_columns(const char *s);

/* Copies foreign bytes into dst as text that may be shown, logged or used in a
 * sentence: well-formed UTF-8 without control characters, line separators or
 * bidirectional overrides (each becomes U+FFFD), cut at a character boundary
 * to fit size bytes with the NUL. Returns the length. */
size_t utf8_clean(char *dst, size_t size, const char *src, size_t n);

#endif
