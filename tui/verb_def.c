/* def: the definition of a VM as it is on a host, and how those of the cluster's
 * hosts differ; and one host's taken to another, once the difference was seen. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/defdiff.h"
#include "core/defplan.h"
#include "core/mem.h"
#include "tui/deftext.h"
#include "tui/known.h"
#include "tui/report.h"
#include "tui/text.h"
#include "tui/verb_act.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000 };

struct args {
	const char *vm, *on, *from, *to;
	bool diff, copy, yes, dry_run;
	bool known;      /* of a host that is dead, out of the journal, */
	int64_t seen_ms; /* which saw it then */
};

/* Which options go with which of the three. */
static int
check_args(const struct args *a)
{
	if (a->vm == NULL)
		return verb_usage(&verb_def, "one VM is wanted");
	if (a->diff && a->on != NULL)
		return verb_usage(&verb_def,
		    "--diff is about all hosts, --on about one");
	if (a->copy && (a->diff || a->on != NULL))
		return verb_usage(&verb_def, "--copy is for itself");
	if (a->copy && (a->from == NULL || a->to == NULL))
		return verb_usage(&verb_def, "--copy wants --from HOST and "
		    "--to HOST");
	if (!a->copy && (a->from != NULL || a->to != NULL || a->yes ||
	    a->dry_run))
		return verb_usage(&verb_def, "--from, --to, --yes and "
		    "--dry-run are for --copy");
	return 0;
}

static int
parse_args(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .vm = NULL };
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--on") == 0 && i + 1 < argc)
			a->on = argv[++i];
		else if (strcmp(argv[i], "--from") == 0 && i + 1 < argc)
			a->from = argv[++i];
		else if (strcmp(argv[i], "--to") == 0 && i + 1 < argc)
			a->to = argv[++i];
		else if (strcmp(argv[i], "--diff") == 0)
			a->diff = true;
		else if (strcmp(argv[i], "--copy") == 0)
			a->copy = true;
		else if (strcmp(argv[i], "--yes") == 0)
			a->yes = true;
		else if (strcmp(argv[i], "--dry-run") == 0)
			a->dry_run = true;
		else if (argv[i][0] == '-')
			return verb_usage(&verb_def, "'%s' is not understood",
			    argv[i]);
		else if (a->vm != NULL)
			return verb_usage(&verb_def, "one VM is wanted");
		else
			a->vm = argv[i];
	}
	return check_args(a);
}

/* As diff(1): 1 where there are differences. */
static int
print_diff(const struct session *s, const struct vm *vm, struct err *err)
{
	struct buf out;
	size_t others;

	if (deftext_def(s->model, vm, MODEL_NONE, err) == NULL)
		return verb_fail(err);
	buf_init(&out, REPORT_MAX);
	others = deftext_spread(&out, s->model, vm);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	return others != 0 ? ERR_FAILED : ERR_NONE;
}

/* What a silent host defines is what it said last. */
static void
tell_age(const struct session *s, uint32_t host, const struct args *a)
{
	const struct host *h = model_host(s->model, host);
	char when[TEXT_MAX];

	if (s->reel != NULL || h->health == HOST_LIVE || !a->known || h->seen)
		return;
	text_when(when, a->seen_ms, loop_wall_ms());
	fprintf(stderr, "xendeck: this is what %s defined when it was last "
	    "seen, %s\n", h->name, when);
}

static int
print_def(const struct session *s, const struct vm *vm, const struct args *a,
    struct err *err)
{
	const char *on = a->on;
	uint32_t host = on != NULL ? deftext_host(s, on, err) : MODEL_NONE;
	const struct def *d;

	if (on != NULL && host == MODEL_NONE)
		return verb_fail(err);
	d = deftext_def(s->model, vm, host, err);
	if (d == NULL)
		return verb_fail(err);
	tell_age(s, host != MODEL_NONE ? host : vm->def_host, a);
	fwrite(d->text, 1, d->len, stdout);
	return ERR_NONE;
}

/* --- Copying ---------------------------------------------------------------- */

static void
print_difference(const struct session *s, const struct vm *vm, uint32_t from,
    uint32_t to)
{
	const struct def *a = def_of_vm(s->model, vm, from);
	const struct def *b = def_of_vm(s->model, vm, to);
	const char *to_name = model_host(s->model, to)->name;
	struct def_changes c;

	if (b == NULL) {
		fprintf(stderr, "%s has no definition of %s\n", to_name,
		    vm->name);
		return;
	}
	def_diff(&c, a, b);
	fprintf(stderr, "%s has another one, %s:\n", to_name, b->path);
	for (size_t i = 0; i < c.n; i++)
		fprintf(stderr, "    %s: %s becomes %s\n", c.v[i].key,
		    c.v[i].b != NULL ? c.v[i].b : "not set",
		    c.v[i].a != NULL ? c.v[i].a : "not set");
	def_changes_free(&c);
}

