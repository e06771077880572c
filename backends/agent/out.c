/* The agent's standard output. A reader may be slow or stopped for hours, so
 * nothing ever queues behind a frame that is not fully written: the agent makes
 * a new one only while this is idle. What waits is therefore at most one frame,
 * a line is never cut, and a delta always follows the frame it was made
 * against. */
#include "backends/agent/out.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

void
out_init(struct out *o, int fd, size_t max)
{
	struct stat st;
	int flags;

	*o = (struct out){ .fd = fd, .flags = -1 };
	buf_init(&o->buf, max);
	/* A terminal or file is shared with others who expect it to block. */
	if (fstat(fd, &st) != 0 ||
	    (!S_ISFIFO(st.st_mode) && !S_ISSOCK(st.st_mode)))
		return;
	flags = fcntl(fd, F_GETFL);
	if (flags >= 0 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) == 0)
		o->flags = flags;
}

void
out_free(struct out *o)
{
	if (o->flags >= 0)
		fcntl(o->fd, F_SETFL, o->flags);
	buf_free(&o->buf);
	*o = (struct out){ .fd = -1, .flags = -1 };
}

bool
out_idle(const struct out *o)
{
	return o->sent == o->buf.len;
}

int
out_flush(struct out *o)
{
	ssize_t n;

	while (!out_idle(o)) {
		n = write(o->fd, o->buf.p + o->sent, o->buf.len - o->sent);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return 0;
		if (n < 0)
			return -1;
		o->sent += (size_t)n;
	}
	buf_clear(&o->buf);
	o->sent = 0;
	return 0;
}

int
out_drain(struct out *o, int timeout_ms)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };

	while (out_flush(o) == 0) {
		if (out_idle(o))
			return 0;
		if (poll(&p, 1, timeout_ms) <= 0)
			return -1;
	}
	return -1;
}
