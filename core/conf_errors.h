#ifndef CORE_CONF_ERRORS_H
#define CORE_CONF_ERRORS_H

#include <stddef.h>

#include "core/buf.h"

struct conf;

/* All that is wrong with a configuration, found in one run. */

enum { CONF_ERRORS_MAX = 100 }; /* kept; the rest is only counted */

struct conf_error {
	char *file; /* NULL: none in particular */
	int line;   /* 0: the file as a whole */
	char *text; /* one sentence, without the place */
};

struct conf_errors {
	struct conf_error *v;
	size_t n, cap;
	size_t more; /* how many were not kept */
	/* A check of whoever reads the configuration, made with the others;
	 * or NULL. */
	void (*check)(const struct conf *c, struct conf_errors *e);
};

void conf_errors_init(struct conf_errors *e);
void conf_errors_free(struct conf_errors *e);
void conf_errors_add(struct conf_errors *e, const char *file, int line,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Sorts what was found in several passes by file (in order of appearance) and
 * line. */
void conf_errors_sort(struct conf_errors *e);

/* One line each, "file:line: text", and at the end "and N more". */
void conf_errors_put(const struct conf_errors *e, struct buf *out);

#endif
