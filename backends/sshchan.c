/* The channels of one session, each a command.
 *
 * Rules that libssh2 makes and this file keeps: one channel is opened at a
 * time, since the state of opening lives in the session; any read takes in
 * bytes for all channels, so after every wakeup all are asked until none has
 * more, and a quiet socket means nothing; what a channel does not read makes
 * every other one's reads slower, so both streams are read always. Sending
 * never stops half-way (sshlink.c), but a key exchange may make any call come
 * back with EAGAIN: it is repeated, as long as the session lives. */
#include <stdlib.h>
#include <string.h>

#include "core/quote.h"
#include "backends/ssh.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

enum {
	WRITE_MAX = 1024 * 1024,
	WINDOW = 256 * 1024,  /* what one channel may hold in memory */
	PACKET = 32 * 1024,
};

enum sshchan_state {
	CHAN_QUEUED,  /* waits for its turn to be opened */
	CHAN_OPENING,
	CHAN_EXEC,    /* command sent, no answer yet */
	CHAN_RUNNING,
	CHAN_CLOSING, /* ch is being freed */
	CHAN_GONE,
};

struct sshchan {
	struct channel chan;
	struct ssh *ssh;
	struct sshchan *next;
	enum sshchan_state state;
	LIBSSH2_CHANNEL *ch;
	struct channel_cb cb;
	void *arg;
	bool closed;          /* no callback any more */
	struct buf command;
	struct buf in;
	bool in_eof, eof_sent;
	bool refused;         /* too long to be sent */
};

static struct sshchan *
sshchan_of(struct channel *c)
{
	return (struct sshchan *)(void *)c;
}

struct channel *
sshchan_exec(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	struct ssh *s = (struct ssh *)(void *)t;
	struct sshchan *c = x_calloc(1, sizeof *c), **at = &s->first;

	c->chan.transport = t;
	c->ssh = s;
	c->cb = *cb;
	c->arg = arg;
	buf_init(&c->command, QUOTE_MAX);
	buf_init(&c->in, WRITE_MAX);
	c->refused = quote_argv(&c->command, argv) != 0;
	while (*at != NULL) /* opened in the order of exec */
		at = &(*at)->next;
	*at = c;
	s->kick = true;
	return &c->chan;
}

int
sshchan_write(struct channel *chan, const char *p, size_t n)
{
	struct sshchan *c = sshchan_of(chan);

	if (c->closed || c->in_eof)
		return -1;
	if (p == NULL)
		c->in_eof = true;
	else if (buf_add(&c->in, p, n) != 0)
		return -1;
	c->ssh->kick = true;
	return 0;
}

void
sshchan_close(struct channel *chan)
{
	struct sshchan *c = sshchan_of(chan);

	c->closed = true;
	c->ssh->kick = true;
}

/* --- One step of one channel ---------------------------------------------- */

/* Every step returns 1 when something moved, 0 when it has to wait, -1 when the
 * session is broken. */

static int
report(struct sshchan *c, int status, const char *why)
{
	if (!c->closed) {
		c->closed = true;
		c->cb.closed(c->arg, status, why);
	}
	return 1;
}

/* An error of this channel only, or of the whole session? */
static int
refuse(struct sshchan *c, int rc, const char *what)
{
	char *text = NULL, *why;

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	if (rc != LIBSSH2_ERROR_CHANNEL_FAILURE &&
	    rc != LIBSSH2_ERROR_CHANNEL_REQUEST_DENIED)
		return -1;
	libssh2_session_last_error(c->ssh->session, &text, NULL, 0);
	why = x_asprintf("%s %s (%s)", c->ssh->name, what,
	    text != NULL ? text : "?");
	c->state = c->ch != NULL ? CHAN_CLOSING : CHAN_GONE;
	report(c, -1, why);
	x_free(why);
	return 1;
}

static int
open_channel(struct sshchan *c)
{
	struct ssh *s = c->ssh;

	if (c->state == CHAN_QUEUED && c->closed) {
		c->state = CHAN_GONE;
		return 1;
	}
	if (c->refused) {
		c->state = CHAN_GONE;
		return report(c, -1, "the command is longer than 32 KiB");
	}
	if (s->probing || (s->opening != NULL && s->opening != c))
		return 0;
	s->opening = c;
	c->state = CHAN_OPENING;
	c->ch = libssh2_channel_open_ex(s->session, "session",
	    sizeof "session" - 1, WINDOW, PACKET, NULL, 0);
	if (c->ch == NULL) {
		int rc = libssh2_session_last_errno(s->session);

		if (rc != LIBSSH2_ERROR_EAGAIN)
			s->opening = NULL;
		return refuse(c, rc,
		    "lets no further command run at once: raise MaxSessions "
		    "in its sshd_config");
	}
	s->opening = NULL;
	c->state = c->closed ? CHAN_CLOSING : CHAN_EXEC;
	return 1;
}

static int
start_command(struct sshchan *c)
{
	int rc = libssh2_channel_process_startup(c->ch, "exec",
	    sizeof "exec" - 1, c->command.p, (unsigned)c->command.len);

	if (rc != 0)
		return refuse(c, rc, "refused to run the command");
	buf_free(&c->command);
	c->state = CHAN_RUNNING;
	return 1;
}

