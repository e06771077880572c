#ifndef TUI_SETTING_H
#define TUI_SETTING_H

#include <stddef.h>

#include "tui/words.h"

struct app;

/* :set, for the table of commands. */
void setting_run(struct app *a, const char *args);
size_t setting_complete(const struct app *a, const char *args, size_t n,
    struct words *out);

#endif
