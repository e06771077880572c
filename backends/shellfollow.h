#ifndef BACKENDS_SHELLFOLLOW_H
#define BACKENDS_SHELLFOLLOW_H

#include <stdbool.h>

#include "backends/shellscript.h"
#include "backends/transport.h"
#include "core/buf.h"
#include "core/conf.h"
#include "core/mono.h"

/* A tool that runs on in a channel of its own and whose output is followed:
 * xenstore-watch or xentop. When it ends or cannot be started, that is said and
 * it is tried again later: the observer gets by without. */
struct follow {
	struct transport *t;
	struct channel *c;     /* NULL: not running */
	enum script_kind kind;
	enum tristate sudo;
	int seconds;
	bool alive;            /* it has printed something */
	bool ended;            /* not looked at yet */
	int status;
	struct buf said;       /* on stderr */
	char *why;             /* why it is not running; NULL: it is */
	struct mono retry;     /* when it is not */
	void (*data)(void *arg, const char *p, size_t n);
	void *arg;
};

/* data is called from the transport's callbacks. */
void follow_init(struct follow *f, struct transport *t, enum script_kind kind,
    enum tristate sudo, int seconds,
    void (*data)(void *arg, const char *p, size_t n), void *arg);
/* Starts it when it is due, and looks at how it ended. */
void follow_tick(struct follow *f, struct mono now);
void follow_deadline(const struct follow *f, struct mono *deadline);
/* Ends it for a reason of ours; it will be tried again. */
void follow_stop(struct follow *f, const char *why, struct mono now);
void follow_free(struct follow *f);

#endif
