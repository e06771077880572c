#ifndef TUI_SETTING_H
#define TUI_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/words.h"

/* What :set changes, as one table. */

struct app;

struct setting {
	const char *name;
	const char *const *values; /* ended by NULL; NULL: on and off */
	const char *help;
	/* The present one of values; and makes the i-th it. Setting may refuse
	 * by app_say and false. */
	size_t (*get)(const struct app *a);
	bool (*set)(struct app *a, size_t i);
};

extern const struct setting settings[];
extern const size_t settings_n;

/* For the table of commands. */
void setting_run(struct app *a, const char *args);
size_t setting_complete(const struct app *a, const char *args, size_t n,
    struct words *out);

#endif
