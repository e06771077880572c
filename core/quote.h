#ifndef CORE_QUOTE_H
#define CORE_QUOTE_H

#include "core/buf.h"

/* A command line travels in one SSH packet, which libssh2 builds in 35000
 * bytes; OpenSSH takes more, but both ways must take the same. */
enum { QUOTE_MAX = 32 * 1024 };

/* Appends argv (NULL-terminated) to out as one command line for a POSIX shell
 * (XCU 2.2.2) that runs exactly argv: no expansion, no second command, no
 * reserved word. -1 when out is full. */
int quote_argv(struct buf *out, const char *const argv[]);

#endif
