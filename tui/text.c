/* Human figures in fixed widths. Integers throughout; rounding is to nearest,
 * and never up into a unit that is not there ("1000K" is "1.0M"). */
#include "tui/text.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* value * unit[0], in at most 4 columns. */
static void
scaled(char out[TEXT_MAX], int64_t value, const char *units)
{
	int64_t tenths, whole = value;

	if (value < 0) {
		snprintf(out, TEXT_MAX, "-");
		return;
	}
	if (value > INT64_MAX / 64)
		value = INT64_MAX / 64;
	tenths = value * 10;
	while (whole >= 1000 && units[1] != '\0') {
		/* A last digit that rounds to 1000 moves on as well. */
		tenths = (tenths + 512) / 1024;
		whole = (tenths + 5) / 10;
		units++;
	}
	if (*units == ' ')
		snprintf(out, TEXT_MAX, "%" PRId64, whole);
	else if (tenths < 100)
		snprintf(out, TEXT_MAX, "%" PRId64 ".%" PRId64 "%c",
		    tenths / 10, tenths % 10, *units);
	else if (whole < 1000)
		snprintf(out, TEXT_MAX, "%" PRId64 "%c", whole, *units);
	else
		snprintf(out, TEXT_MAX, ">1%c", *units);
}

void
text_kib(char out[TEXT_MAX], int64_t kib)
{
	if (kib >= 0 && kib < 1000)
		snprintf(out, TEXT_MAX, "%" PRId64 "K", kib);
	else
		scaled(out, kib, "KMGTPE");
}

void
text_rate(char out[TEXT_MAX], int64_t bytes)
{
	scaled(out, bytes, " KMGTPE");
}

void
text_percent(char out[TEXT_MAX], int64_t pm)
{
	if (pm < 0)
		snprintf(out, TEXT_MAX, "-");
	else if (pm < 1000)
		snprintf(out, TEXT_MAX, "%" PRId64 ".%" PRId64, pm / 10,
		    pm % 10);
	else if (pm < 999995)
		snprintf(out, TEXT_MAX, "%" PRId64, (pm + 5) / 10);
	else
		snprintf(out, TEXT_MAX, ">99K");
}

void
text_age(char out[TEXT_MAX], int64_t ms)
{
	int64_t s = ms < 0 ? 0 : ms / 1000;

	if (s < 60)
		snprintf(out, TEXT_MAX, "%" PRId64 "s", s);
	else if (s < 3600)
		snprintf(out, TEXT_MAX, "%" PRId64 "m", s / 60);
	else if (s < 86400)
		snprintf(out, TEXT_MAX, "%" PRId64 "h", s / 3600);
	else if (s < 86400 * 365)
		snprintf(out, TEXT_MAX, "%" PRId64 "d", s / 86400);
	else
		snprintf(out, TEXT_MAX, "%" PRId64 "y",
		    s / (86400 * 365) % 1000);
}

void
text_uptime(char out[TEXT_MAX], int64_t s)
{
	if (s < 0)
		snprintf(out, TEXT_MAX, "-");
	else if (s < 60)
		snprintf(out, TEXT_MAX, "%" PRId64 "s", s);
	else if (s < 3600)
		snprintf(out, TEXT_MAX, "%" PRId64 "m%02" PRId64 "s", s / 60,
		    s % 60);
	else if (s < 86400)
		snprintf(out, TEXT_MAX, "%" PRId64 "h%02" PRId64 "m", s / 3600,
		    s / 60 % 60);
	else if (s < 86400 * 100)
		snprintf(out, TEXT_MAX, "%" PRId64 "d%02" PRId64 "h", s / 86400,
		    s / 3600 % 24);
	else
		snprintf(out, TEXT_MAX, "%" PRId64 "d",
		    s / 86400 > 99999 ? 99999 : s / 86400);
}

void
text_of(char out[TEXT_MAX], int64_t used_kib, int64_t total_kib)
{
	char used[TEXT_MAX], total[TEXT_MAX];

	text_kib(used, used_kib);
	text_kib(total, total_kib);
	snprintf(out, TEXT_MAX, "%.10s/%.10s", used, total);
}

void
text_part(char out[TEXT_MAX], int64_t used_kib, int64_t total_kib)
{
	char used[TEXT_MAX], total[TEXT_MAX];

	text_kib(used, used_kib);
	text_kib(total, total_kib);
	snprintf(out, TEXT_MAX, "%.8s of %.8s", used, total);
}

void
text_mib(char out[TEXT_MAX], int64_t kib)
{
	if (kib < 0)
		snprintf(out, TEXT_MAX, "unknown");
	else
		snprintf(out, TEXT_MAX, "%" PRId64 " MiB", kib / 1024);
}

static bool
local(struct tm *tm, int64_t wall_ms)
{
	time_t t = (time_t)(wall_ms / 1000);

	return localtime_r(&t, tm) != NULL;
}

void
text_clock(char out[TEXT_MAX], int64_t wall_ms)
{
	struct tm tm;

	if (!local(&tm, wall_ms) ||
	    strftime(out, TEXT_MAX, "%H:%M:%S", &tm) == 0)
		snprintf(out, TEXT_MAX, "--:--:--");
}

void
text_date(char out[TEXT_MAX], int64_t wall_ms)
{
	struct tm tm;

	if (!local(&tm, wall_ms) ||
	    strftime(out, TEXT_MAX, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(out, TEXT_MAX, "unknown");
}

void
text_when(char out[TEXT_MAX], int64_t wall_ms, int64_t now_ms)
{
	struct tm tm, now;
	int64_t half_age = now_ms / 2 - wall_ms / 2;

	if (local(&tm, wall_ms) && local(&now, now_ms) &&
	    (half_age >= INT64_C(6) * 3600 * 1000 || tm.tm_yday != now.tm_yday ||
	    tm.tm_year != now.tm_year) &&
	    strftime(out, TEXT_MAX, "%m-%d %H:%M", &tm) != 0)
		return;
	text_clock(out, wall_ms);
}

uint32_t
text_spark(int64_t v, int64_t max)
{
	int64_t level;

	if (v <= 0 || max <= 0)
		return ' ';
	/* Whatever is not nothing shows. */
	level = v >= max ? 8 : (v * 8 + max - 1) / max;
	return 0x2580u + (uint32_t)level;
}
