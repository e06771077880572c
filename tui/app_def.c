/* The definition of a VM: shown, with where the cluster's hosts differ; or asked
 * for to be edited, which the outside does, since it has the terminal. */
#include "tui/app_cmd.h"

#include <stdio.h>

#include "core/answer.h"
#include "core/defdiff.h"
#include "core/mem.h"
#include "tui/deftext.h"
#include "tui/view.h"

static const struct vm *
vm_meant(const struct app *a)
{
	const struct layer *l = &a->ui.layer[a->ui.nlayers - 1];
	const struct row *row = app_selected(a);
	struct row_id id = l->view == VIEW_DETAIL ? l->about :
	    row != NULL ? row->id : (struct row_id){ .kind = ROW_HOST };

	return id.kind == ROW_VM ? model_vm(a->model, id.id) : NULL;
}

static const struct vm *
vm_wanted(struct app *a)
{
	const struct vm *vm = vm_meant(a);

	if (vm == NULL)
		app_say(a, STYLE_WARN, "Select the VM whose definition is "
		    "meant.");
	return vm;
}

void
cmd_edit_def(struct app *a)
{
	const struct vm *vm = vm_wanted(a);

	if (vm == NULL || !app_can_act(a))
		return;
	a->fx.edit = true;
	a->fx.vm = vm->id;
}

/* Passwords stay out of a screen that others may see. */
static void
put_text(struct buf *out, const struct def *d)
{
	struct buf secretless, clean;

	buf_init(&secretless, 2 * ANSWER_MAX);
	buf_init(&clean, 2 * ANSWER_MAX);
	if (def_redact(&secretless, d->text, d->len) == 0 &&
	    secretless.p != NULL)
		answer_clean(&clean, secretless.p, secretless.len);
	if (clean.p != NULL)
		buf_add(out, clean.p, clean.len);
	buf_free(&secretless);
	buf_free(&clean);
}

void
cmd_def(struct app *a)
{
	const struct vm *vm = vm_wanted(a);
	const struct def *d;
	char title[400];
	struct buf out;

	if (vm == NULL)
		return;
	d = def_of_vm(a->model, vm, MODEL_NONE);
	if (d == NULL) {
		app_say(a, STYLE_WARN, "No host that has answered defines "
		    "%.100s.", vm->name);
		return;
	}
	snprintf(title, sizeof title, "Definition of %.100s on %s, %.200s",
	    vm->name, model_host(a->model, vm->def_host)->name, d->path);
	buf_init(&out, APP_OUTPUT_MAX);
	put_text(&out, d);
	buf_puts(&out, "\n");
	deftext_spread(&out, a->model, vm);
	app_output(a, title, &out, false);
	buf_free(&out);
}
