#ifndef BACKENDS_SSH_H
#define BACKENDS_SSH_H

#include <libssh2.h>
#include <stdbool.h>
#include <stddef.h>

#include "backends/resolve.h"
#include "backends/sshauth.h"
#include "backends/sshlink.h"
#include "backends/transport.h"

/* What ssh.c (the session) and sshchan.c (its channels) share, and the way for
 * trust.c to an unknown host's key. Nobody else includes this. */

enum ssh_state {
	SSH_RESOLVING,
	SSH_CONNECTING,
	SSH_HANDSHAKE,
	SSH_AUTH,
	SSH_UP,
	SSH_DOWN,
};

struct sshchan;

struct ssh {
	struct transport t;
	struct transport_cb cb;
	void *arg;
	char *name;           /* what the operator calls the host */
	enum ssh_state state;
	struct mono deadline; /* of the state */
	struct resolve *resolve;
	const struct resolved *r;
	struct sshlink link;
	LIBSSH2_SESSION *session;
	struct sshauth *auth;
	/* Channels. */
	struct sshchan *first;
	struct sshchan *opening; /* the one whose opening is under way */
	bool probing;            /* an idle session is being read */
	bool kick;               /* there is work without any input */
	bool crowded;            /* input waits for room in the link's queue */
};

/* As transport_ops. */
struct channel *sshchan_exec(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg);
int sshchan_write(struct channel *c, const char *p, size_t n);
void sshchan_close(struct channel *c);

/* Moves all channels on as far as they go; readable: the socket has something.
 * 0, or -1: the session is broken. */
int sshchan_pump(struct ssh *s, bool readable);
/* Frees all of them without callbacks; the session is freed next. */
void sshchan_free_all(struct ssh *s);

/* Of a libssh2 transport that went down with FAULT_HOSTKEY_UNKNOWN: the key it
 * showed (borrowed until close) and what was known of the host. */
const uint8_t *ssh_offered_key(struct transport *t, size_t *n,
    const struct resolved **r);

#endif
