/* The text filter. It runs over every VM whenever rows are made while it is
 * set, so what cannot be the start of a find is passed over byte by byte. */
#include "tui/filter.h"

#include <string.h>
#include <wctype.h>

#include "core/utf8.h"

static uint32_t
fold(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
	return (uint32_t)towlower((wint_t)cp);
}

void
filter_parse(struct filter *f, const char *text)
{
	size_t n = strlen(text), step;
	uint32_t cp;

	f->n = 0;
	f->hex = true;
	for (; f->n < FILTER_MAX && (step = utf8_decode(&cp, text, n)) != 0;
	     text += step, n -= step) {
		f->cp[f->n++] = fold(cp);
		f->hex = f->hex && cp < 0x80 &&
		    strchr("0123456789abcdefABCDEF-", (int)cp) != NULL;
	}
}

/* Bytes of text that the filter covers at its start, or 0. */
static size_t
covers(const struct filter *f, const char *text, size_t n)
{
	size_t used = 0;

	for (size_t i = 0; i < f->n; i++) {
		uint32_t cp;
		size_t step = utf8_decode(&cp, text + used, n - used);

		if (step == 0 || fold(cp) != f->cp[i])
			return 0;
		used += step;
	}
	return used;
}

bool
filter_in(const struct filter *f, const char *text, size_t *at, size_t *len)
{
	size_t n = text == NULL ? 0 : strlen(text), used, step;
	uint32_t cp;

	if (f->n == 0)
		return true;
	for (size_t i = 0; i < n; i += step) {
		step = 1;
		if ((unsigned char)text[i] < 0x80 &&
		    fold((unsigned char)text[i]) != f->cp[0])
			continue;
		used = covers(f, text + i, n - i);
		if (used > 0) {
			if (at != NULL)
				*at = i;
			if (len != NULL)
				*len = used;
			return true;
		}
		step = utf8_decode(&cp, text + i, n - i);
	}
	return false;
}
