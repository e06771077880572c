/* One command as a child process: bytes queue for its stdin, its stdout and
 * stderr go to the callbacks, its end to closed.
 *
 * A channel outlives the callbacks that close it: it is only marked there, and
 * freed by the next sweep, once its process is reaped. A command has ended when
 * its process has and its pipes are at their ends; when something it left
 * behind holds the pipes open, a moment of silence is enough. */
#include "backends/proc.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"

enum {
	WRITE_MAX = 1024 * 1024,
	READ_SIZE = 32 * 1024,
	READS_PER_TURN = 8,    /* so that one talker cannot starve the loop */
	LINGER_MS = 200,       /* pipes still open after the process ended */
	TERM_MS = 2000,        /* from SIGTERM to SIGKILL */
	REAP_MS = 50,          /* between looks where there is no pidfd */
	TAIL_MAX = 1024,
};

struct proc {
	struct channel chan;
	struct proc *next;
	struct spawn child;
	const struct channel_cb cb;
	void *arg;
	struct buf in;
	bool in_eof;         /* close stdin when the queue is empty */
	bool closed;         /* no callback any more */
	bool ended;          /* reaped; wstatus holds */
	int wstatus;
	struct mono ended_at;
	struct mono kill_at; /* MONO_NEVER, or when SIGTERM did not help */
	size_t slot_in, slot_out, slot_err, slot_pid;
	char tail[TAIL_MAX]; /* of stderr, NUL-terminated */
	size_t ntail;
	char *refused;
};

static struct proc *
proc_new(struct procs *ps, const struct channel_cb *cb, void *arg)
{
	struct proc init = {
		.chan.transport = ps->transport,
		.next = ps->first,
		.child = SPAWN_NONE,
		.cb = *cb,
		.arg = arg,
		.kill_at = MONO_NEVER,
	};
	struct proc *p = x_malloc(sizeof *p);

	memcpy(p, &init, sizeof init);
	buf_init(&p->in, WRITE_MAX);
	ps->first = p;
	return p;
}

struct channel *
proc_refuse(struct procs *ps, const char *why, const struct channel_cb *cb,
    void *arg)
{
	struct proc *p = proc_new(ps, cb, arg);

	p->refused = x_strdup(why);
	return &p->chan;
}

struct channel *
proc_exec(struct procs *ps, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	struct spawn child;
	struct err err;
	struct proc *p;

	if (spawn_exec(&child, argv, SPAWN_PIPES, &err) != 0)
		return proc_refuse(ps, err.msg, cb, arg);
	p = proc_new(ps, cb, arg);
	p->child = child;
	return &p->chan;
}

static struct proc *
proc_of(struct channel *c)
{
	return (struct proc *)(void *)c;
}

static void
flush_input(struct proc *p)
{
	while (p->child.in >= 0 && p->in.len > 0) {
		ssize_t n = write(p->child.in, p->in.p, p->in.len);

		if (n > 0)
			buf_drop(&p->in, (size_t)n);
		else if (n < 0 && errno == EINTR)
			continue;
		else if (n < 0 && errno == EAGAIN)
			return;
		else {
			/* It reads no more; it may still have much to say. */
			spawn_close_fd(&p->child.in);
			buf_clear(&p->in);
		}
	}
	if (p->in_eof && p->in.len == 0)
		spawn_close_fd(&p->child.in);
}

int
proc_write(struct channel *c, const char *bytes, size_t n)
{
	struct proc *p = proc_of(c);

	if (p->closed || p->in_eof)
		return -1;
	if (bytes == NULL)
		p->in_eof = true;
	else if (p->child.in >= 0 && buf_add(&p->in, bytes, n) != 0)
		return -1;
	flush_input(p);
	return 0;
}

void
proc_close(struct channel *c)
{
	struct proc *p = proc_of(c);

	if (p->closed)
		return;
	p->closed = true;
	p->kill_at = MONO_ZERO; /* the next turn counts from its own now */
	spawn_kill(&p->child, SIGTERM);
	spawn_close_fd(&p->child.in);
	spawn_close_fd(&p->child.out);
	spawn_close_fd(&p->child.err);
}

void
procs_prepoll(struct procs *ps, struct pollset *set, struct mono now,
    struct mono *deadline)
{
	for (struct proc *p = ps->first; p != NULL; p = p->next) {
		if (p->child.in >= 0 && p->in.len > 0)
			p->slot_in = pollset_add(set, p->child.in, POLLOUT);
		if (p->child.out >= 0)
			p->slot_out = pollset_add(set, p->child.out, POLLIN);
		if (p->child.err >= 0)
			p->slot_err = pollset_add(set, p->child.err, POLLIN);
		if (p->child.pidfd >= 0)
			p->slot_pid = pollset_add(set, p->child.pidfd, POLLIN);
		else if (p->child.pid > 0)
			mono_lower(deadline, mono_add_ms(now, REAP_MS));
		if (p->refused != NULL || (p->closed && p->child.pid <= 0) ||
		    p->kill_at.ns == 0)
			mono_lower(deadline, now);
		else if (p->kill_at.ns != INT64_MAX)
			mono_lower(deadline, p->kill_at);
		if (p->ended && !p->closed)
			mono_lower(deadline,
			    mono_add_ms(p->ended_at, LINGER_MS));
	}
}

