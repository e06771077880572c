/* Dark or light: some terminals say it in the environment, most say it when
 * they are asked (xterm's control sequences, "OSC 1 1"). */
#include "tui/ground.h"

#include <stdlib.h>
#include <string.h>

enum background
ground_of_environment(void)
{
	const char *s = getenv("COLORFGBG"), *last;

	last = s != NULL ? strrchr(s, ';') : NULL;
	if (last == NULL || last[1] < '0' || last[1] > '9')
		return BACKGROUND_UNKNOWN;
	switch (atoi(last + 1)) {
	case 7: case 9: case 10: case 11: case 12: case 13: case 14: case 15:
		return BACKGROUND_LIGHT;
	default:
		return BACKGROUND_DARK;
	}
}

/* The first two digits of a colour's part, of one to four. */
static int
part_of(const char **p, const char *end)
{
	int v = 0, n = 0;

	for (; *p < end; ++*p, n++) {
		const char *digits = "0123456789abcdef";
		const char *d = strchr(digits, **p | 0x20);

		if (d == NULL || **p == '/')
			break;
		if (n < 2)
			v = v * 16 + (int)(d - digits);
	}
	if (*p < end && **p == '/')
		++*p;
	return n == 0 ? -1 : n == 1 ? v * 17 : v;
}

/* By how light it is to the eye (ITU-R BT.601). */
enum background
ground_of_answer(const char *p, size_t n)
{
	static const char head[] = "\033]11;rgb:";
	const char *end = p + n;
	int r, g, b;

	if (n < sizeof head || memcmp(p, head, sizeof head - 1) != 0)
		return BACKGROUND_UNKNOWN;
	p += sizeof head - 1;
	r = part_of(&p, end);
	g = part_of(&p, end);
	b = part_of(&p, end);
	if (r < 0 || g < 0 || b < 0)
		return BACKGROUND_UNKNOWN;
	return 299 * r + 587 * g + 114 * b >= 128 * 1000 ? BACKGROUND_LIGHT :
	    BACKGROUND_DARK;
}
