/* edit: the definition of a VM in the operator's own editor. What comes out of
 * it is only written after xl on that host has understood it, and only over
 * what was read there; a text that is not taken stays in a file that is named.
 * After that the cluster's other hosts can be brought in step, each by its own
 * yes. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/defdiff.h"
#include "core/defedit.h"
#include "core/defplan.h"
#include "core/mem.h"
#include "core/safety.h"
#include "tui/deftext.h"
#include "tui/editor.h"
#include "tui/verb_act.h"
#include "tui/verb.h"

enum { TURN_MS = 100 };

struct args {
	const char *vm, *on;
	bool fresh, dry_run;
};

struct edit {
	const struct verb_ctx *ctx;
	struct session *s;
	uint32_t vm;           /* MODEL_NONE: a new one, */
	struct vm made;        /* which is this */
	uint32_t host;
	const struct defs *defs; /* of the host when it was read; ours */
	const struct def *was; /* among them; NULL: a new one */
	char *path;
	struct editor editor;
	struct buf first;      /* as it went into the editor, */
	struct buf text;       /* and came out of it */
	struct def def;        /* what it says */
	struct arena mem;
	bool dry_run;
};

static const struct vm *
vm_of(const struct edit *e)
{
	const struct vm *vm = e->vm != MODEL_NONE ?
	    model_vm(e->s->model, e->vm) : NULL;

	return vm != NULL ? vm : &e->made;
}

static const char *
host_of(const struct edit *e)
{
	return model_host(e->s->model, e->host)->name;
}

static bool
can_ask(void)
{
	return isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
}

static bool
says_yes(const char *question, bool otherwise)
{
	char line[80];

	fprintf(stderr, "%s [%s] ", question, otherwise ? "Y/n" : "y/N");
	if (fgets(line, sizeof line, stdin) == NULL) {
		fputc('\n', stderr);
		return false;
	}
	line[strcspn(line, "\n")] = '\0';
	if (line[0] == '\0')
		return otherwise;
	return strcmp(line, "y") == 0 || strcmp(line, "yes") == 0;
}

/* --- In the editor --------------------------------------------------------------- */

/* Links stay alive, and what changes on the hosts is heard. */
static void
turn(void *arg)
{
	session_turn(arg, mono_add_ms(loop_now(), TURN_MS));
}

enum edited { EDITED, EDITED_NOTHING, EDITED_FAILED };

/* What went wrong is told. keep: there is something in the file to be kept. */
static enum edited
edit_once(struct edit *e, bool *keep)
{
	struct err err = { 0 };
	int rc = editor_run(&e->editor, turn, e->s, &err);

	buf_clear(&e->text);
	if (editor_read(&e->editor, &e->text, rc == 0 ? &err : NULL) != 0) {
		*keep = true;
		rc = -1;
	} else if (e->text.len != e->first.len || e->text.len == 0 ||
	    memcmp(e->text.p, e->first.p, e->text.len) != 0) {
		*keep = true;
	} else {
		*keep = false;
	}
	if (rc != 0)
		verb_fail(&err);
	return rc != 0 ? EDITED_FAILED : *keep ? EDITED : EDITED_NOTHING;
}

/* --- Writing it ------------------------------------------------------------------- */

static void
print_plan(const struct edit *e, const struct plan *p)
{
	struct buf out;

	buf_init(&out, 4 * DEFS_FILE_MAX);
	plan_text(&out, p, &e->s->conf);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
}

/* A host's own word that its file is not what was read is a refusal. */
static bool
is_stale(const struct verb_act_end *end)
{
	return end->failed == REQ_DEF_WRITE &&
	    (strstr(end->words, "has changed since it was read") != NULL ||
	    strstr(end->words, "is not there any more") != NULL);
}

/* All of what xl said: it names the line. */
static void
tell_words(const char *words)
{
	while (*words != '\0') {
		size_t n = strcspn(words, "\n");

		fprintf(stderr, "    %.*s\n", (int)n, words);
		words += n + (words[n] == '\n');
	}
}

/* *again: another go in the editor could mend it. */
static int
write_on(const struct edit *e, uint32_t host, const char *path,
    const struct def *was, bool *again)
{
	struct verb_act_end end = { .failed = REQ_NONE };
	struct err err = { 0 };
	struct plan p;
	int rc;

	plan_init(&p);
	p.title = x_asprintf("write the definition of %s on %s",
	    vm_of(e)->name, model_host(e->s->model, host)->name);
	*again = false;
	if (defplan_write(&p, e->s->model, vm_of(e), host, path, was,
	    e->text.p, &err) != 0) {
		rc = verb_fail(&err);
	} else if (e->dry_run) {
		print_plan(e, &p);
		rc = 0;
	} else {
		rc = verb_act_carry_out(e->s, &p, !e->ctx->demo, 0, &end);
		*again = end.failed == REQ_DEF_CHECK;
		if (*again)
			tell_words(end.words);
		if (is_stale(&end))
			rc = ERR_REFUSED;
	}
	plan_free(&p);
	return rc;
}

