#ifndef BACKENDS_SSHAGENT_H
#define BACKENDS_SSHAGENT_H

#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/mono.h"
#include "core/pollset.h"

/* A client of ssh-agent's protocol (draft-miller-ssh-agent) that never blocks:
 * one question at a time, the answer comes in some postpoll. */

enum sshagent_state {
	SSHAGENT_WAITING, /* for the answer */
	SSHAGENT_READY,   /* identities are there, no question is open */
	SSHAGENT_SIGNED,  /* sshagent_signature has it */
	SSHAGENT_REFUSED, /* the agent would not sign */
	SSHAGENT_BROKEN,  /* err says why; only free is left */
};

struct sshagent_key {
	uint8_t *blob;
	size_t nblob;
	char *comment; /* clean text */
};

struct sshagent;

/* Connects to the socket and asks for the identities. Never NULL. */
struct sshagent *sshagent_open(const char *path, struct mono now);
void sshagent_free(struct sshagent *a);

enum sshagent_state sshagent_state(const struct sshagent *a);
const char *sshagent_why(const struct sshagent *a); /* when BROKEN */
const struct sshagent_key *sshagent_keys(const struct sshagent *a, size_t *n);

/* Only when READY, SIGNED or REFUSED. */
void sshagent_sign(struct sshagent *a, const struct sshagent_key *key,
    const uint8_t *data, size_t n, struct mono now);
/* The signature proper, without the name of its algorithm. */
const uint8_t *sshagent_signature(const struct sshagent *a, size_t *n);

void sshagent_prepoll(struct sshagent *a, struct pollset *ps,
    struct mono *deadline);
/* Returns whether the state changed. */
int sshagent_postpoll(struct sshagent *a, const struct pollset *ps,
    struct mono now);

#endif
