/* A scanner that goes over a configuration before libconfig does, for what
 * libconfig (1.5 and 1.7) lets through or explains badly:
 *  - a number of more than 32 bits without a final L is cut silently: it gets
 *    its L here; one of more than 64 bits is refused;
 *  - a comment that never ends, brackets that do not match, words and units
 *    without quotes: reported with the line they are in, not where a parser
 *    gave up;
 *  - nesting and the settings of one group have no bound, and cost recursion
 *    and quadratic time: they are bounded here;
 *  - @include is relative to one directory for all files: it is done here,
 *    relative to the file it stands in;
 *  - a comma before a closing bracket is an error in 1.5 only: it is dropped.
 * It knows libconfig's tokens and nothing of its grammar. */
#include "backends/confscan.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"
#include "core/utf8.h"

/* One file. */
struct scan {
	struct confscan *l;
	const char *file;
	const char *p;
	size_t n, i;
	int line;
};

static int
peek(const struct scan *s, size_t ahead)
{
	return s->n - s->i > ahead ? (unsigned char)s->p[s->i + ahead] : -1;
}

static bool
is_name_start(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '*';
}

static bool
is_digit(int c)
{
	return c >= '0' && c <= '9';
}

static bool
is_name(int c)
{
	return is_name_start(c) || is_digit(c) || c == '-' || c == '_';
}

static void
put(struct scan *s, const char *p, size_t n)
{
	struct confscan *l = s->l;

	if (buf_add(&l->t->text, p, n) != 0)
		l->fatal = true;
	l->last = p[n - 1];
	l->last_at = l->t->text.len - 1;
}

/* Blanks and line ends: not what `last` is about. */
static void
put_blank(struct scan *s, char c)
{
	if (buf_add(&s->l->t->text, &c, 1) != 0)
		s->l->fatal = true;
}

static void
note_line(struct scan *s)
{
	struct conftext *t = s->l->t;

	t->lines = x_grow(t->lines, t->nlines, &t->lines_cap, sizeof *t->lines);
	t->lines[t->nlines++] = (struct conftext_place){ s->file, s->line };
}

static void
end_line(struct scan *s)
{
	put_blank(s, '\n');
	s->line++;
	note_line(s);
}

/* libconfig 1.5 loses the memory of a string that comes where its grammar has
 * no place for one. */
static bool
is_out_of_place(const struct confscan *l)
{
	char in = l->stack[l->depth].c;

	if (l->last == ',')
		return in != '(' && in != '[';
	return l->last == '\0' || strchr("=:([\"", l->last) == NULL;
}

/* After something was said of a value. */
static void
bad_value(struct scan *s)
{
	if (is_out_of_place(s->l))
		s->l->fatal = true;
	put(s, "\"" CONFTEXT_BAD "\"", 3);
}

/* A piece of the file for a message; text is at least 4 bytes. */
static const char *
quote(const struct scan *s, size_t from, char *text, size_t size)
{
	size_t n = s->i - from;

	n = utf8_clean(text, size - 3, s->p + from, n < size ? n : size);
	if (n < s->i - from)
		memcpy(text + n, "...", 4);
	return text;
}

static void
skip_comment(struct scan *s)
{
	int begin = s->line;

	if (peek(s, 0) == '#' || peek(s, 1) == '/') {
		while (peek(s, 0) >= 0 && peek(s, 0) != '\n')
			s->i++;
		return;
	}
	for (s->i += 2; peek(s, 0) != '*' || peek(s, 1) != '/'; s->i++) {
		if (peek(s, 0) < 0) {
			conf_errors_add(s->l->errs, s->file, begin,
			    "this comment never ends: \"*/\" is missing");
			s->l->fatal = true;
			return;
		}
		if (peek(s, 0) == '\n')
			end_line(s);
	}
	s->i += 2;
	put_blank(s, ' ');
}

/* Whether the escape at the present backslash gives a control character. */
static bool
is_control_escape(const struct scan *s)
{
	int c = peek(s, 1);
	char hex[3] = { 0 };

	if (c != 'x')
		return c >= 0 && strchr("ntrfabv", c) != NULL;
	for (size_t k = 0; k < 2; k++) {
		int d = peek(s, 2 + k);

		if (d < 0 || strchr("0123456789abcdefABCDEF", d) == NULL ||
		    d == '\0')
			return false;
		hex[k] = (char)d;
	}
	return strtol(hex, NULL, 16) < ' ' || strtol(hex, NULL, 16) == 0x7f;
}

static void
scan_string(struct scan *s)
{
	size_t from = s->i++;
	bool control = false;

	if (is_out_of_place(s->l)) {
		conf_errors_add(s->l->errs, s->file, s->line, "a text has no "
		    "place here: is a \"=\", a \",\" or a quote missing?");
		s->l->fatal = true;
		return;
	}
	for (int c; (c = peek(s, 0)) != '"'; s->i++) {
		if (c < 0 || c == '\n') {
			conf_errors_add(s->l->errs, s->file, s->line,
			    "this text never ends: a \" is missing on the "
			    "line");
			s->l->fatal = true;
			return;
		}
		if (c == '\\') {
			control = control || is_control_escape(s);
			if (peek(s, 1) != '\n' && peek(s, 1) >= 0)
				c = (unsigned char)s->p[++s->i];
		}
		control = control || c < ' ' || c == 0x7f;
	}
	s->i++;
	if (!control) {
		put(s, s->p + from, s->i - from);
		return;
	}
	conf_errors_add(s->l->errs, s->file, s->line,
	    "control characters are not allowed in a text");
	bad_value(s);
}

