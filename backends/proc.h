#ifndef BACKENDS_PROC_H
#define BACKENDS_PROC_H

#include "backends/spawn.h"
#include "backends/transport.h"

/* Channels that are child processes with pipes: what local.c and openssh.c
 * share. */

struct proc;

/* Says how a command ended: fills why and returns -1, or returns its exit
 * status. wstatus is as waitpid gives it, tail the end of its stderr. */
typedef int (*proc_verdict)(const struct transport *t, int wstatus,
    const char *tail, struct err *why);

struct procs {
	struct transport *transport;
	proc_verdict verdict;
	int doubtful; /* exit status that is reported a little later only: the
	               * whole transport may be about to go down; -1: none */
	struct proc *first;
};

/* As transport_ops.exec, write and channel_close. */
struct channel *proc_exec(struct procs *ps, const char *const argv[],
    const struct channel_cb *cb, void *arg);
/* A channel that only says, from the next postpoll, why there is none. */
struct channel *proc_refuse(struct procs *ps, const char *why,
    const struct channel_cb *cb, void *arg);
int proc_write(struct channel *c, const char *p, size_t n);
void proc_close(struct channel *c);

void procs_prepoll(struct procs *ps, struct pollset *set, struct mono now,
    struct mono *deadline);
void procs_postpoll(struct procs *ps, const struct pollset *set,
    struct mono now);
/* Kills all of them, without callbacks; whoever has one may still close it. */
void procs_kill(struct procs *ps);
/* That, and frees them. */
void procs_end(struct procs *ps);

#endif
