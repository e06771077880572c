#ifndef BACKENDS_XLTOPO_H
#define BACKENDS_XLTOPO_H

#include <stddef.h>

#include "core/arena.h"
#include "core/obs.h"

/* `xl info -n`, `xl cpupool-list` and `xl cpupool-list -c`, printed one after
 * the other in the C locale; each may be missing. Fills sockets, numa and pools
 * of *h, strings and arrays in the arena. Pure, and safe on any bytes. Formats:
 * tools/xl/xl_info.c and xl_cpupool.c of Xen 4.14 to 4.20. */
void xl_parse_topology(struct arena *a, const char *p, size_t n,
    struct obs_host *h);

#endif
