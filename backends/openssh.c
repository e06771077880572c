/* The transport by way of OpenSSH's own client, for what libssh2 cannot do.
 *
 * One ssh is the connection: a ControlMaster without a session of its own (so
 * that a forced command or MaxSessions is not in its way), whose socket lies in
 * a private directory. ssh makes that socket once it is logged in: its being
 * there is the proof that the link is up. Each command is one more ssh that
 * asks the master by the socket; those read no configuration and could not
 * connect by themselves. All of them are our children, and end with us. One
 * more looks up the key that a host had before, when it shows another one. */
#define _DEFAULT_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/opensshfault.h"
#include "backends/proc.h"
#include "core/quote.h"
#include "backends/sshargs.h"
#include "backends/transport.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

enum {
	LOOK_MS = 40,      /* between looks for the socket */
	STORED_MS = 1000,  /* to read known_hosts */
	LOGIN_MS = 30000,  /* ssh has its own time limit for connecting */
	TEXT_MAX = 16 * 1024,
	DIR_MAX = 70,      /* ssh adds a name, and sun_path is short */
};

enum state { STARTING, UP, ASKING, DOWN };

struct openssh {
	struct transport t;
	struct procs procs;
	struct transport_cb cb;
	void *arg;
	char *name;
	enum state state;
	char *dir, *socket;
	struct spawn master;
	struct buf text;     /* what the master said */
	char where[OPENSSH_WHERE]; /* the key that was another one; */
	struct spawn reader; /* and who reads it */
	struct mono look, deadline;
	size_t slot_out, slot_pid;
	bool cannot;         /* err tells why there is no master */
	struct err err;
};

static struct openssh *
openssh_of(struct transport *t)
{
	return (struct openssh *)(void *)t;
}

/* --- Starting the master -------------------------------------------------- */

static int
make_dir(struct openssh *o)
{
	const char *base = getenv("XDG_RUNTIME_DIR");

	if (base == NULL || *base != '/' || strlen(base) > DIR_MAX)
		base = "/tmp";
	o->dir = x_asprintf("%s/xendeck-XXXXXX", base);
	if (mkdtemp(o->dir) == NULL) { /* 0700 */
		err_set(&o->err, ERR_FAILED,
		    "cannot make a directory for the connection to %s in %s: "
		    "%s", o->name, base, strerror(errno));
		x_free(o->dir);
		o->dir = NULL;
		return -1;
	}
	o->socket = x_asprintf("%s/c", o->dir);
	return 0;
}

static void
host_args(struct sshargs *a, const struct conf_host *host)
{
	sshargs_route(a, host);
	if (host->key != NULL) {
		sshargs_add(a, "-i", host->key);
		sshargs_add(a, "-o", "IdentitiesOnly=yes");
	}
	if (host->known_hosts != NULL) {
		sshargs_add_owned(a, "-o",
		    sshargs_path("UserKnownHostsFile", host->known_hosts));
		sshargs_add(a, "-o", "GlobalKnownHostsFile=/dev/null");
	}
	sshargs_address(a, host);
}

static void
start_master(struct openssh *o, const struct conf_host *host)
{
	static const char *const options[] = { "BatchMode=yes",
		"StrictHostKeyChecking=yes", "UpdateHostKeys=no",
		"ConnectTimeout=10", "ConnectionAttempts=1",
		/* A dead peer is noticed within 9 s. */
		"ServerAliveInterval=3", "ServerAliveCountMax=3",
		"ControlPersist=no", "ClearAllForwardings=yes",
		"ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no",
		"RemoteCommand=none", "RequestTTY=no", "EscapeChar=none",
		/* Not the server's banner, which could say anything. */
		"LogLevel=ERROR" };
	struct sshargs a;

	sshargs_init(&a);
	sshargs_add(&a, "-M", NULL);
	sshargs_add(&a, "-N", "-T");
	sshargs_add(&a, "-S", o->socket);
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		sshargs_add(&a, "-o", options[i]);
	host_args(&a, host);
	if (spawn_exec(&o->master, a.v, SPAWN_QUIET, &o->err) != 0)
		o->cannot = true;
	sshargs_free(&a);
}

