#ifndef BACKENDS_SSHOPTIONS_H
#define BACKENDS_SSHOPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/conf.h"
#include "core/err.h"

/* What configuration, ssh_config and defaults say together of one host. All
 * strings are owned; names and paths are expanded. */
struct sshoptions {
	char *user, *hostname;
	int port;
	int family;        /* AF_UNSPEC, AF_INET, AF_INET6 */
	char *alias;       /* HostKeyAlias */
	char *proxy;       /* shell command */
	char *agent;       /* socket */
	bool identities_only;
	char **known;      /* files */
	size_t nknown, known_cap;
	char **keys;       /* IdentityFile; they need not exist */
	size_t nkeys, keys_cap;
	char *incapable;   /* the option that libssh2 cannot honour */
};

/* Fills an empty struct from what `ssh -G` printed; home and user are of this
 * machine. 0, or -1 and why. */
int sshoptions_parse(struct sshoptions *o, const struct conf_host *host,
    const char *text, const char *home, const char *user, struct err *err);
void sshoptions_free(struct sshoptions *o);

#endif
