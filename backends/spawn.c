/* fork and exec, with the descriptors done right once: everything of ours is
 * close-on-exec, a child has exactly what it is meant to have, its signals are
 * at their defaults, and it dies with us. pidfds tell of its end, so that
 * neither SIGCHLD nor a timer is needed; without them callers use a timer. */
#define _GNU_SOURCE
#include "backends/spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"

void
spawn_close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0)
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static void
close_ends(int fds[3][2])
{
	for (int i = 0; i < 3; i++)
		for (int end = 0; end < 2; end++)
			if (fds[i][end] >= 0)
				close(fds[i][end]);
}

/* fds[i][0] is our end, fds[i][1] the child's, for its descriptor i. A pair of
 * -1 gets /dev/null, or stdout's end for stderr. */
static int
make_ends(int fds[3][2], enum spawn_mode mode)
{
	int p[2];

	if (mode == SPAWN_SOCKET) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
			fds[0]) != 0)
			return -1;
	} else {
		if (mode == SPAWN_PIPES) {
			if (pipe2(p, O_CLOEXEC) != 0)
				return -1;
			fds[0][0] = p[1];
			fds[0][1] = p[0];
		}
		if (pipe2(fds[1], O_CLOEXEC) != 0)
			return -1;
	}
	if (mode != SPAWN_QUIET && pipe2(fds[2], O_CLOEXEC) != 0)
		return -1;
	return 0;
}

/* In the child, between fork and exec: only calls that are safe there. */
static void
child_setup(pid_t parent)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t none;

	setsid();
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(127);
	for (int sig = 1; sig < NSIG; sig++)
		sigaction(sig, &sa, NULL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A descriptor above 2, so that dup2 on to 0..2 does not lose another. */
static int
lift(int fd)
{
	return fd < 0 || fd > 2 ? fd : fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static void
child_fds(int in, int out, int err)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	null = lift(null);
	in = lift(in);
	out = lift(out);
	err = lift(err);
	dup2(in >= 0 ? in : null, 0);
	dup2(out >= 0 ? out : null, 1);
	dup2(err >= 0 ? err : 1, 2);
}

_Noreturn static void
child_exec(const char *const argv[])
{
	/* execvp's prototype is older than const; it changes nothing. */
	char *const *av = NULL;
	const char *why;

	memcpy(&av, &argv, sizeof av);
	execvp(argv[0], av);
	why = strerror(errno);
	if (write(2, argv[0], strlen(argv[0])) < 0 || write(2, ": ", 2) < 0 ||
	    write(2, why, strlen(why)) < 0 || write(2, "\n", 1) < 0)
		_exit(126);
	_exit(errno == ENOENT ? 127 : 126);
}

static int
open_pidfd(pid_t pid)
{
#ifdef SYS_pidfd_open
	return (int)syscall(SYS_pidfd_open, pid, 0);
#else
	return -1;
#endif
}

int
spawn_exec(struct spawn *s, const char *const argv[], enum spawn_mode mode,
    struct err *err)
{
	int fds[3][2] = { { -1, -1 }, { -1, -1 }, { -1, -1 } };
	pid_t parent = getpid(), pid;

	*s = SPAWN_NONE;
	if (make_ends(fds, mode) != 0 || (pid = fork()) < 0) {
		err_set(err, ERR_FAILED, "cannot start %s: %s", argv[0],
		    strerror(errno));
		close_ends(fds);
		return -1;
	}
	if (pid == 0) {
		child_setup(parent);
		child_fds(fds[0][1],
		    mode == SPAWN_SOCKET ? fds[0][1] : fds[1][1], fds[2][1]);
		child_exec(argv);
	}
	for (int i = 0; i < 3; i++)
		spawn_close_fd(&fds[i][1]);
	*s = (struct spawn){
		.pid = pid,
		.pidfd = open_pidfd(pid),
		.in = fds[0][0],
		.out = mode == SPAWN_SOCKET ? fds[0][0] : fds[1][0],
		.err = fds[2][0],
	};
	for (int i = 0; i < 3; i++)
		if (fds[i][0] >= 0)
			set_nonblocking(fds[i][0]);
	return 0;
}

/* What a forked child keeps: 0..2 on /dev/null, 3, and 4 when there is an
 * extra. */
static void
child_keep(int fd, int extra)
{
	unsigned first = extra >= 0 ? 5 : 4;

	fd = lift(fd);
	child_fds(-1, -1, -1);
	if (extra >= 0) {
		extra = fcntl(extra, F_DUPFD_CLOEXEC, 5);
		fd = fcntl(fd, F_DUPFD_CLOEXEC, 5);
		dup3(extra, 4, O_CLOEXEC);
	}
	if (fd != 3)
		dup3(fd, 3, O_CLOEXEC);
	syscall(SYS_close_range, first, ~0U, 0U);
}

/* p[0] is our end and stays, p[1] the child's and goes. */
static int
fork_with(struct spawn *s, int p[2], void (*fn)(void *arg, int fd), void *arg,
    int extra, struct err *err)
{
	pid_t parent = getpid(), pid;

	if ((pid = fork()) < 0) {
		err_set(err, ERR_FAILED, "cannot start a process: %s",
		    strerror(errno));
		close(p[0]);
		close(p[1]);
		return -1;
	}
	if (pid == 0) {
		child_setup(parent);
		child_keep(p[1], extra);
		fn(arg, 3);
		_exit(0);
	}
	close(p[1]);
	set_nonblocking(p[0]);
	s->pid = pid;
	s->out = p[0];
	s->pidfd = open_pidfd(pid);
	return 0;
}

int
spawn_fork(struct spawn *s, void (*fn)(void *arg, int fd), void *arg,
    struct err *err)
{
	int p[2];

	*s = SPAWN_NONE;
	if (pipe2(p, O_CLOEXEC) != 0)
		return err_set(err, ERR_FAILED, "cannot make a pipe: %s",
		    strerror(errno));
	return fork_with(s, p, fn, arg, -1, err);
}

int
spawn_fork_talk(struct spawn *s, void (*fn)(void *arg, int fd), void *arg,
    int extra, struct err *err)
{
	int p[2];

	*s = SPAWN_NONE;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, p) != 0)
		return err_set(err, ERR_FAILED, "cannot make a socket: %s",
		    strerror(errno));
	if (fork_with(s, p, fn, arg, extra, err) != 0)
		return -1;
	s->in = s->out;
	return 0;
}