/* 0, or the exit code after having said why not. */
static int
confirm(const struct args *a)
{
	char line[80];

	if (a->yes)
		return 0;
	if (!isatty(STDIN_FILENO)) {
		fprintf(stderr, "xendeck: def: nobody can be asked here: say "
		    "--yes, or --dry-run to see what it would do\n");
		return ERR_REFUSED;
	}
	fprintf(stderr, "Type yes to write it there: ");
	if (fgets(line, sizeof line, stdin) != NULL &&
	    strcmp(line, "yes\n") == 0)
		return 0;
	fprintf(stderr, "xendeck: nothing was done\n");
	return ERR_REFUSED;
}

static int
print_plan(const struct session *s, const struct plan *p)
{
	struct buf out;

	buf_init(&out, REPORT_MAX);
	plan_text(&out, p, &s->conf);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	return ERR_NONE;
}

/* The plan was made before the question, and holds for what was shown: when the
 * file is another one by then, the host does not write. */
static int
copy(struct session *s, bool keep, const struct args *a, const struct vm *vm)
{
	struct err err = { 0 };
	uint32_t from = deftext_host(s, a->from, &err);
	uint32_t to = from != MODEL_NONE ? deftext_host(s, a->to, &err) :
	    MODEL_NONE;
	struct plan p;
	int rc;

	if (to == MODEL_NONE)
		return verb_fail(&err);
	plan_init(&p);
	p.title = x_asprintf("copy the definition of %s from %s to %s",
	    vm->name, a->from, a->to);
	if (defplan_copy(&p, s->model, vm, from, to, &err) != 0) {
		rc = verb_fail(&err);
	} else {
		print_difference(s, vm, from, to);
		rc = a->dry_run ? 0 : confirm(a);
		if (rc == 0)
			rc = a->dry_run ? print_plan(s, &p) :
			    verb_act_carry_out(s, &p, keep, 0, NULL);
	}
	plan_free(&p);
	return rc;
}

/* --- The verb ---------------------------------------------------------------- */

static int
look(struct session *s, int argc, char **argv, bool acts, bool demo)
{
	struct err err = { .kind = ERR_NONE };
	size_t missing;
	struct args a;
	uint32_t id;
	int rc = parse_args(&a, argc, argv);

	if (rc != 0)
		return rc;
	if (a.copy && !acts)
		return verb_usage(&verb_def, "--copy is for hosts, not for a "
		    "recording");
	if (s->reel == NULL)
		verb_act_gather(s, true);
	else if (session_gather(s, TIMEOUT_MS) != 0)
		return ERR_USAGE;
	missing = session_complain(s);
	if (acts && !demo)
		a.known = known_recall(s, a.vm, &a.seen_ms);
	id = deftext_vm(s->model, a.vm, &err);
	if (id == MODEL_NONE) {
		rc = verb_fail(&err);
		return missing != 0 ? ERR_UNREACHABLE : rc;
	}
	if (a.copy)
		return copy(s, !demo, &a, model_vm(s->model, id));
	if (a.diff)
		return print_diff(s, model_vm(s->model, id), &err);
	return print_def(s, model_vm(s->model, id), &a, &err);
}

int
def_session(struct session *s, int argc, char **argv)
{
	return look(s, argc, argv, false, true);
}

static int
look_demo(struct session *s, int argc, char **argv)
{
	return look(s, argc, argv, true, true);
}

static int
look_hosts(struct session *s, int argc, char **argv)
{
	return look(s, argc, argv, true, false);
}

static int
look_demo_read_only(struct session *s, int argc, char **argv)
{
	s->conf.read_only = true;
	return look(s, argc, argv, true, true);
}

static int
look_read_only(struct session *s, int argc, char **argv)
{
	s->conf.read_only = true;
	return look(s, argc, argv, true, false);
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	/* Of the demo, too, where nothing else cares. */
	if (ctx->read_only)
		return session_verb(ctx, argc, argv, ctx->demo ?
		    look_demo_read_only : look_read_only);
	return session_verb(ctx, argc, argv, ctx->demo ? look_demo :
	    look_hosts);
}

const struct verb verb_def = {
	.name = "def",
	.args = "VM [--on HOST] | --diff VM | --copy VM --from HOST --to HOST "
	    "[--yes] [--dry-run]",
	.help = "a VM's definition (xl.cfg), how the hosts' differ, or one "
	    "host's for another",
	.run = run,
	.exact = true,
};
