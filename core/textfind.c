/* Finds texts without regard to case. It runs over every VM at every letter
 * that is typed, so what cannot be the start of a find is passed over byte by
 * byte; patterns are matched without recursion and never look back further
 * than to their last star. */
#include "core/textfind.h"

#include <string.h>
#include <wctype.h>

#include "core/mem.h"
#include "core/utf8.h"

static uint32_t
fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	return (uint32_t)towlower((wint_t)cp);
}

void
textfind_init(struct textfind *t, enum textfind_how how, const char *what,
    size_t len)
{
	uint32_t cp;
	size_t step;

	*t = (struct textfind){ .how = how };
	t->cp = x_calloc(len + 1, sizeof *t->cp);
	while ((step = utf8_decode(&cp, what, len)) != 0) {
		t->cp[t->n++] = fold(cp);
		what += step;
		len -= step;
	}
}

void
textfind_free(struct textfind *t)
{
	x_free(t->cp);
	*t = (struct textfind){ .how = t->how };
}

bool
textfind_is_glob(const char *what, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (what[i] == '*' || what[i] == '?' ||
		    (what[i] == '[' && memchr(what + i, ']', len - i) != NULL))
			return true;
	return false;
}

/* --- Plain text ---------------------------------------------------------------- */

/* Bytes of text that it covers at the start; false when it is not there. */
static bool
covers(const struct textfind *t, const char *text, size_t n, size_t *used)
{
	size_t at = 0;

	for (size_t i = 0; i < t->n; i++) {
		uint32_t cp;
		size_t step = utf8_decode(&cp, text + at, n - at);

		if (step == 0 || fold(cp) != t->cp[i])
			return false;
		at += step;
	}
	*used = at;
	return true;
}

static bool
find(const struct textfind *t, const char *text, size_t n, size_t *at,
    size_t *len)
{
	size_t step;
	uint32_t cp;

	for (size_t i = 0; i < n; i += step) {
		step = 1;
		if ((unsigned char)text[i] < 0x80 &&
		    fold((unsigned char)text[i]) != t->cp[0])
			continue;
		if (covers(t, text + i, n - i, len)) {
			*at = i;
			return true;
		}
		step = utf8_decode(&cp, text + i, n - i);
	}
	return false;
}

/* --- Patterns ------------------------------------------------------------------- */

/* The index of the ] that ends the set at i, or t->n: then [ is a character as
 * any other. A ] in first place is in the set. */
static size_t
set_end(const struct textfind *t, size_t i)
{
	size_t j = i + 1;

	if (j < t->n && t->cp[j] == '!')
		j++;
	for (j++; j < t->n && t->cp[j] != ']'; j++)
		;
	return j;
}

static bool
in_set(const struct textfind *t, size_t i, size_t end, uint32_t cp)
{
	bool invert = t->cp[i + 1] == '!', found = false;

	for (i += invert ? 2 : 1; i < end; i++) {
		if (i + 2 < end && t->cp[i + 1] == '-') {
			found = found ||
			    (t->cp[i] <= cp && cp <= t->cp[i + 2]);
			i += 2;
		} else {
			found = found || t->cp[i] == cp;
		}
	}
	return found != invert;
}

/* Whether the element at i takes the character; *next: the element after. */
static bool
takes(const struct textfind *t, size_t i, uint32_t cp, size_t *next)
{
	size_t end;

	*next = i + 1;
	if (t->cp[i] == '?')
		return true;
	if (t->cp[i] == '[' && (end = set_end(t, i)) < t->n) {
		*next = end + 1;
		return in_set(t, i, end, cp);
	}
	return t->cp[i] == cp;
}

static bool
glob(const struct textfind *t, const char *text, size_t n)
{
	size_t i = 0, s = 0, star = SIZE_MAX, again = 0, next;
	uint32_t cp;

	while (s < n) {
		size_t step = utf8_decode(&cp, text + s, n - s);

		if (i < t->n && t->cp[i] == '*') {
			star = i++;
			again = s;
		} else if (i < t->n && takes(t, i, fold(cp), &next)) {
			i = next;
			s += step;
		} else if (star != SIZE_MAX) {
			again += utf8_decode(&cp, text + again, n - again);
			i = star + 1;
			s = again;
		} else {
			return false;
		}
	}
	while (i < t->n && t->cp[i] == '*')
		i++;
	return i == t->n;
}

bool
textfind_in(const struct textfind *t, const char *text, size_t *at,
    size_t *len)
{
	size_t n, from = 0, used = 0;
	bool found = false;

	if (text == NULL)
		return false;
	n = strlen(text);
	switch (t->how) {
	case TEXTFIND_IN:
		found = t->n == 0 || find(t, text, n, &from, &used);
		break;
	case TEXTFIND_START:
		found = covers(t, text, n, &used);
		break;
	case TEXTFIND_WHOLE:
		found = covers(t, text, n, &used) && used == n;
		break;
	case TEXTFIND_GLOB:
		found = glob(t, text, n);
		used = n;
		break;
	}
	if (found && at != NULL)
		*at = from;
	if (found && len != NULL)
		*len = used;
	return found;
}
