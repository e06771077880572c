#ifndef BACKENDS_OPENSSHFAULT_H
#define BACKENDS_OPENSSHFAULT_H

#include <stdbool.h>

#include "backends/transport.h"
#include "core/err.h"

/* What went wrong, from what ssh wrote on its stderr before it ended: the fault
 * is the return value, the operator's sentence in *err. was_up: it had been
 * connected. May read the one known_hosts file that ssh complains about. */
enum link_fault openssh_fault(const char *host, const char *text, bool was_up,
    struct err *err);

#endif
