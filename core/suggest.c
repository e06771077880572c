/* Finds the nearest right word by the number of slips (a character wrong,
 * missing, too many, or two exchanged) between it and the written one. Case
 * does not count as a slip, so that "Hosts" finds "hosts". */
#include "core/suggest.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { WORD_MAX = 48 }; /* longer words get no suggestion */

static char
fold(char c)
{
	return (char)tolower((unsigned char)c);
}

static size_t
least(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Optimal string alignment; both words fit WORD_MAX. */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t row[3][WORD_MAX + 1];
	size_t *before = row[0], *above = row[1], *here = row[2];

	for (size_t j = 0; j <= nb; j++)
		above[j] = j;
	for (size_t i = 1; i <= na; i++) {
		size_t *t = before;

		here[0] = i;
		for (size_t j = 1; j <= nb; j++) {
			size_t wrong = fold(a[i - 1]) != fold(b[j - 1]);

			here[j] = least(above[j] + 1, here[j - 1] + 1,
			    above[j - 1] + wrong);
			if (i > 1 && j > 1 && fold(a[i - 1]) == fold(b[j - 2]) &&
			    fold(a[i - 2]) == fold(b[j - 1]) &&
			    before[j - 2] + 1 < here[j])
				here[j] = before[j - 2] + 1;
		}
		before = above;
		above = here;
		here = t;
	}
	return above[nb];
}

void
suggest_start(struct suggest *s, const char *word)
{
	*s = (struct suggest){ .word = word };
}

void
suggest_offer(struct suggest *s, const char *candidate)
{
	size_t na = strlen(s->word), nb = strlen(candidate);
	size_t gap = na > nb ? na - nb : nb - na;
	size_t limit = na < 4 ? 1 : na / 3, d;

	if (na == 0 || na > WORD_MAX || nb > WORD_MAX || gap > limit)
		return;
	d = distance(s->word, na, candidate, nb);
	if (d <= limit && (s->best == NULL || d < s->distance)) {
		s->best = candidate;
		s->distance = d;
	}
}

const char *
suggest_text(const struct suggest *s, char *text, size_t size)
{
	if (s->best == NULL)
		snprintf(text, size, "%s", "");
	else
		snprintf(text, size, "; did you mean \"%s\"?", s->best);
	return text;
}
