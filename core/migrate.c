/* The plans that take a VM to another host. Both kinds first have the hosts
 * looked at once more, in steps that fail before anything has been touched.
 *
 * Live: xl carries it over. With an explicit hand-over the copy that arrives
 * stays paused (xl migrate -p) until the source is seen to have nothing left of
 * it: two can then not run whatever xl thinks of its last handshake. Cold: shut
 * down, and started there only when it is seen to run nowhere. */
#include "core/migrate.h"

#include <stdio.h>
#include <string.h>

#include "core/defs.h"
#include "core/mem.h"
#include "core/migrate_priv.h"
#include "core/repair.h"

enum { ARG_MAX_BYTES = 64 * 1024, LVS_MAX = OBS_DEVICES_MAX };

uint32_t
migrate_step(struct plan *p, const struct model *m, const struct vm *vm,
    enum request_op op, uint32_t host, const struct vm_copy *copy,
    const char *arg, const char *why)
{
	const char *boot_id = model_host(m, host)->facts.boot_id;
	struct request r;

	request_init(&r, op);
	r.host = host;
	r.cluster = vm->cluster;
	r.uuid = vm->uuid;
	r.name = x_strdup(vm->name);
	r.boot_id = x_strdup(boot_id);
	r.arg = x_strdup(arg);
	if (copy != NULL)
		r.domid = copy->domid;
	return plan_add(p, &r, why);
}

/* --- Whether, and where ------------------------------------------------------ */

static int
refuse(const struct migrate_target *t, const char *what, struct err *err)
{
	struct err e = { .kind = ERR_REFUSED };
	size_t n = 0;

	e.msg[0] = '\0';
	for (size_t i = 0; i < t->n && t->v[i].weight == MIGRATE_BLOCKS; i++) {
		if (strcmp(t->v[i].code, "source") == 0 ||
		    strcmp(t->v[i].code, "target") == 0)
			e.kind = ERR_UNREACHABLE;
		if (n < sizeof e.msg - 1)
			n += (size_t)snprintf(e.msg + n, sizeof e.msg - n,
			    "%s%s", n > 0 ? " " : "", t->v[i].text);
	}
	n = strlen(e.msg);
	while (n > 0 && e.msg[n - 1] == '.')
		e.msg[--n] = '\0';
	return what == NULL ? err_set(err, e.kind, "%s", e.msg) :
	    err_set(err, e.kind, "%s: %s", what, e.msg);
}

/* Everywhere something is in the way: the weightiest of each host. */
static int
refuse_all(const struct migrate_targets *t, const struct model *m,
    const char *name, struct err *err)
{
	char text[400] = "";
	size_t n = 0;

	for (size_t i = 0; i < t->n && n < sizeof text - 1; i++)
		n += (size_t)snprintf(text + n, sizeof text - n, " %s",
		    t->v[i].n > 0 ? t->v[i].v[0].text :
		    model_host(m, t->v[i].host)->name);
	return err_set(err, ERR_REFUSED, "%s can go nowhere:%s", name,
	    t->n > 0 ? text : " there is no other host in its cluster");
}

static int
choose(uint32_t *to, const struct action *a, const struct model *m,
    const struct vm *vm, struct err *err)
{
	struct migrate_targets t;
	char what[300];
	int rc = 0;

	migrate_targets(&t, a, m);
	if (!t.here.can) {
		rc = refuse(&t.here, NULL, err);
	} else if (a->to == MODEL_NONE) {
		if (t.n == 0 || !t.v[0].can)
			rc = refuse_all(&t, m, vm->name, err);
		else
			*to = t.v[0].host;
	} else if (a->to == t.here.host) {
		rc = err_set(err, ERR_USAGE, "%s is on %s already", vm->name,
		    model_host(m, a->to)->name);
	} else {
		rc = err_set(err, ERR_REFUSED, "%s cannot go to another "
		    "cluster", vm->name);
		for (size_t i = 0; i < t.n; i++) {
			if (t.v[i].host != a->to)
				continue;
			snprintf(what, sizeof what, "%.200s cannot go to %s",
			    vm->name, model_host(m, a->to)->name);
			rc = t.v[i].can ? 0 : refuse(&t.v[i], what, err);
			*to = a->to;
		}
	}
	migrate_targets_free(&t);
	return rc;
}

