#ifndef BACKENDS_CONFSCAN_H
#define BACKENDS_CONFSCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/conftext.h"

/* Goes over the tokens of a configuration's files, one within another, and
 * appends what libconfig is to see to a conftext. */

struct confscan_bracket {
	char c;
	size_t names; /* settings seen in it */
	struct conftext_place at;
};

struct confscan {
	struct conftext *t;
	struct conf_errors *errs;
	/* Called for an @include in from: scans that file, or says why not and
	 * sets fatal. */
	void (*include)(struct confscan *l, const char *path,
	    const struct conftext_place *from);
	size_t includes; /* how deep; include's own */
	bool fatal;      /* there is no sense in parsing */
	struct confscan_bracket stack[CONFTEXT_NESTING_MAX + 1]; /* [0]: file */
	size_t depth;
	char last;       /* the last character that was not blank */
	size_t last_at;  /* where in the text */
};

void confscan_text(struct confscan *l, const char *file, const char *p,
    size_t n);

/* Reports the brackets that are still open. */
void confscan_finish(struct confscan *l);

#endif
