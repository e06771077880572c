/* ssh_config as OpenSSH itself understands it: `ssh -G` prints the outcome of
 * all Host, Match and Include (ssh(1)), some of it with tokens left to expand
 * (ssh_config(5), TOKENS). What the configuration says of a host wins. */
#include "backends/sshoptions.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/quote.h"
#include "core/buf.h"
#include "core/mem.h"

struct names {
	struct sshoptions *o;
	const struct conf_host *host;
	const char *home, *user; /* of this machine */
	char *jump, *command, *agent; /* as printed */
};

static void
add(char ***v, size_t *n, size_t *cap, char *s)
{
	*v = x_grow(*v, *n, cap, sizeof **v);
	(*v)[(*n)++] = s;
}

/* --- Tokens --------------------------------------------------------------- */

static int
expand_token(struct buf *out, const struct names *ns, char token)
{
	const struct sshoptions *o = ns->o;
	char text[256] = "";

	switch (token) {
	case '%': return buf_puts(out, "%");
	case 'd': return buf_puts(out, ns->home);
	case 'h': return buf_puts(out, o->hostname);
	case 'i': return buf_printf(out, "%u", (unsigned)getuid());
	case 'k':
		return buf_puts(out,
		    o->alias != NULL ? o->alias : ns->host->address);
	case 'l':
	case 'L':
		if (gethostname(text, sizeof text - 1) != 0)
			return -1;
		if (token == 'L')
			text[strcspn(text, ".")] = '\0';
		return buf_puts(out, text);
	case 'n': return buf_puts(out, ns->host->address);
	case 'p': return buf_printf(out, "%d", o->port);
	case 'r': return buf_puts(out, o->user);
	case 'u': return buf_puts(out, ns->user);
	default: return -1;
	}
}

static size_t
expand_variable(struct buf *out, const char *s)
{
	size_t n = strcspn(s + 2, "}");
	char *name = x_strndup(s + 2, n);
	const char *value = getenv(name);

	x_free(name);
	if (s[2 + n] != '}' || value == NULL || buf_puts(out, value) != 0)
		return 0;
	return n + 3;
}

/* Owned, or NULL when there is a token that only ssh knows. */
static char *
expand(const struct names *ns, const char *s)
{
	struct buf out;
	size_t used;

	buf_init(&out, 8192);
	if (strncmp(s, "~/", 2) == 0) {
		buf_puts(&out, ns->home);
		s++;
	}
	while (*s != '\0') {
		if (*s == '%' && s[1] != '\0') {
			if (expand_token(&out, ns, s[1]) != 0)
				goto fail;
			s += 2;
		} else if (s[0] == '$' && s[1] == '{') {
			used = expand_variable(&out, s);
			if (used == 0)
				goto fail;
			s += used;
		} else if (buf_add(&out, s++, 1) != 0)
			goto fail;
	}
	return out.p != NULL ? out.p : x_strdup("");
fail:
	buf_free(&out);
	return NULL;
}

/* --- Ways there ----------------------------------------------------------- */

/* A ProxyJump a,b,c is a ProxyCommand by way of c, itself reached by a,b. */
static int
jump_command(struct sshoptions *o, const struct conf_host *host,
    const char *jump, struct err *err)
{
	const char *comma = strrchr(jump, ','), *last = jump;
	char *rest = NULL, *to, *target;
	const char *argv[20] = { "exec", "ssh", "-o", "BatchMode=yes", "-o",
		"ConnectTimeout=10", "-o", "ServerAliveInterval=3", "-o",
		"ServerAliveCountMax=3" };
	size_t n = 10;
	struct buf line;

	buf_init(&line, QUOTE_MAX);
	if (host->ssh_config != NULL) {
		argv[n++] = "-F";
		argv[n++] = host->ssh_config;
	}
	if (comma != NULL) {
		rest = x_strndup(jump, (size_t)(comma - jump));
		last = comma + 1;
		argv[n++] = "-J";
		argv[n++] = rest;
	}
	to = x_asprintf("[%s]:%d", o->hostname, o->port);
	target = x_asprintf("%s%s",
	    strncasecmp(last, "ssh://", 6) == 0 ? "" : "ssh://", last);
	argv[n++] = "-W";
	argv[n++] = to;
	argv[n++] = "--";
	argv[n++] = target;
	if (quote_argv(&line, argv) == 0)
		o->proxy = x_strdup(line.p);
	else
		err_set(err, ERR_CONF, "the jump hosts of %s are too many",
		    host->name);
	buf_free(&line);
	x_free(rest);
	x_free(to);
	x_free(target);
	return o->proxy != NULL ? 0 : -1;
}

static int
find_way(struct names *ns, struct err *err)
{
	char *line;

	if (ns->jump != NULL && strcasecmp(ns->jump, "none") != 0)
		return jump_command(ns->o, ns->host, ns->jump, err);
	if (ns->command == NULL || strcasecmp(ns->command, "none") == 0)
		return 0;
	line = expand(ns, ns->command);
	if (line == NULL)
		x_replace(&ns->o->incapable, "ProxyCommand");
	else
		ns->o->proxy = x_asprintf("exec %s", line);
	x_free(line);
	return 0;
}

