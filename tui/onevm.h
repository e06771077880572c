#ifndef TUI_ONEVM_H
#define TUI_ONEVM_H

#include <stdint.h>

#include "core/model.h"
#include "tui/session.h"

/* The one VM that runs and that a verb is about: its console, its screen, a
 * command for it. */

/* Turns the session until the VM that the word means (tui/target.h) is known to
 * run on a host that answers. Other hosts are waited for only a moment more: a
 * console is wanted most when one of them is down. 0, or the exit code after
 * having said why not on stderr. */
int onevm_find(struct session *s, const char *word, int64_t timeout_ms,
    const struct vm **vm);

#endif
