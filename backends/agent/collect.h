#ifndef BACKENDS_AGENT_COLLECT_H
#define BACKENDS_AGENT_COLLECT_H

#include "core/buf.h"
#include "core/err.h"
#include "core/event.h"
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

/* Appends the text that was asked for, as it is; 0, or -1 and why not. */
int collect_ask(struct collect *c, enum backend_ask what, struct buf *out,
    struct err *err);

#endif
