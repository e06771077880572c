/* The poll loop: one thread, one poll(2) for the terminal and every backend.
 * Nothing in a turn may block; what must, lives in a child process. */
#include "tui/loop.h"

#include <limits.h>
#include <time.h>

static int64_t
read_clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

/* Figures grow old while a laptop sleeps, too: where there is a clock that goes
 * on then, it is taken. */
struct mono
loop_now(void)
{
#ifdef CLOCK_BOOTTIME
	return (struct mono){ read_clock_ns(CLOCK_BOOTTIME) };
#else
	return (struct mono){ read_clock_ns(CLOCK_MONOTONIC) };
#endif
}

int64_t
loop_wall_ms(void)
{
	return read_clock_ns(CLOCK_REALTIME) / 1000000;
}

void
loop_free(struct loop *l)
{
	pollset_free(&l->ps);
}

static int
timeout_ms(struct mono deadline, struct mono now)
{
	int64_t ns = deadline.ns - now.ns;

	if (deadline.ns == INT64_MAX)
		return -1;
	if (ns <= 0)
		return 0;
	/* Rounded up: waking a moment early would spin. */
	return ns / 1000000 >= INT_MAX ? INT_MAX : (int)((ns + 999999) / 1000000);
}

void
loop_poll(struct pollset *ps, struct mono now, struct mono deadline)
{
	if (poll(ps->v, (nfds_t)ps->n, timeout_ms(deadline, now)) >= 0)
		return;
	for (size_t i = 0; i < ps->n; i++)
		ps->v[i].revents = 0;
}

short
loop_turn(struct loop *l, int fd, short events, struct mono deadline)
{
	struct mono now = loop_now();
	short revents = 0;
	int64_t wall;

	pollset_clear(&l->ps);
	if (fd >= 0)
		pollset_add(&l->ps, fd, events);
	for (size_t i = 0; i < l->nbackends; i++)
		l->backends[i]->ops->prepoll(l->backends[i], &l->ps, now,
		    &deadline);
	loop_poll(&l->ps, now, deadline);
	if (fd >= 0)
		revents = l->ps.v[0].revents;
	now = loop_now();
	wall = loop_wall_ms();
	for (size_t i = 0; i < l->nbackends; i++)
		l->backends[i]->ops->postpoll(l->backends[i], &l->ps, now, wall);
	return revents;
}
