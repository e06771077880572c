#ifndef CORE_BACKEND_H
#define CORE_BACKEND_H

#include <stdint.h>

#include "core/event.h"
#include "core/mono.h"
#include "core/pollset.h"

/* A backend is a source of events about some hosts: the real hosts behind
 * their transports, the simulator, or a recording. It never blocks and never
 * calls the sink outside postpoll and control. */

struct backend;

/* What the operator can ask of a backend about one host. */
enum backend_control {
	CONTROL_RECONNECT,  /* forget the backoff, try now */
	/* The simulator's faults; other backends refuse them. */
	CONTROL_SIM_DIE,    /* the host loses power */
	CONTROL_SIM_BREAK,  /* the link breaks, the host runs on */
	CONTROL_SIM_SLOW,   /* answers come late */
	CONTROL_SIM_HEAL,   /* all of that ends */
};

struct backend_ops {
	const char *name;
	/* Adds descriptors and lowers *deadline to when postpoll is wanted at
	 * the latest. */
	void (*prepoll)(struct backend *b, struct pollset *ps, struct mono now,
	    struct mono *deadline);
	/* Handles what came. wall_ms is for people only. */
	void (*postpoll)(struct backend *b, const struct pollset *ps,
	    struct mono now, int64_t wall_ms);
	/* 0, or -1 when this backend or host cannot do it. */
	int (*control)(struct backend *b, uint32_t host,
	    enum backend_control what, struct mono now);
	/* Wants a text from the host, read-only; it comes as an EVENT_ANSWER,
	 * with the text or with why there is none, within half a minute. 0, or
	 * -1 when the host is not connected or of another backend. */
	int (*ask)(struct backend *b, uint32_t host, enum backend_ask what,
	    struct mono now);
	void (*free)(struct backend *b);
};

/* Every backend's own struct begins with this. */
struct backend {
	const struct backend_ops *ops;
};

#endif
