/* The one growing buffer: what comes from hosts and goes to them passes here,
 * so the limit is enforced here. */
#include "core/buf.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

void
buf_init(struct buf *b, size_t max)
{
	*b = (struct buf){ .max = max };
}

void
buf_free(struct buf *b)
{
	x_free(b->p);
	buf_init(b, b->max);
}

static int
reserve(struct buf *b, size_t n)
{
	size_t cap = b->cap != 0 ? b->cap : 256;

	if (n > b->max || b->len > b->max - n)
		return -1;
	while (cap < b->len + n + 1)
		cap *= 2;
	if (cap != b->cap) {
		b->p = x_reallocarray(b->p, cap, 1);
		b->cap = cap;
	}
	return 0;
}

int
buf_add(struct buf *b, const void *data, size_t n)
{
	if (reserve(b, n) != 0)
		return -1;
	if (n != 0)
		memcpy(b->p + b->len, data, n);
	b->len += n;
	b->p[b->len] = '\0';
	return 0;
}

int
buf_puts(struct buf *b, const char *s)
{
	return buf_add(b, s, strlen(s));
}

int
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0 || reserve(b, (size_t)n) != 0)
		return -1;
	va_start(ap, fmt);
	vsnprintf(b->p + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
	return 0;
}

void
buf_drop(struct buf *b, size_t n)
{
	assert(n <= b->len);
	if (n == 0)
		return;
	memmove(b->p, b->p + n, b->len - n);
	b->len -= n;
	b->p[b->len] = '\0';
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	if (b->p != NULL)
		b->p[0] = '\0';
}
