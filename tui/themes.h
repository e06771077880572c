#ifndef TUI_THEMES_H
#define TUI_THEMES_H

#include "tui/style.h"

/* All of them, those for more colours before those for fewer; ended by NULL. */
extern const struct theme *const themes[];

#endif
