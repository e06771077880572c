/* The program ssh tells people, not programs, what is wrong. Its words here
 * are those of OpenSSH 8.4 to 9.9 (ssh.c, sshconnect.c, sshconnect2.c,
 * packet.c, clientloop.c); what is not known keeps its text and counts as
 * unreachable, which is tried again. */
#include "backends/opensshfault.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/sshhost.h"
#include "backends/sshkey.h"
#include "core/utf8.h"

static const struct {
	const char *words;
	enum link_fault fault;
} known[] = {
	/* The first that is found counts. */
	{ "HOST IDENTIFICATION HAS CHANGED", FAULT_HOSTKEY_CHANGED },
	{ "REVOKED HOST KEY", FAULT_HOSTKEY_CHANGED },
	{ "host key is known for", FAULT_HOSTKEY_UNKNOWN },
	{ "Host key verification failed", FAULT_HOSTKEY_UNKNOWN },
	{ "Bad configuration option", FAULT_SETUP },
	{ "Bad owner or permissions", FAULT_SETUP },
	{ "Can't open user config file", FAULT_SETUP },
	{ "bad configuration option", FAULT_SETUP },
	{ "unix_listener", FAULT_SETUP },
	{ "Permission denied", FAULT_AUTH },
	{ "Too many authentication failures", FAULT_AUTH },
};

/* The last line that says anything. */
static void
last_line(char *out, size_t size, const char *text)
{
	*out = '\0';
	while (*text != '\0') {
		size_t n = strcspn(text, "\r\n");

		if (n > 0)
			utf8_clean(out, size, text, n);
		text += n + strspn(text + n, "\r\n");
	}
}

/* The rest of the line after the words, as clean text. */
static bool
after(char *out, size_t size, const char *text, const char *words)
{
	const char *p = strstr(text, words);

	if (p == NULL)
		return false;
	p += strlen(words);
	p += strspn(p, " \r\n");
	utf8_clean(out, size, p, strcspn(p, "\r\n"));
	return true;
}

bool
openssh_stored_where(char out[OPENSSH_WHERE], const char *text)
{
	const char *offending = strstr(text, "Offending ");

	/* "Offending ED25519 key in /root/.ssh/known_hosts:3" */
	return strstr(text, known[0].words) != NULL && offending != NULL &&
	    after(out, OPENSSH_WHERE, offending, " key in ");
}

void
openssh_stored(char out[SSHKEY_FINGERPRINT], const char *where)
{
	const char *colon = strrchr(where, ':');
	char path[512], line[16384];
	struct sshhost_line l;
	struct stat st;
	long no;
	FILE *f;
	int fd;

	snprintf(out, SSHKEY_FINGERPRINT, "?");
	if (colon == NULL || (size_t)(colon - where) >= sizeof path)
		return;
	memcpy(path, where, (size_t)(colon - where));
	path[colon - where] = '\0';
	no = strtol(colon + 1, NULL, 10);
	/* The name was found in a text: it may be anything's. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (f = fdopen(fd, "r")) == NULL) {
		close(fd);
		return;
	}
	while (no > 0 && fgets(line, sizeof line, f) != NULL)
		no--;
	fclose(f);
	if (no != 0)
		return;
	line[strcspn(line, "\r\n")] = '\0';
	if (sshhost_line_parse(&l, where, line + strcspn(line, " \t") + 1) == 0) {
		sshkey_fingerprint(out, l.blob, l.nblob);
		sshhost_line_free(&l);
	}
}

static void
explain_changed(const char *host, const char *text, const char *stored,
    struct err *err)
{
	char offered[128] = "?", where[OPENSSH_WHERE];

	after(offered, sizeof offered, text,
	    "key sent by the remote host is");
	if (strlen(offered) > 0 && offered[strlen(offered) - 1] == '.')
		offered[strlen(offered) - 1] = '\0';
	if (!openssh_stored_where(where, text))
		snprintf(where, sizeof where, "?");
	err_set(err, ERR_REFUSED,
	    "%s shows another host key than before: %s instead of %s (%.200s); "
	    "somebody may be in between, or it was reinstalled: if so, remove "
	    "that line and run `xendeck trust %s`",
	    host, offered, stored, where, host);
}

enum link_fault
openssh_fault(const char *host, const char *text, bool was_up,
    const char *stored, struct err *err)
{
	enum link_fault fault = was_up ? FAULT_LOST : FAULT_UNREACHABLE;
	char line[256];

	last_line(line, sizeof line, text);
	for (size_t i = 0; !was_up && i < sizeof known / sizeof *known; i++)
		if (strstr(text, known[i].words) != NULL) {
			fault = known[i].fault;
			break;
		}
	if (*line == '\0')
		snprintf(line, sizeof line, "ssh ended without a word");
	if (fault == FAULT_HOSTKEY_CHANGED)
		explain_changed(host, text, stored, err);
	else if (fault == FAULT_HOSTKEY_UNKNOWN)
		err_set(err, ERR_REFUSED,
		    "the host key of %s is not in known_hosts: run `xendeck "
		    "trust %s`, which shows its fingerprint", host, host);
	else if (fault == FAULT_AUTH)
		err_set(err, ERR_FAILED,
		    "%s accepts none of our keys (%s): add one to its "
		    "authorized_keys, or set `key`", host, line);
	else if (fault == FAULT_SETUP)
		err_set(err, ERR_FAILED, "ssh to %s cannot start here: %s",
		    host, line);
	else if (fault == FAULT_LOST)
		err_set(err, ERR_UNREACHABLE,
		    "the connection to %s is lost: %s", host, line);
	else
		err_set(err, ERR_UNREACHABLE,
		    "cannot reach %s: %s; is it up, and sshd running?", host,
		    line);
	return fault;
}
