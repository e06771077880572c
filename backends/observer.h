#ifndef BACKENDS_OBSERVER_H
#define BACKENDS_OBSERVER_H

#include "backends/transport.h"
#include "core/defs.h"
#include "core/event.h"
#include "core/mono.h"
#include "core/obs.h"

/* An observer turns one host's answers over a transport into observations.
 * There are two, and both must say the same of the same host: agentobs.c (the
 * stream of xendeck-agent) and shellobs.c (xl, xentop, xenstore-watch in one
 * long-lived remote shell). */

enum observer_fault {
	OBSERVER_ABSENT,  /* no agent there, or one it cannot use: try shell */
	OBSERVER_UNHEARD, /* no word from it at all: there or not, try shell */
	OBSERVER_DENIED,  /* not root, no sudo, no xl: asks for the operator */
	OBSERVER_BROKEN,  /* ended, garbage, endless frame: reconnect */
	OBSERVER_SILENT,  /* no sign of life for too long: reconnect */
};

struct observer_cb {
	/* o is borrowed for the call. */
	void (*obs)(void *arg, const struct obs *o);
	/* All definitions that the host has now; borrowed. */
	void (*defs)(void *arg, const struct def_file *files, size_t n,
	    const char *note);
	/* Something the operator should see beside the host, e.g. "xentop not
	 * there: no network figures"; NULL takes it back. */
	void (*note)(void *arg, const char *text);
	/* Nothing more will come; only free may be called, and not from inside
	 * this callback. */
	void (*failed)(void *arg, enum observer_fault fault, const char *why);
	/* To ask: text as it came, or NULL and why there is none. Borrowed. */
	void (*answer)(void *arg, enum backend_ask what, const char *text,
	    size_t n, const char *error);
};

struct observer;

struct observer_ops {
	const char *name; /* "agent", "shell" */
	/* The transport is up and stays so; refresh_ms is how often figures
	 * are wanted. Never NULL. */
	struct observer *(*open)(struct transport *t,
	    const struct conf_host *host, int refresh_ms,
	    const struct observer_cb *cb, void *arg, struct mono now);
	/* Lowers *deadline to when tick is wanted. */
	void (*deadline)(struct observer *o, struct mono *deadline);
	/* Called after the transport's postpoll, and at the deadline. All
	 * callbacks come from here or from the transport's postpoll. */
	void (*tick)(struct observer *o, struct mono now);
	/* Wants a text; that no answer comes is the caller's to notice. */
	void (*ask)(struct observer *o, enum backend_ask what);
	void (*free)(struct observer *o); /* closes its channels */
};

struct observer {
	const struct observer_ops *ops;
};

extern const struct observer_ops observer_agent;
extern const struct observer_ops observer_shell;

#endif
