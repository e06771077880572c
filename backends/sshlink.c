/* The socket under a session, and the queue in front of it.
 *
 * libssh2 demands that a packet of which only a part could be sent is finished
 * by the very same call, with the same pointers, before anything else is sent
 * on the session; some of those pointers are on its own stack, and any read may
 * send. So its packets never meet a full socket here: they go into a queue
 * whole, and the queue is the session's one sender. Whoever has bulk to send
 * looks first whether the queue is short. */
#define _GNU_SOURCE /* POLLRDHUP */
#include "backends/sshlink.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/utf8.h"

enum {
	OUT_MAX = 8 * 1024 * 1024, /* far above what BUSY lets in */
	BUDGET = 512 * 1024,       /* about 2 ms of decryption */

	/* A peer that is gone is noticed within 10 s. */
	KEEPALIVE_IDLE_S = 4,
	KEEPALIVE_INTERVAL_S = 2,
	KEEPALIVE_COUNT = 3,
	USER_TIMEOUT_MS = 10000,
};

void
sshlink_init(struct sshlink *l)
{
	*l = (struct sshlink){ .fd = -1, .proxy = SPAWN_NONE };
	buf_init(&l->out, OUT_MAX);
}

/* --- Connecting ----------------------------------------------------------- */

static void
set_option(int fd, int level, int option, int value)
{
	/* Each is a help, none a condition. */
	(void)setsockopt(fd, level, option, &value, sizeof value);
}

