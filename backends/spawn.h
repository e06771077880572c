#ifndef BACKENDS_SPAWN_H
#define BACKENDS_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "core/err.h"

/* Child processes without SIGCHLD: whoever starts one reaps it by its pid.
 * Every child leads a session of its own (no terminal to ask or be stopped by)
 * and gets SIGTERM when this program dies. */

struct spawn {
	pid_t pid;  /* 0: none, or reaped */
	int pidfd;  /* readable once it ended; -1 where there is none */
	int in;     /* our ends, non-blocking; -1: none or closed */
	int out;
	int err;
};

enum spawn_mode {
	SPAWN_PIPES,  /* stdin, stdout, stderr */
	SPAWN_SOCKET, /* stdin and stdout one socket (in == out), stderr */
	SPAWN_QUIET,  /* stdin from /dev/null, stdout and stderr both into out */
};

#define SPAWN_NONE ((struct spawn){ .pidfd = -1, .in = -1, .out = -1, .err = -1 })

/* Runs argv[0], looked up in PATH. That it cannot be run shows as on a shell:
 * a line on its stderr and exit status 127 or 126. -1: no process or
 * descriptor to be had. */
int spawn_exec(struct spawn *s, const char *const argv[], enum spawn_mode mode,
    struct err *err);

/* Runs fn(arg, fd) in a forked child that has no descriptor of ours but fd,
 * whose other end is s->out. The child ends when fn returns. */
int spawn_fork(struct spawn *s, void (*fn)(void *arg, int fd), void *arg,
    struct err *err);

/* The same with a descriptor for both directions, s->in and s->out, and with
 * `extra` of ours (-1: none) as the child's descriptor after fd. */
int spawn_fork_talk(struct spawn *s, void (*fn)(void *arg, int fd), void *arg,
    int extra, struct err *err);

/* Closes one of our ends and forgets it. */
void spawn_close_fd(int *fd);

/* Whether it has ended; if so, once, *status is as waitpid gives it. */
bool spawn_reap(struct spawn *s, int *status);

/* A signal for it and all that it started in its session's first group. */
void spawn_kill(const struct spawn *s, int sig);

/* Closes all and lets it end by itself; it is reaped later. */
void spawn_leave(struct spawn *s);

/* Closes all and kills. It is reaped by spawn_reap_ended later, or by init after
 * us; nothing waits for it. */
void spawn_end(struct spawn *s);

/* Reaps what was ended and is gone by now; how many are still to go. To be
 * called now and then. */
size_t spawn_reap_ended(void);

/* Whether a program of that name is in PATH. */
bool spawn_which(const char *name);

#endif
