/* See bytes.h. Least significant byte first; a text is its length plus one,
 * 0 for NULL, and its bytes. */
#include "core/bytes.h"

#include <string.h>

#include "core/mem.h"

int
bytes_put_u32(struct buf *b, uint32_t v)
{
	unsigned char p[4];

	for (size_t i = 0; i < sizeof p; i++)
		p[i] = (unsigned char)(v >> 8 * i);
	return buf_add(b, p, sizeof p);
}

int
bytes_put_i64(struct buf *b, int64_t v)
{
	uint64_t u = (uint64_t)v;

	return bytes_put_u32(b, (uint32_t)u) != 0 ||
	    bytes_put_u32(b, (uint32_t)(u >> 32)) != 0 ? -1 : 0;
}

int
bytes_put_text(struct buf *b, const char *s)
{
	size_t n = s != NULL ? strlen(s) : 0;

	if (s == NULL)
		return bytes_put_u32(b, 0);
	if (n >= UINT32_MAX)
		return -1;
	return bytes_put_u32(b, (uint32_t)n + 1) != 0 ||
	    buf_add(b, s, n) != 0 ? -1 : 0;
}

int
bytes_put_uuid(struct buf *b, const struct uuid *u)
{
	return buf_add(b, u->b, sizeof u->b);
}

/* n bytes, or NULL: then all is bad. */
static const unsigned char *
take(struct bytes_in *in, size_t n)
{
	const unsigned char *p = in->p;

	if (in->bad || in->n < n) {
		in->bad = true;
		return NULL;
	}
	in->p += n;
	in->n -= n;
	return p;
}

uint32_t
bytes_u32(struct bytes_in *in)
{
	const unsigned char *p = take(in, 4);

	if (p == NULL)
		return 0;
	return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
	    (uint32_t)p[3] << 24;
}

int64_t
bytes_i64(struct bytes_in *in)
{
	uint64_t low = bytes_u32(in), high = bytes_u32(in);

	return (int64_t)(low | high << 32);
}

char *
bytes_text(struct bytes_in *in)
{
	uint32_t n = bytes_u32(in);
	const unsigned char *p;

	if (n == 0)
		return NULL;
	p = take(in, n - 1);
	if (p == NULL)
		return NULL;
	if (memchr(p, '\0', n - 1) != NULL) {
		in->bad = true;
		return NULL;
	}
	return x_strndup((const char *)p, n - 1);
}

struct uuid
bytes_uuid(struct bytes_in *in)
{
	struct uuid u = { { 0 } };
	const unsigned char *p = take(in, sizeof u.b);

	if (p != NULL)
		memcpy(u.b, p, sizeof u.b);
	return u;
}

size_t
bytes_count(struct bytes_in *in, size_t each, size_t max)
{
	uint32_t n = bytes_u32(in);

	if (n > max || n > in->n / each) {
		in->bad = true;
		return 0;
	}
	return n;
}
