/* The child's part: it may block on DNS, NFS homes and `Match exec` as long as
 * the parent's patience lasts. ssh_config is never read here: `ssh -G` is
 * OpenSSH's own reader. Where there is no ssh program, or no ssh_config to
 * read, the configuration and OpenSSH's defaults say all. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/resolve.h"
#include "backends/sshask.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/utf8.h"

enum { OUT_MAX = 960 * 1024, KEY_FILE_MAX = 64 * 1024 };

struct job {
	const struct conf_host *host;
	struct sshoptions opt;
	struct buf out;
	char *known_path; /* being collected */
};

static void
put(struct job *j, const char *field, const char *value)
{
	/* Whatever does not fit is left out: thousands of keys. */
	if (j->out.len + strlen(field) + strlen(value) + 2 > OUT_MAX)
		return;
	buf_add(&j->out, field, strlen(field) + 1);
	buf_add(&j->out, value, strlen(value) + 1);
}

/* --- Addresses ------------------------------------------------------------ */

static int
look_up(struct job *j)
{
	struct addrinfo hints = { .ai_family = j->opt.family,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *list, *ai;
	char text[256], port[16];
	int rc;

	snprintf(port, sizeof port, "%d", j->opt.port);
	rc = getaddrinfo(j->opt.hostname, port, &hints, &list);
	if (rc != 0) {
		char *why = x_asprintf("the name %s of %s cannot be resolved: "
				       "%s; check its address (%s:%d)",
		    j->opt.hostname, j->host->name,
		    rc == EAI_SYSTEM ? strerror(errno) : gai_strerror(rc),
		    j->host->file != NULL ? j->host->file : "configuration",
		    j->host->line);

		put(j, "unreachable", why);
		x_free(why);
		return -1;
	}
	for (ai = list; ai != NULL; ai = ai->ai_next)
		if (getnameinfo(ai->ai_addr, ai->ai_addrlen, text,
			sizeof text, NULL, 0, NI_NUMERICHOST) == 0)
			put(j, "addr", text);
	freeaddrinfo(list);
	return 0;
}

/* --- known_hosts ---------------------------------------------------------- */

static void
found_known(void *arg, int line, const char *text)
{
	struct job *j = arg;
	char *value = x_asprintf("%s:%d\t%s", j->known_path, line, text);

	put(j, "known", value);
	x_free(value);
}

static void
collect_known(struct job *j)
{
	char *name = sshhost_name(j->opt.hostname, j->opt.port, j->opt.alias);
	const char *file = NULL;

	put(j, "known_as", name);
	for (size_t i = 0; i < j->opt.nknown; i++) {
		j->known_path = j->opt.known[i];
		/* A new key belongs into the user's own file. */
		if (file == NULL && (strncmp(j->known_path, "/etc/", 5) != 0 ||
		    i + 1 == j->opt.nknown))
			file = j->known_path;
		sshhost_collect(j->known_path, name, found_known, j);
	}
	if (file != NULL)
		put(j, "known_file", file);
	x_free(name);
}

/* --- Keys ----------------------------------------------------------------- */

/* The whole text of a regular file, or NULL and errno. */
static char *
read_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	char *text = NULL;
	struct stat st;
	ssize_t n;

	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_size > KEY_FILE_MAX) {
		errno = EINVAL;
		goto out;
	}
	text = x_calloc(1, KEY_FILE_MAX + 1);
	n = read(fd, text, KEY_FILE_MAX);
	if (n < 0) {
		x_free(text);
		text = NULL;
	}
out:
	close(fd);
	return text;
}

static void
put_key(struct job *j, const char *path)
{
	char *pub_path = x_asprintf("%s.pub", path);
	char *text = read_text(path), *pub = read_text(pub_path);

	if (text != NULL || pub != NULL)
		put(j, "key", path);
	if (text != NULL)
		put(j, "key.text", text);
	if (pub != NULL)
		put(j, "key.pub", pub);
	x_free(pub_path);
	x_free(text);
	x_free(pub);
}

static int
put_keys(struct job *j)
{
	const char *key = j->host->key;

	if (key != NULL) {
		struct sshkey_file f;
		char *text = read_text(key), *why = NULL;

		if (text == NULL)
			why = x_asprintf("cannot read the key %s of %s: %s",
			    key, j->host->name, strerror(errno));
		else if (sshkey_parse_file(&f, text) != 0)
			why = x_asprintf("%s, the key of %s, is no private "
					 "key file that ssh-keygen makes",
			    key, j->host->name);
		else
			sshkey_file_free(&f);
		x_free(text);
		if (why != NULL) {
			put(j, "setup", why);
			return -1;
		}
		put_key(j, key);
		put(j, "key_configured", "");
	}
	for (size_t i = 0; i < j->opt.nkeys; i++)
		if (key == NULL || strcmp(key, j->opt.keys[i]) != 0)
			put_key(j, j->opt.keys[i]);
	return 0;
}

/* --- The whole ------------------------------------------------------------ */

static void
work(struct job *j)
{
	struct err err;
	char port[16];

	if (sshask_options(&j->opt, j->host, &err) != 0) {
		put(j, "setup", err.msg);
		return;
	}
	put(j, "user", j->opt.user);
	put(j, "hostname", j->opt.hostname);
	snprintf(port, sizeof port, "%d", j->opt.port);
	put(j, "port", port);
	if (j->opt.incapable != NULL)
		put(j, "incapable", j->opt.incapable);
	if (j->opt.proxy != NULL)
		put(j, "proxy", j->opt.proxy);
	else if (look_up(j) != 0)
		return;
	if (j->opt.agent != NULL)
		put(j, "agent", j->opt.agent);
	if (j->opt.identities_only)
		put(j, "identities_only", "");
	collect_known(j);
	if (put_keys(j) != 0)
		return;
	buf_add(&j->out, "end\0", sizeof "end\0");
}

void
resolve_child(void *host, int fd)
{
	struct job j = { .host = host };
	size_t at = 0;

	buf_init(&j.out, OUT_MAX + 64);
	work(&j);
	while (at < j.out.len) {
		ssize_t n = write(fd, j.out.p + at, j.out.len - at);

		if (n <= 0 && errno != EINTR)
			break;
		at += n > 0 ? (size_t)n : 0;
	}
	buf_free(&j.out);
	sshoptions_free(&j.opt);
}
