/* The verbs that act on VMs: one table, one way. Who is meant is found out from
 * all hosts that answer, the plan is made and refused or shown, the operator is
 * asked, and then it is seen through: a verb ends when the hosts show what
 * became of it, or says that nobody can tell.
 *
 * It is all or nothing: when one of several VMs is refused, nothing is done. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/repair.h"
#include "tui/verb_act.h"
#include "tui/known.h"
#include "tui/loop.h"
#include "tui/target.h"
#include "tui/verb.h"
#include "tui/work.h"

enum { PRIORITY = 5 };

static enum action_kind
kind_of(const char *verb)
{
	int k = 0;

	while (k < ACTION_COUNT - 1 &&
	    strcmp(action_infos[k].verb, verb) != 0)
		k++;
	return (enum action_kind)k;
}

/* --- Who is meant --------------------------------------------------------------- */

static int
priority(const struct vm *vm)
{
	return vm->conf != NULL ? vm->conf->priority : PRIORITY;
}

struct order {
	const struct vm *vm;
	bool last_first;
};

static int
compare(const void *p, const void *q)
{
	const struct order *a = p, *b = q;
	int c = priority(a->vm) - priority(b->vm);

	if (c != 0)
		return a->last_first ? -c : c;
	c = strcmp(a->vm->name, b->vm->name);
	return c != 0 ? c : uuid_cmp(&a->vm->uuid, &b->vm->uuid);
}

/* Who matters most goes down last and comes up first. */
static void
sort(struct targets *t, const struct model *m, enum action_kind kind)
{
	struct order *v = x_calloc(t->n + 1, sizeof *v);

	for (size_t i = 0; i < t->n; i++)
		v[i] = (struct order){ model_vm(m, t->v[i]),
			kind == ACTION_SHUTDOWN || kind == ACTION_KILL ||
			kind == ACTION_PAUSE || kind == ACTION_SAVE };
	qsort(v, t->n, sizeof *v, compare);
	for (size_t i = 0; i < t->n; i++)
		t->v[i] = v[i].vm->id;
	x_free(v);
}

/* Of a pattern only those count to which it can be done. */
static void
narrow(struct targets *t, size_t from, const struct model *m,
    enum action_kind kind)
{
	size_t n = from;

	for (size_t i = from; i < t->n; i++) {
		const struct vm *vm = model_vm(m, t->v[i]);

		if (action_fits(kind, vm))
			t->v[n++] = t->v[i];
		else
			fprintf(stderr, "xendeck: %s is left out: it is %s\n",
			    vm->name, vm_state_name(vm->state));
	}
	t->n = n;
}

static int
find_targets(struct targets *t, const struct verb_act_args *a,
    const struct session *s)
{
	for (size_t i = 0; i < a->nnames; i++) {
		struct err err = { 0 };
		size_t n = t->n;
		bool many;

		if (targets_add(t, s->model, a->names[i], &many, &err) != 0) {
			size_t missing = session_complain(s);

			fprintf(stderr, "xendeck: %s%s\n", err.msg,
			    missing != 0 ? " on the hosts that answered" : "");
			return missing != 0 && err.kind == ERR_FAILED ?
			    ERR_UNREACHABLE : (int)err.kind;
		}
		if (many)
			narrow(t, n, s->model, a->kind);
	}
	sort(t, s->model, a->kind);
	return 0;
}

/* --- The plan -------------------------------------------------------------------- */

static int
find_host(uint32_t *host, const struct verb *v, const struct session *s,
    const char *name)
{
	*host = MODEL_NONE;
	if (name == NULL)
		return 0;
	*host = conf_find_host(&s->conf, name);
	if (*host != CONF_NO_HOST)
		return 0;
	return verb_usage(v, "there is no host '%s'", name);
}

/* Nobody swears to several at once, nor by a slip of the finger. */
static int
check_oath(const struct verb_act_args *a, const struct verb *v,
    const struct targets *t, const struct session *s)
{
	const char *name;

	if (a->sworn == NULL)
		return 0;
	if (t->n != 1)
		return verb_usage(v, "--sworn is for one VM");
	name = model_vm(s->model, t->v[0])->name;
	return strcmp(a->sworn, name) == 0 ? 0 :
	    verb_usage(v, "--sworn wants the VM's name: %s", name);
}

static int
fill(struct action *action, const struct verb_act_args *a, const struct verb *v,
    const struct session *s, uint32_t vm)
{
	struct err err = { 0 };

	action_init(action, a->kind, vm);
	if (find_host(&action->host, v, s, a->on) != 0)
		return ERR_USAGE;
	if (action_set_arg(action, s->model, a->text, &err) != 0)
		return verb_fail(&err);
	if (find_host(&action->to, v, s, a->to) != 0)
		return ERR_USAGE;
	if (action->kind == ACTION_SHUTDOWN && a->hard && a->timeout_ms > 0)
		action->value = (a->timeout_ms + 999) / 1000;
	action->sworn = a->sworn != NULL;
	action->hard = a->hard;
	action->paused = a->paused;
	return 0;
}