static int
try_text(struct edit *e, bool *again)
{
	struct err err = { 0 };

	*again = true;
	if (defedit_take(&e->def, &e->mem, e->s->model, vm_of(e),
	    e->text.p != NULL ? e->text.p : "", e->text.len, &err) != 0)
		return verb_fail(&err);
	e->def.path = e->path;
	return write_on(e, e->host, e->path, e->was, again);
}

/* --- The other hosts --------------------------------------------------------------- */

static void
print_changes(const struct def_changes *c, const char *here, const char *there)
{
	for (size_t i = 0; i < c->n; i++)
		fprintf(stderr, "    %s: %s on %s, %s on %s\n", c->v[i].key,
		    c->v[i].b != NULL ? c->v[i].b : "not set", there,
		    c->v[i].a != NULL ? c->v[i].a : "not set", here);
}

/* Whether that host has another one than was just written, which is told. */
static bool
tell_other(const struct edit *e, uint32_t host, const struct def *there)
{
	const struct host *h = model_host(e->s->model, host);
	struct def_changes c = { .n = 0 };
	bool other;

	if (model_defs(e->s->model, host) == NULL) {
		fprintf(stderr, "%s has not said what it defines\n", h->name);
		return false;
	}
	if (there != NULL)
		def_diff(&c, &e->def, there);
	other = there == NULL || c.n > 0;
	if (there == NULL)
		fprintf(stderr, "%s has no definition of %s%s\n", h->name,
		    vm_of(e)->name, h->health == HOST_LIVE ? "" :
		    ", as of its last word");
	else if (other)
		fprintf(stderr, "%s has another one, %s%s:\n", h->name,
		    there->path, h->health == HOST_LIVE ? "" :
		    ", as of its last word");
	print_changes(&c, host_of(e), h->name);
	def_changes_free(&c);
	return other && h->health == HOST_LIVE;
}

static int
bring_in_step(const struct edit *e)
{
	const struct model *m = e->s->model;
	int worst = 0, rc;

	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct def *there;
		char question[400];
		bool again;

		if (i == e->host || model_host(m, i)->cluster !=
		    vm_of(e)->cluster)
			continue;
		there = def_of_vm(m, vm_of(e), i);
		if (!tell_other(e, i, there) || !can_ask() || e->dry_run)
			continue;
		snprintf(question, sizeof question, "Write it to %s as well?",
		    model_host(m, i)->name);
		if (!says_yes(question, false))
			continue;
		there = def_of_vm(m, vm_of(e), i);
		rc = write_on(e, i, there != NULL ? there->path : e->path,
		    there, &again);
		worst = worst == 0 ? rc : worst;
	}
	return worst;
}

/* --- All of it ---------------------------------------------------------------------- */

static void
tell_end(const struct edit *e, enum edited how, bool keep, int rc)
{
	if (how == EDITED_NOTHING && e->was == NULL)
		fprintf(stderr, "xendeck: nothing was written: the text is as "
		    "it was given\n");
	else if (how == EDITED_NOTHING)
		fprintf(stderr, "xendeck: the definition of %s is as it was\n",
		    vm_of(e)->name);
	else if (rc != 0 && keep)
		fprintf(stderr, "xendeck: %syour text is in %s\n",
		    rc == ERR_UNKNOWN ? "" : "nothing was changed; ",
		    e->editor.path);
}

static int
work_on(struct edit *e)
{
	bool again = true, keep;
	enum edited how;
	int rc;

	do {
		how = edit_once(e, &keep);
		rc = how == EDITED_FAILED ? ERR_FAILED : 0;
		if (how == EDITED)
			rc = try_text(e, &again);
	} while (how == EDITED && rc != 0 && again && can_ask() &&
	    says_yes("Edit it again?", true));
	tell_end(e, how, keep, rc);
	editor_close(&e->editor, rc != 0 && keep);
	return how == EDITED && rc == 0 ? bring_in_step(e) : rc;
}

