#ifndef BACKENDS_CONSREMOTE_H
#define BACKENDS_CONSREMOTE_H

#include "core/backend.h"
#include "core/conf.h"
#include "core/vmconsole.h"

/* A console over the link that observes its host. NULL when b is not the
 * backend of real hosts, or has no working link to that one. Must be closed
 * before b is freed. */
struct vmconsole *consremote_open(struct backend *b, const struct conf *conf,
    const struct vmconsole_want *want, const struct vmconsole_sink *sink);

#endif
