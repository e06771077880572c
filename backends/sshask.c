/* Runs `ssh -G` and waits for it, so this is for child processes only. Without
 * an ssh program, or an ssh_config for it to read, OpenSSH's defaults say the
 * same, and a process is saved for each of a hundred hosts. */
#include "backends/sshask.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/spawn.h"
#include "backends/sshargs.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

static void
drain(struct spawn *s, struct buf *out, struct buf *errs)
{
	while (s->out >= 0 || s->err >= 0) {
		struct pollfd fds[2] = { { .fd = s->out, .events = POLLIN },
			{ .fd = s->err, .events = POLLIN } };

		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		for (int i = 0; i < 2; i++) {
			int *fd = i == 0 ? &s->out : &s->err;
			char bytes[4096];
			ssize_t n;

			if (fds[i].revents == 0)
				continue;
			n = read(*fd, bytes, sizeof bytes);
			if (n <= 0)
				spawn_close_fd(fd);
			else
				buf_add(i == 0 ? out : errs, bytes, (size_t)n);
		}
	}
}

static int
ask_ssh(struct buf *out, const struct conf_host *host, struct err *err)
{
	struct sshargs a;
	char why[256];
	struct buf errs;
	struct spawn s;
	int status = -1, rc;

	sshargs_init(&a);
	sshargs_add(&a, "-G", NULL);
	sshargs_route(&a, host);
	sshargs_address(&a, host);
	rc = spawn_exec(&s, a.v, SPAWN_PIPES, err);
	sshargs_free(&a);
	if (rc != 0)
		return -1;
	buf_init(&errs, 64 * 1024);
	spawn_close_fd(&s.in);
	drain(&s, out, &errs);
	waitpid(s.pid, &status, 0);
	s.pid = 0;
	spawn_end(&s);
	if (status != 0) {
		utf8_clean(why, sizeof why, errs.p != NULL ? errs.p : "",
		    errs.p != NULL ? strcspn(errs.p, "\r\n") : 0);
		err_set(err, ERR_CONF,
		    "ssh -G refuses the settings for %s: %s; mend ssh_config",
		    host->name, why);
	}
	buf_free(&errs);
	return status == 0 ? 0 : -1;
}

static bool
have_ssh_config(const struct conf_host *host, const char *home)
{
	char *path = x_asprintf("%s/.ssh/config", home);
	bool have = host->ssh_config != NULL || access(path, R_OK) == 0 ||
	    access("/etc/ssh/ssh_config", R_OK) == 0;

	x_free(path);
	return have;
}

/* OpenSSH's defaults, in its own words. */
static const char defaults[] = "identityfile ~/.ssh/id_ed25519\n"
			       "identityfile ~/.ssh/id_ecdsa\n"
			       "identityfile ~/.ssh/id_rsa\n"
			       "userknownhostsfile ~/.ssh/known_hosts\n"
			       "globalknownhostsfile /etc/ssh/ssh_known_hosts\n";

int
sshask_options(struct sshoptions *o, const struct conf_host *host,
    struct err *err)
{
	const struct passwd *pw = getpwuid(getuid());
	const char *env = getenv("HOME");
	char *home = x_strdup(pw != NULL ? pw->pw_dir
		: env != NULL		 ? env
					 : "/");
	char *user = x_strdup(pw != NULL ? pw->pw_name : "root");
	bool have_ssh = spawn_which("ssh");
	struct buf text;
	int rc = -1;

	*o = (struct sshoptions){ 0 };
	buf_init(&text, 256 * 1024);
	if (!have_ssh && (host->jump != NULL || host->ssh_config != NULL)) {
		err_set(err, ERR_FAILED,
		    "%s has a jump host or an ssh_config of its own, which "
		    "needs the program ssh: install openssh-client",
		    host->name);
		goto out;
	}
	if (have_ssh && have_ssh_config(host, home)) {
		if (ask_ssh(&text, host, err) != 0)
			goto out;
	} else
		buf_puts(&text, defaults);
	rc = sshoptions_parse(o, host, text.p, home, user, err);
out:
	buf_free(&text);
	x_free(home);
	x_free(user);
	return rc;
}
