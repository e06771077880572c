#ifndef CORE_TEXTFIND_H
#define CORE_TEXTFIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Looks for a text in others, upper and lower case alike in any script. */

enum textfind_how {
	TEXTFIND_IN,    /* anywhere */
	TEXTFIND_START, /* at the start */
	TEXTFIND_WHOLE, /* nothing else */
	TEXTFIND_GLOB,  /* as a pattern for the whole: * ? [a-z] [!a-z] */
};

struct textfind {
	enum textfind_how how;
	uint32_t *cp; /* folded */
	size_t n;
};

void textfind_init(struct textfind *t, enum textfind_how how,
    const char *what, size_t len);
void textfind_free(struct textfind *t);

/* Whether it is in the text; never in NULL. *at and *len (either may be NULL):
 * where, in bytes. An empty one is at the start of everything. */
bool textfind_in(const struct textfind *t, const char *text, size_t *at,
    size_t *len);

/* Whether a text has one of the characters that make it a pattern. */
bool textfind_is_glob(const char *what, size_t len);

#endif
