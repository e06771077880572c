/* xl and libxl tell why something failed in the first of many lines, each in
 * the words of another layer; what the operator needs is that one, and what to
 * do about it. The texts are those of Xen 4.14 to 4.20 (tools/libs/light,
 * tools/libs/guest, tools/xl) and of OpenSSH, which xl migrate runs. */
#include "core/xlwords.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* The first row that is found anywhere counts: special ones before general
 * ones. What follows the mark, up to a character of `until` or the end of the
 * line, replaces the % in the sentence. */
static const struct row {
	const char *mark, *until, *say;
} rows[] = {
	{ "Migration failed during final handshake", "",
	    "the migration broke in its last moment: look at both hosts "
	    "before anything else" },
	{ "Failed to enable logdirty", "",
	    "this Xen cannot migrate a PV guest live (it is built without "
	    "shadow paging): move it cold" },
	{ "Domain with name \"", "\"",
	    "there is a domain named % already: rename or end that one "
	    "first" },
	{ "Could not find bridge device ", "",
	    "there is no bridge %: make it, or change the VM's network "
	    "interface" },
	{ "failed to stat: ", ":",
	    "the disk % is not there: activate the volume, or correct the "
	    "path in the definition" },
	{ "is mounted in a guest domain", "",
	    "one of its disks is in use by another VM of that host" },
	{ "is mounted in the privileged domain", "",
	    "one of its disks is mounted in dom0: unmount it" },
	{ "segment kernel too large", "",
	    "the VM's memory is too small for its kernel: give it more" },
	{ "failed to open file '", "'",
	    "the file % that it boots from is not there" },
	{ "can't allocate low memory for domain", "",
	    "there is not enough free memory: free some, or give the VM "
	    "less" },
	{ "Failed to populate physmap", "",
	    "there is not enough free memory where it should go: free some, "
	    "or take another host" },
	{ "failed to free memory for the domain", "",
	    "there is not enough free memory: free some, or give the VM "
	    "less" },
	{ "No space left on device", "",
	    "there is no space left where it was to be written" },
	{ "config parsing error near ", "",
	    "the definition has a syntax error near %" },
	{ "Neither kernel nor bootloader specified", "",
	    "the definition names neither a kernel nor a bootloader" },
	{ "Failed to read config file: ", "",
	    "the definition cannot be read: %" },
	{ "Can't open restore file: ", "",
	    "the saved state cannot be read: %" },
	{ "truncated reading header from ", "",
	    "% is no state that xl has saved" },
	{ "guest didn't acknowledge control request: ", "",
	    "the guest did not answer within a minute: it is paused, hung or "
	    "still booting; unpause it, or kill it" },
	{ "PV control interface not available", "",
	    "the guest has no PV drivers: use the ACPI fallback, or kill it" },
	{ "is an invalid domain identifier", "",
	    "that domain is not there any more" },
	{ "memory_dynamic_max must be less than", "",
	    "that is more than the VM's maximum (maxmem)" },
	{ "VCPUs, however maxcpus is ", "!",
	    "the VM has no more vCPUs than %: raise maxvcpus in its "
	    "definition and start it anew" },
	{ "You are overcommmitting!", "",
	    "the host has not that many processors" },
	{ "Not destroying domain 0", "", "domain 0 cannot be killed" },
	{ "Host key verification failed", "",
	    "the source does not know the target's SSH host key: add it to "
	    "root's known_hosts there" },
	{ "Permission denied (", "",
	    "the target does not let root of the source in by SSH: add its "
	    "key to root's authorized_keys there" },
	{ "Could not resolve hostname ", ":",
	    "the source does not know the name %: add it there, or configure "
	    "the target's migration address" },
	{ "connect to host ", ":",
	    "the source cannot reach % by SSH: see to the network, or "
	    "configure the target's migration address" },
};

static void
put_sentence(char *out, size_t size, const struct row *r, const char *after)
{
	const char *hole = strchr(r->say, '%');
	size_t n = strcspn(after, "\n");

	if (hole == NULL) {
		snprintf(out, size, "%s", r->say);
		return;
	}
	if (r->until[0] != '\0' && strcspn(after, r->until) < n)
		n = strcspn(after, r->until);
	snprintf(out, size, "%.*s%.*s%s", (int)(hole - r->say), r->say,
	    (int)(n < 160 ? n : 160), after, hole + 1);
}

/* "libxl: error: libxl_create.c:1640:domcreate_rebuild_done: Domain 1:" */
static const char *
skip_prefix(const char *line, size_t *n)
{
	static const char *const heads[] = { "libxl: ", "xc: ", "xl: ",
		"fatal error: ", "error: " };
	const char *s = line, *end = line + *n, *c;

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		size_t len = strlen(heads[i]);

		if ((size_t)(end - s) > len && strncmp(s, heads[i], len) == 0)
			s += len;
	}
	c = memchr(s, ' ', (size_t)(end - s));
	if (c != NULL && c > s + 3 && c[-1] == ':' &&
	    strncmp(s, "lib", 3) == 0)
		s = c + 1;
	if (end - s > 7 && strncmp(s, "Domain ", 7) == 0) {
		c = memchr(s, ':', (size_t)(end - s));
		if (c != NULL && c + 1 < end)
			s = c + 1;
	}
	*n = (size_t)(end - s);
	return s;
}

/* What always comes after a failure and says nothing of it. */
static bool
is_noise(const char *line, size_t n)
{
	static const char *const noise[] = { "Non-existant domain",
		"Unable to destroy guest", "Destruction of domain failed",
		"exited with error status", "died due to fatal signal",
		"cannot (re-)build domain", "Parsing config from",
		"libxl: info:", "xc: info:", "libxl: notice:" };
	char text[512];

	snprintf(text, sizeof text, "%.*s", (int)(n < 500 ? n : 500), line);
	for (size_t i = 0; i < sizeof noise / sizeof noise[0]; i++)
		if (strstr(text, noise[i]) != NULL)
			return true;
	return false;
}

static bool
has_error(const char *line, size_t n)
{
	for (size_t i = 0; i + 5 <= n; i++)
		if (strncasecmp(line + i, "error", 5) == 0 ||
		    strncasecmp(line + i, "fail", 4) == 0)
			return true;
	return false;
}

/* Better a line that speaks of an error than one that does not, and any line
 * than none; of the same kind the last. */
static bool
put_last_line(char *out, size_t size, const char *words)
{
	const char *best = NULL;
	size_t nbest = 0;
	int rank = 0;

	while (*words != '\0') {
		size_t n = strcspn(words, "\n");
		int r = n == 0 ? 0 : is_noise(words, n) ? 1 :
		    has_error(words, n) ? 3 : 2;

		if (r > 0 && r >= rank) {
			rank = r;
			best = words;
			nbest = n;
		}
		words += n + (words[n] != '\0');
	}
	if (best == NULL)
		return false;
	best = skip_prefix(best, &nbest);
	snprintf(out, size, "%.*s", (int)(nbest < 400 ? nbest : 400), best);
	return true;
}

bool
xlwords_explain(char *out, size_t size, const char *words)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *at = strstr(words, rows[i].mark);

		if (at == NULL)
			continue;
		put_sentence(out, size, &rows[i], at + strlen(rows[i].mark));
		return true;
	}
	return put_last_line(out, size, words);
}
