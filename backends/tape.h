#ifndef BACKENDS_TAPE_H
#define BACKENDS_TAPE_H

#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"
#include "core/event.h"
#include "core/mono.h"
#include "core/reel.h"

/* What this session has seen, for going back in time: a recording in files
 * without a name, bounded by conf's tape_kb (the oldest quarter is dropped
 * when it is full) and thinned out to one observation per tape_interval_ms (half
 * of stale_ms at most) and host; what is more than a change of figures, links
 * and notes are always on it. */

struct tape;

/* conf must outlive it. NULL and why. */
struct tape *tape_open(const struct conf *conf, struct mono start,
    int64_t wall_ms, struct err *err);
void tape_free(struct tape *t); /* NULL is fine */

/* As a sink's emit; arg is the tape. After a failure, which err tells once and
 * for all, it does nothing. */
void tape_add(void *arg, const struct event *e);
/* Also what was left out: it now ends with this moment. */
void tape_sync(struct tape *t, struct mono now);

const struct err *tape_err(const struct tape *t); /* kind: whether */
struct reel *tape_reel(struct tape *t);
/* The reel's time of a moment. */
struct mono tape_time(const struct tape *t, struct mono at);

#endif
