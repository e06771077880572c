#ifndef BACKENDS_SIMRUN_H
#define BACKENDS_SIMRUN_H

#include "core/backend.h"
#include "core/runner.h"

/* The runner of simulated hosts: argv lists reach them over the same simulated
 * links as observations come back, late by the latency and lost with the link,
 * and backends/simxl.h does what xl would. sim is of sim_new; one runner at a
 * time. Either may be freed first. */
struct runner *simrun_new(struct backend *sim, const struct run_sink *sink);

#endif
