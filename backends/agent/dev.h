#ifndef BACKENDS_AGENT_DEV_H
#define BACKENDS_AGENT_DEV_H

#include <stdbool.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/obs.h"

/* What xenstore knows of one domain. */

struct dev;

struct dev *dev_open(struct err *err); /* NULL and why */
void dev_close(struct dev *d);

/* The domain's name in out; -1 when it has none, being made or torn down. */
int dev_name(struct dev *d, uint32_t domid, char out[OBS_NAME_MAX + 1]);

/* Fills type, start_s, vnc_port, stubdom_of, nics and disks of o, whose domid
 * and uuid are set, with memory of a. A type that xenstore does not know is
 * left alone. again: o was filled before; what never changes is not read. */
void dev_read(struct dev *d, struct obs_dom *o, struct arena *a, bool again);

#endif
