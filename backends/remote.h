#ifndef BACKENDS_REMOTE_H
#define BACKENDS_REMOTE_H

#include <stdint.h>

#include "core/backend.h"
#include "core/conf.h"

/* The backend of all real hosts of the configuration: each gets a transport,
 * an observer, and another try when one of them fails. conf must outlive it.
 * The seed spreads retries. Returns NULL when there is no such host. */
struct backend *remote_new(const struct conf *conf,
    const struct event_sink *sink, uint64_t seed);

#endif
