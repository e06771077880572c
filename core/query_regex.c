/* Regular expressions of people, for the C library. glibc copies a group once
 * for each repetition that + and {} ask for, so that a few dozen characters can
 * ask for more memory than there is ((((a+)+)+)+...); and back references make
 * matching exponential. What a pattern would cost is counted before it is
 * compiled, and refused when it is out of all proportion. */
#include <stdio.h>
#include <string.h>

#include "core/query_priv.h"

enum { REGEX_MAX = 128, COST_MAX = 600, GROUPS_MAX = 12 };

struct cost {
	const char *s;
	size_t n, i;
	long sum[GROUPS_MAX + 1], last[GROUPS_MAX + 1];
	int depth;
	const char *why; /* it is refused */
};

static void
atom(struct cost *c, long cost)
{
	c->last[c->depth] = cost;
	c->sum[c->depth] += cost;
	if (c->sum[c->depth] > COST_MAX)
		c->why = "it repeats too much";
}

static void
repeat(struct cost *c, long times)
{
	long *last = &c->last[c->depth];

	c->sum[c->depth] -= *last;
	atom(c, (*last > 0 ? *last : 1) * (times > COST_MAX ? COST_MAX + 1 :
	    times > 0 ? times : 1));
}

/* [...], with ] in first place, and [:class:], [.element.] or [=class=]
 * inside. */
static void
skip_set(struct cost *c)
{
	size_t i = c->i + 1;

	if (i < c->n && c->s[i] == '^')
		i++;
	if (i < c->n && c->s[i] == ']')
		i++;
	for (; i < c->n && c->s[i] != ']'; i++) {
		char kind = i + 1 < c->n ? c->s[i + 1] : '\0';

		if (c->s[i] != '[' || (kind != ':' && kind != '.' &&
		    kind != '='))
			continue;
		i += 2;
		while (i + 1 < c->n && (c->s[i] != kind ||
		    c->s[i + 1] != ']'))
			i++;
		i++;
	}
	c->i = i;
	atom(c, 1);
}

static long
scan_times(struct cost *c, size_t *i)
{
	long times = 0;

	for (; *i < c->n && c->s[*i] >= '0' && c->s[*i] <= '9'; ++*i)
		if (times <= COST_MAX)
			times = times * 10 + (c->s[*i] - '0');
	return times;
}

static void
braces(struct cost *c)
{
	size_t i = c->i + 1;
	long least = scan_times(c, &i), most = least;

	if (i < c->n && c->s[i] == ',') {
		i++;
		most = scan_times(c, &i);
	}
	repeat(c, (most > least ? most : least) + 1);
	if (i < c->n && c->s[i] == '}')
		c->i = i;
}

static void
group_end(struct cost *c)
{
	long cost = c->sum[c->depth] + 1;

	if (c->depth == 0)
		return;
	c->depth--;
	atom(c, cost);
}

static void
escape(struct cost *c)
{
	if (c->i + 1 < c->n && c->s[c->i + 1] >= '0' && c->s[c->i + 1] <= '9')
		c->why = "it refers back";
	c->i++;
	atom(c, 1);
}

static void
count(struct cost *c)
{
	switch (c->s[c->i]) {
	case '\\':
		escape(c);
		break;
	case '[':
		skip_set(c);
		break;
	case '(':
		if (c->depth == GROUPS_MAX) {
			c->why = "its groups are too deep";
			break;
		}
		c->depth++;
		c->sum[c->depth] = c->last[c->depth] = 0;
		break;
	case ')':
		group_end(c);
		break;
	case '+':
		repeat(c, 2);
		break;
	case '*':
	case '?':
		repeat(c, 1);
		c->sum[c->depth]++;
		break;
	case '{':
		braces(c);
		break;
	default:
		atom(c, 1);
		break;
	}
}

int
query_regex(regex_t *re, const char *s, size_t n, char *why, size_t size)
{
	char pattern[REGEX_MAX + 1];
	struct cost c = { .s = s, .n = n };
	int rc;

	if (n > REGEX_MAX)
		c.why = "it is too long";
	for (; c.why == NULL && c.i < n; c.i++)
		count(&c);
	if (c.why != NULL) {
		snprintf(why, size, "%s", c.why);
		return -1;
	}
	memcpy(pattern, s, n);
	pattern[n] = '\0';
	rc = regcomp(re, pattern, REG_EXTENDED | REG_ICASE);
	if (rc != 0) {
		regerror(rc, re, why, size);
		return -1;
	}
	return 0;
}
