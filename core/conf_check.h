#ifndef CORE_CONF_CHECK_H
#define CORE_CONF_CHECK_H

#include "core/conf.h"
#include "core/conf_errors.h"

/* Fills in what follows from the rest: a host's address from its name,
 * transport = sim where the simulator has a host of that name, and, when only
 * the simulator's hosts are defined, a cluster that holds them all. */
void conf_complete(struct conf *c);

/* What no single setting can show: names defined twice or nowhere, settings
 * that contradict each other. file is blamed for what is missing altogether.
 * Names that were refused before are "", and are passed over. */
void conf_check(const struct conf *c, const char *file,
    struct conf_errors *errs);

#endif
