#ifndef TUI_LOOP_H
#define TUI_LOOP_H

#include <stddef.h>
#include <stdint.h>

#include "core/backend.h"
#include "core/mono.h"
#include "core/pollset.h"

/* The one poll loop, shared by the console and the verbs. The loop does not
 * own the backends. */
struct loop {
	struct backend **backends;
	size_t nbackends;
	struct pollset ps;
};

void loop_free(struct loop *l);

/* One turn: asks every backend what it waits for, polls until something comes
 * or the deadline is there, lets every backend handle it. fd (-1: none) is
 * polled as well for the events given; returns its revents. A signal ends the
 * turn early. */
short loop_turn(struct loop *l, int fd, short events, struct mono deadline);

/* poll(2) until the deadline; after a signal nothing counts as ready. */
void loop_poll(struct pollset *ps, struct mono now, struct mono deadline);

/* The clocks; the only place of the console that reads them. */
struct mono loop_now(void);
int64_t loop_wall_ms(void);

#endif
