/* The server under the transports' tests. */
#define _GNU_SOURCE
#include "tests/lib/sshd.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"

enum { START_TRIES = 5, START_MS = 10000 };

static void
die(const char *what)
{
	fprintf(stderr, "sshd helper: %s: %s\n", what, strerror(errno));
	abort();
}

static void
pause_ms(long ms)
{
	nanosleep(&(struct timespec){ .tv_nsec = ms * 1000000 }, NULL);
}

int
sshd_sh(const char *fmt, ...)
{
	char *line = NULL;
	va_list ap;
	int rc;

	va_start(ap, fmt);
	if (vasprintf(&line, fmt, ap) < 0)
		die("vasprintf");
	va_end(ap);
	rc = system(line);
	free(line);
	return rc;
}

char *
sshd_path(const struct sshd_dir *d, const char *name)
{
	return x_asprintf("%s/%s", d->path, name);
}

void
sshd_dir_make(struct sshd_dir *d)
{
	snprintf(d->path, sizeof d->path, "/tmp/xendeck-ssh-XXXXXX");
	if (mkdtemp(d->path) == NULL)
		die("mkdtemp");
	if (geteuid() == 0 && mkdir("/run/sshd", 0755) != 0 && errno != EEXIST)
		die("/run/sshd");
}

void
sshd_dir_remove(struct sshd_dir *d)
{
	sshd_sh("rm -rf '%s'", d->path);
}

void
sshd_keygen(const struct sshd_dir *d, const char *name, const char *type,
    const char *passphrase)
{
	if (sshd_sh("ssh-keygen -q -t %s -N '%s' -C %s -f '%s/%s' </dev/null",
		type, passphrase, name, d->path, name) != 0)
		die("ssh-keygen");
}

void
sshd_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		die(path);
}

static int
free_port(void)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t n = sizeof in;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&in, n) != 0 ||
	    getsockname(fd, (struct sockaddr *)&in, &n) != 0)
		die("free port");
	close(fd);
	return ntohs(in.sin_port);
}

static bool
accepts(int port)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	in.sin_port = htons((uint16_t)port);
	ok = connect(fd, (struct sockaddr *)&in, sizeof in) == 0;
	close(fd);
	return ok;
}

static void
write_config(const struct sshd *s, const struct sshd_options *o)
{
	char *path = x_asprintf("%s/%s.conf", s->dir->path, o->name);
	char *names = x_strdup(o->host_keys), *save = NULL;
	FILE *f = fopen(path, "w");

	if (f == NULL)
		die(path);
	/* The first value of a keyword counts, but of this one the last. */
	fprintf(f, "MaxStartups 100\n");
	if (o->config != NULL)
		fprintf(f, "%s\n", o->config);
	/* bash reads .bashrc for sshd's commands unless it is nested. */
	fprintf(f,
	    "SetEnv SHLVL=5\nListenAddress 127.0.0.1\nPort %d\nPidFile none\nUsePAM no\n"
	    "StrictModes no\nPasswordAuthentication no\nLogLevel VERBOSE\n"
	    "KbdInteractiveAuthentication no\nPermitRootLogin yes\n"
	    "AuthorizedKeysFile %s/%s.authorized\n",
	    s->port, s->dir->path, o->name);
	for (char *k = strtok_r(names, " ", &save); k != NULL;
	     k = strtok_r(NULL, " ", &save))
		fprintf(f, "HostKey %s/%s\n", s->dir->path, k);
	fclose(f);
	x_free(names);
	x_free(path);
}

static void
write_authorized(const struct sshd *s, const struct sshd_options *o)
{
	char *names = x_strdup(o->authorized), *save = NULL;
	char *path = x_asprintf("%s/%s.authorized", s->dir->path, o->name);

	sshd_write(path, "");
	for (char *k = strtok_r(names, " ", &save); k != NULL;
	     k = strtok_r(NULL, " ", &save))
		sshd_sh("cat '%s/%s.pub' >> '%s'", s->dir->path, k, path);
	x_free(path);
	x_free(names);
}

