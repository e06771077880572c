/* ssh-agent may be forwarded from a machine that is asleep, or wait for a
 * finger on a token: it gets time, but the loop does not wait for it. libssh2's
 * own client blocks, hence this one. What the agent says is foreign bytes. */
#include "backends/sshagent.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "backends/sshkey.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

enum {
	/* draft-miller-ssh-agent, section 6.1 */
	REQUEST_IDENTITIES = 11,
	IDENTITIES_ANSWER = 12,
	SIGN_REQUEST = 13,
	SIGN_RESPONSE = 14,

	MESSAGE_MAX = 256 * 1024, /* as OpenSSH's agent has it */
	KEYS_MAX = 64,
	LIST_MS = 4000,
	SIGN_MS = 15000,          /* somebody may have to confirm */
};

struct sshagent {
	int fd;
	enum sshagent_state state;
	struct err err;
	struct mono deadline; /* of the open question */
	struct buf out, in;
	size_t slot;
	struct sshagent_key keys[KEYS_MAX];
	size_t nkeys;
	uint8_t *sig;
	size_t nsig;
};

static void
broken(struct sshagent *a, const char *why)
{
	a->state = SSHAGENT_BROKEN;
	err_set(&a->err, ERR_FAILED, "%s", why);
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

static void
put_u32(struct buf *b, size_t v)
{
	uint8_t be[4] = { (uint8_t)(v >> 24), (uint8_t)(v >> 16),
		(uint8_t)(v >> 8), (uint8_t)v };

	buf_add(b, be, sizeof be);
}

static void
flush(struct sshagent *a)
{
	while (a->fd >= 0 && a->out.len > 0) {
		ssize_t n = send(a->fd, a->out.p, a->out.len, MSG_NOSIGNAL);

		if (n > 0)
			buf_drop(&a->out, (size_t)n);
		else if (n < 0 && errno == EAGAIN)
			return;
		else if (n >= 0 || errno != EINTR)
			broken(a, "ssh-agent closed the connection");
	}
}

static int
connect_to(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd, saved;

	if (strlen(path) >= sizeof un.sun_path) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(un.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	fcntl(fd, F_SETFD, FD_CLOEXEC);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	/* On a local socket connect does not come back with EINPROGRESS: it
	 * works at once, or the agent's queue is full. */
	if (connect(fd, (const struct sockaddr *)(const void *)&un,
		sizeof un) == 0)
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

struct sshagent *
sshagent_open(const char *path, struct mono now)
{
	struct sshagent *a = x_calloc(1, sizeof *a);

	buf_init(&a->out, MESSAGE_MAX + 4);
	buf_init(&a->in, MESSAGE_MAX + 4);
	a->fd = connect_to(path);
	if (a->fd < 0) {
		broken(a, errno == EAGAIN ? "ssh-agent is too busy" :
					    strerror(errno));
		return a;
	}
	a->state = SSHAGENT_WAITING;
	a->deadline = mono_add_ms(now, LIST_MS);
	put_u32(&a->out, 1);
	buf_add(&a->out, (uint8_t[]){ REQUEST_IDENTITIES }, 1);
	flush(a);
	return a;
}

void
sshagent_free(struct sshagent *a)
{
	if (a == NULL)
		return;
	if (a->fd >= 0)
		close(a->fd);
	for (size_t i = 0; i < a->nkeys; i++) {
		x_free(a->keys[i].blob);
		x_free(a->keys[i].comment);
	}
	x_free(a->sig);
	buf_free(&a->out);
	buf_free(&a->in);
	x_free(a);
}

enum sshagent_state
sshagent_state(const struct sshagent *a)
{
	return a->state;
}

const char *
sshagent_why(const struct sshagent *a)
{
	return a->err.msg;
}

const struct sshagent_key *
sshagent_keys(const struct sshagent *a, size_t *n)
{
	*n = a->nkeys;
	return a->keys;
}

const uint8_t *
sshagent_signature(const struct sshagent *a, size_t *n)
{
	*n = a->nsig;
	return a->sig;
}

void
sshagent_sign(struct sshagent *a, const struct sshagent_key *key,
    const uint8_t *data, size_t n, struct mono now)
{
	a->state = SSHAGENT_WAITING;
	a->deadline = mono_add_ms(now, SIGN_MS);
	if (key->nblob + n + 13 > MESSAGE_MAX) {
		broken(a, "too much to sign for ssh-agent");
		return;
	}
	put_u32(&a->out, 1 + 4 + key->nblob + 4 + n + 4);
	buf_add(&a->out, (uint8_t[]){ SIGN_REQUEST }, 1);
	put_u32(&a->out, key->nblob);
	buf_add(&a->out, key->blob, key->nblob);
	put_u32(&a->out, n);
	buf_add(&a->out, data, n);
	put_u32(&a->out, 0);
	flush(a);
}

static int
take_identities(struct sshagent *a, struct sshkey_reader r)
{
	uint32_t n;

	if (sshkey_get_u32(&r, &n) != 0)
		return -1;
	for (uint32_t i = 0; i < n && a->nkeys < KEYS_MAX; i++) {
		struct sshagent_key *key = &a->keys[a->nkeys];
		struct sshkey_reader blob, comment;
		char text[128];

		if (sshkey_get_string(&r, &blob) != 0 ||
		    sshkey_get_string(&r, &comment) != 0)
			return -1;
		key->blob = x_malloc(blob.n + 1);
		memcpy(key->blob, blob.p, blob.n);
		key->nblob = blob.n;
		utf8_clean(text, sizeof text, (const char *)comment.p,
		    comment.n);
		key->comment = x_strdup(text);
		a->nkeys++;
	}
	a->state = SSHAGENT_READY;
	return 0;
}

static int
take_signature(struct sshagent *a, struct sshkey_reader r)
{
	struct sshkey_reader outer, algorithm, sig;

	if (sshkey_get_string(&r, &outer) != 0 ||
	    sshkey_get_string(&outer, &algorithm) != 0 ||
	    sshkey_get_string(&outer, &sig) != 0)
		return -1;
	x_free(a->sig);
	a->sig = x_malloc(sig.n + 1);
	memcpy(a->sig, sig.p, sig.n);
	a->nsig = sig.n;
	a->state = SSHAGENT_SIGNED;
	return 0;
}

/* One whole message without its length. Any type that is no answer to the open
 * question is a refusal: SSH_AGENT_FAILURE has several numbers. */
static void
take_message(struct sshagent *a, const uint8_t *p, size_t n)
{
	struct sshkey_reader r = { p + 1, n - 1 };
	int rc = 0;

	if (a->state != SSHAGENT_WAITING)
		rc = -1;
	else if (p[0] == IDENTITIES_ANSWER)
		rc = take_identities(a, r);
	else if (p[0] == SIGN_RESPONSE)
		rc = take_signature(a, r);
	else
		a->state = SSHAGENT_REFUSED;
	if (rc != 0)
		broken(a, "ssh-agent sent something unintelligible");
}

static void
read_some(struct sshagent *a)
{
	uint8_t bytes[8192];
	ssize_t n = recv(a->fd, bytes, sizeof bytes, 0);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		broken(a, "ssh-agent closed the connection");
		return;
	}
	if (buf_add(&a->in, bytes, (size_t)n) != 0) {
		broken(a, "ssh-agent sent an endless message");
		return;
	}
	while (a->fd >= 0 && a->in.len >= 4) {
		struct sshkey_reader r = { (const uint8_t *)a->in.p,
			a->in.len };
		uint32_t len = 0;

		sshkey_get_u32(&r, &len);
		if (len == 0 || len > MESSAGE_MAX)
			broken(a, "ssh-agent sent something unintelligible");
		else if (r.n < len)
			return;
		else {
			take_message(a, r.p, len);
			buf_drop(&a->in, 4 + (size_t)len);
		}
	}
}

void
sshagent_prepoll(struct sshagent *a, struct pollset *ps,
    struct mono *deadline)
{
	if (a->fd < 0 || a->state != SSHAGENT_WAITING)
		return;
	a->slot = pollset_add(ps, a->fd,
	    a->out.len > 0 ? POLLIN | POLLOUT : POLLIN);
	mono_lower(deadline, a->deadline);
}

int
sshagent_postpoll(struct sshagent *a, const struct pollset *ps,
    struct mono now)
{
	enum sshagent_state before = a->state;
	short got;

	if (before != SSHAGENT_WAITING)
		return 0;
	got = pollset_revents(ps, a->slot, a->fd);
	if ((got & POLLOUT) != 0)
		flush(a);
	if ((got & (POLLIN | POLLHUP | POLLERR)) != 0 && a->fd >= 0)
		read_some(a);
	if (a->state == SSHAGENT_WAITING && mono_reached(a->deadline, now))
		broken(a, "ssh-agent did not answer");
	return a->state != before;
}
