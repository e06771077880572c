/* Foreign bytes become text here, and only here: guests choose their names and
 * write to xenstore what they like. */
#include "core/utf8.h"

#include <string.h>
#include <wchar.h>

static const uint32_t BAD = 0xfffd;

size_t
utf8_decode(uint32_t *cp, const char *s, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *u = (const unsigned char *)s;
	uint32_t c;
	size_t len;

	if (n == 0)
		return 0;
	if (u[0] < 0x80) {
		*cp = u[0];
		return 1;
	}
	len = u[0] >= 0xf0 && u[0] <= 0xf4 ? 4 : u[0] >= 0xe0 ? 3 : 2;
	*cp = BAD;
	if (u[0] < 0xc2 || u[0] > 0xf4 || len > n)
		return 1;
	c = u[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((u[i] & 0xc0) != 0x80)
			return 1;
		c = c << 6 | (u[i] & 0x3fu);
	}
	if (c < least[len] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 1;
	*cp = c;
	return len;
}

size_t
utf8_encode(char out[4], uint32_t cp)
{
	if (cp < 0x80) {
		out[0] = (char)cp;
		return 1;
	}
	if (cp < 0x800) {
		out[0] = (char)(0xc0 | cp >> 6);
		out[1] = (char)(0x80 | (cp & 0x3f));
		return 2;
	}
	if (cp < 0x10000) {
		out[0] = (char)(0xe0 | cp >> 12);
		out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
		out[2] = (char)(0x80 | (cp & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | cp >> 18);
	out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
	out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
	out[3] = (char)(0x80 | (cp & 0x3f));
	return 4;
}

int
utf8_width(uint32_t cp)
{
	int w;

	if (cp < 0x7f)
		return 1;
	w = wcwidth((wchar_t)cp);
	return w < 0 ? 1 : w;
}

int
utf8_columns(const char *s)
{
	size_t n = strlen(s), step;
	uint32_t cp;
	int w = 0;

	for (; (step = utf8_decode(&cp, s, n)) != 0; s += step, n -= step)
		w += utf8_width(cp);
	return w;
}

static int
is_unfit(uint32_t cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) ||
	    cp == 0x200e || cp == 0x200f || cp == 0x061c || /* direction */
	    (cp >= 0x2028 && cp <= 0x202e) || /* separators, overrides */
	    (cp >= 0x2066 && cp <= 0x2069) || /* isolates */
	    cp == 0xfeff || (cp >= 0xfff9 && cp <= 0xfffb) ||
	    (cp >= 0xe0000 && cp <= 0xe0fff); /* tags */
}

size_t
utf8_clean(char *dst, size_t size, const char *src, size_t n)
{
	size_t len = 0, step;
	uint32_t cp;

	if (size == 0)
		return 0;
	while ((step = utf8_decode(&cp, src, n)) != 0) {
		char enc[4];
		size_t k = utf8_encode(enc, is_unfit(cp) ? BAD : cp);

		if (len + k >= size)
			break;
		memcpy(dst + len, enc, k);
		len += k;
		src += step;
		n -= step;
	}
	dst[len] = '\0';
	return len;
}