/* Where only the operator's word is missing; whether it is. */
static bool
hint_oath(const struct verb *v, struct action a, const struct session *s)
{
	struct plan p;
	bool missing;

	if (a.sworn || strstr(v->args, "--sworn") == NULL)
		return false;
	a.sworn = true;
	plan_init(&p);
	missing = action_plan(&p, &a, s->model, NULL) == 0;
	if (missing)
		fprintf(stderr, "xendeck: if you know that it runs nowhere, "
		    "say --sworn %s\n", model_vm(s->model, a.vm)->name);
	plan_free(&p);
	return missing;
}

static int
fill_all(struct verb_act_plan *p, const struct verb_act_args *a,
    const struct verb *v, const struct targets *t, const struct session *s)
{
	for (size_t i = 0; i < t->n; i++) {
		int rc;

		p->v = x_grow(p->v, p->n, &p->cap, sizeof *p->v);
		rc = fill(&p->v[p->n], a, v, s, t->v[i]);
		if (rc != 0)
			return rc;
		p->n++;
	}
	return 0;
}

/* All that is wrong is told at once. */
static int
plan_all(struct verb_act_plan *p, const struct verb *v,
    const struct session *s)
{
	bool *silent = x_calloc(s->conf.nclusters, sizeof *silent);
	int worst = 0;

	if (p->n > 1)
		p->plan.title = x_asprintf("%s %zu VMs",
		    action_infos[p->v[0].kind].doing, p->n);
	for (size_t i = 0; i < p->n; i++) {
		struct err err = { 0 };
		int rc;

		if (action_plan(&p->plan, &p->v[i], s->model, &err) == 0)
			continue;
		rc = verb_fail(&err);
		if (hint_oath(v, p->v[i], s) || rc == ERR_UNREACHABLE)
			silent[model_vm(s->model, p->v[i].vm)->cluster] = true;
		worst = worst == 0 ? rc : worst;
	}
	/* That a host is silent is half of it: what could be done about it? */
	for (uint32_t i = 0; i < s->conf.nclusters; i++)
		if (silent[i])
			session_complain_of(s, i);
	x_free(silent);
	if (worst != 0 && p->n > 1)
		fprintf(stderr, "xendeck: nothing was done\n");
	return worst;
}

static int
make_plan(struct verb_act_plan *p, const struct verb_act_args *a,
    const struct verb *v, const struct targets *t, struct session *s)
{
	struct work *asked = NULL;
	int rc = fill_all(p, a, v, t, s);

	if (rc == 0 && (a->kind == ACTION_MIGRATE || a->kind == ACTION_MOVE))
		rc = verb_act_look(&asked, p, s);
	if (rc == 0)
		rc = plan_all(p, v, s);
	for (size_t i = 0; i < p->n; i++)
		p->v[i].probes = NULL;
	work_close(asked);
	return rc;
}

static void
free_plan(struct verb_act_plan *p)
{
	x_free(p->v);
	plan_free(&p->plan);
}

static int
print_plan(const struct verb_act_plan *p, const struct session *s)
{
	enum { TEXT_MAX = 1 << 24 };
	struct buf out;

	buf_init(&out, TEXT_MAX);
	plan_text(&out, &p->plan, &s->conf);
	plan_scripts(&out, &p->plan, &s->conf);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	return 0;
}

/* --- The verb ---------------------------------------------------------------------- */

static bool
is_asked(const struct verb_act_plan *p)
{
	return p->n > 1 || p->v[0].sworn ||
	    action_infos[p->v[0].kind].danger != DANGER_NONE;
}

/* Whoever has just come cannot tell whether a migration still goes on. */
static void
watch(struct session *s, const struct targets *t)
{
	struct mono end = mono_add_ms(loop_now(), REPAIR_WATCH_MS + 1000);
	bool broken = false;

	for (size_t i = 0; i < t->n; i++) {
		const struct vm *vm = model_vm(s->model, t->v[i]);

		broken |= vm->ncopies > 1 || (vm->ncopies == 1 &&
		    (vm->copies[0].role != COPY_PLAIN ||
		    (vm->copies[0].flags & DOM_SHUTDOWN) != 0));
	}
	if (!broken)
		return;
	fprintf(stderr, "xendeck: watching for %d s whether it goes on by "
	    "itself\n", REPAIR_WATCH_MS / 1000);
	while (mono_before(loop_now(), end))
		session_turn(s, end);
}

