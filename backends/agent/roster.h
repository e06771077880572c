#ifndef BACKENDS_AGENT_ROSTER_H
#define BACKENDS_AGENT_ROSTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/agent/sysfs.h"
#include "core/arena.h"
#include "core/mono.h"
#include "core/obs.h"

/* The domains as last known. */

struct roster_dom {
	struct obs_dom d;    /* name in `name`, device strings in mem */
	char *name;
	struct arena mem;
	struct mono since;   /* known of */
	bool read;           /* its devices were */
	struct mono due;     /* when they should be again */
	struct sysfs_io io;  /* of its devices */
};

struct roster {
	struct roster_dom *v; /* by domid */
	size_t n;
};

void roster_free(struct roster *r);

/* Takes Xen's list, by domid. What is known of a domain stays while domid and
 * UUID do; new ones have no name and are due. */
void roster_inventory(struct roster *r, const struct obs *o, struct mono now);

/* NULL or "(null)": none. */
void roster_name(struct roster_dom *rd, const char *name);

/* Whose devices should be read now, the longest overdue; NULL: nobody's. */
struct roster_dom *roster_due(struct roster *r, struct mono now);

/* They were: soon again for a young domain, whose devices are still being
 * attached, every five minutes later. wall_s: seconds since 1970. */
void roster_done(struct roster_dom *rd, struct mono now, int64_t wall_s);

#endif