bool
spawn_reap(struct spawn *s, int *status)
{
	if (s->pid <= 0 || waitpid(s->pid, status, WNOHANG) != s->pid)
		return false;
	s->pid = 0;
	spawn_close_fd(&s->pidfd);
	return true;
}

void
spawn_kill(const struct spawn *s, int sig)
{
	/* The group is there from its setsid on; a moment earlier only the
	 * process is. */
	if (s->pid > 0 && kill(-s->pid, sig) != 0)
		kill(s->pid, sig);
}

/* Killed children take a moment to go, and a process in a system call that
 * cannot be interrupted (NFS) may take hours. They have no owner any more, so
 * they are remembered here, one of the few variables of file scope, and reaped
 * in a later turn of the loop: a hundred that end at once are not waited for. */
static struct {
	pid_t *pids;
	size_t n, cap;
} orphans;

size_t
spawn_reap_ended(void)
{
	for (size_t i = orphans.n; i-- > 0;)
		if (waitpid(orphans.pids[i], NULL, WNOHANG) != 0)
			orphans.pids[i] = orphans.pids[--orphans.n];
	if (orphans.n == 0) {
		x_free(orphans.pids);
		orphans.pids = NULL;
		orphans.cap = 0;
	}
	return orphans.n;
}

static void
add_orphan(pid_t pid)
{
	orphans.pids = x_grow(orphans.pids, orphans.n, &orphans.cap,
	    sizeof *orphans.pids);
	orphans.pids[orphans.n++] = pid;
}

void
spawn_end(struct spawn *s)
{
	spawn_kill(s, SIGKILL);
	spawn_leave(s);
}

void
spawn_leave(struct spawn *s)
{
	int status;

	if (s->out != s->in)
		spawn_close_fd(&s->out);
	s->out = -1;
	spawn_close_fd(&s->in);
	spawn_close_fd(&s->err);
	spawn_reap_ended();
	if (s->pid > 0 && !spawn_reap(s, &status))
		add_orphan(s->pid);
	spawn_close_fd(&s->pidfd);
	s->pid = 0;
}

bool
spawn_which(const char *name)
{
	const char *path = getenv("PATH");
	bool found = false;

	if (path == NULL)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (!found) {
		size_t n = strcspn(path, ":");
		char *file = x_asprintf("%.*s/%s", (int)n, n > 0 ? path : ".",
		    name);

		found = access(file, X_OK) == 0;
		x_free(file);
		if (path[n] == '\0')
			break;
		path += n + 1;
	}
	return found;
}
