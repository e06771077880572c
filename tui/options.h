#ifndef TUI_OPTIONS_H
#define TUI_OPTIONS_H

#include <stdio.h>

#include "tui/verb.h"

/* What may stand around the verb, as one table: it is parsed by it, and
 * --help, the manual and the completion are made from it. */
struct option_entry {
	const char *name;   /* without "--"; NULL ends the table */
	char letter;        /* as "-c"; 0: none */
	const char *value;  /* what it takes, for people; NULL: nothing */
	const char *help;   /* in lines of at most 60 columns */
	/* Stores it; -1 when the value cannot be meant, told on stderr. */
	int (*set)(struct verb_ctx *ctx, const char *value);
};

extern const struct option_entry option_entries[];

/* Index of the first argument that is no option; -1 on a wrong one, which has
 * been told. */
int options_parse(struct verb_ctx *ctx, int argc, char **argv);

/* The same options behind a verb, where many people write them: takes them out
 * of its arguments. How many are left, or -1 as above. */
int options_take(struct verb_ctx *ctx, int argc, char **argv);

void options_print(FILE *out);

#endif
