#ifndef BACKENDS_SSHAUTH_H
#define BACKENDS_SSHAUTH_H

#include <libssh2.h>
#include <stdbool.h>

#include "backends/resolve.h"
#include "backends/sshlink.h"
#include "backends/transport.h"
#include "core/err.h"

/* Proves to the host who we are, with keys only: the configured file first,
 * then ssh-agent's, then ssh_config's files. */
struct sshauth;

/* All arguments are borrowed for its life. Never NULL. */
struct sshauth *sshauth_new(LIBSSH2_SESSION *session,
    const struct sshlink *link, const struct resolved *r, const char *host,
    struct mono now);
void sshauth_free(struct sshauth *a);

/* Nothing the host says is of interest until ssh-agent has answered. */
bool sshauth_waits(const struct sshauth *a);
void sshauth_prepoll(struct sshauth *a, struct pollset *ps,
    struct mono *deadline);
void sshauth_postpoll(struct sshauth *a, const struct pollset *ps,
    struct mono now);
/* 1 accepted, 0 not yet, -1: *fault and why. */
int sshauth_step(struct sshauth *a, struct mono now, enum link_fault *fault,
    struct err *err);

#endif
