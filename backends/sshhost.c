/* Whether a host is the one it was. The lines that matter are picked out by
 * name in a child process (the files may be long, or on a slow disk), and
 * judged here. libssh2 serves only for the hashed names: its own reader stops
 * at the first bad line, knows no patterns and no markers, and takes a host for
 * an impostor when it shows a key of another type than the stored one. */
#define _GNU_SOURCE
#include "backends/sshhost.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <libssh2.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/sshkey.h"
#include "core/mem.h"

char *
sshhost_name(const char *hostname, int port, const char *alias)
{
	char *name = alias != NULL ? x_strdup(alias)
	    : port != 22	   ? x_asprintf("[%s]:%d", hostname, port)
				   : x_strdup(hostname);

	for (char *c = name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

/* --- Finding lines -------------------------------------------------------- */

/* '*' and '?' as in ssh_config(5), PATTERNS; no character classes. */
static bool
glob(const char *pattern, size_t n, const char *s)
{
	while (n > 0 && *pattern != '*') {
		if (*s == '\0' ||
		    (*pattern != '?' &&
			tolower((unsigned char)*pattern) != *s))
			return false;
		pattern++;
		n--;
		s++;
	}
	if (n == 0)
		return *s == '\0';
	while (n > 0 && *pattern == '*') {
		pattern++;
		n--;
	}
	if (n == 0)
		return true;
	for (; *s != '\0'; s++)
		if (glob(pattern, n, s))
			return true;
	return false;
}

/* "|1|salt|hash": HMAC-SHA1 of the name. libssh2 checks a key with the name, so
 * it gets a line with one that fits, of at least 20 characters. */
static const char any_key[] = "AAAAB3NzaC1yc2EAAAADAQABAAAA";

static bool
hashed_match(LIBSSH2_SESSION *session, const char *field, size_t n,
    const char *name)
{
	LIBSSH2_KNOWNHOSTS *kh = libssh2_knownhost_init(session);
	char *line = x_asprintf("%.*s ssh-rsa %s\n", (int)n, field, any_key);
	int rc = LIBSSH2_KNOWNHOST_CHECK_FAILURE;

	if (kh != NULL &&
	    libssh2_knownhost_readline(kh, line, strlen(line),
		LIBSSH2_KNOWNHOST_FILE_OPENSSH) == 0)
		rc = libssh2_knownhost_checkp(kh, name, -1, any_key,
		    sizeof any_key - 1,
		    LIBSSH2_KNOWNHOST_TYPE_PLAIN |
			LIBSSH2_KNOWNHOST_KEYENC_BASE64,
		    NULL);
	if (kh != NULL)
		libssh2_knownhost_free(kh);
	x_free(line);
	return rc == LIBSSH2_KNOWNHOST_CHECK_MATCH;
}

static bool
names_match(LIBSSH2_SESSION *session, const char *field, size_t n,
    const char *name)
{
	bool match = false;

	if (n > 3 && strncmp(field, "|1|", 3) == 0)
		return hashed_match(session, field, n, name);
	while (n > 0) {
		const char *comma = memchr(field, ',', n);
		size_t len = comma != NULL ? (size_t)(comma - field) : n;
		bool negated = len > 0 && *field == '!';

		if (glob(field + negated, len - negated, name)) {
			if (negated)
				return false;
			match = true;
		}
		if (comma != NULL)
			len++;
		field += len;
		n -= len;
	}
	return match;
}

static const char blanks[] = " \t";

void
sshhost_collect(const char *path, const char *name,
    void (*found)(void *arg, int line, const char *text), void *arg)
{
	LIBSSH2_SESSION *session = NULL;
	FILE *f = fopen(path, "re");
	char *line = NULL;
	size_t cap = 0;

	if (f == NULL || (session = libssh2_session_init()) == NULL)
		goto out;
	for (int no = 1; getline(&line, &cap, f) >= 0; no++) {
		char *p = line + strspn(line, blanks), *marker = NULL, *text;
		size_t n;

		line[strcspn(line, "\r\n")] = '\0';
		if (*p == '@') {
			marker = p;
			p += strcspn(p, blanks);
			if (*p != '\0')
				*p++ = '\0';
			p += strspn(p, blanks);
		}
		n = strcspn(p, blanks);
		if (*p == '#' || p[n] == '\0' ||
		    !names_match(session, p, n, name))
			continue;
		text = x_asprintf("%s%s%s", marker != NULL ? marker : "",
		    marker != NULL ? " " : "",
		    p + n + strspn(p + n, blanks));
		found(arg, no, text);
		x_free(text);
	}
out:
	free(line);
	if (session != NULL)
		libssh2_session_free(session);
	if (f != NULL)
		fclose(f);
}

int
sshhost_line_parse(struct sshhost_line *l, const char *where, const char *text)
{
	char type[80];
	size_t n;

	*l = (struct sshhost_line){ .marker = SSHHOST_PLAIN };
	if (*text == '@') {
		n = strcspn(text, blanks);
		if (n == 8 && strncmp(text, "@revoked", n) == 0)
			l->marker = SSHHOST_REVOKED;
		else if (n == 15 && strncmp(text, "@cert-authority", n) == 0)
			l->marker = SSHHOST_CA;
		else
			return -1;
		text += n + strspn(text + n, blanks);
	}
	n = strcspn(text, blanks);
	text += n + strspn(text + n, blanks);
	l->blob = sshkey_base64_decode(text, strcspn(text, " \t\r\n"),
	    &l->nblob);
	if (l->blob == NULL ||
	    sshkey_type(l->blob, l->nblob, type, sizeof type) != 0) {
		x_free(l->blob);
		l->blob = NULL;
		return -1;
	}
	l->type = x_strdup(type);
	l->where = x_strdup(where);
	return 0;
}

void
sshhost_line_free(struct sshhost_line *l)
{
	x_free(l->where);
	x_free(l->type);
	x_free(l->blob);
	*l = (struct sshhost_line){ 0 };
}

/* --- Judging -------------------------------------------------------------- */

/* What libssh2 verifies well; RSA only from 1.11 on, which has SHA-2. */
static const char *const algorithms[][2] = {
	/* key type, algorithm */
	{ "ssh-ed25519", "ssh-ed25519" },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
	{ "ssh-rsa", "rsa-sha2-512,rsa-sha2-256" },
};

enum { NALGORITHMS = sizeof algorithms / sizeof *algorithms };

static bool
usable(size_t i)
{
	return strcmp(algorithms[i][0], "ssh-rsa") != 0 ||
	    libssh2_version(0x010b00) != NULL;
}

static bool
stored(const struct sshhost_line *lines, size_t n, const char *type)
{
	for (size_t i = 0; i < n; i++)
		if (lines[i].marker == SSHHOST_PLAIN &&
		    (type == NULL || strcmp(lines[i].type, type) == 0))
			return true;
	return false;
}

int
sshhost_prefs(struct buf *out, const struct sshhost_line *lines, size_t n,
    const char *host, struct err *err)
{
	bool any = false;

	for (size_t i = 0; i < NALGORITHMS; i++)
		any = any || (usable(i) && stored(lines, n, algorithms[i][0]));
	if (!any && stored(lines, n, NULL))
		return err_set(err, ERR_FAILED,
		    "%s is known only by a %s host key (%s), which libssh2 "
		    "cannot verify", host, lines[0].type, lines[0].where);
	/* The stored ones in front; the others stay, so that a host with a new
	 * key says so instead of failing to agree on anything. */
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < NALGORITHMS; i++)
			if (usable(i) &&
			    stored(lines, n, algorithms[i][0]) == (round == 0))
				buf_printf(out, "%s%s",
				    out->len > 0 ? "," : "", algorithms[i][1]);
	return 0;
}

static bool
same(const struct sshhost_line *l, const uint8_t *blob, size_t n)
{
	return l->nblob == n && memcmp(l->blob, blob, n) == 0;
}

static int
refuse_changed(const struct sshhost_line *lines, size_t n, const char *host,
    const char *offered, const char *type, struct err *err)
{
	char text[256] = "", print[SSHKEY_FINGERPRINT];
	bool same_type = stored(lines, n, type);

	for (size_t i = 0; i < n; i++) {
		size_t at = strlen(text);

		if (lines[i].marker != SSHHOST_PLAIN ||
		    (same_type && strcmp(lines[i].type, type) != 0))
			continue;
		sshkey_fingerprint(print, lines[i].blob, lines[i].nblob);
		snprintf(text + at, sizeof text - at, "%s%s (%s, %s)",
		    at > 0 ? " or " : "", print, lines[i].type,
		    lines[i].where);
	}
	return err_set(err, ERR_REFUSED,
	    "%s shows another host key than before: %s (%s) instead of %s; "
	    "somebody may be in between, or it was reinstalled: if so, remove "
	    "that line and run `xendeck trust %s`",
	    host, offered, type, text, host);
}

int
sshhost_check(const struct sshhost_line *lines, size_t n, const char *host,
    const char *name, const uint8_t *blob, size_t nblob,
    enum link_fault *fault, struct err *err)
{
	char offered[SSHKEY_FINGERPRINT], type[80] = "?";
	bool ca = false, match = false;

	sshkey_fingerprint(offered, blob, nblob);
	sshkey_type(blob, nblob, type, sizeof type);
	*fault = FAULT_HOSTKEY_CHANGED;
	for (size_t i = 0; i < n; i++) {
		if (lines[i].marker == SSHHOST_REVOKED &&
		    same(&lines[i], blob, nblob))
			return err_set(err, ERR_REFUSED,
			    "%s shows the host key %s (%s), which %s marks as "
			    "revoked: do not connect before you know why",
			    host, offered, type, lines[i].where);
		match = match ||
		    (lines[i].marker == SSHHOST_PLAIN &&
			same(&lines[i], blob, nblob));
		ca = ca || lines[i].marker == SSHHOST_CA;
	}
	if (match)
		return 0;
	if (ca) {
		*fault = FAULT_INCAPABLE;
		return err_set(err, ERR_FAILED,
		    "%s is known by a certificate authority, and libssh2 "
		    "cannot verify host certificates", host);
	}
	if (stored(lines, n, NULL))
		return refuse_changed(lines, n, host, offered, type, err);
	*fault = FAULT_HOSTKEY_UNKNOWN;
	return err_set(err, ERR_REFUSED,
	    "the host key of %s (%s, %s) is not in known_hosts as %s: compare "
	    "it with the host's own, then run `xendeck trust %s`",
	    host, offered, type, name, host);
}

/* --- Adding --------------------------------------------------------------- */

int
sshhost_add(const char *path, const char *name, const uint8_t *blob,
    size_t nblob, struct err *err)
{
	char *dir = x_strdup(path), *slash = strrchr(dir, '/');
	char *key = sshkey_base64_encode(blob, nblob), *line;
	char type[80], last = '\n';
	const char *from;
	int fd = -1, rc = -1;
	struct stat st;

	line = x_asprintf("\n%s %s %s\n", name,
	    sshkey_type(blob, nblob, type, sizeof type) == 0 ? type : "?",
	    key);
	if (slash != NULL && slash != dir) {
		*slash = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			goto out;
	}
	fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0 || fstat(fd, &st) != 0)
		goto out;
	if (st.st_size > 0 && pread(fd, &last, 1, st.st_size - 1) != 1)
		goto out;
	/* One write, so that no other program's line gets in between; its
	 * newline in front only where the file ends without one. */
	from = last == '\n' ? line + 1 : line;
	if (write(fd, from, strlen(from)) != (ssize_t)strlen(from))
		goto out;
	rc = 0;
out:
	if (rc != 0)
		err_set(err, ERR_FAILED, "cannot add the key of %s to %s: %s",
		    name, path, strerror(errno));
	if (fd >= 0)
		close(fd);
	x_free(dir);
	x_free(key);
	x_free(line);
	return rc;
}
