/* Fetching is an ordinary connection that stops where it finds the key unknown,
 * so names, jump hosts and files are those of later connections. A host that
 * libssh2 cannot talk to is asked by ssh, which writes what it sees into a file
 * in a private directory; the judgement is ours in both cases. */
#define _DEFAULT_SOURCE
#include "backends/trust.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backends/opensshfault.h"
#include "backends/ssh.h"
#include "backends/sshargs.h"
#include "backends/sshhost.h"
#include "backends/sshkey.h"
#include "core/buf.h"
#include "core/mem.h"

enum { SSH_MS = 25000, TEXT_MAX = 16 * 1024, REAP_MS = 50 };

struct trust {
	const struct conf_host *host;
	struct transport *link;
	enum trust_state state;
	struct err err;
	bool wants_ssh;      /* libssh2 cannot */
	const struct resolved *r; /* lives with link */
	uint8_t *blob;
	size_t nblob;
	char type[80], fingerprint[SSHKEY_FINGERPRINT];
	/* The way by ssh. */
	struct spawn ssh;
	struct buf text;
	char *dir, *file;
	struct mono deadline;
	size_t slot;
};

static void
on_up(void *arg)
{
	((struct trust *)arg)->state = TRUST_KNOWN;
}

static void
on_down(void *arg, enum link_fault fault, const char *reason)
{
	struct trust *t = arg;

	err_set(&t->err, ERR_FAILED, "%s", reason);
	switch (fault) {
	case FAULT_HOSTKEY_UNKNOWN: return; /* the key is there */
	case FAULT_AUTH: t->state = TRUST_KNOWN; return;
	case FAULT_INCAPABLE: t->wants_ssh = true; return;
	case FAULT_HOSTKEY_CHANGED:
	case FAULT_UNREACHABLE:
	case FAULT_LOST:
	case FAULT_SETUP: break;
	}
	t->state = TRUST_FAILED;
}

struct trust *
trust_open(const struct conf_host *host, struct mono now)
{
	static const struct transport_cb cb = { .up = on_up, .down = on_down };
	struct trust *t = x_calloc(1, sizeof *t);

	t->host = host;
	t->ssh = SPAWN_NONE;
	buf_init(&t->text, TEXT_MAX);
	buf_puts(&t->text, "");
	t->link = transport_libssh2.open(host, &cb, t, now);
	return t;
}

static int
describe(struct trust *t, const uint8_t *blob, size_t n)
{
	if (sshkey_type(blob, n, t->type, sizeof t->type) != 0)
		return -1;
	sshkey_fingerprint(t->fingerprint, blob, n);
	return 0;
}

/* The key is known now: is it one to be added? */
static void
judge(struct trust *t, const uint8_t *blob, size_t n)
{
	enum link_fault fault;

	if (describe(t, blob, n) != 0) {
		t->state = TRUST_FAILED;
		err_set(&t->err, ERR_FAILED, "%s shows no host key",
		    t->host->name);
		return;
	}
	if (sshhost_check(t->r->known, t->r->nknown, t->host->name,
		t->r->known_as, blob, n, &fault, &t->err) == 0) {
		t->state = TRUST_KNOWN;
		return;
	}
	if (fault != FAULT_HOSTKEY_UNKNOWN) {
		t->state = TRUST_FAILED;
		return;
	}
	if (t->r->known_file == NULL) {
		t->state = TRUST_FAILED;
		err_set(&t->err, ERR_FAILED,
		    "there is no known_hosts file to add the key of %s to: "
		    "set `known_hosts`", t->host->name);
		return;
	}
	t->blob = x_malloc(n);
	memcpy(t->blob, blob, n);
	t->nblob = n;
	t->state = TRUST_FOUND;
}

/* --- By way of ssh -------------------------------------------------------- */

static void
fail_here(struct trust *t)
{
	t->state = TRUST_FAILED;
	err_set(&t->err, ERR_FAILED, "cannot fetch the host key of %s: %s",
	    t->host->name, strerror(errno));
}

/* "rsa-sha2-512" for a stored "ssh-rsa": keys and signatures have names of
 * their own (RFC 8332). */
static const char *
algorithms_of(const char *type)
{
	return strcmp(type, "ssh-rsa") == 0 ?
	    "rsa-sha2-512,rsa-sha2-256,ssh-rsa" : type;
}

/* A server with several keys is to show the one that is stored, as it would to
 * ssh itself: "^" puts those in front. NULL: nothing is stored. */
static char *
wanted_algorithms(const struct resolved *r)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	for (size_t i = 0; r != NULL && i < r->nknown; i++)
		if (r->known[i].marker == SSHHOST_PLAIN)
			buf_printf(&b, "%s%s", b.len == 0 ?
			    "HostKeyAlgorithms=^" : ",",
			    algorithms_of(r->known[i].type));
	return b.p;
}

