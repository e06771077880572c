/* Modes and bytes of the terminal line. What a fatal signal needs to put it
 * back has to be reachable without arguments: hence the one file-scope
 * variable. */
#include "tui/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
	CHUNK = 256,      /* bytes that a terminal with room surely takes */
	QUEUE_MAX = 128,  /* bytes in the kernel that count as not yet out */
	OUT_MAX = 1 << 24,
	DRAIN_MS = 1000,
	RESCUE_MAX = 256,
};

/* A descriptor of our own may be made non-blocking without doing so to the
 * shell, which shares the one we were given. It is not always to be had: after
 * su the terminal still belongs to somebody else. */
static void
open_fd(struct tty *t, int out)
{
	char name[128];

	t->fd = -1;
	if (ttyname_r(out, name, sizeof name) == 0)
		t->fd = open(name, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	t->own_fd = t->nonblock = t->fd >= 0;
	if (t->fd < 0)
		t->fd = out;
}

int
tty_open(struct tty *t, int in, int out, struct err *e)
{
	memset(t, 0, sizeof *t);
	t->fd = -1;
	buf_init(&t->out, OUT_MAX);
	if (!isatty(in) || !isatty(out))
		return err_set(e, ERR_FAILED, "the console needs a terminal "
		    "on standard input and output; in pipes and scripts use "
		    "`xendeck list`");
	open_fd(t, out);
	if (tcgetattr(t->fd, &t->saved) != 0)
		return err_set(e, ERR_FAILED,
		    "cannot read the terminal's modes: %s", strerror(errno));
	return 0;
}

void
tty_close(struct tty *t)
{
	if (t->own_fd)
		close(t->fd);
	t->own_fd = false;
	buf_free(&t->out);
}

void
tty_raw(struct tty *t)
{
	struct termios raw = t->saved;

	raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | INPCK |
	    ISTRIP | IXON | PARMRK);
	raw.c_oflag &= ~(tcflag_t)OPOST;
	raw.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | IEXTEN | ISIG);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(t->fd, TCSANOW, &raw);
}

void
tty_cooked(struct tty *t)
{
	tcsetattr(t->fd, TCSANOW, &t->saved);
}

void
tty_put(struct tty *t, const char *p, size_t n)
{
	buf_add(&t->out, p, n);
}

void
tty_push(struct tty *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLOUT };

	while (t->out.len > 0 && !t->gone) {
		size_t n = t->out.len;
		ssize_t k;

		if (!t->nonblock) {
			if (poll(&p, 1, 0) != 1)
				return;
			n = n < CHUNK ? n : CHUNK;
		}
		k = write(t->fd, t->out.p, n);
		if (k < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (k < 0) {
			t->gone = true;
			return;
		}
		t->sent += (uint64_t)k;
		buf_drop(&t->out, (size_t)k);
	}
}

void
tty_drain(struct tty *t)
{
	struct pollfd p = { .fd = t->fd, .events = POLLOUT };

	tty_push(t);
	while (t->out.len > 0 && !t->gone && poll(&p, 1, DRAIN_MS) == 1)
		tty_push(t);
	buf_clear(&t->out);
}

bool
tty_busy(const struct tty *t)
{
	int queued = 0;

	if (t->out.len > 0)
		return true;
	return ioctl(t->fd, TIOCOUTQ, &queued) == 0 && queued > QUEUE_MAX;
}

size_t
tty_read(struct tty *t, char *p, size_t n)
{
	ssize_t k = read(t->fd, p, n);

	if (k > 0)
		return (size_t)k;
	/* The end of input: polling on would spin. */
	if (k == 0 || (errno != EAGAIN && errno != EINTR))
		t->gone = true;
	return 0;
}

int
tty_size(const struct tty *t, int *w, int *h)
{
	struct winsize ws;

	if (ioctl(t->fd, TIOCGWINSZ, &ws) != 0 || ws.ws_col == 0 ||
	    ws.ws_row == 0)
		return -1;
	*w = ws.ws_col;
	*h = ws.ws_row;
	return 0;
}

/* --- Rescue -------------------------------------------------------------------- */

static struct {
	volatile sig_atomic_t armed;
	int fd;
	struct termios saved;
	char bytes[RESCUE_MAX];
	size_t n;
} rescue;

void
tty_arm(const struct tty *t, const char *bytes, size_t n)
{
	rescue.armed = 0;
	rescue.fd = t->fd;
	rescue.saved = t->saved;
	rescue.n = n < sizeof rescue.bytes ? n : sizeof rescue.bytes;
	memcpy(rescue.bytes, bytes, rescue.n);
	rescue.armed = 1;
}

void
tty_disarm(void)
{
	rescue.armed = 0;
}

void
tty_rescue(void)
{
	struct pollfd p = { .events = POLLOUT };
	size_t done = 0;

	/* In the background the terminal is somebody else's. */
	if (!rescue.armed || tcgetpgrp(rescue.fd) != getpgrp())
		return;
	rescue.armed = 0;
	p.fd = rescue.fd;
	tcflush(rescue.fd, TCIOFLUSH);
	while (done < rescue.n && poll(&p, 1, DRAIN_MS) == 1) {
		ssize_t k = write(rescue.fd, rescue.bytes + done,
		    rescue.n - done);

		if (k <= 0)
			break;
		done += (size_t)k;
	}
	tcsetattr(rescue.fd, TCSANOW, &rescue.saved);
}
