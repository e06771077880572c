/* Starting a VM whose definition is on no host that answers: what a silent host
 * said last is written to another one, checked by xl there, and started. None
 * of that proves that the VM is not running on the silent host: the rules for a
 * start are the same, and the operator has to swear. */
#include <string.h>

#include "core/action_priv.h"
#include "core/defplan.h"
#include "core/mem.h"
#include "core/safety.h"

static const struct def *
def_on(const struct model *m, const struct vm *vm, uint32_t host)
{
	return defs_find(model_defs(m, host), &vm->uuid, vm->name);
}

const struct def *
action_known(const struct model *m, const struct vm *vm)
{
	const struct def *found = NULL;

	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);
		const struct def *d = NULL;

		if (h->cluster != vm->cluster || model_defs(m, i) == NULL)
			continue;
		d = def_on(m, vm, i);
		if (d != NULL && h->health == HOST_LIVE)
			return NULL;
		if (d == NULL || (found != NULL && i != vm->def_host))
			continue;
		found = d;
	}
	return found;
}

static void
take_back(struct plan *p, size_t n)
{
	while (p->n > n) {
		struct step *s = &p->steps[--p->n];

		request_free(&s->req);
		x_free(s->why);
		x_free(s->after);
	}
}

int
action_add_known(struct plan *p, struct request *r, const struct def *d,
    const struct vm *vm, const struct model *m, struct err *err)
{
	size_t n = p->n;

	/* What the rules say comes first. */
	if (safety_check(m, r, MONO_ZERO, err) != 0 ||
	    defplan_write(p, m, vm, r->host, d->path, NULL, d->text, err) != 0) {
		request_free(r);
		take_back(p, n);
		return -1;
	}
	if (action_add(p, r, NULL, m, err) != 0) {
		take_back(p, n);
		return -1;
	}
	plan_after(p, (uint32_t)p->n - 1, (uint32_t)p->n - 2);
	return 0;
}
