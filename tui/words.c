/* Lists of texts for completion and history. They are short by construction:
 * nobody reads five hundred candidates. */
#include "tui/words.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/mem.h"

void
words_free(struct words *w)
{
	for (size_t i = 0; i < w->n; i++)
		x_free(w->v[i]);
	x_free(w->v);
	*w = (struct words){ 0 };
}

bool
words_add(struct words *w, const char *s)
{
	if (w->n == WORDS_MAX)
		return false;
	w->v = x_grow(w->v, w->n, &w->cap, sizeof *w->v);
	w->v[w->n++] = x_strdup(s);
	return true;
}

void
words_remove(struct words *w, size_t i)
{
	x_free(w->v[i]);
	w->n--;
	memmove(&w->v[i], &w->v[i + 1], (w->n - i) * sizeof *w->v);
}

void
words_offer(struct words *w, const char *prefix, size_t n,
    const char *candidate)
{
	if (strlen(candidate) >= n && strncasecmp(candidate, prefix, n) == 0)
		words_add(w, candidate);
}

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
words_sort(struct words *w)
{
	size_t kept = 0;

	if (w->n < 2)
		return;
	qsort(w->v, w->n, sizeof *w->v, compare);
	for (size_t i = 1; i < w->n; i++)
		if (strcmp(w->v[i], w->v[kept]) == 0)
			x_free(w->v[i]);
		else
			w->v[++kept] = w->v[i];
	w->n = kept + 1;
}

size_t
words_common(const struct words *w)
{
	size_t n = w->n > 0 ? strlen(w->v[0]) : 0;

	for (size_t i = 1; i < w->n; i++) {
		size_t k = 0;

		while (k < n && w->v[i][k] == w->v[0][k])
			k++;
		n = k;
	}
	while (n > 0 && ((unsigned char)w->v[0][n] & 0xc0) == 0x80)
		n--;
	return n;
}
