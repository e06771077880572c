#ifndef CORE_SUGGEST_H
#define CORE_SUGGEST_H

#include <stddef.h>

/* "Did you mean": offer every word that would have been right, then take the
 * one that comes closest to what was written, if any comes close at all. */
struct suggest {
	const char *word; /* borrowed, as are the candidates */
	const char *best;
	size_t distance;  /* of best */
};

void suggest_start(struct suggest *s, const char *word);
void suggest_offer(struct suggest *s, const char *candidate);

/* Appends `; did you mean "best"?`, or nothing. Returns text, NUL-terminated
 * within size bytes. */
const char *suggest_text(const struct suggest *s, char *text, size_t size);

#endif
