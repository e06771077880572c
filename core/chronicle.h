#ifndef CORE_CHRONICLE_H
#define CORE_CHRONICLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/model.h"
#include "core/mono.h"
#include "core/uuid.h"

/* What a model has written into its log, with the moments, for longer than the
 * log itself: the events that time travel goes to, and the log of a model that
 * was put together anew for one moment. */

enum { CHRONICLE_MAX = 4096 }; /* the oldest half is forgotten first */

struct chronicle_entry {
	struct mono at;
	struct log_entry log;
	struct uuid uuid; /* of the VM, whose id is of one model only */
	char name[OBS_NAME_MAX + 1];
};

struct chronicle {
	struct chronicle_entry *v; /* by time */
	size_t n, cap;
	uint64_t seq; /* of the model's log: as far as this is in here */
};

void chronicle_free(struct chronicle *c);

/* Takes what is new in the log, as of that moment. */
void chronicle_follow(struct chronicle *c, const struct model *m,
    struct mono at);

/* The first entry after a moment, the last one before it; NULL. */
const struct chronicle_entry *chronicle_after(const struct chronicle *c,
    struct mono at);
const struct chronicle_entry *chronicle_before(const struct chronicle *c,
    struct mono at);

/* Makes the log of m what it was at that moment. */
void chronicle_tell(const struct chronicle *c, struct model *m,
    struct mono at);

#endif
