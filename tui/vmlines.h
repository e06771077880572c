#ifndef TUI_VMLINES_H
#define TUI_VMLINES_H

#include <stdbool.h>
#include <stdint.h>

#include "core/model.h"
#include "tui/session.h"

/* A VM's console without a terminal: what standard input has is typed, what the
 * guest says is written as lines of clean text. */

enum { VMLINES_QUIET_MS = 2000 };

struct vmlines {
	const char *reader;  /* struct vmconsole_want's */
	bool log;            /* the host's log of it instead */
	int64_t for_ms;      /* it is listened to that long; 0: until the input
	                      * has ended and the guest is quiet for a while */
};

/* The exit code; why it ended, unless as wanted, is told on stderr. */
int vmlines_run(struct session *s, const struct vm *vm,
    const struct vmlines *want);

#endif