/* --- What both begin with ------------------------------------------------------ */

struct opening {
	uint32_t steps[LVS_MAX + 3]; /* that what follows waits for */
	size_t n;
	char *lvs[LVS_MAX];          /* that are activated there */
	size_t nlvs;
};

static void
wait_for(struct plan *p, uint32_t step, const struct opening *o)
{
	for (size_t i = 0; i < o->n; i++)
		plan_after(p, step, o->steps[i]);
}

/* What is known of the disk here is wanted there. */
static int
want_disk(struct buf *out, const struct passage *g, const char *path,
    struct err *err)
{
	char arg[OBS_TEXT_MAX + 3], want[PROBE_ARG_MAX + 1];
	const struct probe_answer *here;
	const char *id = "";

	snprintf(arg, sizeof arg, "- %s", path);
	here = probes_find(g->a->probes, g->from->id, PROBE_DISK, arg);
	if (here != NULL && here->said == PROBE_YES)
		id = probe_disk_id(here);
	if (id[0] == '\0' || strchr(id, ' ') != NULL ||
	    strlen(id) + strlen(path) + 1 > PROBE_ARG_MAX)
		id = "-";
	snprintf(want, sizeof want, "%s %s", id, path);
	return probe_line(out, PROBE_DISK, want, err);
}

static int
want_there(struct buf *out, const struct passage *g, struct err *err)
{
	const struct obs_dom *d = passage_devices(g);
	const struct probe_answer *cpu = probes_find(g->a->probes, g->from->id,
	    PROBE_CPU, "-");

	for (size_t i = 0; d != NULL && i < d->ndisks; i++)
		if (migrate_asks_disk(&d->disks[i]) &&
		    want_disk(out, g, d->disks[i].target, err) != 0)
			return -1;
	for (size_t i = 0; d != NULL && i < d->nnics; i++)
		if (d->nics[i].bridge != NULL && probe_line(out, PROBE_BRIDGE,
		    d->nics[i].bridge, err) != 0)
			return -1;
	return g->live && cpu != NULL && cpu->said == PROBE_YES ?
	    probe_line(out, PROBE_CPU, cpu->text, err) : 0;
}

static bool
is_asleep(const struct passage *g, const char *path)
{
	char arg[OBS_TEXT_MAX + 3];
	const struct probe_answer *a;

	snprintf(arg, sizeof arg, "- %s", path);
	a = probes_find(g->a->probes, g->to->id, PROBE_DISK, arg);
	return a != NULL && a->said == PROBE_NO && probe_disk_id(a)[0] != '\0';
}

static void
wake_volumes(struct opening *o, struct plan *p, const struct passage *g)
{
	const struct obs_dom *d = passage_devices(g);
	char lv[256];

	for (size_t i = 0; d != NULL && i < d->ndisks && o->nlvs < LVS_MAX;
	     i++) {
		if (!migrate_asks_disk(&d->disks[i]) ||
		    !is_asleep(g, d->disks[i].target) ||
		    !migrate_volume(lv, sizeof lv, d->disks[i].target))
			continue;
		o->steps[o->n++] = migrate_step(p, g->m, g->vm,
		    REQ_LV_ACTIVATE, g->to->id, NULL, lv,
		    "so that its disk can be used there");
		o->lvs[o->nlvs++] = x_strdup(lv);
	}
}

static int
open_plan(struct opening *o, struct plan *p, const struct passage *g,
    struct err *err)
{
	struct buf out;
	uint32_t step;
	int rc;