/* Puts the number whose text is the n bytes at from; false when it does not
 * fit 64 bits. */
static bool
put_number(struct scan *s, size_t from, size_t n)
{
	char digits[40];
	intmax_t value;
	size_t skip;
	bool hex;

	if (n >= sizeof digits)
		return false;
	memcpy(digits, s->p + from, n);
	digits[n] = '\0';
	skip = digits[0] == '+' || digits[0] == '-';
	hex = digits[skip] == '0' && (digits[skip + 1] | 0x20) == 'x';
	errno = 0;
	value = strtoimax(digits, NULL, hex ? 16 : 10);
	if (errno == ERANGE)
		return false;
	put(s, digits, n);
	if (value > INT32_MAX || value < INT32_MIN)
		put(s, "L", 1);
	return true;
}

static bool
leading_zero(const struct scan *s, size_t from, size_t n)
{
	size_t sign = s->p[from] == '+' || s->p[from] == '-';

	return n > sign + 1 && s->p[from + sign] == '0' &&
	    is_digit((unsigned char)s->p[from + sign + 1]);
}

/* The text from `from` to the end of a number, units and all: everything that
 * an operator may have meant as one value. */
static void
scan_number(struct scan *s)
{
	size_t from = s->i, digits;
	bool hex = false;
	char word[48];

	if (peek(s, 0) == '+' || peek(s, 0) == '-')
		s->i++;
	if (peek(s, 0) == '0' && (peek(s, 1) | 0x20) == 'x') {
		hex = true;
		s->i += 2;
	}
	while (is_digit(peek(s, 0)) || (hex && peek(s, 0) >= 0 &&
	    strchr("abcdefABCDEF", peek(s, 0)) != NULL && peek(s, 0) != '\0'))
		s->i++;
	digits = s->i - from;
	if (peek(s, 0) == 'L')
		s->i += peek(s, 1) == 'L' ? 2 : 1;
	if (!is_name(peek(s, 0)) && peek(s, 0) != '.' && peek(s, 0) != ':' &&
	    peek(s, 0) != '+' && digits > 0 &&
	    (is_digit((unsigned char)s->p[from + digits - 1]) || hex)) {
		quote(s, from, word, sizeof word);
		if (leading_zero(s, from, digits))
			conf_errors_add(s->l->errs, s->file, s->line, "%s: "
			    "write the number without a leading zero", word);
		else if (put_number(s, from, digits))
			return;
		else
			conf_errors_add(s->l->errs, s->file, s->line,
			    "%s: this number is too large", word);
		bad_value(s);
		return;
	}
	while (is_name(peek(s, 0)) || peek(s, 0) == '.' || peek(s, 0) == ':' ||
	    peek(s, 0) == '+' || peek(s, 0) == '/')
		s->i++;
	quote(s, from, word, sizeof word);
	conf_errors_add(s->l->errs, s->file, s->line, "%s is not a whole "
	    "number; if it is a text, put it in quotes", word);
	bad_value(s);
}

static bool
after_value_sign(const struct scan *s)
{
	return s->l->last == '=' || s->l->last == ':';
}

/* A name, a boolean, or a text that lacks its quotes. */
static void
scan_word(struct scan *s)
{
	struct confscan_bracket *in = &s->l->stack[s->l->depth];
	size_t from = s->i, n;
	char word[48];

	while (is_name(peek(s, 0)))
		s->i++;
	n = s->i - from;
	if ((n == 4 && strncasecmp(s->p + from, "true", n) == 0) ||
	    (n == 5 && strncasecmp(s->p + from, "false", n) == 0) ||
	    !after_value_sign(s)) {
		if (!after_value_sign(s) && ++in->names > CONFTEXT_NAMES_MAX) {
			conf_errors_add(s->l->errs, s->file, s->line,
			    "more than %d settings in one group",
			    CONFTEXT_NAMES_MAX);
			s->l->fatal = true;
		}
		put(s, s->p + from, n);
		return;
	}
	while (is_name(peek(s, 0)) || (peek(s, 0) >= 0 &&
	    strchr("./:@", peek(s, 0)) != NULL && peek(s, 0) != '\0'))
		s->i++;
	quote(s, from, word, sizeof word);
	conf_errors_add(s->l->errs, s->file, s->line, "%s: a text needs "
	    "quotes, and a boolean is true or false", word);
	bad_value(s);
}

