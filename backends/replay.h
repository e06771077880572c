#ifndef BACKENDS_REPLAY_H
#define BACKENDS_REPLAY_H

#include <stdbool.h>

#include "core/backend.h"
#include "core/conf.h"
#include "core/err.h"

/* The backend that plays a recording (share/doc/wire.md). conf is initialised
 * and empty; the recording's head fills it. speed_percent: 100 as it was, 200
 * twice as fast, 0 as fast as possible. An event's time is when it is due now
 * (at 0: how long after the start it was); its wall clock is the one of then. Returns NULL and why. */
struct backend *replay_new(const char *path, int speed_percent,
    struct conf *conf, const struct event_sink *sink, struct err *err);

/* Nothing more will come: the end, or a file that cannot be read on. */
bool replay_at_end(const struct backend *b);

#endif
