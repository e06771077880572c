/* See editor.h. The terminal's keys are the editor's while it runs: ^C and ^\ do
 * not end xendeck then, and ^Z, of which the shell only learns when its own
 * child stops, stops xendeck as soon as it has stopped the editor. */
#include "tui/editor.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/mem.h"

/* --- The file ----------------------------------------------------------------- */

static int
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t w = write(fd, p, n);

		if (w < 0 && errno == EINTR)
			continue;
		if (w < 0)
			return -1;
		p += w;
		n -= (size_t)w;
	}
	return 0;
}

static const char *
temp_dir(void)
{
	const char *dir = getenv("TMPDIR");

	return dir != NULL && dir[0] == '/' ? dir : "/tmp";
}

int
editor_open(struct editor *e, const char *name, const char *text, size_t len,
    struct err *err)
{
	int fd = -1, rc = -1;

	*e = (struct editor){ NULL, NULL };
	e->dir = x_asprintf("%s/xendeck-XXXXXX", temp_dir());
	if (mkdtemp(e->dir) == NULL) { /* 0700 */
		err_set(err, ERR_FAILED, "no file to edit can be made in %s: "
		    "%s", temp_dir(), strerror(errno));
		x_replace(&e->dir, NULL);
		return -1;
	}
	e->path = x_asprintf("%s/%s", e->dir, name);
	fd = open(e->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd >= 0)
		rc = write_all(fd, text, len);
	if (fd >= 0 && close(fd) != 0)
		rc = -1;
	if (rc == 0)
		return 0;
	err_set(err, ERR_FAILED, "%s cannot be written: %s", e->path,
	    strerror(errno));
	editor_close(e, false);
	return -1;
}

int
editor_read(const struct editor *e, struct buf *out, struct err *err)
{
	char part[4096];
	struct stat st;
	ssize_t n;
	int fd = open(e->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		err_set(err, ERR_FAILED, "%s cannot be read: %s", e->path,
		    fd < 0 ? strerror(errno) : "it is no file");
		if (fd >= 0)
			close(fd);
		return -1;
	}
	while ((n = read(fd, part, sizeof part)) > 0)
		if (buf_add(out, part, (size_t)n) != 0)
			break;
	close(fd);
	if (n == 0)
		return 0;
	return err_set(err, ERR_FAILED, "%s: %s", e->path,
	    n < 0 ? strerror(errno) : "it is too long for a definition");
}

/* Editors leave their own files beside it. */
static void
empty(const char *path)
{
	DIR *d = opendir(path);
	const struct dirent *f;

	if (d == NULL)
		return;
	while ((f = readdir(d)) != NULL)
		if (strcmp(f->d_name, ".") != 0 && strcmp(f->d_name, "..") != 0)
			unlinkat(dirfd(d), f->d_name, 0);
	closedir(d);
}

void
editor_close(struct editor *e, bool keep)
{
	if (e->dir != NULL && !keep) {
		empty(e->dir);
		rmdir(e->dir);
	}
	x_free(e->dir);
	x_free(e->path);
	*e = (struct editor){ NULL, NULL };
}

/* --- The program --------------------------------------------------------------- */

static const char *
chosen(void)
{
	const char *visual = getenv("VISUAL"), *editor = getenv("EDITOR");

	return visual != NULL && visual[0] != '\0' ? visual :
	    editor != NULL && editor[0] != '\0' ? editor : NULL;
}

bool
editor_chosen(void)
{
	return chosen() != NULL;
}

static const int taken[] = { SIGINT, SIGQUIT, SIGTSTP };

enum { TAKEN = sizeof taken / sizeof taken[0] };

static void
become(const char *path)
{
	static const char fallback[] = "command -v sensible-editor >/dev/null "
	    "&& exec sensible-editor \"$@\"; exec vi \"$@\"";
	const char *own = chosen();
	char *script = own != NULL ? x_asprintf("%s \"$@\"", own) : NULL;
	sigset_t none;

	for (size_t i = 0; i < TAKEN; i++)
		signal(taken[i], SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	/* It may have arguments, and be a pipe for all we know. */
	execl("/bin/sh", "sh", "-c", script != NULL ? script : fallback,
	    "editor", path, (char *)NULL);
	_exit(127);
}

static int
await(pid_t pid, void (*turn)(void *arg), void *arg)
{
	int status = 0;
	pid_t got;

	for (;;) {
		got = waitpid(pid, &status, WNOHANG | WUNTRACED);
		if (got < 0 && errno != EINTR)
			return -1;
		if (got == pid && WIFSTOPPED(status))
			raise(SIGSTOP);
		else if (got == pid)
			return status;
		turn(arg);
	}
}

int
editor_run(const struct editor *e, void (*turn)(void *arg), void *arg,
    struct err *err)
{
	struct sigaction ignore = { .sa_handler = SIG_IGN }, old[TAKEN];
	int status;
	pid_t pid;

	for (size_t i = 0; i < TAKEN; i++)
		sigaction(taken[i], &ignore, &old[i]);
	pid = fork();
	if (pid == 0)
		become(e->path);
	status = pid > 0 ? await(pid, turn, arg) : -1;
	for (size_t i = 0; i < TAKEN; i++)
		sigaction(taken[i], &old[i], NULL);
	if (status == 0)
		return 0;
	if (pid < 0)
		return err_set(err, ERR_FAILED, "no process for an editor");
	if (status > 0 && WIFEXITED(status) && WEXITSTATUS(status) >= 126)
		return err_set(err, ERR_FAILED, "the editor '%.100s' could not "
		    "be run: set EDITOR", chosen() != NULL ? chosen() : "vi");
	return err_set(err, ERR_FAILED, "the editor '%.100s' ended with a "
	    "failure", chosen() != NULL ? chosen() : "vi");
}
