/* What is planned for an action's targets, and what must be typed before it is
 * done. The rules themselves are core's; here they are put together for several
 * VMs at once: what can be done is planned, and why not is said of the rest. */
#include "tui/act.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

enum { TEXT_BYTES = 1 << 20 };

void
act_close(struct act *x)
{
	plan_free(&x->plan);
	x_free(x->v);
	x_free(x->commands);
	x_free(x->refusals);
	*x = (struct act){ .stage = ACT_NONE };
}

static const char *
vm_name(const struct model *m, uint32_t vm)
{
	const struct vm *v = model_vm(m, vm);

	return v != NULL ? v->name : "a VM that is gone";
}

void
act_title(char *out, size_t size, const struct act *x, const struct model *m)
{
	const char *doing = action_infos[x->action.kind].doing;

	if (x->n == 1)
		snprintf(out, size, "%s %s", doing, vm_name(m, x->v[0].vm));
	else if (x->nplanned > 0 && x->nplanned < x->n)
		snprintf(out, size, "%s %zu of %zu VMs", doing, x->nplanned,
		    x->n);
	else
		snprintf(out, size, "%s %zu VMs", doing, x->n);
	if (size > 0)
		out[0] = (char)toupper((unsigned char)out[0]);
}

/* --- The plan --------------------------------------------------------------------- */

static struct action
action_of(const struct act *x, size_t i, const struct probes *probes)
{
	struct action a = x->action;

	a.vm = x->v[i].vm;
	a.host = x->v[i].host;
	a.probes = probes;
	return a;
}

/* Whether the VM could be dealt with once somebody has sworn that it runs
 * nowhere else. */
static bool
oath_helps(const struct action *a, const struct model *m)
{
	struct action sworn = *a;
	struct plan p;
	bool helps;

	plan_init(&p);
	sworn.sworn = true;
	helps = action_plan(&p, &sworn, m, NULL) == 0;
	plan_free(&p);
	return helps;
}

static void
refuse(struct act *x, struct buf *why, const struct action *a,
    const struct model *m, const struct err *err)
{
	buf_printf(why, "%s%s", why->len > 0 ? "\n" : "", err->msg);
	if (x->n == 1 && err->kind == ERR_REFUSED && !a->sworn)
		x->may_swear = oath_helps(a, m);
}

void
act_unplan(struct act *x)
{
	plan_free(&x->plan);
	plan_init(&x->plan);
	x->nplanned = 0;
	x->may_swear = false;
	x_replace(&x->commands, NULL);
	x_replace(&x->refusals, NULL);
}

bool
act_plan(struct act *x, const struct model *m, const struct probes *probes)
{
	struct buf why, text;

	act_unplan(x);
	buf_init(&why, TEXT_BYTES);
	buf_init(&text, TEXT_BYTES);
	for (size_t i = 0; i < x->n; i++) {
		struct action a = action_of(x, i, probes);
		struct err err = { 0 };

		x->v[i].planned = action_plan(&x->plan, &a, m, &err) == 0;
		if (x->v[i].planned)
			x->nplanned++;
		else
			refuse(x, &why, &a, m, &err);
	}
	plan_text(&text, &x->plan, model_conf(m));
	x_replace(&x->refusals, why.len > 0 ? why.p : NULL);
	x_replace(&x->commands, text.len > 0 ? text.p : NULL);
	buf_free(&why);
	buf_free(&text);
	return x->nplanned > 0;
}

/* --- What must be typed --------------------------------------------------------- */

static bool
is_production(const struct act *x, const struct model *m)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct vm *vm = model_vm(m, x->v[i].vm);

		if (vm != NULL && model_conf(m)->clusters[vm->cluster].production)
			return true;
	}
	return false;
}

void
act_word(char *out, size_t size, const struct act *x, const struct model *m)
{
	enum action_danger danger = action_infos[x->action.kind].danger;

	out[0] = '\0';
	if (x->action.sworn)
		snprintf(out, size, "%s", vm_name(m, x->v[0].vm));
	else if (x->nplanned > 1 && danger != DANGER_NONE)
		snprintf(out, size, "%zu", x->nplanned);
	else if (danger == DANGER_TYPED && is_production(x, m))
		snprintf(out, size, "%s", vm_name(m, x->v[0].vm));
}
