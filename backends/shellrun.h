#ifndef BACKENDS_SHELLRUN_H
#define BACKENDS_SHELLRUN_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/transport.h"
#include "core/conf.h"
#include "core/mono.h"

/* One long-lived remote shell that runs commands one after the other. */

enum {
	SHELL_ANSWER_MAX = 16 * 1024 * 1024, /* bytes of one answer */
	SHELL_FAST_S = 12, /* time for one command, enforced over there, */
	SHELL_SLOW_S = 40, /* where waiting harms nobody */
	SHELL_GRACE_S = 3, /* and so much later over here */
};

struct shell_answer {
	int id;          /* as given to shell_run */
	int status;      /* the command's; 124 or 137: its time was over */
	bool cut;        /* it printed more than SHELL_ANSWER_MAX */
	const char *out; /* what it printed */
	size_t n;
	const char *said; /* on stderr, as a piece of a sentence, or "" */
};

struct shell_cb {
	/* Borrowed for the call. shell_run may be called, shell_close not. */
	void (*answer)(void *arg, const struct shell_answer *a);
};

enum shell_state {
	SHELL_OPEN,
	SHELL_ENDED,  /* see shell_why */
	SHELL_SILENT, /* no answer in time to shell_pending */
};

struct shell;

/* limit_s: SHELL_FAST_S or SHELL_SLOW_S. */
struct shell *shell_open(struct transport *t, enum tristate sudo, int limit_s,
    const struct shell_cb *cb, void *arg, struct mono now);
void shell_close(struct shell *s);

/* Queues one command line of the prelude's functions. */
void shell_run(struct shell *s, int id, const char *command);

/* Hands on the answers that came; the transport's callbacks only store. */
enum shell_state shell_tick(struct shell *s, struct mono now);
void shell_deadline(const struct shell *s, struct mono *deadline);

bool shell_idle(const struct shell *s);          /* nothing is running */
const char *shell_pending(const struct shell *s); /* command, or NULL */
const char *shell_why(const struct shell *s);
int shell_status(const struct shell *s); /* of the shell itself; -1 */

#endif