static void
open_bracket(struct scan *s)
{
	struct confscan *l = s->l;

	if (l->depth == CONFTEXT_NESTING_MAX) {
		conf_errors_add(l->errs, s->file, s->line,
		    "brackets are nested too deeply here (%d)",
		    CONFTEXT_NESTING_MAX);
		l->fatal = true;
		return;
	}
	l->stack[++l->depth] = (struct confscan_bracket){ s->p[s->i], 0,
		{ s->file, s->line } };
	put(s, s->p + s->i++, 1);
}

static char
closing(char c)
{
	return c == '(' ? ')' : c == '[' ? ']' : '}';
}

static void
close_bracket(struct scan *s)
{
	struct confscan *l = s->l;
	struct confscan_bracket *b = &l->stack[l->depth];
	char c = s->p[s->i];

	if (l->depth == 0) {
		conf_errors_add(l->errs, s->file, s->line,
		    "this \"%c\" closes nothing", c);
		l->fatal = true;
		return;
	}
	if (closing(b->c) != c) {
		conf_errors_add(l->errs, s->file, s->line, "this \"%c\" does "
		    "not close the \"%c\" of %s:%d", c, b->c, b->at.file,
		    b->at.line);
		l->fatal = true;
		return;
	}
	if (l->last == ',' && c != '}')
		l->t->text.p[l->last_at] = ' ';
	l->depth--;
	put(s, s->p + s->i++, 1);
}

/* Replaces the last part of file by name, unless name is absolute. */
static char *
beside(const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');

	if (slash == NULL || name[0] == '/')
		return x_strdup(name);
	return x_asprintf("%.*s/%s", (int)(slash - file), file, name);
}

static void
scan_include(struct scan *s)
{
	static const char word[] = "@include";
	size_t n = sizeof word - 1, from;
	char *name, *path;

	if (s->n - s->i < n || memcmp(s->p + s->i, word, n) != 0)
		goto bad;
	for (s->i += n; peek(s, 0) == ' ' || peek(s, 0) == '\t';)
		s->i++;
	if (peek(s, 0) != '"')
		goto bad;
	from = ++s->i;
	while (peek(s, 0) != '"') {
		if (peek(s, 0) < ' ')
			goto bad;
		s->i++;
	}
	name = x_strndup(s->p + from, s->i++ - from);
	path = beside(s->file, name);
	put_blank(s, '\n');
	s->l->include(s->l, path, &(struct conftext_place){ s->file, s->line });
	x_free(path);
	x_free(name);
	/* The rest of the line is again one of this file. */
	if (!s->l->fatal) {
		put_blank(s, '\n');
		note_line(s);
	}
	return;
bad:
	conf_errors_add(s->l->errs, s->file, s->line,
	    "only @include \"FILE\" may begin with @");
	s->l->fatal = true;
}

static void
scan_other(struct scan *s)
{
	size_t from = s->i, len;
	uint32_t cp;
	char text[16];

	len = utf8_decode(&cp, s->p + s->i, s->n - s->i);
	s->i += len;
	quote(s, from, text, sizeof text);
	conf_errors_add(s->l->errs, s->file, s->line, "\"%s\" (U+%04" PRIX32
	    ") has no meaning here; texts stand in plain \" quotes", text, cp);
	s->l->fatal = true;
}

static void
scan_token(struct scan *s)
{
	int c = peek(s, 0);

	if (c == '\n') {
		s->i++;
		end_line(s);
	} else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
		s->i++;
		put_blank(s, ' ');
	} else if (c == '#' ||
	    (c == '/' && (peek(s, 1) == '/' || peek(s, 1) == '*'))) {
		skip_comment(s);
	} else if (c == '"') {
		scan_string(s);
	} else if (c == '{' || c == '(' || c == '[') {
		open_bracket(s);
	} else if (c == '}' || c == ')' || c == ']') {
		close_bracket(s);
	} else if (c == '@') {
		scan_include(s);
	} else if (is_digit(c) || c == '-' || c == '+' || c == '.') {
		scan_number(s);
	} else if (is_name_start(c)) {
		scan_word(s);
	} else if (c == '=' || c == ':' || c == ';' || c == ',') {
		put(s, s->p + s->i++, 1);
	} else {
		scan_other(s);
	}
}

void
confscan_text(struct confscan *l, const char *file, const char *p, size_t n)
{
	struct conftext *t = l->t;
	struct scan s = { .l = l, .p = p, .n = n, .line = 1 };

	t->files = x_grow(t->files, t->nfiles, &t->files_cap, sizeof *t->files);
	t->files[t->nfiles++] = x_strdup(file);
	s.file = t->files[t->nfiles - 1];
	if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		s.i = 3; /* a byte order mark, from some editors */
	note_line(&s);
	while (s.i < s.n && !l->fatal)
		scan_token(&s);
}

void
confscan_finish(struct confscan *l)
{
	for (; !l->fatal && l->depth > 0; l->depth--) {
		const struct confscan_bracket *b = &l->stack[l->depth];

		conf_errors_add(l->errs, b->at.file, b->at.line,
		    "this \"%c\" is never closed", b->c);
		if (l->depth == 1)
			l->fatal = true;
	}
}