static void
find_agent(struct names *ns)
{
	const char *s = ns->agent != NULL ? ns->agent : "SSH_AUTH_SOCK";

	if (strcasecmp(s, "none") == 0)
		return;
	if (strcmp(s, "SSH_AUTH_SOCK") == 0)
		ns->o->agent = x_strdup(getenv(s));
	else if (*s == '$' && s[1] != '{')
		ns->o->agent = x_strdup(getenv(s + 1));
	else
		ns->o->agent = expand(ns, s);
	if (ns->o->agent != NULL && *ns->o->agent == '\0') {
		x_free(ns->o->agent);
		ns->o->agent = NULL;
	}
}

/* --- ssh -G --------------------------------------------------------------- */

static void
add_known(struct names *ns, char *list)
{
	struct sshoptions *o = ns->o;
	char *save = NULL;

	if (ns->host->known_hosts != NULL)
		return;
	for (char *s = strtok_r(list, " ", &save); s != NULL;
	     s = strtok_r(NULL, " ", &save)) {
		char *path = strcmp(s, "none") != 0 ? expand(ns, s) : NULL;

		if (path != NULL)
			add(&o->known, &o->nknown, &o->known_cap, path);
	}
}

static void
take_incapable(struct sshoptions *o, const char *key, const char *value)
{
	static const char *const options[] = { "BindAddress", "BindInterface",
		"CertificateFile", "KnownHostsCommand", "PKCS11Provider",
		"ProxyUseFdpass" };

	if (strcasecmp(value, "none") == 0 || strcasecmp(value, "no") == 0)
		return;
	for (size_t i = 0; i < sizeof options / sizeof *options; i++)
		if (strcasecmp(key, options[i]) == 0)
			x_replace(&o->incapable, options[i]);
}

/* What other values are expanded with. */
static void
take_basic(struct names *ns, const char *key, const char *value)
{
	struct sshoptions *o = ns->o;

	if (strcmp(key, "user") == 0)
		x_replace(&o->user, value);
	else if (strcmp(key, "hostname") == 0)
		x_replace(&o->hostname, value);
	else if (strcmp(key, "port") == 0)
		o->port = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "hostkeyalias") == 0)
		x_replace(&o->alias, value);
	else if (strcmp(key, "identitiesonly") == 0)
		o->identities_only = strcmp(value, "yes") == 0;
	else if (strcmp(key, "addressfamily") == 0)
		o->family = strcmp(value, "inet") == 0 ? AF_INET
		    : strcmp(value, "inet6") == 0      ? AF_INET6
						       : AF_UNSPEC;
	else
		take_incapable(o, key, value);
}

static void
take_expanded(struct names *ns, const char *key, char *value)
{
	struct sshoptions *o = ns->o;
	char *path;

	if (strcmp(key, "identityfile") == 0 &&
	    strcasecmp(value, "none") != 0) {
		path = expand(ns, value);
		if (path != NULL)
			add(&o->keys, &o->nkeys, &o->keys_cap, path);
	} else if (strcmp(key, "userknownhostsfile") == 0 ||
	    strcmp(key, "globalknownhostsfile") == 0)
		add_known(ns, value);
	else if (strcmp(key, "identityagent") == 0)
		x_replace(&ns->agent, value);
	else if (strcmp(key, "proxyjump") == 0)
		x_replace(&ns->jump, value);
	else if (strcmp(key, "proxycommand") == 0)
		x_replace(&ns->command, value);
}

static void
each_line(struct names *ns, const char *text, bool basic)
{
	char *copy = x_strdup(text), *save = NULL;

	for (char *s = strtok_r(copy, "\n", &save); s != NULL;
	     s = strtok_r(NULL, "\n", &save)) {
		char *value = strchr(s, ' ');

		if (value == NULL)
			continue;
		*value++ = '\0';
		if (basic)
			take_basic(ns, s, value);
		else
			take_expanded(ns, s, value);
	}
	x_free(copy);
}

int
sshoptions_parse(struct sshoptions *o, const struct conf_host *host,
    const char *text, const char *home, const char *user, struct err *err)
{
	struct names ns = { .o = o, .host = host, .home = home, .user = user };
	int rc;

	o->user = x_strdup(host->user != NULL ? host->user : user);
	o->hostname = x_strdup(host->address);
	o->port = host->port > 0 ? host->port : 22;
	each_line(&ns, text, true);
	if (host->known_hosts != NULL)
		add(&o->known, &o->nknown, &o->known_cap,
		    x_strdup(host->known_hosts));
	if (host->jump != NULL)
		ns.jump = x_strdup(host->jump);
	each_line(&ns, text, false);
	find_agent(&ns);
	rc = find_way(&ns, err);
	x_free(ns.jump);
	x_free(ns.command);
	x_free(ns.agent);
	return rc;
}

static void
free_list(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x_free(v[i]);
	x_free(v);
}

void
sshoptions_free(struct sshoptions *o)
{
	free_list(o->known, o->nknown);
	free_list(o->keys, o->nkeys);
	x_free(o->user);
	x_free(o->hostname);
	x_free(o->alias);
	x_free(o->proxy);
	x_free(o->agent);
	x_free(o->incapable);
	*o = (struct sshoptions){ 0 };
}
