#ifndef TUI_ASKING_H
#define TUI_ASKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mono.h"
#include "core/probe.h"
#include "core/runner.h"

/* Questions that are on their way to hosts, and all that was answered. They are
 * runs that only look: no job's, and in no journal. */

struct asked;

struct asking {
	const struct runners *runners; /* borrowed */
	const char *key;               /* of their ids; borrowed */
	struct probes probes;
	struct asked *v;
	size_t n, cap;
	uint64_t last;
};

void asking_init(struct asking *q, const struct runners *runners,
    const char *key);
void asking_free(struct asking *q);

/* Lines of core/probe.h, any number; one that no host can be asked ends it. A
 * host that is not connected is not asked. */
void asking_ask(struct asking *q, uint32_t host, const char *lines,
    struct mono now);

/* Whether that was about one of these. */
bool asking_news(struct asking *q, const struct run_news *n, struct mono now);

/* Gives up what takes too long; lowers *deadline to when it is next to be
 * called. */
void asking_turn(struct asking *q, struct mono now, struct mono *deadline);

/* How many runs have not been answered yet. */
size_t asking_count(const struct asking *q);

#endif
