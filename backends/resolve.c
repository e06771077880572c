/* The parent's part: starts the child, gathers what it writes, and takes it
 * apart. The pairs end with "end"; anything less means that the child died. */
#define _DEFAULT_SOURCE
#include "backends/resolve.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/buf.h"
#include "core/mem.h"

enum {
	ANSWER_MAX = 1024 * 1024,
	TIMEOUT_MS = 12000, /* DNS gives up after 10 s by default */
};

struct resolve {
	struct spawn child;
	struct buf in;
	struct mono deadline;
	size_t slot;
	char *name;
	struct resolved result;
	bool done;
};

static void
fail(struct resolve *r, enum link_fault fault, const char *text)
{
	r->done = true;
	r->result.failed = true;
	r->result.fault = fault;
	err_set(&r->result.err, ERR_UNREACHABLE, "%s", text);
}

struct resolve *
resolve_start(const struct conf_host *host, struct mono now)
{
	struct resolve *r = x_calloc(1, sizeof *r);
	struct conf_host copy = *host;
	struct err err;

	buf_init(&r->in, ANSWER_MAX);
	r->name = x_strdup(host->name);
	r->deadline = mono_add_ms(now, TIMEOUT_MS);
	if (spawn_fork(&r->child, resolve_child, &copy, &err) != 0)
		fail(r, FAULT_SETUP, err.msg);
	return r;
}

void
resolve_prepoll(struct resolve *r, struct pollset *ps, struct mono *deadline)
{
	if (r->done)
		mono_lower(deadline, MONO_ZERO);
	else {
		r->slot = pollset_add(ps, r->child.out, POLLIN);
		mono_lower(deadline, r->deadline);
	}
}

/* --- Taking the answer apart ---------------------------------------------- */

static void
take_key_text(struct resolved_key *key, const char *text)
{
	x_free(key->text);
	key->text = x_strdup(text);
	sshkey_file_free(&key->file);
	if (sshkey_parse_file(&key->file, text) != 0)
		key->file.kind = SSHKEY_UNKNOWN;
}

static void
take_key(struct resolved *to, const char *field, const char *value)
{
	struct resolved_key *last;

	if (strcmp(field, "key") == 0) {
		to->keys = x_grow(to->keys, to->nkeys, &to->keys_cap,
		    sizeof *to->keys);
		to->keys[to->nkeys++] =
		    (struct resolved_key){ .path = x_strdup(value) };
		return;
	}
	if (to->nkeys == 0)
		return;
	last = &to->keys[to->nkeys - 1];
	if (strcmp(field, "key.text") == 0)
		take_key_text(last, value);
	else if (last->file.blob == NULL) /* key.pub */
		sshkey_parse_pub(&last->file, value);
}

/* "where\ttext" */
static void
take_known(struct resolved *to, const char *value)
{
	const char *tab = strchr(value, '\t');
	char *where;

	if (tab == NULL)
		return;
	where = x_strndup(value, (size_t)(tab - value));
	to->known = x_grow(to->known, to->nknown, &to->known_cap,
	    sizeof *to->known);
	if (sshhost_line_parse(&to->known[to->nknown], where, tab + 1) == 0)
		to->nknown++;
	x_free(where);
}

static void
take(struct resolve *r, const char *field, const char *value)
{
	struct resolved *to = &r->result;
	const struct {
		const char *field;
		char **slot;
	} strings[] = {
		{ "user", &to->user },
		{ "hostname", &to->hostname },
		{ "proxy", &to->proxy },
		{ "known_as", &to->known_as },
		{ "known_file", &to->known_file },
		{ "agent", &to->agent },
		{ "incapable", &to->incapable },
	};

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		if (strcmp(field, strings[i].field) == 0)
			x_replace(strings[i].slot, value);
	if (strcmp(field, "end") == 0)
		r->done = true;
	else if (strcmp(field, "unreachable") == 0)
		fail(r, FAULT_UNREACHABLE, value);
	else if (strcmp(field, "setup") == 0)
		fail(r, FAULT_SETUP, value);
	else if (strcmp(field, "port") == 0)
		to->port = (int)strtol(value, NULL, 10);
	else if (strcmp(field, "identities_only") == 0)
		to->identities_only = true;
	else if (strcmp(field, "key_configured") == 0)
		to->key_configured = true;
	else if (strncmp(field, "key", 3) == 0)
		take_key(to, field, value);
	else if (strcmp(field, "known") == 0)
		take_known(to, value);
	else if (strcmp(field, "addr") == 0) {
		to->addrs = x_grow(to->addrs, to->naddrs, &to->addrs_cap,
		    sizeof *to->addrs);
		to->addrs[to->naddrs++] = x_strdup(value);
	}
}

static void
take_all(struct resolve *r)
{
	const char *p = r->in.p, *end = p + r->in.len;
	char *text;

	while (p != NULL && p < end && !r->done) {
		const char *value = p + strlen(p) + 1;

		if (value >= end || end[-1] != '\0')
			break;
		take(r, p, value);
		p = value + strlen(value) + 1;
	}
	if (r->done)
		return;
	text = x_asprintf("cannot look up %s: the helper process ended early",
	    r->name);
	fail(r, FAULT_SETUP, text);
	x_free(text);
}

static void
gather(struct resolve *r)
{
	char bytes[16384];

	while (!r->done) {
		ssize_t n = read(r->child.out, bytes, sizeof bytes);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			break;
		if (n <= 0 || buf_add(&r->in, bytes, (size_t)n) != 0)
			take_all(r);
	}
	explicit_bzero(bytes, sizeof bytes);
}

const struct resolved *
resolve_postpoll(struct resolve *r, const struct pollset *ps, struct mono now)
{
	char *text;

	if (!r->done && pollset_revents(ps, r->slot, r->child.out) != 0)
		gather(r);
	if (!r->done && mono_reached(r->deadline, now)) {
		text = x_asprintf("the name of %s could not be looked up "
				  "within %d s: is the name server there?",
		    r->name, TIMEOUT_MS / 1000);
		fail(r, FAULT_UNREACHABLE, text);
		x_free(text);
	}
	return r->done ? &r->result : NULL;
}

static void
free_keys(struct resolved *to)
{
	for (size_t i = 0; i < to->nkeys; i++) {
		if (to->keys[i].text != NULL)
			explicit_bzero(to->keys[i].text,
			    strlen(to->keys[i].text));
		x_free(to->keys[i].text);
		x_free(to->keys[i].path);
		sshkey_file_free(&to->keys[i].file);
	}
	x_free(to->keys);
}

void
resolve_free(struct resolve *r)
{
	struct resolved *to;

	if (r == NULL)
		return;
	to = &r->result;
	spawn_end(&r->child);
	if (r->in.p != NULL)
		explicit_bzero(r->in.p, r->in.len);
	buf_free(&r->in);
	for (size_t i = 0; i < to->naddrs; i++)
		x_free(to->addrs[i]);
	for (size_t i = 0; i < to->nknown; i++)
		sshhost_line_free(&to->known[i]);
	free_keys(to);
	x_free(to->addrs);
	x_free(to->known);
	x_free(to->user);
	x_free(to->hostname);
	x_free(to->proxy);
	x_free(to->known_as);
	x_free(to->known_file);
	x_free(to->agent);
	x_free(to->incapable);
	x_free(r->name);
	x_free(r);
}
