#ifndef BACKENDS_AGENT_CTRL_H
#define BACKENDS_AGENT_CTRL_H

#include "core/buf.h"
#include "core/err.h"
#include "core/obs.h"

/* libxenctrl: what the hypervisor knows, for two hypercalls. */

struct ctrl;

struct ctrl *ctrl_open(struct err *err); /* NULL and why */
void ctrl_close(struct ctrl *c);

/* Fills t_ns, the memory of host, and doms of an initialised o: no names, no
 * devices, and the type only of PV domains (Xen says HVM of PVH). */
int ctrl_read(struct ctrl *c, struct obs *o, struct err *err);

/* Appends the end of Xen's own log, as it is; nothing is cleared. */
int ctrl_dmesg(struct ctrl *c, struct buf *out, struct err *err);

#endif