/* How a command that ssh ran for us ended. */
static int
verdict(const struct transport *t, int wstatus, const char *tail,
    struct err *why)
{
	const struct openssh *o = (const struct openssh *)(const void *)t;

	if (WIFEXITED(wstatus) && WEXITSTATUS(wstatus) != 255)
		return WEXITSTATUS(wstatus);
	if (strstr(tail, "refused by peer") != NULL)
		return err_set(why, ERR_FAILED,
		    "%s lets no further command run at once: raise "
		    "MaxSessions in its sshd_config", o->name);
	return err_set(why, ERR_FAILED,
	    "how the command on %s ended is not known: it was killed, or "
	    "ssh was", o->name);
}

static struct transport *
openssh_open(const struct conf_host *host, const struct transport_cb *cb,
    void *arg, struct mono now)
{
	struct openssh *o = x_calloc(1, sizeof *o);

	o->t.ops = &transport_openssh;
	o->procs = (struct procs){ .transport = &o->t,
		.verdict = verdict,
		.doubtful = 255 };
	o->cb = *cb;
	o->arg = arg;
	o->name = x_strdup(host->name);
	o->master = o->reader = SPAWN_NONE;
	o->look = mono_add_ms(now, LOOK_MS);
	o->deadline = mono_add_ms(now, LOGIN_MS);
	buf_init(&o->text, TEXT_MAX);
	buf_puts(&o->text, "");
	if (!spawn_which("ssh")) {
		o->cannot = true;
		err_set(&o->err, ERR_FAILED,
		    "%s needs the program ssh, which is not in PATH: install "
		    "openssh-client", o->name);
	} else if (make_dir(o) != 0)
		o->cannot = true;
	else
		start_master(o, host);
	return &o->t;
}

/* --- Commands ------------------------------------------------------------- */

static struct channel *
openssh_exec(struct transport *t, const char *const argv[],
    const struct channel_cb *cb, void *arg)
{
	struct openssh *o = openssh_of(t);
	struct channel *c;
	struct buf line;

	buf_init(&line, QUOTE_MAX);
	if (quote_argv(&line, argv) != 0)
		c = proc_refuse(&o->procs,
		    "the command is longer than 32 KiB", cb, arg);
	else {
		/* ProxyCommand: without the master there is no way. */
		const char *const av[] = { "ssh", "-F", "none", "-S",
			o->socket, "-T", "-o", "ControlMaster=no", "-o",
			"BatchMode=yes", "-o", "ProxyCommand=false", "-o",
			"LogLevel=ERROR", "-o", "EscapeChar=none", "--",
			"master", line.p, NULL };

		c = proc_exec(&o->procs, av, cb, arg);
	}
	buf_free(&line);
	return c;
}

/* --- The loop's side ------------------------------------------------------ */

static void
stop(struct openssh *o)
{
	procs_kill(&o->procs);
	spawn_end(&o->master);
	spawn_end(&o->reader);
}

static void
go_down(struct openssh *o, enum link_fault fault)
{
	o->state = DOWN;
	stop(o);
	o->cb.down(o->arg, fault, o->err.msg);
}

static void
read_text(struct openssh *o)
{
	char bytes[4096];

	for (;;) {
		ssize_t n = o->master.out >= 0
		    ? read(o->master.out, bytes, sizeof bytes)
		    : -1;

		if (n < 0)
			return; /* nothing more now */
		if (n == 0) {
			spawn_close_fd(&o->master.out);
			return;
		}
		if (o->text.len + (size_t)n > TEXT_MAX)
			buf_clear(&o->text);
		buf_add(&o->text, bytes, (size_t)n);
	}
}

static void
explain(struct openssh *o, bool was_up, const char *stored)
{
	go_down(o, openssh_fault(o->name, o->text.p, was_up, stored, &o->err));
}

/* --- The key that a host had before ----------------------------------------- */

static void
child_stored(void *arg, int fd)
{
	const struct openssh *o = arg;
	char stored[SSHKEY_FINGERPRINT];

	openssh_stored(stored, o->where);
	if (write(fd, stored, strlen(stored)) < 0)
		return; /* nobody is interested any more */
}