static int
act(const struct verb_ctx *ctx, struct session *s, const struct verb_act_args *a,
    const struct verb *v)
{
	struct targets t = { 0 };
	struct verb_act_plan p = { 0 };
	int rc;

	verb_act_gather(s, a->kind == ACTION_START || a->kind == ACTION_RESTORE ||
	    a->kind == ACTION_MIGRATE || a->kind == ACTION_MOVE);
	for (size_t i = 0; a->kind == ACTION_START && !ctx->demo &&
	    i < a->nnames; i++)
		known_recall(s, a->names[i], NULL);
	plan_init(&p.plan);
	rc = find_targets(&t, a, s);
	if (rc == 0 && t.n == 0) {
		fprintf(stderr, "xendeck: there is nothing to do\n");
		goto out;
	}
	if (rc == 0 && a->kind == ACTION_REPAIR)
		watch(s, &t);
	if (rc == 0)
		rc = check_oath(a, v, &t, s);
	if (rc == 0)
		rc = make_plan(&p, a, v, &t, s);
	if (rc != 0)
		goto out;
	if (a->dry_run) {
		rc = print_plan(&p, s);
		goto out;
	}
	if (!a->yes && is_asked(&p)) {
		rc = verb_act_confirm(&p, s);
		if (rc == 0)
			verb_act_refresh(s);
	}
	if (rc == 0)
		rc = verb_act_carry_out(s, &p.plan, !ctx->demo,
		    a->hard ? 0 : a->timeout_ms, NULL);
out:
	targets_free(&t);
	free_plan(&p);
	return rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	enum action_kind kind = kind_of(argv[0]);
	const struct verb *v = &verb_acts[kind];
	struct verb_act_args a;
	struct session s;
	int rc = verb_act_parse(&a, v, kind, argc, argv);

	if (rc == 0)
		rc = verb_session(ctx, &s, true);
	if (rc != 0)
		return rc;
	rc = act(ctx, &s, &a, v);
	session_close(&s);
	return rc;
}

#define COMMON " [--on HOST] [--yes] [--dry-run] [--timeout TIME]"
#define NAMES "NAME..."

#define ROW(kind, verb, words, line) \
	[kind] = { .name = verb, .args = words COMMON, .help = line, \
		.run = run }

const struct verb verb_acts[ACTION_COUNT] = {
	ROW(ACTION_START, "start", NAMES " [--paused] [--sworn NAME]",
	    "start VMs where they belong, or on that host"),
	ROW(ACTION_SHUTDOWN, "shutdown", NAMES " [--hard]", "shut VMs down; "
	    "with --hard, destroy what has not ended in that time"),
	ROW(ACTION_REBOOT, "reboot", NAMES, "reboot VMs"),
	ROW(ACTION_KILL, "kill", NAMES, "destroy VMs at once, as if their "
	    "power was cut"),
	ROW(ACTION_PAUSE, "pause", NAMES, "halt VMs until they are unpaused"),
	ROW(ACTION_UNPAUSE, "unpause", NAMES " [--sworn NAME]",
	    "let paused VMs run again"),
	ROW(ACTION_SAVE, "save", "NAME [PATH]", "write a VM's memory to a file "
	    "on its host and end it"),
	ROW(ACTION_RESTORE, "restore", "NAME PATH [--paused] [--sworn NAME]",
	    "let a VM go on from such a file"),
	ROW(ACTION_RENAME, "rename", "NAME NEW-NAME", "rename a VM while it "
	    "runs"),
	ROW(ACTION_MEMORY, "mem-set", "NAME SIZE", "set a VM's memory: 2GiB"),
	ROW(ACTION_VCPUS, "vcpu-set", "NAME NUMBER", "set how many vCPUs a VM "
	    "uses"),
	ROW(ACTION_PIN, "vcpu-pin", "NAME [VCPU] CPUS", "set on which "
	    "processors a VM's vCPUs may run: 0-3, or 1 0-3, or all"),
	ROW(ACTION_SCHED, "sched", "NAME [weight=N] [cap=PERCENT]",
	    "set a VM's share of the processors"),
	ROW(ACTION_DISK_ATTACH, "disk-attach", "NAME SPEC", "attach a disk, as "
	    "xl-disk-configuration(5) has it: phy:/dev/vg/lv,xvdb,w"),
	ROW(ACTION_DISK_DETACH, "disk-detach", "NAME DEVICE", "detach a disk: "
	    "xvdb"),
	ROW(ACTION_NIC_ATTACH, "nic-attach", "NAME SPEC", "attach a network "
	    "interface, as xl-network-configuration(5) has it: bridge=xenbr0"),
	ROW(ACTION_NIC_DETACH, "nic-detach", "NAME MAC|NUMBER", "detach a "
	    "network interface"),
	ROW(ACTION_CD_INSERT, "cd-insert", "NAME DEVICE PATH", "insert an "
	    "image into a CD drive: hdc /srv/debian.iso"),
	ROW(ACTION_CD_EJECT, "cd-eject", "NAME DEVICE", "empty a CD drive"),
	ROW(ACTION_TRIGGER, "trigger",
	    "NAME nmi|reset|init|power|sleep|s3resume", "send a VM such a "
	    "trigger"),
	ROW(ACTION_SYSRQ, "sysrq", "NAME LETTER", "send a SysRq key to a "
	    "VM's Linux"),
	ROW(ACTION_DUMP_CORE, "dump-core", "NAME [PATH]", "write a VM's memory "
	    "to a file on its host"),
	ROW(ACTION_MIGRATE, "migrate", NAMES " [--to HOST] [--paused]",
	    "take VMs to another host while they run"),
	ROW(ACTION_MOVE, "move", NAMES " [--to HOST]", "shut VMs down and "
	    "start them on another host"),
	ROW(ACTION_REPAIR, "repair", NAMES, "clear up what a broken migration "
	    "left of VMs"),
};