static int
begin_new(struct edit *e, const char *name, struct err *err)
{
	const struct model *m = e->s->model;
	struct buf path;
	const struct vm *other;

	e->made = (struct vm){ .id = MODEL_NONE, .name = x_strdup(name),
		.cluster = model_host(m, e->host)->cluster };
	other = model_find_vm(m, e->made.cluster, &e->made.uuid, name);
	if (other != NULL)
		return err_set(err, ERR_REFUSED, "there is a VM by the name "
		    "of %s already", name);
	buf_init(&path, OBS_TEXT_MAX);
	if (defedit_path(&path, &e->s->conf, e->host, name, err) == 0)
		e->path = x_strdup(path.p);
	buf_free(&path);
	return e->path != NULL ? 0 : -1;
}

static int
begin_old(struct edit *e, const struct args *a, struct err *err)
{
	const struct model *m = e->s->model;
	const struct vm *vm;

	e->vm = deftext_vm(m, a->vm, err);
	if (e->vm == MODEL_NONE)
		return -1;
	vm = model_vm(m, e->vm);
	e->made = (struct vm){ .id = vm->id, .cluster = vm->cluster,
		.uuid = vm->uuid, .name = x_strdup(vm->name) };
	if (deftext_def(m, vm, e->host, err) == NULL)
		return -1;
	if (e->host == MODEL_NONE)
		e->host = vm->def_host;
	e->defs = defs_ref(model_defs(m, e->host));
	e->was = defs_find(e->defs, &vm->uuid, vm->name);
	e->path = x_strdup(e->was->path);
	return 0;
}

/* What would be refused anyway is so before anything is typed. */
static int
begin(struct edit *e, const struct args *a, struct err *err)
{
	const struct host *h;

	e->host = a->on != NULL ? deftext_host(e->s, a->on, err) : MODEL_NONE;
	if (a->on != NULL && e->host == MODEL_NONE)
		return -1;
	if ((a->fresh ? begin_new(e, a->vm, err) : begin_old(e, a, err)) != 0)
		return -1;
	if (safety_writable(&e->s->conf, e->made.cluster, err) != 0)
		return -1;
	h = model_host(e->s->model, e->host);
	if (h->health != HOST_LIVE)
		return err_set(err, ERR_UNREACHABLE, "%s does not answer: "
		    "nothing can be written there", h->name);
	if (e->was != NULL)
		buf_add(&e->first, e->was->text, e->was->len);
	else
		defedit_template(&e->first, a->vm);
	return editor_open(&e->editor, strrchr(e->path, '/') + 1, e->first.p,
	    e->first.len, err);
}

static int
edit(struct edit *e, const struct args *a)
{
	struct err err = { 0 };
	size_t missing;
	int rc;

	verb_act_gather(e->s, true);
	missing = session_complain(e->s);
	e->vm = MODEL_NONE;
	e->dry_run = a->dry_run;
	buf_init(&e->first, 2 * DEFS_FILE_MAX);
	buf_init(&e->text, 2 * DEFS_FILE_MAX);
	if (begin(e, a, &err) == 0) {
		rc = work_on(e);
	} else {
		rc = verb_fail(&err);
		if (missing != 0 && rc == ERR_FAILED)
			rc = ERR_UNREACHABLE;
	}
	buf_free(&e->first);
	buf_free(&e->text);
	arena_free(&e->mem);
	defs_unref(e->defs);
	x_free(e->path);
	x_free(e->made.name);
	return rc;
}

/* --- The verb ------------------------------------------------------------------------ */

static int
parse_args(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .vm = NULL };
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--on") == 0 && i + 1 < argc)
			a->on = argv[++i];
		else if (strcmp(argv[i], "--new") == 0)
			a->fresh = true;
		else if (strcmp(argv[i], "--dry-run") == 0)
			a->dry_run = true;
		else if (argv[i][0] == '-')
			return verb_usage(&verb_edit, "'%s' is not understood",
			    argv[i]);
		else if (a->vm != NULL)
			return verb_usage(&verb_edit, "one VM is wanted");
		else
			a->vm = argv[i];
	}
	if (a->vm == NULL)
		return verb_usage(&verb_edit, "one VM is wanted");
	if (a->fresh && a->on == NULL)
		return verb_usage(&verb_edit, "a new VM is defined on a host: "
		    "--on HOST");
	if (!editor_chosen() && !can_ask())
		return verb_usage(&verb_edit, "this is no terminal, and EDITOR "
		    "names no program that does it without");
	return 0;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct edit e = { .ctx = ctx };
	struct session s;
	struct args a;
	int rc = parse_args(&a, argc, argv);

	if (rc == 0)
		rc = verb_session(ctx, &s, true);
	if (rc != 0)
		return rc;
	e.s = &s;
	rc = edit(&e, &a);
	session_close(&s);
	return rc;
}

const struct verb verb_edit = {
	.name = "edit",
	.args = "[--new] VM [--on HOST] [--dry-run]",
	.help = "edit a VM's definition; xl checks it before it is written",
	.run = run,
};