static void
keep_tail(struct proc *p, const char *s, size_t n)
{
	if (n >= TAIL_MAX) {
		s += n - (TAIL_MAX - 1);
		n = TAIL_MAX - 1;
	}
	if (p->ntail + n >= TAIL_MAX) {
		size_t drop = p->ntail + n - (TAIL_MAX - 1);

		memmove(p->tail, p->tail + drop, p->ntail - drop);
		p->ntail -= drop;
	}
	memcpy(p->tail + p->ntail, s, n);
	p->ntail += n;
	p->tail[p->ntail] = '\0';
}

static void
read_some(struct proc *p, int *fd)
{
	bool is_err = fd == &p->child.err;
	char bytes[READ_SIZE];

	for (int i = 0; i < READS_PER_TURN && *fd >= 0; i++) {
		ssize_t n = read(*fd, bytes, sizeof bytes);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			spawn_close_fd(fd);
			return;
		}
		p->ended_at = MONO_ZERO; /* not silent yet */
		if (is_err)
			keep_tail(p, bytes, (size_t)n);
		(is_err ? p->cb.err : p->cb.data)(p->arg, bytes, (size_t)n);
	}
}

static void
finish(struct procs *ps, struct proc *p)
{
	struct err why = { 0 };
	int status;

	p->closed = true;
	spawn_close_fd(&p->child.in);
	spawn_close_fd(&p->child.out);
	spawn_close_fd(&p->child.err);
	if (p->refused != NULL) {
		p->cb.closed(p->arg, -1, p->refused);
		return;
	}
	status = ps->verdict(ps->transport, p->wstatus, p->tail, &why);
	p->cb.closed(p->arg, status, status < 0 ? why.msg : NULL);
}

static bool
has_ended(const struct procs *ps, const struct proc *p, struct mono now)
{
	bool doubtful = WIFEXITED(p->wstatus) &&
	    WEXITSTATUS(p->wstatus) == ps->doubtful;

	if (!p->ended)
		return false;
	if (p->child.out < 0 && p->child.err < 0 && !doubtful)
		return true;
	return mono_diff_ms(now, p->ended_at) >= LINGER_MS;
}

static void
step(struct procs *ps, struct proc *p, const struct pollset *set,
    struct mono now)
{
	if (pollset_revents(set, p->slot_in, p->child.in) != 0)
		flush_input(p);
	if (pollset_revents(set, p->slot_out, p->child.out) != 0)
		read_some(p, &p->child.out);
	if (pollset_revents(set, p->slot_err, p->child.err) != 0)
		read_some(p, &p->child.err);
	if (spawn_reap(&p->child, &p->wstatus))
		p->ended = true;
	if (p->ended && p->ended_at.ns == 0)
		p->ended_at = now;
	if (p->closed && p->kill_at.ns == 0)
		p->kill_at = mono_add_ms(now, TERM_MS);
	if (p->closed && mono_reached(p->kill_at, now)) {
		spawn_kill(&p->child, SIGKILL);
		p->kill_at = MONO_NEVER;
	}
	if (p->closed)
		return;
	if (p->refused != NULL || has_ended(ps, p, now))
		finish(ps, p);
}

static void
proc_free(struct proc *p)
{
	spawn_end(&p->child);
	buf_free(&p->in);
	x_free(p->refused);
	x_free(p);
}

void
procs_postpoll(struct procs *ps, const struct pollset *set, struct mono now)
{
	/* Callbacks may put new ones in front, which wait for their turn. */
	for (struct proc *p = ps->first; p != NULL; p = p->next)
		step(ps, p, set, now);
	for (struct proc **at = &ps->first; *at != NULL;) {
		struct proc *p = *at;

		if (p->closed && p->child.pid <= 0) {
			*at = p->next;
			proc_free(p);
		} else
			at = &p->next;
	}
}

void
procs_kill(struct procs *ps)
{
	for (struct proc *p = ps->first; p != NULL; p = p->next) {
		p->closed = true;
		spawn_kill(&p->child, SIGKILL);
	}
}

void
procs_end(struct procs *ps)
{
	procs_kill(ps); /* all at once first, so that they die side by side */
	while (ps->first != NULL) {
		struct proc *p = ps->first;

		ps->first = p->next;
		proc_free(p);
	}
}
