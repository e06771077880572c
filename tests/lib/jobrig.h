#ifndef TESTS_LIB_JOBRIG_H
#define TESTS_LIB_JOBRIG_H

#include <stdbool.h>

#include "core/jobs.h"
#include "tests/lib/world.h"

/* Jobs with everything around them played by the test: a world whose hosts say
 * what they are told to, a journal and runners that do what they are told to.
 * What jobs want done is kept as text, one line each. */

struct jobrig {
	struct world w;
	struct jobs *jobs;
	struct buf said;        /* "write job", "intent 1", "start RUN", ... */
	struct mono deadline;   /* of the last turn */
	int64_t wall_ms;
	const char *disk_full;  /* what the journal says; NULL: written */
	bool mute;              /* the journal acknowledges nothing */
	uint64_t seq;           /* of the last record */
	bool no_start;          /* starts fail */
	char run[RUN_ID_MAX + 1]; /* the last that was started */
	uint32_t run_host;
	uint32_t run_domid;
	char argv[256];         /* its command */
};

/* Two hosts that are up, h0 and h1. */
void jobrig_init(struct jobrig *g);
void jobrig_free(struct jobrig *g);

/* A request about VM web<vm>; domid: REQUEST_NO_DOMID for none. */
void jobrig_request(struct request *r, enum request_op op, uint32_t host,
    unsigned vm, uint32_t domid);
/* A job of one such step. */
uint64_t jobrig_add(struct jobrig *g, enum request_op op, uint32_t host,
    unsigned vm, uint32_t domid);

/* Turns and effects until nothing more is wanted at this moment. */
void jobrig_turn(struct jobrig *g);
/* Time passes, and live hosts say what they see every second. */
void jobrig_pass(struct jobrig *g, int64_t ms);
/* About the last run. */
void jobrig_news(struct jobrig *g, enum run_what what, int status,
    const char *text);

const struct job *jobrig_job(const struct jobrig *g, uint64_t id);
/* What was wanted since it was asked last. */
const char *jobrig_said(struct jobrig *g);

#endif
