#ifndef BACKENDS_TRUST_H
#define BACKENDS_TRUST_H

#include "core/conf.h"
#include "core/err.h"
#include "core/mono.h"
#include "core/pollset.h"

/* Fetches the key that a host shows, for somebody to compare, and adds exactly
 * that key to known_hosts: for `xendeck trust` and a typed yes. */

enum trust_state {
	TRUST_BUSY,
	TRUST_FOUND,  /* trust_key is there, trust_add may be called */
	TRUST_KNOWN,  /* trust_key is there, and stored already */
	TRUST_FAILED, /* trust_err says why; a changed key is never added */
};

struct trust_key {
	const char *fingerprint; /* "SHA256:..." */
	const char *type;        /* "ssh-ed25519" */
	/* Under which it will be stored, and where; NULL when KNOWN. */
	const char *name, *file;
};

struct trust;

/* host must live as long. Never NULL. */
struct trust *trust_open(const struct conf_host *host, struct mono now);
void trust_prepoll(struct trust *t, struct pollset *ps, struct mono now,
    struct mono *deadline);
enum trust_state trust_postpoll(struct trust *t, const struct pollset *ps,
    struct mono now);
struct trust_key trust_key(const struct trust *t);
const struct err *trust_err(const struct trust *t);
/* 0, or -1 and why. */
int trust_add(const struct trust *t, struct err *err);
void trust_free(struct trust *t);

#endif
