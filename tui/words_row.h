#ifndef TUI_WORDS_ROW_H
#define TUI_WORDS_ROW_H

#include <stdbool.h>
#include <stddef.h>

#include "tui/rows.h"

/* A row of the home screen as words to be heard: "web1, running on alpha", and
 * with its figures ", CPU 12 per cent, memory 2 GiB". */
void words_row(char *out, size_t size, const struct item *it, bool figures);

#endif
