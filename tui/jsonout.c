/* The little JSON that verbs print without a library. */
#include "tui/jsonout.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/utf8.h"

void
jsonout_string(const char *s)
{
	size_t n = strlen(s), step;
	uint32_t cp;

	putchar('"');
	for (; (step = utf8_decode(&cp, s, n)) != 0; s += step, n -= step) {
		if (cp == '"' || cp == '\\')
			printf("\\%c", (int)cp);
		else if (cp >= 0x20 && cp < 0x7f)
			putchar((int)cp);
		else if (cp < 0x10000)
			printf("\\u%04" PRIx32, cp);
		else
			printf("\\u%04" PRIx32 "\\u%04" PRIx32,
			    0xd800 + ((cp - 0x10000) >> 10),
			    0xdc00 + ((cp - 0x10000) & 0x3ff));
	}
	putchar('"');
}

void
jsonout_member(const char *name, const char *value)
{
	if (value == NULL)
		return;
	printf(", \"%s\": ", name);
	jsonout_string(value);
}

void
jsonout_number(const char *name, int64_t value)
{
	printf(", \"%s\": %" PRId64, name, value);
}

void
jsonout_time(const char *name, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	char when[32];
	struct tm tm;

	if (ms != 0 && gmtime_r(&t, &tm) != NULL &&
	    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm) != 0)
		jsonout_member(name, when);
}
