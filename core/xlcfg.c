/* Reading xl's configuration files. The bytes are foreign: whatever they are,
 * reading ends, in time linear in their number, and what comes out is clean
 * text within limits. A line that makes no sense is left out, and what comes
 * after it still counts. */
#include "core/xlcfg.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/buf.h"
#include "core/obs.h"
#include "core/utf8.h"

enum { DEPTH_MAX = 8 };

struct reader {
	struct arena *a;
	struct xlcfg *c;
	const char *p, *end;
	unsigned line;
	struct buf word;        /* of the value being read, raw */
	size_t cap;             /* of c->v */
	const char *list[XLCFG_VALUES_MAX];
	size_t nlist;
};

static void
complain(struct reader *r, const char *what)
{
	char text[160];

	if (r->c->error != NULL)
		return;
	snprintf(text, sizeof text, "line %u: %s", r->line, what);
	r->c->error = arena_strdup(r->a, text);
}

static char
peek(const struct reader *r)
{
	return r->p < r->end ? *r->p : '\0';
}

static bool
at_end(const struct reader *r)
{
	return r->p >= r->end;
}

static void
skip_line(struct reader *r)
{
	while (!at_end(r) && *r->p != '\n')
		r->p++;
}

/* Blanks, comments, continued lines; line ends too where they mean nothing. */
static void
skip_blanks(struct reader *r, bool lines)
{
	for (; !at_end(r); r->p++) {
		if (*r->p == '#') {
			skip_line(r);
			if (at_end(r))
				return;
		}
		if (*r->p == '\\' && r->end - r->p > 1 && r->p[1] == '\n')
			r->p++;
		else if (*r->p == '\n' && !lines)
			return;
		if (*r->p == '\n')
			r->line++;
		else if (*r->p != ' ' && *r->p != '\t' && *r->p != '\r' &&
		    *r->p != '\f')
			return;
	}
}

/* --- Values --------------------------------------------------------------- */

static bool
is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.';
}

static const char *
clean_word(struct reader *r)
{
	char text[OBS_TEXT_MAX + 1];

	utf8_clean(text, sizeof text, r->word.len != 0 ? r->word.p : "",
	    r->word.len);
	return arena_strdup(r->a, text);
}

static void
add_escape(struct reader *r)
{
	static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
	const char *at = strchr(from, *r->p);

	buf_add(&r->word, *r->p != '\0' && at != NULL ? to + (at - from) : r->p,
	    1);
}

/* A string between quotes, one of them or three. */
static int
read_quoted(struct reader *r)
{
	char q = *r->p;
	bool is_long = r->end - r->p >= 3 && r->p[1] == q && r->p[2] == q;

	r->p += is_long ? 3 : 1;
	for (; !at_end(r); r->p++) {
		if (*r->p == q && !is_long) {
			r->p++;
			return 0;
		}
		if (is_long && r->end - r->p >= 3 && *r->p == q &&
		    r->p[1] == q && r->p[2] == q) {
			r->p += 3;
			return 0;
		}
		if (*r->p == '\n') {
			if (!is_long)
				break;
			r->line++;
		}
		if (*r->p == '\\' && r->end - r->p > 1 && r->p[1] != '\n') {
			r->p++;
			add_escape(r);
		} else {
			buf_add(&r->word, r->p, 1);
		}
	}
	complain(r, "a string without end");
	return -1;
}

static int
read_plain(struct reader *r)
{
	const char *start = r->p;

	while (!at_end(r) && is_word(*r->p))
		r->p++;
	buf_add(&r->word, start, (size_t)(r->p - start));
	if (r->p != start)
		return 0;
	complain(r, "a value is missing");
	return -1;
}

/* Strings, numbers and the like; several after each other are one, as in
 * Python. */
static int
read_atom(struct reader *r)
{
	if (peek(r) != '"' && peek(r) != '\'')
		return read_plain(r);
	do {
		if (read_quoted(r) != 0)
			return -1;
		skip_blanks(r, false);
	} while (peek(r) == '"' || peek(r) == '\'');
	return 0;
}

/* A list in a list, as text. */
static int
read_nested(struct reader *r)
{
	unsigned depth = 0;

	do {
		char c = peek(r);

		if (at_end(r)) {
			complain(r, "a list without end");
			return -1;
		}
		if (c == '[' || c == ']' || c == ',') {
			buf_puts(&r->word, c == ',' ? ", " : c == '[' ? "[" :
			    "]");
			depth += c == '[';
			depth -= c == ']';
			r->p++;
		} else if (read_atom(r) != 0) {
			return -1;
		}
		if (depth > DEPTH_MAX) {
			complain(r, "lists in lists in lists");
			return -1;
		}
		if (depth > 0)
			skip_blanks(r, true);
	} while (depth > 0);
	return 0;
}

static int
read_list(struct reader *r)
{
	r->p++;
	for (;;) {
		skip_blanks(r, true);
		if (at_end(r)) {
			complain(r, "a list without end");
			return -1;
		}
		if (peek(r) == ']')
			break;
		buf_clear(&r->word);
		if ((peek(r) == '[' ? read_nested(r) : read_atom(r)) != 0)
			return -1;
		if (r->nlist < XLCFG_VALUES_MAX)
			r->list[r->nlist++] = clean_word(r);
		skip_blanks(r, true);
		if (peek(r) == ',') {
			r->p++;
		} else if (!at_end(r) && peek(r) != ']') {
			complain(r, "a comma or ] is missing in a list");
			return -1;
		}
	}
	r->p++;
	return 0;
}

