#ifndef BACKENDS_SSHLINK_H
#define BACKENDS_SSHLINK_H

#include <libssh2.h>
#include <stdbool.h>
#include <stddef.h>

#include "backends/resolve.h"
#include "backends/spawn.h"
#include "core/buf.h"
#include "core/err.h"
#include "core/mono.h"
#include "core/pollset.h"

/* The byte stream under one SSH session: a TCP connection to one of the host's
 * addresses, or a socket whose other end a proxy process holds. */

enum {
	SSHLINK_BUSY = 256 * 1024, /* more waits to be sent: queue nothing */
};

struct sshlink {
	int fd;
	bool connected;
	struct spawn proxy;
	char tail[256];      /* the proxy's or the peer's last words, clean */
	struct buf out;      /* encrypted, not sent yet */
	size_t budget;       /* bytes that may still be read this turn */
	size_t got;          /* bytes read ever */
	bool paused;         /* nothing is read for now */
	bool closed;         /* the peer closed it, or said goodbye */
	int error;           /* errno that broke it, or 0 */
	size_t next;         /* address to try next */
	struct mono try_end; /* of the address being tried */
	struct mono deadline;
	size_t slot, slot_err;
};

void sshlink_init(struct sshlink *l);
/* Begins to connect; all addresses together get until the deadline. */
void sshlink_start(struct sshlink *l, const struct resolved *r,
    struct mono now, struct mono deadline);
/* 1 connected, 0 not yet, -1 and why. host is for the sentence. */
int sshlink_connect(struct sshlink *l, const struct resolved *r,
    const struct pollset *ps, struct mono now, const char *host,
    struct err *err);
/* Lets the session send and receive through the link, which must be its
 * abstract pointer. */
void sshlink_attach(struct sshlink *l, LIBSSH2_SESSION *session);

/* While paused, whatever comes waits: only the peer's end is looked for. */
void sshlink_prepoll(struct sshlink *l, struct pollset *ps, bool pause,
    struct mono *deadline);
/* Reads the proxy's stderr, sends what waits, gives a new budget. Returns
 * whether there was anything. */
bool sshlink_postpoll(struct sshlink *l, const struct pollset *ps);
void sshlink_flush(struct sshlink *l);
/* Why it broke, as part of a sentence. */
const char *sshlink_why(const struct sshlink *l);
void sshlink_close(struct sshlink *l); /* idempotent */

#endif
