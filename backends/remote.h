#ifndef BACKENDS_REMOTE_H
#define BACKENDS_REMOTE_H

#include <stdint.h>

#include "backends/transport.h"
#include "core/backend.h"
#include "core/conf.h"

/* The backend of all real hosts of the configuration: each gets a transport,
 * an observer, and another try when one of them fails. conf must outlive it.
 * The seed spreads retries. Returns NULL when there is no such host. */
struct backend *remote_new(const struct conf *conf,
    const struct event_sink *sink, uint64_t seed);

/* The transport to the host while its link works, else NULL, with a number
 * that no other connection of that host has had: when it is another one, or
 * there is none, all channels of the one before are gone without a word. NULL
 * as well when b is another backend or has no such host. */
struct transport *remote_transport(const struct backend *b, uint32_t host,
    uint64_t *connection);

#endif