static pid_t
launch(const struct sshd *s, const char *conf)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid > 0)
		return pid;
	setsid();
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int fd = open(s->log, O_WRONLY | O_CREAT | O_APPEND, 0600);
	int null = open("/dev/null", O_RDWR);
	dup2(null, 0);
	dup2(null, 1);
	dup2(fd, 2);
	closefrom(3);
	execl("/usr/sbin/sshd", "/usr/sbin/sshd", "-D", "-e", "-f", conf,
	    (char *)NULL);
	_exit(127);
}

static bool
comes_up(struct sshd *s)
{
	for (int ms = 0; ms < START_MS; ms += 10) {
		if (accepts(s->port))
			return true;
		if (waitpid(s->pid, NULL, WNOHANG) == s->pid)
			return false; /* somebody took the port */
		pause_ms(10);
	}
	return false;
}

void
sshd_start(struct sshd *s, const struct sshd_dir *d,
    const struct sshd_options *o)
{
	char *conf = x_asprintf("%s/%s.conf", d->path, o->name);

	*s = (struct sshd){ .dir = d,
		.log = x_asprintf("%s/%s.log", d->path, o->name) };
	write_authorized(s, o);
	for (int i = 0; i < START_TRIES; i++) {
		s->port = free_port();
		write_config(s, o);
		s->pid = launch(s, conf);
		if (comes_up(s)) {
			x_free(conf);
			return;
		}
	}
	sshd_sh("cat '%s' >&2", s->log);
	die("sshd does not start");
}

static bool
is_one_of(pid_t pid, const pid_t *pids, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* A login as another user than root has two processes: the monitor, which is
 * the server's child, and its own child, which holds the connection. ps lists
 * parents before their children. */
size_t
sshd_sessions(const struct sshd *s, pid_t *pids, size_t max)
{
	FILE *f = popen("ps -e --sort=start_time,pid -o pid=,ppid=,comm=", "r");
	char line[128];
	size_t n = 0;

	while (f != NULL && n < max && fgets(line, sizeof line, f) != NULL) {
		int pid, ppid;
		char name[64];

		if (sscanf(line, "%d %d %63s", &pid, &ppid, name) == 3 &&
		    strncmp(name, "sshd", 4) == 0 &&
		    (ppid == s->pid || is_one_of(ppid, pids, n)))
			pids[n++] = pid;
	}
	if (f != NULL)
		pclose(f);
	return n;
}

void
sshd_signal(const struct sshd *s, int sig)
{
	pid_t pids[64];
	size_t n = sshd_sessions(s, pids, 64);

	if (n == 0)
		die("no session to signal");
	for (size_t i = 0; i < n; i++)
		kill(pids[i], sig);
}

void
sshd_stop(struct sshd *s)
{
	pid_t pids[64];
	size_t n = sshd_sessions(s, pids, 64);

	for (size_t i = 0; i < n; i++) {
		kill(pids[i], SIGKILL);
		kill(pids[i], SIGCONT);
	}
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
	x_free(s->log);
	*s = (struct sshd){ 0 };
}

char *
sshd_known_hosts(const struct sshd *s, const char *name, const char *keys,
    bool hashed)
{
	char *path = sshd_path(s->dir, name), *names = x_strdup(keys);
	char *save = NULL;

	sshd_write(path, "# a comment\n\nthis line makes no sense\n");
	for (char *k = strtok_r(names, " ", &save); k != NULL;
	     k = strtok_r(NULL, " ", &save))
		sshd_sh("sed 's/^/[127.0.0.1]:%d /' '%s/%s.pub' >> '%s'",
		    s->port, s->dir->path, k, path);
	if (hashed)
		sshd_sh("sed -i 3d '%s'; ssh-keygen -q -H -f '%s' "
			">/dev/null 2>&1; rm -f '%s.old'",
		    path, path, path);
	x_free(names);
	return path;
}
