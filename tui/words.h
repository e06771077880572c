#ifndef TUI_WORDS_H
#define TUI_WORDS_H

#include <stdbool.h>
#include <stddef.h>

/* A short list of texts: what a word may be completed to, what was typed
 * before. */

enum { WORDS_MAX = 500 };

struct words {
	char **v; /* owned */
	size_t n, cap;
};

void words_free(struct words *w); /* leaves an empty list */
/* False when there are WORDS_MAX already. */
bool words_add(struct words *w, const char *s);
void words_remove(struct words *w, size_t i);

/* Adds the candidate when it begins with the first n bytes of prefix, upper
 * and lower case of ASCII alike. */
void words_offer(struct words *w, const char *prefix, size_t n,
    const char *candidate);

/* Puts them in order, each once. */
void words_sort(struct words *w);

/* Bytes at the start that all have in common, of whole characters. */
size_t words_common(const struct words *w);

#endif
