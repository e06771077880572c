#ifndef BACKENDS_AGENT_XL_H
#define BACKENDS_AGENT_XL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/obs.h"

/* libxenlight: what the host is. */

struct xl;

struct xl *xl_open(struct err *err); /* NULL and why */
void xl_close(struct xl *x);

/* "4.17": the Xen that this program was built for. */
const char *xl_built_for(void);

/* Fills what Xen knows of h, but for its memory; strings in a. */
int xl_host(struct xl *x, struct obs_host *h, struct arena *a,
    struct err *err);

/* Fills sockets, numa and pools; strings and arrays in a. What Xen does not say
 * stays unknown. Some ten hypercalls, and a name from xenstore for each pool. */
void xl_topology(struct xl *x, struct obs_host *h, struct arena *a);

#endif
