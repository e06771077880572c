#ifndef CORE_VMCONSOLE_H
#define CORE_VMCONSOLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mono.h"
#include "core/obs.h"
#include "core/uuid.h"

/* A VM's console as bytes there and back: its virtual or serial terminal, as
 * `xl console` has it. A host gives a console to one reader at a time. Made
 * beside the backends that observe (backends/consremote.c, backends/simcons.c),
 * and never linked into what only watches. */

struct vmconsole_want {
	uint32_t host;        /* index in conf->hosts */
	uint32_t domid;       /* and whose it must be: */
	struct uuid uuid;
	enum vm_type type;
	const char *name;     /* the domain's there; names the log */
	/* Who is named to others that want it at the same time, unique to this
	 * run of the program: "ann@desk:4711". What an earlier connection of
	 * the same run left behind on the host is ended. */
	const char *reader;
	bool log;             /* the host's log of it instead: nothing can be
	                       * typed, and others may read along */
};

enum vmconsole_what { VMCONSOLE_OPENED, VMCONSOLE_DATA, VMCONSOLE_CLOSED };

enum vmconsole_end {
	VMCONSOLE_ENDED,   /* the domain is gone, or gave the console up */
	VMCONSOLE_LOCKED,  /* somebody else reads it; why says who */
	VMCONSOLE_GUARDED, /* there is no such domain, or it is another VM's */
	VMCONSOLE_LOST,    /* the link broke */
	VMCONSOLE_FAILED,
};

struct vmconsole_news {
	enum vmconsole_what what;
	const char *data;       /* foreign bytes, borrowed */
	size_t n;
	enum vmconsole_end end; /* CLOSED */
	const char *why;        /* CLOSED: one sentence, clean; or NULL */
};

struct vmconsole_sink {
	/* CLOSED is the last one; the console is to be closed all the same,
	 * but not from inside. */
	void (*news)(void *arg, const struct vmconsole_news *n);
	void *arg;
};

struct vmconsole;

struct vmconsole_ops {
	const char *name; /* "remote", "sim" */
	/* 0; -1: more than 1 MiB waits, or it is not open: what is typed is
	 * lost.
	 * A Ctrl-] (0x1d) is left out: the host's reader would end at it. */
	int (*write)(struct vmconsole *c, const char *p, size_t n);
	/* Once a turn after the backends' postpoll; lowers *deadline. The sink
	 * is called from here and from that postpoll, never from write. */
	void (*tick)(struct vmconsole *c, struct mono now,
	    struct mono *deadline);
	void (*close)(struct vmconsole *c); /* frees it; gives the lock back */
};

struct vmconsole {
	const struct vmconsole_ops *ops;
};

#endif
