#ifndef BACKENDS_AGENT_DOM0_H
#define BACKENDS_AGENT_DOM0_H

#include <stddef.h>

#include "core/arena.h"
#include "core/obs.h"

/* What this machine's kernel says without any Xen library. root is "" but in
 * tests. */

enum dom0_kind {
	DOM0_YES,
	DOM0_NO_XEN,
	DOM0_GUEST,
	DOM0_NO_RIGHTS, /* to the hypercall device */
	DOM0_NO_DEVICE, /* the driver is not loaded */
};

enum dom0_kind dom0_kind(const char *root);

/* "4.17": the hypervisor that runs; "" when unknown. */
void dom0_xen_release(const char *root, char *out, size_t size);

/* hostname, boot_id, kernel; strings in a. */
void dom0_identity(const char *root, struct obs_host *h, struct arena *a);

/* load_pm, uptime_s. */
void dom0_load(struct obs_host *h);

#endif
