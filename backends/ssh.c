/* The libssh2 transport: one host's way from a name to a session on which
 * commands run, as a state machine that the poll loop drives.
 *
 * The host's key is checked before any of our keys is offered. Each state has a
 * deadline; once up there is none, since a dead peer is the kernel's to find
 * (keep-alive and user timeout, sshlink.c) and silence is the observer's to
 * judge: libssh2's own keepalives can wedge a session. */
#include "backends/ssh.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/utf8.h"

enum {
	CONNECT_MS = 10000,
	HANDSHAKE_MS = 15000,
	AUTH_MS = 25000, /* somebody may have to confirm a key's use */
};

/* CTR and plain HMAC is the best that 1.10 has: no CBC, no SHA-1. 1.11 takes
 * the names it knows from the front. */
static const struct {
	int method;
	const char *names;
} preferences[] = {
	{ LIBSSH2_METHOD_KEX,
	    "curve25519-sha256,curve25519-sha256@libssh.org,"
	    "ecdh-sha2-nistp256,ecdh-sha2-nistp384,ecdh-sha2-nistp521,"
	    /* The larger groups take libssh2 long enough to be felt at the
	     * keyboard; a server that wants nothing else gets ssh. */
	    "diffie-hellman-group14-sha256" },
	{ LIBSSH2_METHOD_CRYPT_CS, "aes256-ctr,aes128-ctr" },
	{ LIBSSH2_METHOD_CRYPT_SC, "aes256-ctr,aes128-ctr" },
	{ LIBSSH2_METHOD_MAC_CS, "hmac-sha2-256,hmac-sha2-512" },
	{ LIBSSH2_METHOD_MAC_SC, "hmac-sha2-256,hmac-sha2-512" },
};

static struct ssh *
ssh_of(struct transport *t)
{
	return (struct ssh *)(void *)t;
}

static struct transport *
ssh_open(const struct conf_host *host, const struct transport_cb *cb,
    void *arg, struct mono now)
{
	struct ssh *s = x_calloc(1, sizeof *s);

	s->t.ops = &transport_libssh2;
	s->cb = *cb;
	s->arg = arg;
	s->name = x_strdup(host->name);
	sshlink_init(&s->link);
	s->resolve = resolve_start(host, now);
	s->deadline = MONO_NEVER; /* resolve has its own */
	return &s->t;
}

/* --- Steps: each returns whether the state changed ------------------------ */

static bool
go_down(struct ssh *s, enum link_fault fault, const struct err *err)
{
	s->state = SSH_DOWN;
	s->deadline = MONO_NEVER;
	sshlink_close(&s->link);
	s->cb.down(s->arg, fault, err->msg);
	return false;
}

static bool
enter(struct ssh *s, enum ssh_state state, struct mono deadline)
{
	s->state = state;
	s->deadline = deadline;
	return true;
}

static bool
step_resolve(struct ssh *s, const struct pollset *ps, struct mono now)
{
	struct mono deadline = mono_add_ms(now, CONNECT_MS);
	struct err err;

	s->r = resolve_postpoll(s->resolve, ps, now);
	if (s->r == NULL)
		return false;
	if (s->r->failed)
		return go_down(s, s->r->fault, &s->r->err);
	if (s->r->incapable != NULL) {
		err_set(&err, ERR_FAILED,
		    "ssh_config sets %s for %s, which libssh2 cannot honour",
		    s->r->incapable, s->name);
		return go_down(s, FAULT_INCAPABLE, &err);
	}
	sshlink_start(&s->link, s->r, now, deadline);
	return enter(s, SSH_CONNECTING, deadline);
}

static int
make_session(struct ssh *s, struct err *err)
{
	struct buf keys;

	if (libssh2_init(0) != 0 ||
	    (s->session = libssh2_session_init_ex(NULL, NULL, NULL,
		 &s->link)) == NULL)
		return err_set(err, ERR_FAILED, "libssh2 cannot start");
	libssh2_session_set_blocking(s->session, 0);
	sshlink_attach(&s->link, s->session);
	for (size_t i = 0; i < sizeof preferences / sizeof *preferences; i++)
		libssh2_session_method_pref(s->session, preferences[i].method,
		    preferences[i].names);
	buf_init(&keys, 1024);
	if (sshhost_prefs(&keys, s->r->known, s->r->nknown, s->name, err) != 0) {
		buf_free(&keys);
		return -1;
	}
	libssh2_session_method_pref(s->session, LIBSSH2_METHOD_HOSTKEY,
	    keys.p);
	buf_free(&keys);
	return 0;
}