static int
make_file(struct trust *t)
{
	char template[] = "/tmp/xendeck-XXXXXX";

	if (mkdtemp(template) == NULL)
		return -1;
	t->dir = x_strdup(template);
	t->file = x_asprintf("%s/known_hosts", t->dir);
	return 0;
}

static void
start_ssh(struct trust *t, struct mono now)
{
	static const char *const options[] = { "BatchMode=yes",
		"StrictHostKeyChecking=accept-new",
		"GlobalKnownHostsFile=/dev/null", "HashKnownHosts=no",
		"PreferredAuthentications=none", "ConnectTimeout=10",
		"ControlPath=none", "UpdateHostKeys=no" };
	char *wanted = wanted_algorithms(t->r);
	struct sshargs a;

	t->wants_ssh = false;
	if (make_file(t) != 0) {
		x_free(wanted);
		fail_here(t);
		return;
	}
	sshargs_init(&a);
	sshargs_add(&a, "-N", "-T");
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		sshargs_add(&a, "-o", options[i]);
	sshargs_add_owned(&a, "-o",
	    sshargs_path("UserKnownHostsFile", t->file));
	if (wanted != NULL)
		sshargs_add_owned(&a, "-o", wanted);
	sshargs_route(&a, t->host);
	sshargs_address(&a, t->host);
	t->deadline = mono_add_ms(now, SSH_MS);
	if (spawn_exec(&t->ssh, a.v, SPAWN_QUIET, &t->err) != 0)
		t->state = TRUST_FAILED;
	sshargs_free(&a);
}

static void
read_file(struct trust *t)
{
	struct sshhost_line l;
	FILE *f = fopen(t->file, "re");
	char line[16384] = "";

	if (f != NULL) {
		if (fgets(line, sizeof line, f) == NULL)
			*line = '\0';
		fclose(f);
	}
	if (sshhost_line_parse(&l, t->file,
		line + strcspn(line, " \t") +
		    (line[strcspn(line, " \t")] != '\0')) == 0) {
		judge(t, l.blob, l.nblob);
		sshhost_line_free(&l);
		return;
	}
	t->state = TRUST_FAILED;
	openssh_fault(t->host->name, t->text.p, false, "?", &t->err);
}

static void
step_ssh(struct trust *t, struct mono now)
{
	char bytes[4096];
	ssize_t n;
	int status;

	while (t->ssh.out >= 0 &&
	    ((n = read(t->ssh.out, bytes, sizeof bytes)) >= 0)) {
		if (n == 0)
			spawn_close_fd(&t->ssh.out);
		else
			buf_add(&t->text, bytes, (size_t)n);
	}
	if (spawn_reap(&t->ssh, &status))
		read_file(t);
	else if (mono_reached(t->deadline, now)) {
		errno = ETIMEDOUT;
		fail_here(t);
	}
}

/* --- The loop's side ------------------------------------------------------ */

void
trust_prepoll(struct trust *t, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	if (t->state != TRUST_BUSY || t->wants_ssh) {
		mono_lower(deadline, now);
		return;
	}
	if (t->ssh.pid <= 0) {
		t->link->ops->prepoll(t->link, ps, now, deadline);
		return;
	}
	if (t->ssh.out >= 0)
		t->slot = pollset_add(ps, t->ssh.out, POLLIN);
	mono_lower(deadline, mono_add_ms(now, REAP_MS));
}

enum trust_state
trust_postpoll(struct trust *t, const struct pollset *ps, struct mono now)
{
	const uint8_t *blob;
	size_t n;

	if (t->state != TRUST_BUSY)
		return t->state;
	if (t->ssh.pid > 0) {
		step_ssh(t, now);
		return t->state;
	}
	t->link->ops->postpoll(t->link, ps, now);
	blob = ssh_offered_key(t->link, &n, &t->r);
	if (t->state == TRUST_KNOWN && blob != NULL)
		describe(t, blob, n);
	if (t->wants_ssh)
		start_ssh(t, now);
	else if (t->state == TRUST_BUSY && t->err.kind != ERR_NONE &&
	    blob != NULL)
		judge(t, blob, n);
	return t->state;
}

struct trust_key
trust_key(const struct trust *t)
{
	return (struct trust_key){
		.fingerprint = t->fingerprint,
		.type = t->type,
		.name = t->r != NULL ? t->r->known_as : NULL,
		.file = t->r != NULL ? t->r->known_file : NULL,
	};
}

const struct err *
trust_err(const struct trust *t)
{
	return &t->err;
}

int
trust_add(const struct trust *t, struct err *err)
{
	return sshhost_add(t->r->known_file, t->r->known_as, t->blob, t->nblob,
	    err);
}

void
trust_free(struct trust *t)
{
	if (t == NULL)
		return;
	spawn_end(&t->ssh);
	if (t->file != NULL)
		unlink(t->file);
	if (t->dir != NULL)
		rmdir(t->dir);
	t->link->ops->close(t->link);
	buf_free(&t->text);
	x_free(t->blob);
	x_free(t->dir);
	x_free(t->file);
	x_free(t);
}
