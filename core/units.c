/* Durations and amounts of memory with their units. A bare number is refused,
 * so that nobody has to remember whether a setting counts seconds or
 * milliseconds; GB is refused, since nobody agrees what it means. */
#include "core/units.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
};

/* The largest first; among equals, the one that is written first. */
static const struct unit durations[] = {
	{ "d", 24 * 60 * 60 * 1000 },
	{ "h", 60 * 60 * 1000 },
	{ "min", 60 * 1000 },
	{ "s", 1000 },
	{ "ms", 1 },
	{ NULL, 0 },
};

static const struct unit memory[] = {
	{ "TiB", INT64_C(1) << 30 },
	{ "T", INT64_C(1) << 30 },
	{ "GiB", 1 << 20 },
	{ "G", 1 << 20 },
	{ "MiB", 1 << 10 },
	{ "M", 1 << 10 },
	{ "KiB", 1 },
	{ "K", 1 },
	{ NULL, 0 },
};

static int
parse(int64_t *value, const char *s, const struct unit *u)
{
	int64_t n = 0;

	if (*s < '0' || *s > '9')
		return -1;
	for (; *s >= '0' && *s <= '9'; s++) {
		if (n > (INT64_MAX - 9) / 10)
			return -1;
		n = n * 10 + (*s - '0');
	}
	if (*s == ' ')
		s++;
	while (u->name != NULL && strcmp(u->name, s) != 0)
		u++;
	if (u->name == NULL || n > INT64_MAX / u->factor)
		return -1;
	*value = n * u->factor;
	return 0;
}

static int
put(struct buf *out, int64_t value, const struct unit *u)
{
	while (u->factor > 1 && (value == 0 || value % u->factor != 0))
		u++;
	return buf_printf(out, "%" PRId64 " %s", value / u->factor, u->name);
}

int
units_parse_ms(int64_t *ms, const char *s)
{
	return parse(ms, s, durations);
}

int
units_parse_kb(int64_t *kb, const char *s)
{
	return parse(kb, s, memory);
}

int
units_put_ms(struct buf *out, int64_t ms)
{
	return put(out, ms, durations);
}

int
units_put_kb(struct buf *out, int64_t kb)
{
	return put(out, kb, memory);
}
