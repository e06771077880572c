/* UUIDs in the text form that xl prints. */
#include "core/uuid.h"

#include <string.h>

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
uuid_parse(struct uuid *u, const char *s)
{
	struct uuid r;

	for (size_t i = 0; i < sizeof r.b; i++) {
		int hi, lo;

		if ((i == 4 || i == 6 || i == 8 || i == 10) && *s++ != '-')
			return -1;
		if ((hi = hex(s[0])) < 0 || (lo = hex(s[1])) < 0)
			return -1;
		r.b[i] = (uint8_t)(hi << 4 | lo);
		s += 2;
	}
	if (*s != '\0')
		return -1;
	*u = r;
	return 0;
}

/* A filter asks for ten thousand of them at each letter: snprintf would take
 * most of the time. */
void
uuid_format(char out[UUID_STR], const struct uuid *u)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < sizeof u->b; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[u->b[i] >> 4];
		*out++ = digits[u->b[i] & 0xf];
	}
	*out = '\0';
}

int
uuid_cmp(const struct uuid *a, const struct uuid *b)
{
	return memcmp(a->b, b->b, sizeof a->b);
}

bool
uuid_is_nil(const struct uuid *u)
{
	static const struct uuid nil;

	return uuid_cmp(u, &nil) == 0;
}
