/* The array that one poll(2) call takes, filled by all modules in turn. */
#include "core/pollset.h"

#include "core/mem.h"

size_t
pollset_add(struct pollset *ps, int fd, short events)
{
	ps->v = x_grow(ps->v, ps->n, &ps->cap, sizeof *ps->v);
	ps->v[ps->n] = (struct pollfd){ .fd = fd, .events = events };
	return ps->n++;
}

short
pollset_revents(const struct pollset *ps, size_t slot, int fd)
{
	return slot < ps->n && ps->v[slot].fd == fd ? ps->v[slot].revents : 0;
}

void
pollset_clear(struct pollset *ps)
{
	ps->n = 0;
}

void
pollset_free(struct pollset *ps)
{
	x_free(ps->v);
	*ps = (struct pollset){ 0 };
}