static void
on_master_end(struct openssh *o, struct mono now)
{
	bool was_up = o->state == UP;
	struct err err;

	if (was_up || !openssh_stored_where(o->where, o->text.p) ||
	    spawn_fork(&o->reader, child_stored, o, &err) != 0) {
		explain(o, was_up, "?");
		return;
	}
	o->state = ASKING;
	o->deadline = mono_add_ms(now, STORED_MS);
}

/* So short a text comes in one piece. */
static void
read_stored(struct openssh *o, struct mono now)
{
	char stored[SSHKEY_FINGERPRINT], clean[SSHKEY_FINGERPRINT];
	ssize_t n = read(o->reader.out, stored, sizeof stored);

	if (n < 0 && (errno == EAGAIN || errno == EINTR) &&
	    !mono_reached(o->deadline, now))
		return;
	utf8_clean(clean, sizeof clean, n > 0 ? stored : "?",
	    n > 0 ? (size_t)n : 1);
	explain(o, false, clean);
}

/* --- The loop's turns --------------------------------------------------------- */

static void
openssh_prepoll(struct transport *t, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	struct openssh *o = openssh_of(t);

	if (o->state == DOWN)
		return;
	if (o->state == ASKING) {
		pollset_add(ps, o->reader.out, POLLIN);
		mono_lower(deadline, o->deadline);
		return;
	}
	if (o->cannot)
		mono_lower(deadline, now);
	if (o->master.out >= 0)
		o->slot_out = pollset_add(ps, o->master.out, POLLIN);
	if (o->master.pidfd >= 0)
		o->slot_pid = pollset_add(ps, o->master.pidfd, POLLIN);
	/* Once up, its pipe's end tells as well as a pidfd. */
	if (o->state == STARTING ||
	    (o->master.out < 0 && o->master.pidfd < 0))
		mono_lower(deadline, o->look);
	procs_prepoll(&o->procs, ps, now, deadline);
}

static void
openssh_postpoll(struct transport *t, const struct pollset *ps,
    struct mono now)
{
	struct openssh *o = openssh_of(t);
	int status;

	if (o->state == DOWN)
		return;
	if (o->cannot) {
		go_down(o, FAULT_SETUP);
		return;
	}
	if (o->state == ASKING) {
		read_stored(o, now);
		return;
	}
	read_text(o);
	/* Commands first: what they still said before the end counts. */
	procs_postpoll(&o->procs, ps, now);
	if (spawn_reap(&o->master, &status)) {
		read_text(o);
		on_master_end(o, now);
		return;
	}
	if (!mono_reached(o->look, now))
		return;
	o->look = mono_add_ms(now, LOOK_MS);
	if (o->state == STARTING && access(o->socket, F_OK) == 0) {
		o->state = UP;
		o->cb.up(o->arg);
	} else if (o->state == STARTING && mono_reached(o->deadline, now)) {
		err_set(&o->err, ERR_UNREACHABLE,
		    "the login to %s was not done within %d s: does ssh-agent "
		    "answer?", o->name, LOGIN_MS / 1000);
		go_down(o, FAULT_UNREACHABLE);
	}
}

static void
remove_dir(struct openssh *o)
{
	DIR *d = o->dir != NULL ? opendir(o->dir) : NULL;
	struct dirent *e;

	while (d != NULL && (e = readdir(d)) != NULL)
		if (e->d_name[0] != '.')
			unlinkat(dirfd(d), e->d_name, 0);
	if (d != NULL)
		closedir(d);
	if (o->dir != NULL)
		rmdir(o->dir);
}

static void
openssh_close(struct transport *t)
{
	struct openssh *o = openssh_of(t);

	stop(o);
	procs_end(&o->procs);
	remove_dir(o);
	buf_free(&o->text);
	x_free(o->dir);
	x_free(o->socket);
	x_free(o->name);
	x_free(o);
}

const struct transport_ops transport_openssh = {
	.name = "openssh",
	.open = openssh_open,
	.exec = openssh_exec,
	.write = proc_write,
	.channel_close = proc_close,
	.prepoll = openssh_prepoll,
	.postpoll = openssh_postpoll,
	.close = openssh_close,
};
