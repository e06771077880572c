/* The texts of definitions: making one from what is known, and taking the
 * passwords out of one that leaves the house. */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "core/defs.h"

/* --- Composing ------------------------------------------------------------ */

static int
put_quoted(struct buf *out, const char *s)
{
	int rc = buf_puts(out, "\"");

	for (; rc == 0 && *s != '\0'; s++)
		rc = *s == '"' || *s == '\\' ? buf_printf(out, "\\%c", *s) :
		    buf_add(out, s, 1);
	return rc != 0 ? rc : buf_puts(out, "\"");
}

static int
put_disks(struct buf *out, const struct def *d)
{
	int rc = d->ndisks > 0 ? buf_puts(out, "disk = [\n") : 0;

	for (size_t i = 0; rc == 0 && i < d->ndisks; i++)
		rc = buf_printf(out, "\t'%s,raw,%s,%s',\n",
		    d->disks[i].target != NULL ? d->disks[i].target : "",
		    d->disks[i].vdev, d->disks[i].readonly ? "ro" : "rw");
	return rc != 0 || d->ndisks == 0 ? rc : buf_puts(out, "]\n");
}

static int
put_nics(struct buf *out, const struct def *d)
{
	int rc = d->nnics > 0 ? buf_puts(out, "vif = [") : 0;

	for (size_t i = 0; rc == 0 && i < d->nnics; i++) {
		const struct obs_nic *n = &d->nics[i];
		const char *parts[] = { n->mac, n->bridge, n->ip };
		static const char *const keys[] = { "mac", "bridge", "ip" };
		const char *comma = "";

		rc = buf_puts(out, i > 0 ? ", '" : " '");
		for (size_t k = 0; rc == 0 && k < 3; k++) {
			if (parts[k] == NULL)
				continue;
			rc = buf_printf(out, "%s%s=%s", comma, keys[k],
			    parts[k]);
			comma = ",";
		}
		if (rc == 0)
			rc = buf_puts(out, "'");
	}
	return rc != 0 || d->nnics == 0 ? rc : buf_puts(out, " ]\n");
}

int
def_compose(struct buf *out, const struct def *d)
{
	static const char *const types[] = { [VM_TYPE_PV] = "pv",
		[VM_TYPE_PVH] = "pvh", [VM_TYPE_HVM] = "hvm" };
	char uuid[UUID_STR];
	int rc = buf_puts(out, "name = ");

	rc |= put_quoted(out, d->name);
	rc |= buf_puts(out, "\n");
	if (!uuid_is_nil(&d->uuid)) {
		uuid_format(uuid, &d->uuid);
		rc |= buf_printf(out, "uuid = \"%s\"\n", uuid);
	}
	if (d->type != VM_TYPE_UNKNOWN)
		rc |= buf_printf(out, "type = \"%s\"\n", types[d->type]);
	if (d->mem_kb > 0)
		rc |= buf_printf(out, "memory = %" PRId64 "\n",
		    d->mem_kb / 1024);
	if (d->maxmem_kb > d->mem_kb)
		rc |= buf_printf(out, "maxmem = %" PRId64 "\n",
		    d->maxmem_kb / 1024);
	if (d->vcpus > 0)
		rc |= buf_printf(out, "vcpus = %" PRId32 "\n", d->vcpus);
	if (d->vcpus_max > d->vcpus)
		rc |= buf_printf(out, "maxvcpus = %" PRId32 "\n",
		    d->vcpus_max);
	rc |= put_disks(out, d);
	rc |= put_nics(out, d);
	return rc != 0 ? -1 : 0;
}

/* --- Passwords ------------------------------------------------------------ */

/* How many bytes at s are the name of a password. */
static size_t
secret(const char *s, size_t n)
{
	static const char *const keys[] = { "vncpasswd", "spicepasswd",
		"vncpassword" };
	size_t most = 0;

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		size_t len = strlen(keys[i]);

		if (len > most && len <= n && strncasecmp(s, keys[i], len) == 0)
			most = len;
	}
	return most;
}

/* Where the value begins that is set after s, or n. */
static size_t
value_after(const char *s, size_t at, size_t n)
{
	while (at < n && (s[at] == ' ' || s[at] == '\t' || s[at] == '+'))
		at++;
	if (at == n || s[at] != '=')
		return n;
	at++;
	while (at < n && (s[at] == ' ' || s[at] == '\t'))
		at++;
	return at;
}

static bool
is_quote(char c)
{
	return c == '"' || c == '\'';
}

/* Where the string ends whose opening quotes begin at `at`. */
static size_t
string_end(const char *s, size_t at, size_t n)
{
	char quote = s[at];
	size_t quotes = n - at >= 3 && s[at + 1] == quote &&
	    s[at + 2] == quote ? 3 : 1;

	for (at += quotes; at < n; at++) {
		if (quotes == 1 && (s[at] == quote || s[at] == '\n'))
			break;
		if (quotes == 3 && n - at >= 3 && s[at] == quote &&
		    s[at + 1] == quote && s[at + 2] == quote)
			break;
		if (s[at] == '\\' && at + 1 < n && s[at + 1] != '\n')
			at++;
	}
	if (at < n && s[at] == quote)
		at += quotes;
	return at < n ? at : n;
}

/* The first byte after the value: strings, several of which are one, or what
 * stands within a list's string. */
static size_t
value_end(const char *s, size_t at, size_t n)
{
	if (at == n || !is_quote(s[at])) {
		while (at < n && strchr(",;'\"#]\n", s[at]) == NULL)
			at++;
		return at;
	}
	for (;;) {
		size_t next = string_end(s, at, n);

		at = next;
		while (next < n && (s[next] == ' ' || s[next] == '\t'))
			next++;
		if (next == n || !is_quote(s[next]))
			return at;
		at = next;
	}
}

int
def_redact(struct buf *out, const char *text, size_t len)
{
	size_t done = 0;

	for (size_t i = 0; i < len;) {
		size_t key = secret(text + i, len - i), from;
		const char *instead;

		if (key == 0 || (from = value_after(text, i + key, len)) ==
		    len) {
			i++;
			continue;
		}
		instead = is_quote(text[from]) ? "\"***\"" : "***";
		if (buf_add(out, text + done, from - done) != 0 ||
		    buf_puts(out, instead) != 0)
			return -1;
		i = done = value_end(text, from, len);
	}
	return buf_add(out, text + done, len - done);
}