/* --- Settings ------------------------------------------------------------- */

static struct xlcfg_setting *
find(const struct xlcfg *c, const char *key)
{
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->v[i].key, key) == 0)
			return &c->v[i];
	return NULL;
}

static struct xlcfg_setting *
add_setting(struct reader *r)
{
	struct xlcfg *c = r->c;

	if (c->n == r->cap) {
		struct xlcfg_setting *v;

		r->cap = r->cap != 0 ? 2 * r->cap : 16;
		v = arena_array(r->a, r->cap, sizeof *v);
		if (c->n > 0)
			memcpy(v, c->v, c->n * sizeof *v);
		c->v = v;
	}
	return &c->v[c->n++];
}

static void
join(struct reader *r, struct xlcfg_setting *s)
{
	if (s->list) {
		size_t room = XLCFG_VALUES_MAX - s->n;
		size_t n = r->nlist < room ? r->nlist : room;
		const char **v;

		if (n == 0)
			return;
		v = arena_array(r->a, s->n + n, sizeof *v);
		if (s->n > 0)
			memcpy(v, s->v, s->n * sizeof *v);
		memcpy(v + s->n, r->list, n * sizeof *v);
		s->v = v;
		s->n += n;
		return;
	}
	buf_clear(&r->word);
	buf_puts(&r->word, s->v[0]);
	buf_puts(&r->word, r->list[0]);
	s->v[0] = clean_word(r);
}

static void
set(struct reader *r, const char *key, bool list, bool add, unsigned line)
{
	struct xlcfg_setting *s = find(r->c, key);

	if (s == NULL && r->c->n == XLCFG_SETTINGS_MAX) {
		complain(r, "too many settings");
		return;
	}
	if (s != NULL && add && s->list == list) {
		join(r, s);
		return;
	}
	if (s == NULL)
		s = add_setting(r);
	s->key = key;
	s->list = list;
	s->line = line;
	s->n = r->nlist;
	s->v = arena_array(r->a, s->n, sizeof *s->v);
	if (s->n > 0)
		memcpy(s->v, r->list, s->n * sizeof *s->v);
}

static const char *
read_key(struct reader *r)
{
	const char *start = r->p;

	while (!at_end(r) && is_word(*r->p) && *r->p != '-' && *r->p != '.')
		r->p++;
	if (r->p == start || r->p - start > OBS_NAME_MAX)
		return NULL;
	return arena_strndup(r->a, start, (size_t)(r->p - start));
}

static int
read_setting(struct reader *r)
{
	unsigned line = r->line;
	const char *key = read_key(r);
	bool list, add;

	if (key == NULL) {
		complain(r, "no name of a setting");
		return -1;
	}
	skip_blanks(r, false);
	add = r->end - r->p > 1 && r->p[0] == '+' && r->p[1] == '=';
	r->p += add;
	if (peek(r) != '=') {
		complain(r, "= is missing");
		return -1;
	}
	r->p++;
	skip_blanks(r, false);
	r->nlist = 0;
	buf_clear(&r->word);
	list = peek(r) == '[';
	if ((list ? read_list(r) : read_atom(r)) != 0)
		return -1;
	if (!list)
		r->list[r->nlist++] = clean_word(r);
	skip_blanks(r, false);
	set(r, key, list, add, line);
	if (at_end(r) || peek(r) == '\n' || peek(r) == ';')
		return 0;
	complain(r, "more than one value");
	return -1;
}

void
xlcfg_read(struct xlcfg *c, struct arena *a, const char *text, size_t len)
{
	struct reader r = { .a = a, .c = c, .p = text, .end = text + len,
		.line = 1 };

	*c = (struct xlcfg){ 0 };
	buf_init(&r.word, 4 * OBS_TEXT_MAX);
	if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
		r.p += 3;
	for (;;) {
		skip_blanks(&r, true);
		if (at_end(&r))
			break;
		if (*r.p == ';') {
			r.p++;
			continue;
		}
		if (read_setting(&r) != 0)
			skip_line(&r);
	}
	buf_free(&r.word);
}

/* --- Looking -------------------------------------------------------------- */

const struct xlcfg_setting *
xlcfg_find(const struct xlcfg *c, const char *key)
{
	return find(c, key);
}

const char *
xlcfg_string(const struct xlcfg *c, const char *key)
{
	const struct xlcfg_setting *s = find(c, key);

	return s != NULL && !s->list ? s->v[0] : NULL;
}

long long
xlcfg_number(const struct xlcfg *c, const char *key)
{
	const char *s = xlcfg_string(c, key);
	char *end;
	long long v;

	if (s == NULL || s[0] < '0' || s[0] > '9')
		return -1;
	errno = 0;
	v = strtoll(s, &end, 0);
	return errno == 0 && *end == '\0' ? v : -1;
}