	buf_init(&out, ARG_MAX_BYTES);
	wake_volumes(o, p, g);
	rc = want_there(&out, g, err);
	if (rc == 0 && out.len > 0) {
		step = migrate_step(p, g->m, g->vm, REQ_PROBE, g->to->id, NULL,
		    out.p, "its disks and bridges must be there");
		wait_for(p, step, o);
		o->steps[o->n++] = step;
	}
	buf_clear(&out);
	if (rc == 0 && g->live) {
		rc = probe_line(&out, PROBE_SSH, passage_address(g), err);
		if (rc == 0)
			o->steps[o->n++] = migrate_step(p, g->m, g->vm,
			    REQ_PROBE, g->from->id, NULL, out.p,
			    "it must be let in there");
	}
	buf_free(&out);
	return rc;
}

static void
close_opening(struct opening *o)
{
	for (size_t i = 0; i < o->nlvs; i++)
		x_free(o->lvs[i]);
}

/* --- Live ---------------------------------------------------------------------- */

static void
plan_live(struct plan *p, const struct passage *g, const struct opening *o)
{
	bool explicitly = model_conf(g->m)->clusters[g->vm->cluster].handover ==
	    HANDOVER_EXPLICIT;
	uint32_t step, last;
	char why[200];

	step = migrate_step(p, g->m, g->vm, REQ_MIGRATE, g->from->id, g->copy,
	    passage_address(g), NULL);
	p->steps[step].req.to = g->to->id;
	if (explicitly || g->a->paused)
		p->steps[step].req.flags |= REQUEST_PAUSED;
	wait_for(p, step, o);
	if (!explicitly || g->a->paused)
		return;
	snprintf(why, sizeof why, "%s has nothing left of it",
	    g->from->name);
	last = migrate_step(p, g->m, g->vm, REQ_UNPAUSE, g->to->id, NULL, NULL,
	    why);
	p->steps[last].req.domid = REQUEST_LATER_DOMID;
	plan_after(p, last, step);
}

/* --- Cold ---------------------------------------------------------------------- */

static void
plan_cold(struct plan *p, const struct passage *g, struct opening *o)
{
	const struct def *there = migrate_def_on(g, g->to->id);
	const struct def *known = migrate_def_known(g);
	uint32_t down, start, step;

	if (there == NULL) {
		step = migrate_step(p, g->m, g->vm, REQ_DEF_WRITE, g->to->id,
		    NULL, known->path, "to be started from there");
		p->steps[step].req.body = x_strdup(known->text);
		o->steps[o->n++] = step;
	}
	down = migrate_step(p, g->m, g->vm, REQ_SHUTDOWN, g->from->id, g->copy,
	    NULL, NULL);
	p->steps[down].req.flags |= REQUEST_FALLBACK;
	wait_for(p, down, o);
	start = migrate_step(p, g->m, g->vm, REQ_START, g->to->id, NULL,
	    there != NULL ? there->path : known->path, NULL);
	if (g->a->paused)
		p->steps[start].req.flags |= REQUEST_PAUSED;
	plan_after(p, start, down);
	/* Where volumes are active on one host only, they stay so. */
	for (size_t i = 0; i < o->nlvs; i++) {
		step = migrate_step(p, g->m, g->vm, REQ_LV_DEACTIVATE,
		    g->from->id, NULL, o->lvs[i], "only one host uses it");
		plan_after(p, step, start);
	}
}

int
migrate_plan(struct plan *p, const struct action *a, const struct model *m,
    struct err *err)
{
	const struct vm *vm = model_vm(m, a->vm);
	struct opening o = { .n = 0 };
	uint32_t to = MODEL_NONE;
	struct passage g;
	int rc;

	if (vm == NULL)
		return err_set(err, ERR_FAILED, "the VM is not there any more");
	if (a->kind == ACTION_REPAIR)
		return repair_plan(p, a, m, err);
	if (choose(&to, a, m, vm, err) != 0)
		return -1;
	g = passage_of(a, m, to);
	rc = open_plan(&o, p, &g, err);
	if (rc == 0 && g.live)
		plan_live(p, &g, &o);
	else if (rc == 0)
		plan_cold(p, &g, &o);
	close_opening(&o);
	if (rc == 0 && p->title == NULL)
		p->title = x_asprintf("%s %s from %s to %s", g.live ?
		    "migrate" : "move", vm->name, g.from->name, g.to->name);
	return rc;
}
