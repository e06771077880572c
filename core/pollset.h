#ifndef CORE_POLLSET_H
#define CORE_POLLSET_H

#include <poll.h>
#include <stddef.h>

/* The descriptors of one turn of the loop. A module adds its own in prepoll
 * and remembers the slots; in postpoll it reads them back. */
struct pollset {
	struct pollfd *v;
	size_t n, cap;
};

/* Returns the slot. events as in poll(2). */
size_t pollset_add(struct pollset *ps, int fd, short events);

/* What poll said of the slot; 0 for a slot that was not added this turn and
 * for one whose descriptor is not fd any more. */
short pollset_revents(const struct pollset *ps, size_t slot, int fd);

void pollset_clear(struct pollset *ps);
void pollset_free(struct pollset *ps);

#endif
