#ifndef BACKENDS_AGENT_XL_H
#define BACKENDS_AGENT_XL_H

#include <stdbool.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/obs.h"

/* libxenlight: which domains there are, and what the host has. */

struct xl;

struct xl *xl_open(struct err *err); /* NULL and why */
void xl_close(struct xl *x);

/* "4.17": the Xen that this program was built for. */
const char *xl_built_for(void);

/* Fills o->t_ns and o->doms, all that the hypervisor knows of them: no names,
 * no devices, and the type only of PV domains (dominfo says HVM of PVH). */
int xl_list(struct xl *x, struct obs *o, struct err *err);

/* Fills all of h that Xen knows; strings in a. */
int xl_host(struct xl *x, struct obs_host *h, struct arena *a,
    struct err *err);

#endif
