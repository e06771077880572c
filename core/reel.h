#ifndef CORE_REEL_H
#define CORE_REEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/mono.h"

/* A recording that can be read from any of its moments: a file, or the tape of
 * what this session has seen. All times of it and of its events are its own:
 * from MONO_ZERO, when it began. Several passes may be under way at once; all
 * must end before the reel does. */

struct reel_pass; /* one reading of it */

enum reel_got {
	REEL_EVENT,
	REEL_NOTHING, /* a line that was no event */
	REEL_END,     /* nothing more, for now */
};

struct reel {
	const struct reel_ops *ops;
	int64_t wall_ms;    /* wall clock of MONO_ZERO */
	/* What is known of it: a file is searched as it is read. */
	struct mono first, last; /* moments that can be gone to */
	bool whole;         /* nothing is unknown any more */
	int64_t step_ms;    /* between a host's observations; 0: as asked for */
	int64_t known, size; /* bytes */
};

struct reel_ops {
	/* Begins in time before `at` for all that is true then to come out,
	 * and figures enough for rates and graphs. Times of a pass never go
	 * back, but for what hosts said last before it. */
	struct reel_pass *(*begin)(struct reel *r, struct mono at);
	/* One line; *cost becomes its bytes. *e is borrowed until the next
	 * call on this pass. */
	enum reel_got (*next)(struct reel_pass *p, struct event *e,
	    size_t *cost);
	void (*end)(struct reel_pass *p);
	void (*free)(struct reel *r);
};

#endif
