#ifndef BACKENDS_RUNREMOTE_H
#define BACKENDS_RUNREMOTE_H

#include "backends/runscript.h"
#include "core/backend.h"
#include "core/conf.h"
#include "core/runner.h"

/* The runner of the hosts behind the links of a remote backend, which, with
 * conf, must outlive it. On a host at most four runs are followed at a time;
 * more of them wait here for their turn, in their order. Refusals of a channel
 * are tried again for some seconds. */
struct runner *runremote_new(struct backend *remote, const struct conf *conf,
    const struct run_sink *sink);

/* For tests: its records are elsewhere. */
struct runner *runremote_new_at(struct backend *remote,
    const struct conf *conf, const struct run_sink *sink,
    const struct runscript_places *at);

#endif
