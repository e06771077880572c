#ifndef BACKENDS_TRANSPORT_H
#define BACKENDS_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/conf.h"
#include "core/mono.h"
#include "core/pollset.h"

/* A transport carries argv and bytes to one host and knows nothing of Xen.
 * There are three: local.c (this machine), ssh.c (libssh2), openssh.c (the ssh
 * program). None ever blocks: names are resolved, ssh_config is asked and keys
 * are signed in child processes or by non-blocking sockets.
 *
 * Callbacks come only from postpoll, never from inside open, exec, write or
 * close. A callback may call any function here except transport's close;
 * closing the channel that calls back is fine. */

enum link_fault {
	FAULT_UNREACHABLE,     /* no such name, no route, no answer */
	FAULT_AUTH,            /* no key was accepted */
	FAULT_HOSTKEY_UNKNOWN, /* `xendeck trust HOST` or a typed yes */
	FAULT_HOSTKEY_CHANGED, /* a hard stop; both fingerprints in the reason */
	FAULT_INCAPABLE,       /* libssh2 cannot, OpenSSH's ssh might */
	FAULT_LOST,            /* was up, is gone or silent */
	FAULT_SETUP,           /* this machine: no ssh program, bad key file */
};

struct transport_cb {
	void (*up)(void *arg);
	/* The transport is dead: nothing but channel_close and close may be
	 * called any more. All its channels are closed without a callback of
	 * their own, and gone with close. */
	void (*down)(void *arg, enum link_fault fault, const char *reason);
};

struct channel;
struct channel_cb {
	void (*data)(void *arg, const char *p, size_t n);
	void (*err)(void *arg, const char *p, size_t n); /* stderr */
	/* The command ended: exit status, or -1 with why (killed, refused by
	 * the server: MaxSessions). The channel is gone after this. */
	void (*closed)(void *arg, int status, const char *why);
};

struct transport;

struct transport_ops {
	const char *name; /* "local", "libssh2", "openssh" */
	/* Starts connecting; the result comes by up or down. Never NULL. */
	struct transport *(*open)(const struct conf_host *host,
	    const struct transport_cb *cb, void *arg, struct mono now);
	/* Runs argv (NULL-terminated; quoted here, nowhere else) on the host,
	 * stdin and stdout connected. Only while up. Never NULL: a refusal
	 * comes by closed. */
	struct channel *(*exec)(struct transport *t, const char *const argv[],
	    const struct channel_cb *cb, void *arg);
	/* Queues bytes for the command's stdin; -1 when more than 1 MiB waits.
	 * p NULL: end of input. */
	int (*write)(struct channel *c, const char *p, size_t n);
	/* Ends the command as far as possible; no callback follows. */
	void (*channel_close)(struct channel *c);
	void (*prepoll)(struct transport *t, struct pollset *ps,
	    struct mono now, struct mono *deadline);
	void (*postpoll)(struct transport *t, const struct pollset *ps,
	    struct mono now);
	void (*close)(struct transport *t);
};

/* Every transport's own struct begins with this, and every channel's with a
 * pointer to its transport. */
struct transport {
	const struct transport_ops *ops;
};

struct channel {
	struct transport *transport;
};

extern const struct transport_ops transport_local;
extern const struct transport_ops transport_libssh2;
extern const struct transport_ops transport_openssh;

#endif
