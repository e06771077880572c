#ifndef BACKENDS_OPENSSHFAULT_H
#define BACKENDS_OPENSSHFAULT_H

#include <stdbool.h>

#include "backends/sshkey.h"
#include "backends/transport.h"
#include "core/err.h"

enum { OPENSSH_WHERE = 600 };

/* What went wrong, from what ssh wrote on its stderr before it ended: the fault
 * is the return value, the operator's sentence in *err. was_up: it had been
 * connected; stored: what openssh_stored found, or "?". */
enum link_fault openssh_fault(const char *host, const char *text, bool was_up,
    const char *stored, struct err *err);

/* Whether ssh says that a host key is another one than in known_hosts, and
 * where in it: "FILE:LINE". */
bool openssh_stored_where(char out[OPENSSH_WHERE], const char *text);

/* The fingerprint of the key there; "?" when it cannot be had. Reads the file,
 * which may lie on a server that is away: not for the loop. */
void openssh_stored(char out[SSHKEY_FINGERPRINT], const char *where);

#endif
