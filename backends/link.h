#ifndef BACKENDS_LINK_H
#define BACKENDS_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "backends/observer.h"
#include "backends/transport.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/mono.h"
#include "core/pollset.h"
#include "core/prng.h"

/* The link to one host: which transport and observer are in use, why, and when
 * the next try is due. */

enum link_phase {
	LINK_PHASE_WAITING,    /* for its time, `retry`, and for a slot */
	LINK_PHASE_CONNECTING, /* the transport is */
	LINK_PHASE_STARTING,   /* the observer is */
	LINK_PHASE_WORKING,
};

struct link {
	uint32_t host;
	const struct conf_host *conf;
	struct conf_host told; /* *conf, with its cluster's definitions; all
	                        * strings are theirs */
	const struct event_sink *sink;
	struct defpool *pool; /* of all links */
	int refresh_ms;
	struct prng random; /* spreads the retries */

	enum link_phase phase;
	struct mono retry;
	struct mono working_since;
	unsigned failures; /* in a row */
	uint64_t frames;   /* observations so far */
	uint64_t tries;    /* transports so far */

	const struct transport_ops *transport_ops;
	const struct observer_ops *observer_ops;
	struct transport *transport; /* NULL while waiting */
	struct observer *observer;   /* NULL unless starting or working */
	/* Why it is not the preferred way; NULL when it is. */
	char *transport_note, *observer_note;
	char *source_note; /* what the observer itself has to say */

	/* When its answer must be there; MONO_NEVER: not asked. */
	struct mono asked[ASK_COUNT];

	/* What the callbacks left for link_postpoll to act on: they must not
	 * close what calls them. */
	bool is_up, is_down, has_failed;
	enum link_fault down_fault;
	enum observer_fault failed_fault;
	char why[512];

	/* The event being made. */
	struct mono now;
	int64_t wall_ms;
};

void link_init(struct link *l, uint32_t host, const struct conf *conf,
    const struct event_sink *sink, struct defpool *pool, uint64_t seed);
void link_free(struct link *l);

/* Starts a try when it is due; only when the caller has a slot for it. */
bool link_is_due(const struct link *l, struct mono now);
void link_connect(struct link *l, struct mono now, int64_t wall_ms);

/* Try now, as at the start: forgets the backoff and every fallback. */
void link_restart(struct link *l, struct mono now);

/* As backend_ops.ask. */
int link_ask(struct link *l, enum backend_ask what, struct mono now);

void link_prepoll(struct link *l, struct pollset *ps, struct mono now,
    struct mono *deadline);
void link_postpoll(struct link *l, const struct pollset *ps, struct mono now,
    int64_t wall_ms);

#endif
