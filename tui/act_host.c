/* Where to: the hosts of the VM's cluster, best first, with the reason why each
 * is good or all reasons why it cannot be. What is not known yet is being asked
 * and said to be. The selection is a host; it stays on it while answers change
 * the order. */
#include <stdio.h>

#include "tui/act.h"
#include "tui/doc.h"
#include "tui/ui.h"

static struct action
action_to(const struct act *x, const struct probes *probes)
{
	struct action a = x->action;

	a.vm = x->v[0].vm;
	a.host = x->v[0].host;
	a.probes = probes;
	return a;
}

void
act_targets(struct migrate_targets *t, const struct act *x,
    const struct model *m, const struct probes *probes)
{
	struct action a = action_to(x, probes);

	migrate_targets(t, &a, m);
}

static size_t
row_of(const struct act *x, const struct migrate_targets *t)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->v[i].host == x->to)
			return i;
	return 0;
}

bool
act_host_move(struct act *x, const struct model *m,
    const struct probes *probes, long by)
{
	struct migrate_targets t;
	long at;

	act_targets(&t, x, m, probes);
	at = (long)row_of(x, &t) + by;
	at = at >= (long)t.n ? (long)t.n - 1 : at;
	if (t.n > 0)
		x->to = t.v[at > 0 ? at : 0].host;
	migrate_targets_free(&t);
	return x->to != MODEL_NONE;
}

bool
act_host_can(const struct act *x, const struct model *m,
    const struct probes *probes, char *why, size_t size)
{
	struct migrate_targets t;
	bool can = false;
	size_t i;

	act_targets(&t, x, m, probes);
	i = row_of(x, &t);
	snprintf(why, size, "There is no other host in its cluster.");
	if (i < t.n) {
		can = t.v[i].can;
		snprintf(why, size, "%s", t.v[i].n > 0 ? t.v[i].v[0].text : "");
	}
	for (size_t k = 0; k < t.here.n; k++)
		if (t.here.v[k].weight == MIGRATE_BLOCKS) {
			can = false;
			snprintf(why, size, "%s", t.here.v[k].text);
			break;
		}
	migrate_targets_free(&t);
	return can;
}

/* --- Drawing --------------------------------------------------------------------- */

static enum style
reason_style(enum migrate_weight w)
{
	return w == MIGRATE_BLOCKS || w == MIGRATE_WARNS ? STYLE_WARN :
	    STYLE_FAINT;
}

static void
put_reasons(struct doc *d, int indent, const struct migrate_target *t)
{
	for (size_t i = 0; i < t->n; i++)
		doc_text(d, indent, reason_style(t->v[i].weight),
		    t->v[i].text);
}

static void
put_target(struct doc *d, const struct frame *f,
    const struct migrate_target *t, bool selected)
{
	const char *name = model_host(f->model, t->host)->name;
	const char *verdict = !t->can ? "cannot" : t->sure ? "can" :
	    "asking ...";
	enum style style = !t->can ? STYLE_FAINT : t->sure ? STYLE_GOOD :
	    STYLE_NORMAL;
	struct rect line = { 0, d->y, d->c.w, 1 };

	doc_need(d, 1);
	canvas_printf(&d->c, 1, d->y, d->c.w - 1, style, "%-16s %-10s %s",
	    name, verdict, t->can && t->merit != NULL ? t->merit : "");
	d->y++;
	if (selected) {
		canvas_select(&d->c, line);
		put_reasons(d, 4, t);
	}
}

int
act_host_build(struct doc *d, const struct frame *f)
{
	const struct act *x = &f->ui->act;
	struct migrate_targets t;
	size_t at;
	int line = 0;

	act_targets(&t, x, f->model, f->probes);
	put_reasons(d, 0, &t.here);
	if (t.here.n > 0)
		doc_blank(d);
	if (t.n == 0)
		doc_text(d, 0, STYLE_WARN,
		    "There is no other host in its cluster.");
	at = row_of(x, &t);
	for (size_t i = 0; i < t.n; i++) {
		if (i == at)
			line = d->y;
		put_target(d, f, &t.v[i], i == at);
	}
	migrate_targets_free(&t);
	return line;
}
