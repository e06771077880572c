#ifndef TESTS_LIB_SSHD_H
#define TESTS_LIB_SSHD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A real OpenSSH server on a free port of 127.0.0.1, with its own directory,
 * host keys and authorized keys. Everything aborts the test on failure. */

/* A directory for one test program, with keys made once. */
struct sshd_dir {
	char path[64];
};

void sshd_dir_make(struct sshd_dir *d);
void sshd_dir_remove(struct sshd_dir *d);
/* PATH/NAME in a buffer of its own per call site: owned, x_free it. */
char *sshd_path(const struct sshd_dir *d, const char *name);
/* ssh-keygen -t type, with passphrase; the file's name is given back by
 * sshd_path. extra may be NULL: "-b 2048", as one more pair. */
void sshd_keygen(const struct sshd_dir *d, const char *name, const char *type,
    const char *passphrase);
void sshd_write(const char *path, const char *text);
/* Runs a command of the shell and returns its status. */
int sshd_sh(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

struct sshd {
	const struct sshd_dir *dir;
	pid_t pid;
	int port;
	char *log; /* path */
};

struct sshd_options {
	const char *name;       /* of its files in the directory */
	const char *host_keys;  /* names of key files, by spaces */
	const char *authorized; /* names of key files, by spaces */
	const char *config;     /* more lines, or NULL */
};

void sshd_start(struct sshd *s, const struct sshd_dir *d,
    const struct sshd_options *o);
void sshd_stop(struct sshd *s);
/* Process ids of the sessions of this sshd; returns how many. */
size_t sshd_sessions(const struct sshd *s, pid_t *pids, size_t max);
void sshd_signal(const struct sshd *s, int sig); /* all of them */
/* A known_hosts file in the directory with the given public keys for the
 * server; hashed with ssh-keygen -H if asked. Owned path. */
char *sshd_known_hosts(const struct sshd *s, const char *name,
    const char *keys, bool hashed);

#endif
