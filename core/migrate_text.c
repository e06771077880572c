/* Preflight as people read it, and what xl's and ssh's own words mean. */
#include <stdio.h>
#include <string.h>

#include "core/migrate_priv.h"

static const char *const weights[] = {
	[MIGRATE_BLOCKS] = "no",
	[MIGRATE_UNASKED] = "not known yet",
	[MIGRATE_MENDED] = "seen to",
	[MIGRATE_WARNS] = "mind",
};

static int
put_reasons(struct buf *out, const struct migrate_target *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (buf_printf(out, "    %s: %s\n", weights[t->v[i].weight],
		    t->v[i].text) != 0)
			return -1;
	return 0;
}

int
migrate_text(struct buf *out, const struct migrate_targets *t,
    const struct action *a, const struct model *m)
{
	const struct vm *vm = model_vm(m, a->vm);

	if (t->here.n > 0 && (buf_printf(out, "%s%s%s\n",
	    vm != NULL ? vm->name : "VM", t->here.can ? "" :
	    a->kind == ACTION_MIGRATE ? " cannot be migrated live" :
	    " cannot be moved", t->here.can ? ":" : " anywhere:") != 0 ||
	    put_reasons(out, &t->here) != 0))
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		const struct migrate_target *v = &t->v[i];

		if (a->to != MODEL_NONE && a->to != v->host)
			continue;
		if (buf_printf(out, "%s: %s%s%s%s\n",
		    model_host(m, v->host)->name,
		    !v->can || !t->here.can ? "no" : v->sure ? "can take it" :
		    "may be able to take it",
		    i == 0 && v->can && t->here.can && a->to == MODEL_NONE ?
		    ", the best choice" : "",
		    v->merit != NULL && t->here.can ? ": " : "",
		    v->merit != NULL && t->here.can ? v->merit : "") != 0 ||
		    put_reasons(out, v) != 0)
			return -1;
	}
	if (t->n == 0 && t->here.host != MODEL_NONE)
		return buf_puts(out, "There is no other host in its "
		    "cluster.\n");
	return 0;
}

/* %1: the host that sends, %2: the address that it calls. */
static const struct {
	const char *mark, *say;
} fixes[] = {
	{ "Permission denied", "root of %1 may not log in as root@%2 by key: "
	    "on %1 run `ssh-copy-id root@%2` (after `ssh-keygen` if it has no "
	    "key)." },
	{ "REMOTE HOST IDENTIFICATION HAS CHANGED", "%1 knows another host key "
	    "of %2: if %2 was installed anew, on %1 run `ssh-keygen -R %2` and "
	    "`ssh %2 true`." },
	{ "Host key verification failed", "%1 does not know %2's host key: on "
	    "%1 run `ssh %2 true` and compare the fingerprint." },
	{ "Could not resolve hostname", "%1 does not know the name %2: add it "
	    "to DNS or to %1's /etc/hosts, or set migration_address." },
	{ "Connection refused", "no SSH server answers %1 at %2: start one, or "
	    "set migration_address." },
	{ "No route to host", "%1 does not reach %2: mend the network between "
	    "them, or set migration_address." },
	{ "Network is unreachable", "%1 does not reach %2: mend the network "
	    "between them, or set migration_address." },
	{ "Connection timed out", "%1 does not reach %2: mend the network "
	    "between them, or set migration_address." },
};

bool
migrate_explain(char *out, size_t size, const char *words, const char *from,
    const char *address)
{
	size_t n = 0;

	for (size_t i = 0; i < sizeof fixes / sizeof fixes[0]; i++) {
		if (strstr(words, fixes[i].mark) == NULL)
			continue;
		for (const char *s = fixes[i].say; *s != '\0' && n + 1 < size;) {
			const char *arg = s[0] != '%' ? NULL :
			    s[1] == '1' ? from : address;
			int k = arg == NULL ? snprintf(out + n, size - n, "%c",
			    *s) : snprintf(out + n, size - n, "%s", arg);

			n += (size_t)k;
			s += arg == NULL ? 1 : 2;
		}
		return true;
	}
	return false;
}