static bool
step_connect(struct ssh *s, const struct pollset *ps, struct mono now)
{
	struct err err;
	int rc = sshlink_connect(&s->link, s->r, ps, now, s->name, &err);

	if (rc < 0)
		return go_down(s, FAULT_UNREACHABLE, &err);
	if (rc == 0)
		return false;
	if (make_session(s, &err) != 0)
		return go_down(s,
		    s->session != NULL ? FAULT_INCAPABLE : FAULT_SETUP, &err);
	return enter(s, SSH_HANDSHAKE, mono_add_ms(now, HANDSHAKE_MS));
}

static bool
handshake_failed(struct ssh *s, int rc)
{
	char *text = NULL, clean[128] = "";
	struct err err;

	libssh2_session_last_error(s->session, &text, NULL, 0);
	if (text != NULL)
		utf8_clean(clean, sizeof clean, text, strlen(text));
	if (rc == LIBSSH2_ERROR_KEX_FAILURE ||
	    (rc != LIBSSH2_ERROR_SOCKET_DISCONNECT && !s->link.closed &&
		s->link.error == 0 && rc != LIBSSH2_ERROR_BANNER_RECV)) {
		err_set(&err, ERR_FAILED,
		    "%s and libssh2 %s have no common ciphers, MACs or host "
		    "keys (%s)",
		    s->name, libssh2_version(0), clean);
		return go_down(s, FAULT_INCAPABLE, &err);
	}
	if (s->r->proxy != NULL)
		err_set(&err, ERR_UNREACHABLE,
		    "cannot reach %s by its jump host or ProxyCommand: %s",
		    s->name, sshlink_why(&s->link));
	else
		err_set(&err, ERR_UNREACHABLE,
		    "%s (port %d) hung up in SSH's handshake: %s; is that "
		    "sshd, and does its MaxStartups allow us?",
		    s->name, s->r->port, sshlink_why(&s->link));
	return go_down(s, FAULT_UNREACHABLE, &err);
}

static bool
step_handshake(struct ssh *s, struct mono now)
{
	int rc = libssh2_session_handshake(s->session, s->link.fd), type;
	enum link_fault fault;
	const char *key;
	struct err err;
	size_t n;

	if (rc == LIBSSH2_ERROR_EAGAIN)
		return false;
	if (rc != 0)
		return handshake_failed(s, rc);
	key = libssh2_session_hostkey(s->session, &n, &type);
	if (key == NULL)
		return handshake_failed(s, LIBSSH2_ERROR_HOSTKEY_INIT);
	if (sshhost_check(s->r->known, s->r->nknown, s->name, s->r->known_as,
		(const uint8_t *)key, n, &fault, &err) != 0)
		return go_down(s, fault, &err);
	s->auth = sshauth_new(s->session, &s->link, s->r, s->name, now);
	return enter(s, SSH_AUTH, mono_add_ms(now, AUTH_MS));
}

static bool
step_auth(struct ssh *s, const struct pollset *ps, struct mono now)
{
	enum link_fault fault;
	struct err err;
	int rc;

	sshauth_postpoll(s->auth, ps, now);
	rc = sshauth_step(s->auth, now, &fault, &err);
	if (rc < 0)
		return go_down(s, fault, &err);
	if (rc == 0)
		return false;
	sshauth_free(s->auth);
	s->auth = NULL;
	resolve_free(s->resolve); /* wipes the keys */
	s->resolve = NULL;
	s->r = NULL;
	enter(s, SSH_UP, MONO_NEVER);
	s->cb.up(s->arg);
	return true;
}

