#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stdbool.h>

#include "core/backend.h"
#include "core/err.h"

/* Signals as something to poll for: a backend without hosts, so that one that
 * arrives just before poll still ends it. Fatal ones put the terminal back
 * before they do their work. There is one at a time. */
struct signals {
	struct backend base;
	int pipe[2];
	size_t slot;
};

int signals_open(struct signals *s, struct err *e);
void signals_close(struct signals *s); /* handlers as they were */

bool signals_took_resize(struct signals *s);
bool signals_took_stop(struct signals *s);     /* SIGTSTP */
bool signals_took_continue(struct signals *s);
int signals_took_end(struct signals *s);       /* its number, or 0 */

/* Stops the whole job as ^Z would, and returns when it goes on. */
void signals_stop(void);

#endif
