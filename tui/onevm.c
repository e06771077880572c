/* See onevm.h. Nobody is disturbed by a console that is looked at, so what one
 * host says of its own VM is enough here; the name must mean one VM all the
 * same, as far as anybody has answered. */
#include "tui/onevm.h"

#include <stdio.h>

#include "tui/loop.h"
#include "tui/target.h"
#include "tui/verb.h"

enum { GRACE_MS = 1500 };

static bool
has_answered(const struct session *s, uint32_t host)
{
	const struct host *h = model_host(s->model, host);

	return s->nobs[host] > 0 || h->link == LINK_REFUSED ||
	    h->link == LINK_DOWN;
}

static bool
all_answered(const struct session *s)
{
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		if (!has_answered(s, i))
			return false;
	return true;
}

static bool
runs_here(const struct model *m, const struct vm *vm)
{
	const struct vm_copy *c = vm != NULL ? vm_main(vm) : NULL;

	return c != NULL && vm->state != VM_GONE &&
	    vm->state != VM_DORMANT &&
	    model_host(m, c->host)->health == HOST_LIVE;
}

/* NULL, with *err where it is ambiguous or not there. */
static const struct vm *
meant(const struct session *s, const char *word, struct err *err)
{
	struct targets t = { 0 };
	const struct vm *vm = NULL;
	bool many = false;

	*err = (struct err){ 0 };
	if (targets_add(&t, s->model, word, &many, err) == 0 && t.n == 1)
		vm = model_vm(s->model, t.v[0]);
	else if (err->kind == ERR_NONE)
		err_set(err, ERR_USAGE, "'%.200s' means %zu VMs: one is "
		    "wanted", word, t.n);
	targets_free(&t);
	return vm;
}

static const struct vm *
gather(struct session *s, const char *word, int64_t timeout_ms,
    struct err *err)
{
	struct mono end = mono_add_ms(loop_now(), timeout_ms);
	const struct vm *vm = meant(s, word, err);
	bool found = false;

	while (!all_answered(s) && mono_before(loop_now(), end)) {
		session_turn(s, end);
		vm = meant(s, word, err);
		if (!found && runs_here(s->model, vm)) {
			found = true;
			mono_lower(&end, mono_add_ms(loop_now(), GRACE_MS));
		}
	}
	return vm;
}

/* What is missing matters to who did not find what was wanted, and only then. */
static int
fail(const struct session *s, const struct err *err)
{
	size_t missing = session_complain(s);
	int rc = verb_fail(err);

	return missing > 0 && rc == ERR_FAILED ? ERR_UNREACHABLE : rc;
}

int
onevm_find(struct session *s, const char *word, int64_t timeout_ms,
    const struct vm **vm)
{
	struct err err = { 0 };
	const struct vm_copy *c;

	*vm = gather(s, word, timeout_ms, &err);
	if (*vm == NULL)
		return fail(s, &err);
	if (runs_here(s->model, *vm))
		return 0;
	c = vm_main(*vm);
	if (c != NULL && (*vm)->state != VM_GONE && (*vm)->state != VM_DORMANT)
		err_set(&err, ERR_UNREACHABLE, "%.200s was last seen on %s, "
		    "which does not answer now", (*vm)->name,
		    model_host(s->model, c->host)->name);
	else
		err_set(&err, ERR_FAILED, "%.200s does not run", (*vm)->name);
	return fail(s, &err);
}
