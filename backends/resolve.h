#ifndef BACKENDS_RESOLVE_H
#define BACKENDS_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "backends/spawn.h"
#include "backends/sshhost.h"
#include "backends/sshkey.h"
#include "backends/transport.h"

/* All that has to be known before a connection can be tried, and whose finding
 * may block: addresses, what ssh_config says, known_hosts, key files. A child
 * process finds it. */

struct resolved_key {
	char *path;
	char *text;      /* the file's content: wiped when freed */
	struct sshkey_file file;
};

struct resolved {
	/* When it could not be found out, that is all: */
	bool failed;
	enum link_fault fault;
	struct err err;

	char *user;
	char *hostname;    /* the name to connect to */
	int port;
	char **addrs;      /* numeric, in the order to try; none with a proxy */
	size_t naddrs, addrs_cap;
	char *proxy;       /* shell command that makes the connection; NULL */
	char *known_as;    /* the name in known_hosts */
	char *known_file;  /* where a new key is to be added */
	struct sshhost_line *known;
	size_t nknown, known_cap;
	char *agent;       /* ssh-agent's socket; NULL: none */
	bool identities_only;
	bool key_configured; /* keys[0] is the configuration's own */
	struct resolved_key *keys;
	size_t nkeys, keys_cap;
	char *incapable;   /* an option that only OpenSSH's ssh knows; NULL */
};

struct resolve;

/* host is borrowed for the call. Never NULL. */
struct resolve *resolve_start(const struct conf_host *host, struct mono now);
void resolve_prepoll(struct resolve *r, struct pollset *ps,
    struct mono *deadline);
/* The result when it is there (borrowed until free), else NULL. */
const struct resolved *resolve_postpoll(struct resolve *r,
    const struct pollset *ps, struct mono now);
void resolve_free(struct resolve *r);

/* The child's part, in resolvechild.c: writes NUL-terminated pairs of name and
 * value to fd. */
void resolve_child(void *host, int fd);

#endif
