/* Before VMs go to other hosts: the hosts are asked all at once what has to be
 * known of them, so that what cannot be is refused before anything is begun.
 * It is asked without the journal: a verb that may yet be refused takes no
 * jobs over. */
#include <stdio.h>

#include "core/migrate.h"
#include "tui/preflight.h"
#include "tui/verb.h"
#include "tui/verb_act.h"

/* All reasons, of all hosts. */
static void
tell_why_not(const struct migrate_targets *t, const struct action *a,
    const struct model *m)
{
	enum { TEXT_MAX = 1 << 20 };
	struct buf out;

	buf_init(&out, TEXT_MAX);
	migrate_text(&out, t, a, m);
	fputs(out.len > 0 ? out.p : "", stderr);
	buf_free(&out);
}

static void
choose(struct action *a, const struct model *m)
{
	struct migrate_targets t;

	if (a->to != MODEL_NONE)
		return;
	migrate_targets(&t, a, m);
	if (t.here.can && t.n > 0 && t.v[0].can) {
		a->to = t.v[0].host;
		fprintf(stderr, "xendeck: %s goes to %s%s%s\n",
		    model_vm(m, a->vm)->name, model_host(m, a->to)->name,
		    t.v[0].merit != NULL ? ": " : "",
		    t.v[0].merit != NULL ? t.v[0].merit : "");
	} else if (t.here.can) {
		tell_why_not(&t, a, m);
	}
	migrate_targets_free(&t);
}

int
verb_act_look(struct work **asked, struct verb_act_plan *p, struct session *s)
{
	struct err err = { 0 };

	*asked = work_open(s, false, NULL, &err);
	if (*asked == NULL)
		return verb_fail(&err);
	for (size_t i = 0; i < p->n; i++)
		preflight_ask(*asked, &p->v[i], s->model);
	preflight_wait(*asked, s);
	for (size_t i = 0; i < p->n; i++) {
		p->v[i].probes = work_probes(*asked);
		choose(&p->v[i], s->model);
	}
	return 0;
}
