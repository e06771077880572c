/* The candidates are put in order once all of them are known, and each is tried
 * until the host takes one. Keys that libssh2 cannot use (RSA before 1.11:
 * SHA-1 only; certificates, FIDO tokens) are passed over but remembered: if
 * nothing else helps, OpenSSH's ssh may. Every try counts against the server's
 * MaxAuthTries, so no key is tried twice. */
#include "backends/sshauth.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "backends/sshagent.h"
#include "backends/sshkey.h"
#include "core/mem.h"
#include "core/utf8.h"

struct candidate {
	const struct resolved_key *file; /* or */
	const struct sshagent_key *agent;
};

struct sshauth {
	LIBSSH2_SESSION *session;
	const struct sshlink *link;
	const struct resolved *r;
	const char *host;
	struct sshagent *agent; /* NULL: none */
	struct mono now;
	char methods[128];      /* what the host would accept */
	bool listed, built;
	bool asked;             /* the agent is signing */
	struct candidate *cands;
	size_t ncands, cap, at;
	const char *unusable;   /* a kind of key passed over */
	const char *encrypted;  /* path of a key passed over */
};

struct sshauth *
sshauth_new(LIBSSH2_SESSION *session, const struct sshlink *link,
    const struct resolved *r, const char *host, struct mono now)
{
	struct sshauth *a = x_calloc(1, sizeof *a);

	a->session = session;
	a->link = link;
	a->r = r;
	a->host = host;
	if (r->agent != NULL)
		a->agent = sshagent_open(r->agent, now);
	return a;
}

void
sshauth_free(struct sshauth *a)
{
	if (a == NULL)
		return;
	sshagent_free(a->agent);
	x_free(a->cands);
	x_free(a);
}

bool
sshauth_waits(const struct sshauth *a)
{
	return a->listed && (!a->built || a->asked) && a->agent != NULL &&
	    sshagent_state(a->agent) == SSHAGENT_WAITING;
}

void
sshauth_prepoll(struct sshauth *a, struct pollset *ps, struct mono *deadline)
{
	if (a->agent != NULL)
		sshagent_prepoll(a->agent, ps, deadline);
}

void
sshauth_postpoll(struct sshauth *a, const struct pollset *ps, struct mono now)
{
	if (a->agent != NULL)
		sshagent_postpoll(a->agent, ps, now);
}

/* --- Candidates ----------------------------------------------------------- */

static bool
usable(struct sshauth *a, enum sshkey_kind kind, bool in_agent)
{
	switch (kind) {
	case SSHKEY_GOOD: return true;
	case SSHKEY_RSA:
		/* The agent would have to be asked for SHA-2 as well. */
		if (!in_agent && libssh2_version(0x010b00) != NULL)
			return true;
		a->unusable = "RSA keys";
		return false;
	case SSHKEY_SK: a->unusable = "keys in FIDO tokens"; return false;
	case SSHKEY_CERT: a->unusable = "certificates"; return false;
	case SSHKEY_DSA: a->unusable = "DSA keys"; return false;
	case SSHKEY_UNKNOWN:
		/* PKCS#8 does not say; a try does. */
		a->unusable = "keys of that kind";
		return !in_agent;
	}
	return false;
}

static bool
same_blob(const uint8_t *p, size_t n, const uint8_t *q, size_t m)
{
	return p != NULL && q != NULL && n == m && memcmp(p, q, n) == 0;
}

static void
add(struct sshauth *a, struct candidate c)
{
	const uint8_t *blob = c.file != NULL ? c.file->file.blob
					     : c.agent->blob;
	size_t n = c.file != NULL ? c.file->file.nblob : c.agent->nblob;

	for (size_t i = 0; i < a->ncands; i++) {
		const struct candidate *o = &a->cands[i];

		if (o->file != NULL
			? same_blob(blob, n, o->file->file.blob,
			      o->file->file.nblob)
			: same_blob(blob, n, o->agent->blob, o->agent->nblob))
			return;
	}
	a->cands = x_grow(a->cands, a->ncands, &a->cap, sizeof *a->cands);
	a->cands[a->ncands++] = c;
}

static const struct sshagent_key *
in_agent(const struct sshauth *a, const struct sshkey_file *f)
{
	const struct sshagent_key *keys;
	size_t n;

	if (a->agent == NULL)
		return NULL;
	keys = sshagent_keys(a->agent, &n);
	for (size_t i = 0; i < n; i++)
		if (same_blob(keys[i].blob, keys[i].nblob, f->blob, f->nblob))
			return &keys[i];
	return NULL;
}