static bool
step_up(struct ssh *s, bool readable)
{
	struct err err;
	int rc = sshchan_pump(s, readable);

	/* A hung-up connection ends the session only once all that came before
	 * has been handed on. */
	if (rc == 0 && !s->link.closed && s->link.error == 0)
		return false;
	err_set(&err, ERR_UNREACHABLE, "the connection to %s is lost: %s",
	    s->name, sshlink_why(&s->link));
	return go_down(s, FAULT_LOST, &err);
}

static bool
step(struct ssh *s, const struct pollset *ps, bool readable, struct mono now)
{
	switch (s->state) {
	case SSH_RESOLVING: return step_resolve(s, ps, now);
	case SSH_CONNECTING: return step_connect(s, ps, now);
	case SSH_HANDSHAKE: return step_handshake(s, now);
	case SSH_AUTH: return step_auth(s, ps, now);
	case SSH_UP: return step_up(s, readable);
	case SSH_DOWN: return false;
	}
	return false;
}

static void
check_deadline(struct ssh *s, struct mono now)
{
	static const char *const what[] = {
		[SSH_RESOLVING] = "its name was looked up",
		[SSH_CONNECTING] = "a connection was made",
		[SSH_HANDSHAKE] = "SSH's handshake was done",
		[SSH_AUTH] = "the login was done",
		[SSH_UP] = "", [SSH_DOWN] = "",
	};
	struct err err;

	if (!mono_reached(s->deadline, now))
		return;
	err_set(&err, ERR_UNREACHABLE,
	    "%s did not answer in time: %d s went by before %s", s->name,
	    (s->state == SSH_AUTH	    ? AUTH_MS
		    : s->state == SSH_HANDSHAKE ? HANDSHAKE_MS
						: CONNECT_MS) / 1000,
	    what[s->state]);
	go_down(s, FAULT_UNREACHABLE, &err);
}

/* --- The loop's side ------------------------------------------------------ */

static void
ssh_prepoll(struct transport *t, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct ssh *s = ssh_of(t);

	if (s->state == SSH_DOWN)
		return;
	mono_lower(deadline, s->deadline);
	if (s->state == SSH_RESOLVING) {
		resolve_prepoll(s->resolve, ps, deadline);
		return;
	}
	sshlink_prepoll(&s->link, ps, s->auth != NULL &&
	    sshauth_waits(s->auth), deadline);
	if (s->auth != NULL)
		sshauth_prepoll(s->auth, ps, deadline);
	if (s->kick)
		mono_lower(deadline, now);
}

static void
ssh_postpoll(struct transport *t, const struct pollset *ps, struct mono now)
{
	struct ssh *s = ssh_of(t);
	bool any;

	if (s->state == SSH_DOWN)
		return;
	any = sshlink_postpoll(&s->link, ps);
	if (s->state != SSH_UP || any || s->kick)
		while (step(s, ps, any, now))
			;
	if (s->state == SSH_DOWN)
		return;
	sshlink_flush(&s->link);
	if (s->crowded && s->link.out.len <= SSHLINK_BUSY)
		s->kick = true;
	check_deadline(s, now);
}

static void
ssh_close(struct transport *t)
{
	struct ssh *s = ssh_of(t);

	if (s->state == SSH_UP && s->link.out.len == 0 &&
	    libssh2_session_disconnect(s->session, "closed by xendeck") == 0)
		sshlink_flush(&s->link);
	/* With the socket gone, nothing below can wait for it. */
	sshlink_close(&s->link);
	sshauth_free(s->auth);
	sshchan_free_all(s);
	if (s->session != NULL)
		libssh2_session_free(s->session);
	resolve_free(s->resolve);
	x_free(s->name);
	x_free(s);
}

const uint8_t *
ssh_offered_key(struct transport *t, size_t *n, const struct resolved **r)
{
	struct ssh *s = ssh_of(t);
	int type;

	*r = s->r;
	return s->session == NULL
	    ? NULL
	    : (const uint8_t *)libssh2_session_hostkey(s->session, n, &type);
}

const struct transport_ops transport_libssh2 = {
	.name = "libssh2",
	.open = ssh_open,
	.exec = sshchan_exec,
	.write = sshchan_write,
	.channel_close = sshchan_close,
	.prepoll = ssh_prepoll,
	.postpoll = ssh_postpoll,
	.close = ssh_close,
};
