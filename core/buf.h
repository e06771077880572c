#ifndef CORE_BUF_H
#define CORE_BUF_H

#include <stddef.h>

/* A growing byte buffer with a hard limit. p is NUL-terminated past len, so
 * that text in it can be read as a string. */
struct buf {
	char *p;
	size_t len, cap;
	size_t max; /* bytes; an addition that would pass it is refused whole */
};

void buf_init(struct buf *b, size_t max);
void buf_free(struct buf *b); /* leaves an empty buffer with the same max */

/* 0, or -1 when the limit would be passed; then nothing was added. */
int buf_add(struct buf *b, const void *data, size_t n);
int buf_puts(struct buf *b, const char *s);
int buf_printf(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

void buf_drop(struct buf *b, size_t n); /* the first n bytes */
void buf_clear(struct buf *b);          /* keeps the memory */

#endif
