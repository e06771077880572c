#ifndef BACKENDS_RUNNEWS_H
#define BACKENDS_RUNNEWS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"

/* Reads what the remote side of a run (runscript.h) says: words, each on a
 * line of its own behind a token, and between them what the command printed.
 * Whatever comes before the first word is a login script's. */

enum { RUNNEWS_TOKEN = 33, RUNNEWS_TEXT_MAX = 512 };

enum runnews_word {
	RUNNEWS_READY,  /* the script has the token; nothing has happened */
	RUNNEWS_BEGAN,  /* the host has a record; output may follow */
	RUNNEWS_END,    /* text: the exit status, and the host's uptime then */
	RUNNEWS_NO,     /* text: why nothing was run */
	RUNNEWS_ABSENT, /* text: its uptime now, or nothing */
	RUNNEWS_GONE,   /* so, too */
	RUNNEWS_LOST,   /* text: why nobody there can tell */
	RUNNEWS_OK,     /* what was asked for is done */
	RUNNEWS_BEAT,   /* still there */
	RUNNEWS_WORDS,
};

struct runnews_cb {
	void (*word)(void *arg, enum runnews_word word, const char *text);
	void (*output)(void *arg, const char *p, size_t n);
};

struct runnews {
	char mark[RUNNEWS_TOKEN + 3]; /* newline, token, blank */
	size_t nmark;
	struct buf in;    /* not taken yet */
	bool began;       /* what is no word is the command's */
	const struct runnews_cb *cb;
	void *arg;
};

void runnews_init(struct runnews *r, const char *token,
    const struct runnews_cb *cb, void *arg);
void runnews_free(struct runnews *r);
void runnews_feed(struct runnews *r, const char *p, size_t n);

#endif
