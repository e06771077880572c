/* See editing.h. What was typed is the operator's work: until it is written on
 * the host, the file stays, and the same key comes back to it. */
#include "tui/editing.h"

#include <stdio.h>
#include <string.h>

#include "core/defdiff.h"
#include "core/defedit.h"
#include "core/defplan.h"
#include "core/mem.h"
#include "core/safety.h"

char *
editing_close(struct editing *e)
{
	char *path = NULL;

	if (!e->open)
		return NULL;
	path = x_strdup(e->editor.path);
	editor_close(&e->editor, true);
	defs_unref(e->defs);
	*e = (struct editing){ .open = false };
	return path;
}

static void
drop(struct editing *e)
{
	editor_close(&e->editor, false);
	defs_unref(e->defs);
	*e = (struct editing){ .open = false };
}

static bool
is_of(const struct editing *e, const struct vm *vm)
{
	return e->open && e->cluster == vm->cluster &&
	    uuid_cmp(&e->uuid, &vm->uuid) == 0 &&
	    strcmp(e->name, vm->name) == 0;
}

static int
start(struct editing *e, const struct model *m, const struct vm *vm,
    struct err *say)
{
	const struct def *d = def_of_vm(m, vm, MODEL_NONE);
	const struct host *h;

	if (safety_writable(model_conf(m), vm->cluster, say) != 0)
		return -1;
	if (d == NULL)
		return err_set(say, ERR_FAILED, "No host that has answered "
		    "defines %.100s.", vm->name);
	h = model_host(m, vm->def_host);
	if (h->health != HOST_LIVE)
		return err_set(say, ERR_UNREACHABLE, "%s does not answer: "
		    "nothing can be written there.", h->name);
	*e = (struct editing){ .cluster = vm->cluster, .host = vm->def_host,
		.uuid = vm->uuid, .defs = defs_ref(model_defs(m,
		vm->def_host)) };
	snprintf(e->name, sizeof e->name, "%s", vm->name);
	e->was = defs_find(e->defs, &vm->uuid, vm->name);
	e->open = editor_open(&e->editor, strrchr(e->was->path, '/') + 1,
	    e->was->text, e->was->len, say) == 0;
	if (!e->open) {
		defs_unref(e->defs);
		e->defs = NULL;
	}
	return e->open ? 0 : -1;
}

/* As it came out of the editor, into a plan. */
static int
take(struct editing *e, struct plan *p, const struct buf *text,
    const struct model *m, const struct vm *vm, struct err *say)
{
	struct arena mem = { NULL };
	struct def d;
	int rc;

	if (text->len == e->was->len &&
	    memcmp(text->p, e->was->text, text->len) == 0) {
		err_set(say, ERR_NONE, "The definition of %.100s is as it "
		    "was.", vm->name);
		drop(e);
		return 1;
	}
	p->title = x_asprintf("write the definition of %s on %s", vm->name,
	    model_host(m, e->host)->name);
	rc = defedit_take(&d, &mem, m, vm, text->p != NULL ? text->p : "",
	    text->len, say);
	if (rc == 0)
		rc = defplan_write(p, m, vm, e->host, e->was->path, e->was,
		    text->p, say);
	arena_free(&mem);
	return rc;
}

/* The sentence, and where the text is. */
static void
add_place(const struct editing *e, struct err *say)
{
	struct err was = *say;

	err_set(say, was.kind, "%.300s; your text is in %.150s", was.msg,
	    e->editor.path);
}

int
editing_run(struct editing *e, struct plan *p, const struct model *m,
    uint32_t id, void (*turn)(void *arg), void *arg, struct err *say)
{
	const struct vm *vm = model_vm(m, id);
	struct buf text;
	int rc;

	if (vm == NULL)
		return err_set(say, ERR_FAILED, "The VM is not there any more.");
	if (e->open && e->job != 0)
		return err_set(say, ERR_FAILED, "The definition of %.100s is "
		    "still being written.", e->name);
	if (e->open && !is_of(e, vm))
		x_free(editing_close(e));
	if (!e->open && start(e, m, vm, say) != 0)
		return -1;
	buf_init(&text, 2 * DEFS_FILE_MAX);
	rc = editor_run(&e->editor, turn, arg, say);
	vm = model_vm(m, id); /* time has passed */
	if (rc == 0 && vm == NULL)
		rc = err_set(say, ERR_FAILED, "The VM is not there any more");
	if (rc == 0)
		rc = editor_read(&e->editor, &text, say);
	if (rc == 0)
		rc = take(e, p, &text, m, vm, say);
	if (rc < 0)
		add_place(e, say);
	buf_free(&text);
	return rc;
}

/* --- Afterwards ------------------------------------------------------------------ */

/* Hosts of the cluster whose definition is not what was written. */
static size_t
others(const struct editing *e, const struct job *job, const struct model *m)
{
	const char *body = job->steps[0].plan.req.body;
	struct vm vm = { .cluster = e->cluster, .uuid = e->uuid };
	const struct def now = { .text = body, .len = strlen(body) };
	size_t n = 0;

	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct defs *defs = model_defs(m, i);
		const struct def *d;
		struct def_changes c;

		if (i == e->host || defs == NULL ||
		    model_host(m, i)->cluster != vm.cluster)
			continue;
		d = defs_find(defs, &vm.uuid, e->name);
		if (d == NULL)
			continue;
		def_diff(&c, &now, d);
		n += c.n > 0;
		def_changes_free(&c);
	}
	return n;
}

static const char *
why(const struct job *job)
{
	for (size_t i = 0; job != NULL && i < job->nsteps; i++)
		if (job->steps[i].state != STEP_DONE &&
		    job->steps[i].outcome != NULL)
			return job->steps[i].outcome;
	return "It was not written";
}

bool
editing_turn(struct editing *e, const struct jobs *jobs,
    const struct model *m, enum err_kind *kind, char *text, size_t size)
{
	const struct job *job;
	size_t n;

	if (e->job == 0)
		return false;
	job = jobs_find(jobs, e->job);
	if (job != NULL && !job_over(job))
		return false;
	e->job = 0;
	*kind = job != NULL && job->state == JOB_DONE ? ERR_NONE : ERR_FAILED;
	if (*kind != ERR_NONE) {
		snprintf(text, size, "%.80s: not written; E goes on with your "
		    "text. %.200s", e->name, why(job));
		return true;
	}
	n = others(e, job, m);
	if (n > 0)
		snprintf(text, size, "%.100s on %s: written, the old one is "
		    "kept. %zu other host%s another one: v shows it.", e->name,
		    model_host(m, e->host)->name, n, n == 1 ? " has" :
		    "s have");
	else
		snprintf(text, size, "%.100s on %s: written, the old one is "
		    "kept.", e->name, model_host(m, e->host)->name);
	drop(e);
	return true;
}
