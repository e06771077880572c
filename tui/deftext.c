/* See deftext.h. */
#include "tui/deftext.h"

#include <string.h>

#include "core/defdiff.h"
#include "core/mem.h"
#include "tui/target.h"

/* --- Differences ---------------------------------------------------------- */

static void
put_changes(struct buf *out, const struct def *best, const struct def *d)
{
	struct def_changes c;

	def_diff(&c, best, d);
	for (size_t i = 0; i < c.n; i++)
		buf_printf(out, "    %s: %s here, %s there\n", c.v[i].key,
		    c.v[i].b != NULL ? c.v[i].b : "not set",
		    c.v[i].a != NULL ? c.v[i].a : "not set");
	def_changes_free(&c);
}

size_t
deftext_spread(struct buf *out, const struct model *m, const struct vm *vm)
{
	size_t hosts = model_nhosts(m), n, others = 0;
	struct def_place *v = x_calloc(hosts + 1, sizeof *v);
	const struct def *best = def_of_vm(m, vm, MODEL_NONE);

	n = def_spread(v, hosts, m, vm);
	for (size_t i = 0; i < n; i++) {
		const struct host *h = model_host(m, v[i].host);

		buf_printf(out, "%s: %s%s%s%s\n", h->name,
		    v[i].def == NULL ? def_how_name(v[i].how) :
		    v[i].host == vm->def_host ? "counts" :
		    def_how_name(v[i].how),
		    v[i].def != NULL ? ", " : "",
		    v[i].def != NULL ? v[i].def->path : "",
		    v[i].def != NULL && h->health != HOST_LIVE ?
		    " (as of its last word)" : "");
		if (v[i].how == DEF_DIFFERS)
			put_changes(out, best, v[i].def);
		others += v[i].how == DEF_DIFFERS || v[i].how == DEF_ABSENT;
	}
	x_free(v);
	return others;
}

/* --- Which ---------------------------------------------------------------- */

uint32_t
deftext_vm(const struct model *m, const char *name, struct err *err)
{
	struct targets t = { .n = 0 };
	uint32_t id = MODEL_NONE;
	bool many = false;

	if (targets_add(&t, m, name, &many, err) == 0) {
		if (t.n == 1)
			id = t.v[0];
		else
			err_set(err, ERR_USAGE, "'%.200s' means %zu VMs: one "
			    "is wanted", name, t.n);
	}
	targets_free(&t);
	return id;
}

uint32_t
deftext_host(const struct session *s, const char *name, struct err *err)
{
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		if (strcmp(s->conf.hosts[i].name, name) == 0)
			return i;
	err_set(err, ERR_FAILED, "no host is called '%.200s'", name);
	return MODEL_NONE;
}

const struct def *
deftext_def(const struct model *m, const struct vm *vm, uint32_t host,
    struct err *err)
{
	const struct def *d = def_of_vm(m, vm, host);
	const struct defs *all = host != MODEL_NONE ? model_defs(m, host) :
	    NULL;

	if (d != NULL)
		return d;
	if (host == MODEL_NONE)
		err_set(err, ERR_FAILED, "no host that has answered defines "
		    "%.200s", vm->name);
	else if (all == NULL)
		err_set(err, ERR_UNREACHABLE, "%s has not said what it defines",
		    model_host(m, host)->name);
	else
		err_set(err, ERR_FAILED, "%s does not define %.200s%s%.200s",
		    model_host(m, host)->name, vm->name,
		    all->note != NULL ? "; it could not read " : "",
		    all->note != NULL ? all->note : "");
	return NULL;
}
