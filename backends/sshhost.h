#ifndef BACKENDS_SSHHOST_H
#define BACKENDS_SSHHOST_H

#include <stddef.h>
#include <stdint.h>

#include "backends/transport.h"
#include "core/buf.h"
#include "core/err.h"

/* known_hosts: which lines speak of a host, and what they say of its key. The
 * format is sshd(8)'s, SSH_KNOWN_HOSTS FILE FORMAT. */

enum sshhost_marker { SSHHOST_PLAIN, SSHHOST_CA, SSHHOST_REVOKED };

struct sshhost_line {
	char *where; /* "/root/.ssh/known_hosts:12" */
	enum sshhost_marker marker;
	char *type;  /* "ssh-ed25519" */
	uint8_t *blob;
	size_t nblob;
};

/* The name under which a host stands there: "host", "[host]:port", or the
 * alias. Owned. */
char *sshhost_name(const char *hostname, int port, const char *alias);

/* Calls found for each line of the file that speaks of name; text is the line
 * without its host names: "[@marker ]type base64". Bad lines are passed over,
 * a file that is not there is empty. Reads files: for child processes. */
void sshhost_collect(const char *path, const char *name,
    void (*found)(void *arg, int line, const char *text), void *arg);

/* Takes such a text apart; -1 when it makes no sense. */
int sshhost_line_parse(struct sshhost_line *l, const char *where,
    const char *text);
void sshhost_line_free(struct sshhost_line *l);

/* Appends the host key algorithms to ask for, stored types first: a server
 * that has several keys must show one we know. -1 and why when the stored ones
 * are such that libssh2 cannot use any. */
int sshhost_prefs(struct buf *out, const struct sshhost_line *lines, size_t n,
    const char *host, struct err *err);

/* 0: it is the stored key. Otherwise -1, *fault and the sentence. host is what
 * the operator calls it, name what known_hosts does. */
int sshhost_check(const struct sshhost_line *lines, size_t n, const char *host,
    const char *name, const uint8_t *blob, size_t nblob,
    enum link_fault *fault, struct err *err);

/* Appends the key to the file, making the file and its directory if need be. */
int sshhost_add(const char *path, const char *name, const uint8_t *blob,
    size_t nblob, struct err *err);

#endif