static void
add_file(struct sshauth *a, const struct resolved_key *key)
{
	const struct sshagent_key *held = in_agent(a, &key->file);

	if (!usable(a, key->file.kind, false))
		return;
	if (key->text != NULL && !key->file.encrypted)
		add(a, (struct candidate){ .file = key });
	else if (held != NULL)
		add(a, (struct candidate){ .agent = held });
	else if (key->text != NULL)
		a->encrypted = key->path;
}

static void
add_agents(struct sshauth *a)
{
	const struct sshagent_key *keys;
	char type[80];
	size_t n;

	if (a->agent == NULL)
		return;
	keys = sshagent_keys(a->agent, &n);
	for (size_t i = 0; i < n; i++) {
		bool wanted = !a->r->identities_only;

		for (size_t k = 0; k < a->r->nkeys; k++)
			wanted = wanted ||
			    same_blob(keys[i].blob, keys[i].nblob,
				a->r->keys[k].file.blob,
				a->r->keys[k].file.nblob);
		if (wanted &&
		    sshkey_type(keys[i].blob, keys[i].nblob, type,
			sizeof type) == 0 &&
		    usable(a, sshkey_kind_of_type(type), true))
			add(a, (struct candidate){ .agent = &keys[i] });
	}
}

static void
build(struct sshauth *a)
{
	a->built = true;
	if (a->r->key_configured && a->r->nkeys > 0)
		add_file(a, &a->r->keys[0]);
	add_agents(a);
	for (size_t i = a->r->key_configured; i < a->r->nkeys; i++)
		add_file(a, &a->r->keys[i]);
}

/* --- The verdict ---------------------------------------------------------- */

static int
report_method(const struct sshauth *a, enum link_fault *fault, struct err *err)
{
	bool other = strstr(a->methods, "gssapi") != NULL ||
	    strstr(a->methods, "hostbased") != NULL;

	*fault = other ? FAULT_INCAPABLE : FAULT_AUTH;
	return err_set(err, ERR_FAILED,
	    "%s lets %s in only by %s, %s", a->host, a->r->user, a->methods,
	    other ? "which libssh2 cannot do"
		  : "and xendeck cannot type for you: allow public keys there");
}

static void
name_tried(const struct sshauth *a, char *text, size_t size)
{
	*text = '\0';
	for (size_t i = 0; i < a->ncands && i < a->at; i++) {
		size_t at = strlen(text);
		const struct candidate *c = &a->cands[i];

		snprintf(text + at, size - at, "%s%s", i > 0 ? ", " : "",
		    c->file != NULL ? c->file->path : c->agent->comment);
	}
}

static int
report_refused(const struct sshauth *a, enum link_fault *fault,
    struct err *err)
{
	char tried[160];

	if (strstr(a->methods, "publickey") == NULL)
		return report_method(a, fault, err);
	if (a->unusable != NULL || strstr(a->methods, "gssapi") != NULL) {
		*fault = FAULT_INCAPABLE;
		return err_set(err, ERR_FAILED,
		    "%s did not let %s in by any key that libssh2 %s can use; "
		    "it cannot use %s",
		    a->host, a->r->user, libssh2_version(0),
		    a->unusable != NULL ? a->unusable : "GSSAPI");
	}
	*fault = FAULT_AUTH;
	if (a->encrypted != NULL)
		return err_set(err, ERR_FAILED,
		    "the key %s for %s@%s is encrypted: add it to ssh-agent "
		    "with `ssh-add %s`",
		    a->encrypted, a->r->user, a->host, a->encrypted);
	if (a->agent != NULL && sshagent_state(a->agent) == SSHAGENT_BROKEN)
		return err_set(err, ERR_FAILED,
		    "no key let %s in at %s, and ssh-agent (%s) is of no "
		    "help: %s",
		    a->r->user, a->host, a->r->agent, sshagent_why(a->agent));
	if (a->ncands == 0)
		return err_set(err, ERR_FAILED,
		    "there is no key to log in to %s as %s: make one with "
		    "ssh-keygen -t ed25519, or set `key`", a->host, a->r->user);
	name_tried(a, tried, sizeof tried);
	return err_set(err, ERR_FAILED,
	    "%s lets %s in by none of the %zu keys tried (%s): add one to its "
	    "authorized_keys, or set `key`",
	    a->host, a->r->user, a->at, tried);
}

