#ifndef TUI_BACKGROUND_H
#define TUI_BACKGROUND_H

#include <stdbool.h>

#include "core/conf.h"

/* Starts a process without a terminal that takes over what this one has left in
 * the journal, and ends with the last of it (the verb carry-on). To be called
 * when this one's journal is closed. false: there is no process for it; the next
 * xendeck takes it over then. */
bool background_carry_on(const struct conf *conf);

#endif