static int
send_input(struct sshchan *c)
{
	ssize_t n;
	int rc;

	if (c->in.len > 0) {
		if (c->ssh->link.out.len > SSHLINK_BUSY) {
			c->ssh->crowded = true;
			return 0;
		}
		n = libssh2_channel_write(c->ch, c->in.p, c->in.len);
		if (n > 0) {
			buf_drop(&c->in, (size_t)n);
			return 1;
		}
		if (n == LIBSSH2_ERROR_EAGAIN || n == 0)
			return 0;
		if (n != LIBSSH2_ERROR_CHANNEL_CLOSED &&
		    n != LIBSSH2_ERROR_CHANNEL_EOF_SENT)
			return -1;
		buf_clear(&c->in);
	}
	if (!c->in_eof || c->eof_sent)
		return 0;
	rc = libssh2_channel_send_eof(c->ch);
	if (rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	c->eof_sent = true;
	return rc == 0 ? 1 : -1;
}

static int
read_stream(struct sshchan *c, int stream)
{
	char bytes[PACKET];
	ssize_t n = libssh2_channel_read_ex(c->ch, stream, bytes,
	    sizeof bytes);

	if (n > 0) {
		(stream == 0 ? c->cb.data : c->cb.err)(c->arg, bytes,
		    (size_t)n);
		return 1;
	}
	return n == LIBSSH2_ERROR_EAGAIN || n == 0 ||
		n == LIBSSH2_ERROR_CHANNEL_CLOSED
	    ? 0
	    : -1;
}

static int
finish(struct sshchan *c)
{
	char *sig = NULL, name[64], *why = NULL;
	size_t n = 0;
	int status = libssh2_channel_get_exit_status(c->ch);

	libssh2_channel_get_exit_signal(c->ch, &sig, &n, NULL, NULL, NULL,
	    NULL);
	if (sig != NULL) {
		utf8_clean(name, sizeof name, sig, n);
		why = x_asprintf("the command was ended by signal %s", name);
		libssh2_free(c->ssh->session, sig);
		status = -1;
	}
	c->state = CHAN_CLOSING;
	report(c, status, why);
	x_free(why);
	return 1;
}

static int
run(struct sshchan *c)
{
	int moved = 0;

	for (int stream = 0; stream < 2; stream++) {
		int rc = read_stream(c, stream);

		if (rc < 0)
			return -1;
		moved |= rc;
		if (c->closed) {
			c->state = CHAN_CLOSING;
			return 1;
		}
	}
	if (libssh2_channel_eof(c->ch) == 1) {
		int rc = libssh2_channel_wait_closed(c->ch);

		if (rc == 0)
			return finish(c);
		if (rc != LIBSSH2_ERROR_EAGAIN)
			return -1;
	}
	if (!moved)
		moved = send_input(c);
	return moved;
}

static int
free_channel(struct sshchan *c)
{
	if (libssh2_channel_free(c->ch) == LIBSSH2_ERROR_EAGAIN)
		return 0;
	c->ch = NULL;
	c->state = CHAN_GONE;
	return 1;
}

static int
step(struct sshchan *c)
{
	if (c->closed && (c->state == CHAN_EXEC || c->state == CHAN_RUNNING))
		c->state = CHAN_CLOSING;
	switch (c->state) {
	case CHAN_QUEUED:
	case CHAN_OPENING: return open_channel(c);
	case CHAN_EXEC: return start_command(c);
	case CHAN_RUNNING: return run(c);
	case CHAN_CLOSING: return free_channel(c);
	case CHAN_GONE: return 0;
	}
	return 0;
}

/* --- All of them ---------------------------------------------------------- */

static void
free_one(struct sshchan *c)
{
	buf_free(&c->command);
	buf_free(&c->in);
	x_free(c);
}

static void
sweep(struct ssh *s)
{
	for (struct sshchan **at = &s->first; *at != NULL;) {
		struct sshchan *c = *at;

		if (c->state == CHAN_GONE) {
			*at = c->next;
			free_one(c);
		} else
			at = &c->next;
	}
}

/* libssh2 reads only on behalf of a channel, but a session without any has
 * things to hear as well: that it is over, new keys, whether it is alive. So a
 * channel is asked for that no server has, until the refusal comes: all that
 * came before it has been read then. */
static int
probe(struct ssh *s)
{
	static const char type[] = "idle@xendeck";
	LIBSSH2_CHANNEL *ch;
	int rc;

	s->probing = true;
	ch = libssh2_channel_open_ex(s->session, type, sizeof type - 1, WINDOW,
	    PACKET, NULL, 0);
	rc = libssh2_session_last_errno(s->session);
	if (ch == NULL && rc == LIBSSH2_ERROR_EAGAIN)
		return 0;
	s->probing = false;
	if (ch != NULL)
		libssh2_channel_free(ch); /* if not now, with the session */
	return ch != NULL || rc == LIBSSH2_ERROR_CHANNEL_FAILURE ? 0 : -1;
}

int
sshchan_pump(struct ssh *s, bool readable)
{
	bool moved;
	size_t got;

	if ((s->probing || (readable && s->first == NULL)) && probe(s) != 0)
		return -1;
	s->crowded = false;
	do {
		moved = false;
		got = s->link.got;
		s->kick = false;
		for (struct sshchan *c = s->first; c != NULL; c = c->next) {
			int rc = step(c);

			if (rc < 0)
				return -1;
			moved = moved || rc > 0;
		}
		/* What a later channel's call read may be an earlier one's. */
	} while (moved || s->kick || s->link.got != got);
	sweep(s);
	return 0;
}

void
sshchan_free_all(struct ssh *s)
{
	while (s->first != NULL) {
		struct sshchan *c = s->first;

		s->first = c->next;
		free_one(c); /* ch goes with the session */
	}
	s->opening = NULL;
}
