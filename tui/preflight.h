#ifndef TUI_PREFLIGHT_H
#define TUI_PREFLIGHT_H

#include "core/action.h"
#include "tui/session.h"
#include "tui/work.h"

/* Asks the hosts what has to be known before a VM goes to another one. */

/* All questions that the action wants to be asked: of where the VM is, and of
 * a->to or, MODEL_NONE, of every other host of its cluster. Each host is asked
 * everything once. Answers come to work_probes. */
void preflight_ask(struct work *w, const struct action *a,
    const struct model *m);

/* Turns the session until all is answered, or so much time has passed that it
 * will not be. */
void preflight_wait(struct work *w, struct session *s);

#endif
