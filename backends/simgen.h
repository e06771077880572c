#ifndef BACKENDS_SIMGEN_H
#define BACKENDS_SIMGEN_H

#include "core/conf.h"
#include "core/conf_schema.h"

/* Adds made-up clusters, hosts and VMs to a configuration, the same for the
 * same numbers and seed. Hosts have room for their VMs and for some of a
 * neighbour's. file and line are blamed for names that were there already. */
void simgen_add(struct conf *c, const struct conf_generate *g,
    const char *file, int line);

#endif
