#ifndef BACKENDS_SSHARGS_H
#define BACKENDS_SSHARGS_H

#include <stddef.h>

#include "core/conf.h"

/* The arguments of one run of OpenSSH's ssh, which is asked for its settings,
 * for a host's key, and to carry a connection. */

enum { SSHARGS_MAX = 64, SSHARGS_OWNED = 8 };

struct sshargs {
	const char *v[SSHARGS_MAX + 1]; /* ended by NULL; borrowed strings */
	size_t n;
	char *owned[SSHARGS_OWNED];
	size_t nowned;
};

void sshargs_init(struct sshargs *a); /* v[0] is "ssh" */
void sshargs_free(struct sshargs *a);

/* value NULL: a flag alone. */
void sshargs_add(struct sshargs *a, const char *flag, const char *value);
/* The same with a value that sshargs_free frees. */
void sshargs_add_owned(struct sshargs *a, const char *flag, char *value);

/* What finds the host and the account: file, port, user, jump hosts. */
void sshargs_route(struct sshargs *a, const struct conf_host *host);
/* The end: the address, safe from being taken for a flag. */
void sshargs_address(struct sshargs *a, const struct conf_host *host);

/* A path in ssh's syntax for values of -o; owned. */
char *sshargs_path(const char *option, const char *path);

#endif