/* --- Trying --------------------------------------------------------------- */

/* Called by libssh2 until it gives a signature, which libssh2 frees. */
static LIBSSH2_USERAUTH_PUBLICKEY_SIGN_FUNC(sign)
{
	struct sshauth *a = *abstract;
	const uint8_t *bytes;
	size_t n;

	(void)session;
	if (!a->asked) {
		if (sshagent_state(a->agent) == SSHAGENT_BROKEN)
			return -1;
		a->asked = true;
		sshagent_sign(a->agent, a->cands[a->at].agent, data, data_len,
		    a->now);
	}
	if (sshagent_state(a->agent) == SSHAGENT_WAITING)
		return LIBSSH2_ERROR_EAGAIN;
	a->asked = false;
	if (sshagent_state(a->agent) != SSHAGENT_SIGNED)
		return -1;
	bytes = sshagent_signature(a->agent, &n);
	*sig = malloc(n); /* libssh2's allocator is the default one */
	if (*sig == NULL)
		return LIBSSH2_ERROR_ALLOC;
	memcpy(*sig, bytes, n);
	*sig_len = n;
	return 0;
}

static int
try_one(struct sshauth *a, const struct candidate *c)
{
	void *abstract = a;

	assert(c->file != NULL || c->agent != NULL);
	if (c->file != NULL)
		return libssh2_userauth_publickey_frommemory(a->session,
		    a->r->user, strlen(a->r->user), NULL, 0, c->file->text,
		    strlen(c->file->text), NULL);
	return libssh2_userauth_publickey(a->session, a->r->user,
	    c->agent->blob, c->agent->nblob, sign, &abstract);
}

/* 1 by no method at all, 0 not yet, 2 listed. */
static int
list_methods(struct sshauth *a)
{
	const char *list = libssh2_userauth_list(a->session, a->r->user,
	    (unsigned)strlen(a->r->user));

	if (list != NULL) {
		utf8_clean(a->methods, sizeof a->methods, list, strlen(list));
		a->listed = true;
		return 2;
	}
	if (libssh2_userauth_authenticated(a->session))
		return 1;
	return libssh2_session_last_errno(a->session) == LIBSSH2_ERROR_EAGAIN
	    ? 0
	    : -1;
}

static bool
is_broken(const struct sshauth *a)
{
	return a->link->closed || a->link->error != 0;
}

/* It hung up while ssh-agent was asked: that says nothing of keys either. */
static int
report_gone(const struct sshauth *a, enum link_fault *fault, struct err *err)
{
	*fault = FAULT_UNREACHABLE;
	return err_set(err, ERR_FAILED,
	    "the connection to %s was lost while ssh-agent (%s) was asked: %s",
	    a->host, a->r->agent, sshlink_why(a->link));
}

static int
report_broken(const struct sshauth *a, enum link_fault *fault, struct err *err)
{
	/* A host that goes down is no judge of keys. */
	if (a->link->error != 0 || a->at == 0) {
		*fault = FAULT_UNREACHABLE;
		return err_set(err, ERR_FAILED,
		    "the connection to %s was lost during the login of %s: %s",
		    a->host, a->r->user, sshlink_why(a->link));
	}
	*fault = FAULT_AUTH;
	return err_set(err, ERR_FAILED,
	    "%s hung up at the login of %s, with %zu of %zu keys tried: %s; if "
	    "ssh-agent holds many, set `key` to the right one",
	    a->host, a->r->user, a->at, a->ncands, sshlink_why(a->link));
}

int
sshauth_step(struct sshauth *a, struct mono now, enum link_fault *fault,
    struct err *err)
{
	int rc;

	a->now = now;
	if (!a->listed && (rc = list_methods(a)) != 2)
		return rc < 0 ? report_broken(a, fault, err) : rc;
	if (sshauth_waits(a) && is_broken(a))
		return report_gone(a, fault, err);
	if (!a->built) {
		if (a->agent != NULL &&
		    sshagent_state(a->agent) == SSHAGENT_WAITING)
			return 0;
		build(a);
	}
	for (; a->at < a->ncands; a->at++) {
		a->asked = a->asked && a->cands[a->at].agent != NULL;
		rc = try_one(a, &a->cands[a->at]);
		if (rc == LIBSSH2_ERROR_EAGAIN)
			return 0;
		if (rc == 0)
			return 1;
		if (is_broken(a))
			return report_broken(a, fault, err);
	}
	return report_refused(a, fault, err);
}
