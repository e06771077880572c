/* Times of day are local time, as everywhere on the screen; days are counted by
 * mktime, so that a change to summer time is no trap. */
#include "tui/when.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/units.h"
#include "tui/text.h"

enum { DAYS_MAX = 400 };

/* --- A date and a time of day ----------------------------------------------- */

struct parts {
	int year, month, day;     /* 0: not said */
	int hour, minute, second;
	bool to_minute;           /* no seconds were said */
};

/* A number of at most `most` digits. */
static bool
number(const char **s, int most, int *n)
{
	const char *p = *s;

	*n = 0;
	while (p - *s < most && *p >= '0' && *p <= '9')
		*n = *n * 10 + (*p++ - '0');
	if (p == *s)
		return false;
	*s = p;
	return true;
}

static bool
skip(const char **s, char c)
{
	if (**s != c)
		return false;
	++*s;
	return true;
}

static bool
parse_date(const char **s, struct parts *p)
{
	const char *t = *s;

	if (!number(&t, 4, &p->year) || !skip(&t, '-') ||
	    !number(&t, 2, &p->month))
		return false;
	if (skip(&t, '-')) {
		if (!number(&t, 2, &p->day))
			return false;
	} else {
		p->day = p->month;
		p->month = p->year;
		p->year = 0;
	}
	if (!skip(&t, ' ') && !skip(&t, 'T'))
		return false;
	while (skip(&t, ' '))
		;
	*s = t;
	return p->month >= 1 && p->month <= 12 && p->day >= 1 && p->day <= 31;
}

static bool
parse_parts(const char *s, struct parts *p)
{
	*p = (struct parts){ 0 };
	if (strchr(s, '-') != NULL && !parse_date(&s, p))
		return false;
	if (!number(&s, 2, &p->hour) || !skip(&s, ':') ||
	    !number(&s, 2, &p->minute))
		return false;
	p->to_minute = !skip(&s, ':');
	if (!p->to_minute && !number(&s, 2, &p->second))
		return false;
	return *s == '\0' && p->hour < 24 && p->minute < 60 && p->second < 60;
}

/* That time of day, so many days after the day of `base`. */
static int64_t
on_day(const struct parts *p, int64_t base, int days)
{
	time_t t = (time_t)(base / 1000);
	struct tm tm;

	if (localtime_r(&t, &tm) == NULL)
		return -1;
	if (p->year > 0)
		tm.tm_year = p->year - 1900;
	if (p->month > 0) {
		tm.tm_mon = p->month - 1;
		tm.tm_mday = p->day;
	}
	tm.tm_mday += days;
	tm.tm_hour = p->hour;
	tm.tm_min = p->minute;
	tm.tm_sec = p->second;
	tm.tm_isdst = -1;
	return (int64_t)mktime(&tm) * 1000;
}

static bool
is_in(const struct when_span *span, int64_t ms)
{
	/* What is shown as the first second has begun before. */
	return ms >= span->first - span->first % 1000 && ms <= span->last;
}

static bool
find_day(const struct when_span *span, const struct parts *p, int64_t *ms)
{
	*ms = on_day(p, span->at, 0);
	if (is_in(span, *ms) || p->month > 0)
		return is_in(span, *ms);
	for (int day = 0; day < DAYS_MAX; day++) {
		*ms = on_day(p, span->first, day);
		if (*ms > span->last)
			return false;
		if (is_in(span, *ms))
			return true;
	}
	return false;
}

/* --- All forms --------------------------------------------------------------- */

static int
explain(const struct when_span *span, const char *text, char *why, size_t size)
{
	char first[TEXT_MAX], last[TEXT_MAX];

	text_date(first, span->first);
	text_date(last, span->last);
	snprintf(why, size, "%.30s is not in what was recorded: %s to %s.",
	    text, first, last);
	return -1;
}

static int
relative(const struct when_span *span, const char *text, int64_t *ms)
{
	int64_t by;

	if (units_parse_ms(&by, text + 1) != 0)
		return -1;
	*ms = text[0] == '-' ? span->at - by : span->at + by;
	return 0;
}

int
when_parse_share(const char *text)
{
	char *end;
	double percent = strtod(text, &end);

	if (strcmp(text, "end") == 0)
		return 1000000;
	if (end == text || strcmp(end, "%") != 0 ||
	    !(percent >= 0 && percent <= 100))
		return -1;
	return (int)(percent * 10000 + 0.5);
}

static int
share(const struct when_span *span, const char *text, int64_t *ms)
{
	int ppm = when_parse_share(text);

	if (ppm < 0)
		return -1;
	*ms = span->first + (int64_t)((double)(span->last - span->first) *
	    ppm / 1e6);
	return 0;
}

static void
keep_within(const struct when_span *span, int64_t *ms)
{
	if (*ms > span->last)
		*ms = span->last;
	if (*ms < span->first)
		*ms = span->first;
}

int
when_parse(const struct when_span *span, const char *text, int64_t *wall_ms,
    char *why, size_t size)
{
	struct parts parts;

	if (strcmp(text, "start") == 0) {
		*wall_ms = span->first;
		return 0;
	}
	if (((text[0] == '-' || text[0] == '+') &&
	    relative(span, text, wall_ms) == 0) ||
	    share(span, text, wall_ms) == 0) {
		keep_within(span, wall_ms);
		return 0;
	}
	if (!parse_parts(text, &parts)) {
		snprintf(why, size, "\"%.30s\" is no time: 14:05, 14:05:30, "
		    "2026-11-20 14:05, -10min, +30s, 50%%, start or end.",
		    text);
		return -1;
	}
	if (!find_day(span, &parts, wall_ms))
		return explain(span, text, why, size);
	keep_within(span, wall_ms);
	return 0;
}

int
when_parse_speed(const char *text)
{
	char *end;
	double times = strtod(text, &end);

	if (end != text && *end == '/') {
		const char *under = end + 1;

		times /= strtod(under, &end);
		if (end == under)
			return -1;
	}
	if (end == text || (strcmp(end, "") != 0 && strcmp(end, "x") != 0))
		return -1;
	return times >= 0.01 && times <= 10000 ? (int)(times * 100 + 0.5) : -1;
}

void
when_put_speed(char *out, size_t size, int percent)
{
	if (percent > 0 && percent < 100 && 100 % percent == 0)
		snprintf(out, size, "1/%dx", 100 / percent);
	else if (percent % 100 == 0)
		snprintf(out, size, "%dx", percent / 100);
	else
		snprintf(out, size, "%.2fx", percent / 100.0);
}

void
when_put_length(char *out, size_t size, int64_t ms)
{
	int64_t s = ms > 0 ? ms / 1000 : 0;

	if (s < 3600)
		snprintf(out, size, "%" PRId64 ":%02" PRId64, s / 60, s % 60);
	else
		snprintf(out, size, "%" PRId64 ":%02" PRId64 ":%02" PRId64,
		    s / 3600, s / 60 % 60, s % 60);
}
