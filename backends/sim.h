#ifndef BACKENDS_SIM_H
#define BACKENDS_SIM_H

#include <stdbool.h>

#include "backends/simworld.h"
#include "core/backend.h"
#include "core/conf.h"
#include "core/event.h"
#include "core/mono.h"

/* The simulator: a backend for all hosts with transport = sim. Its time is what
 * has passed since start, so a caller may let it run as fast as it likes; the
 * same configuration, seed and times give the same events. conf and sink are
 * borrowed for its life. */
struct backend *sim_new(const struct conf *conf,
    const struct event_sink *sink, struct mono start);

/* The built-in world of `xendeck --demo`; c is as conf_init left it. Returns 0. */
int sim_demo_conf(struct conf *c);

/* For what else speaks to simulated hosts: the world, the host's number in it,
 * and whether its link carries anything now. NULL when b is no simulator, or
 * does not have that host. */
struct simworld *sim_reach(struct backend *b, uint32_t host,
    uint32_t *simhost, bool *live);

#endif
