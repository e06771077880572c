#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FILTER_MAX = 64 }; /* characters */

/* What the operator looks for: a text, upper and lower case alike. */
struct filter {
	uint32_t cp[FILTER_MAX];
	size_t n;
	bool hex; /* it could be part of a UUID */
};

void filter_parse(struct filter *f, const char *text);

/* Whether the text contains it; an empty filter is in everything. *at and *len
 * (either may be NULL): where, in bytes. */
bool filter_in(const struct filter *f, const char *text, size_t *at,
    size_t *len);

#endif
