#ifndef TESTS_LIB_SSHCASE_H
#define TESTS_LIB_SSHCASE_H

#include "tests/lib/drive.h"
#include "tests/lib/sshd.h"

/* What the tests of single points share: keys of all kinds in one directory,
 * a server, and a host that can be bent for each test. */

/* How long a test waits for what must come, in ms. */
enum { SSHCASE_WAIT = 40000 };

/* For what libssh2 and the ssh program must do alike. */
extern const struct transport_ops *const sshcase_both[2];

struct sshcase {
	struct sshd_dir dir;
	struct sshd server;
	char *key, *known, *config; /* of the plain case */
};

/* Makes hk_ed25519, hk_ecdsa, hk_rsa, id_ed25519, id_ecdsa, id_rsa, id_other
 * (not authorised) and id_locked (passphrase "secret"), and starts a server
 * with all three host keys. */
void sshcase_make(struct sshcase *c);
void sshcase_remove(struct sshcase *c);

/* A configured host that works: change what the test is about. Its strings are
 * the case's. */
struct conf_host sshcase_host(struct sshcase *c, const struct sshd *server);

/* A server of its own for a test, with hk_ed25519 and id_ed25519. */
struct sshd *sshcase_start(struct sshcase *c, struct sshd *s, const char *name,
    const char *config);
/* A host for it, with a known_hosts of its own to be freed. */
struct conf_host sshcase_host_of(struct sshcase *c, const struct sshd *s);

/* A configuration of that host alone, by that transport, with the agent
 * DIR/bin/agent. */
void sshcase_conf(struct conf *conf, const struct sshcase *c,
    struct sshd *server, enum transport_kind kind, const char *dir);

/* Opens, and wants it to be up. */
void sshcase_open(struct drive *d, const struct transport_ops *ops,
    const struct conf_host *h);
/* Connects, and wants it to be up, or down with that fault and all of those
 * texts (ended by NULL) in the reason. */
void sshcase_up(const struct transport_ops *ops, const struct conf_host *host);
void sshcase_down(const struct transport_ops *ops,
    const struct conf_host *host, enum link_fault fault, ...);

#endif
