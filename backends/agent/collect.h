#ifndef BACKENDS_AGENT_COLLECT_H
#define BACKENDS_AGENT_COLLECT_H

#include "core/err.h"
#include "core/obs.h"

/* Observations of the machine that this runs on. Everything may block for as
 * long as xenstored does. */

struct collect;

struct collect *collect_open(struct err *err); /* NULL and why */
void collect_close(struct collect *c);

/* The newest one, borrowed until the next call. news: enum watch_news of what
 * happened since the last. NULL and why. */
const struct obs *collect_run(struct collect *c, unsigned news,
    struct err *err);

#endif
