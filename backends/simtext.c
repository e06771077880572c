/* Names, paths and addresses of the simulated world: they never change or end,
 * so each is kept once. A VM that goes to and fro for a month has the same few
 * names, but gets one of them again with every move. */
#include <string.h>

#include "backends/simworld.h"
#include "core/mem.h"

/* Where it is, or belongs. */
static size_t
place(const struct simtexts *t, const char *text)
{
	size_t lo = 0, hi = t->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (strcmp(t->v[mid], text) < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

const char *
simworld_text(struct simworld *w, const char *text)
{
	struct simtexts *t = &w->texts;
	size_t i;

	if (text == NULL)
		return NULL;
	i = place(t, text);
	if (i < t->n && strcmp(t->v[i], text) == 0)
		return t->v[i];
	t->v = x_grow(t->v, t->n, &t->cap, sizeof *t->v);
	memmove(t->v + i + 1, t->v + i, (t->n - i) * sizeof *t->v);
	t->n++;
	return t->v[i] = arena_strdup(&w->mem, text);
}