static int
open_socket(const char *addr, int port)
{
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *ai;
	char service[16];
	int fd, saved;

	snprintf(service, sizeof service, "%d", port);
	if (getaddrinfo(addr, service, &hints, &ai) != 0) {
		errno = EINVAL;
		return -1;
	}
	fd = socket(ai->ai_family, SOCK_STREAM, 0);
	if (fd < 0)
		goto out;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
	set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
	set_option(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
	set_option(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_COUNT);
	set_option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
	if (connect(fd, ai->ai_addr, ai->ai_addrlen) != 0 &&
	    errno != EINPROGRESS) {
		saved = errno;
		close(fd);
		fd = -1;
		errno = saved;
	}
out:
	saved = errno;
	freeaddrinfo(ai);
	errno = saved;
	return fd;
}

/* Goes on to the next address that does not fail at once. */
static void
try_next(struct sshlink *l, const struct resolved *r, struct mono now)
{
	int64_t left;

	spawn_close_fd(&l->fd);
	while (l->fd < 0 && l->next < r->naddrs) {
		left = mono_diff_ms(l->deadline, now) /
		    (int64_t)(r->naddrs - l->next);
		l->try_end = mono_add_ms(now, left > 0 ? left : 0);
		l->fd = open_socket(r->addrs[l->next++], r->port);
		if (l->fd < 0)
			l->error = errno;
	}
}

static void
start_proxy(struct sshlink *l, const char *command)
{
	const char *argv[] = { "/bin/sh", "-c", command, NULL };
	struct err err;

	if (spawn_exec(&l->proxy, argv, SPAWN_SOCKET, &err) != 0) {
		l->error = errno;
		return;
	}
	l->fd = l->proxy.out;
	l->connected = true;
}

void
sshlink_start(struct sshlink *l, const struct resolved *r, struct mono now,
    struct mono deadline)
{
	l->deadline = deadline;
	l->error = ENETUNREACH; /* unless there is a better reason */
	if (r->proxy != NULL)
		start_proxy(l, r->proxy);
	else
		try_next(l, r, now);
}

static int
report_unreachable(const struct sshlink *l, const struct resolved *r,
    const char *host, struct err *err)
{
	const char *addr = l->next > 0 ? r->addrs[l->next - 1] : r->hostname;

	return err_set(err, ERR_UNREACHABLE,
	    "cannot reach %s at %s port %d: %s; %s", host, addr, r->port,
	    strerror(l->error),
	    l->error == ECONNREFUSED ? "is sshd running there?"
				     : "is it up, and the network?");
}

int
sshlink_connect(struct sshlink *l, const struct resolved *r,
    const struct pollset *ps, struct mono now, const char *host,
    struct err *err)
{
	int error = 0;
	socklen_t n = sizeof error;

	if (l->connected) {
		l->error = 0;
		return 1;
	}
	if (l->fd >= 0 && pollset_revents(ps, l->slot, l->fd) != 0) {
		if (getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
			error = errno;
		if (error == 0) {
			l->connected = true;
			l->error = 0;
			return 1;
		}
		l->error = error;
		try_next(l, r, now);
	} else if (l->fd >= 0 && mono_reached(l->try_end, now)) {
		l->error = ETIMEDOUT;
		try_next(l, r, now);
	}
	return l->fd >= 0 ? 0 : report_unreachable(l, r, host, err);
}

/* --- libssh2's side ------------------------------------------------------- */

static LIBSSH2_SEND_FUNC(take_packet)
{
	struct sshlink *l = *abstract;

	(void)socket;
	(void)flags;
	if (l->fd < 0 || buf_add(&l->out, buffer, length) != 0)
		return -EPIPE;
	return (ssize_t)length;
}

static LIBSSH2_RECV_FUNC(give_bytes)
{
	struct sshlink *l = *abstract;
	ssize_t n;

	(void)socket;
	(void)flags;
	if (l->fd < 0)
		return -EPIPE;
	if (l->budget == 0)
		return -EAGAIN;
	n = recv(l->fd, buffer, length < l->budget ? length : l->budget, 0);
	if (n < 0 && errno == EINTR)
		return -EAGAIN;
	if (n < 0) {
		/* Every channel will ask; the socket is asked once. */
		l->budget = 0;
		if (errno != EAGAIN)
			l->error = errno;
		return -errno;
	}
	if (n == 0)
		l->closed = true;
	l->budget -= (size_t)n;
	l->got += (size_t)n;
	return n;
}

static LIBSSH2_DISCONNECT_FUNC(take_goodbye)
{
	struct sshlink *l = *abstract;

	(void)session;
	(void)reason;
	(void)language;
	(void)language_len;
	l->closed = true;
	if (message_len > 0)
		utf8_clean(l->tail, sizeof l->tail, message,
		    (size_t)message_len);
}

void
sshlink_attach(struct sshlink *l, LIBSSH2_SESSION *session)
{
	LIBSSH2_SEND_FUNC((*send_func)) = take_packet;
	LIBSSH2_RECV_FUNC((*recv_func)) = give_bytes;
	LIBSSH2_DISCONNECT_FUNC((*bye_func)) = take_goodbye;
	void *p;

	/* Its interface takes functions as void *, which ISO C cannot say. */
	memcpy(&p, &send_func, sizeof p);
	libssh2_session_callback_set(session, LIBSSH2_CALLBACK_SEND, p);
	memcpy(&p, &recv_func, sizeof p);
	libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, p);
	memcpy(&p, &bye_func, sizeof p);
	libssh2_session_callback_set(session, LIBSSH2_CALLBACK_DISCONNECT, p);
	l->budget = BUDGET;
}

/* --- The loop's side ------------------------------------------------------ */

void
sshlink_flush(struct sshlink *l)
{
	while (l->fd >= 0 && l->out.len > 0) {
		ssize_t n = send(l->fd, l->out.p, l->out.len, MSG_NOSIGNAL);

		if (n > 0)
			buf_drop(&l->out, (size_t)n);
		else if (n < 0 && errno != EINTR) {
			/* Reading will find it broken, after what the peer
			 * had still to say. */
			if (errno != EAGAIN)
				buf_clear(&l->out);
			return;
		}
	}
}

void
sshlink_prepoll(struct sshlink *l, struct pollset *ps, bool pause,
    struct mono *deadline)
{
	short events = pause ? POLLRDHUP : POLLIN;

	if (l->fd < 0) {
		mono_lower(deadline, MONO_ZERO);
		return;
	}
	if (!l->connected) {
		events = POLLOUT;
		mono_lower(deadline, l->try_end);
	} else if (l->out.len > 0)
		events |= POLLOUT;
	l->paused = pause;
	l->slot = pollset_add(ps, l->fd, events);
	if (l->proxy.err >= 0)
		l->slot_err = pollset_add(ps, l->proxy.err, POLLIN);
}

/* Keeps the last line; what was before it seldom helps. */
static void
read_proxy_err(struct sshlink *l)
{
	char bytes[1024];
	ssize_t n = read(l->proxy.err, bytes, sizeof bytes);
	size_t from, to;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		spawn_close_fd(&l->proxy.err);
		return;
	}
	for (to = (size_t)n; to > 0 && strchr("\r\n", bytes[to - 1]); to--)
		;
	for (from = to; from > 0 && bytes[from - 1] != '\n'; from--)
		;
	if (to > from)
		utf8_clean(l->tail, sizeof l->tail, bytes + from, to - from);
}

bool
sshlink_postpoll(struct sshlink *l, const struct pollset *ps)
{
	short got = pollset_revents(ps, l->slot, l->fd);

	if (pollset_revents(ps, l->slot_err, l->proxy.err) != 0)
		read_proxy_err(l);
	l->budget = BUDGET;
	if (l->paused && (got & (POLLRDHUP | POLLHUP | POLLERR)) != 0)
		l->closed = true;
	if ((got & POLLOUT) != 0 && l->connected)
		sshlink_flush(l);
	return got != 0;
}

const char *
sshlink_why(const struct sshlink *l)
{
	if (l->tail[0] != '\0')
		return l->tail;
	if (l->error != 0)
		return strerror(l->error);
	return "the connection was closed";
}

void
sshlink_close(struct sshlink *l)
{
	if (l->proxy.pid > 0)
		spawn_end(&l->proxy); /* its socket is ours */
	else
		spawn_close_fd(&l->fd);
	l->fd = -1;
	buf_free(&l->out);
}
