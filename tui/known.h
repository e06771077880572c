#ifndef TUI_KNOWN_H
#define TUI_KNOWN_H

#include "tui/session.h"

/* What hosts that do not answer defined, out of the journal: for verbs, which
 * begin with nothing known of a host that is dead already. May wait for a
 * disk. */

/* Lets the model have the last known definition of the VM that the word may
 * mean, as its host's. Only where that host has said nothing in this session
 * and does not answer. Returns whether there was one; *seen_ms, unless NULL, is
 * when it was last seen, by the wall clock. */
bool known_recall(struct session *s, const char *name, int64_t *seen_ms);

#endif
