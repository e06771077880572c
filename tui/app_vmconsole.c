/* Coming to a VM's console and leaving it, and whose the keys are meanwhile:
 * all but a few are the guest's. Only what is now can be typed at, and only
 * where something may be done at all. */
#include <string.h>

#include "core/safety.h"
#include "tui/app_cmd.h"
#include "tui/view.h"

enum { WHEEL_LINES = 3, HEAD = 1 };

static bool
is_shown(const struct app *a)
{
	return a->ui.layer[a->ui.nlayers - 1].view == VIEW_VMCONSOLE;
}

void
app_vmconsole_follow(struct app *a)
{
	if (!is_shown(a) && a->vmcon.state != VMCON_CLOSED)
		vmcon_leave(&a->vmcon);
	a->ui.guest_keys = is_shown(a) && vmcon_takes_keys(&a->vmcon);
}

void
app_vmconsole_resize(struct app *a)
{
	vmcon_resize(&a->vmcon, a->w, a->h - HEAD);
}

/* Why there is no console now, or NULL. */
static const char *
refusal(const struct app *a)
{
	if (a->ui.time.mode == TIME_REPLAY)
		return "This is a recording: its VMs have no console.";
	if (a->ui.time.mode == TIME_PAST)
		return "This is the past: consoles are of now. z goes there.";
	if (a->vmcon.source.open == NULL)
		return "There are no consoles here.";
	return NULL;
}

void
app_vmconsole(struct app *a, uint32_t id)
{
	const struct vm *vm = model_vm(a->model, id);
	const char *why = refusal(a);
	struct err err = { 0 };

	if (why != NULL)
		app_say(a, STYLE_WARN, "%s", why);
	else if (vm != NULL && safety_writable(model_conf(a->model),
	    vm->cluster, &err) != 0)
		app_say(a, STYLE_WARN, "%s", err.msg);
	else if (vm == NULL)
		app_say(a, STYLE_WARN, "Select the VM whose console is "
		    "wanted.");
	else if (vm_main(vm) == NULL)
		app_say(a, STYLE_WARN, "%.100s does not run now: it has no "
		    "console.", vm->name);
	else {
		app_push(a, VIEW_VMCONSOLE, (struct row_id){ .kind = ROW_VM,
		    .id = id, .host = MODEL_NONE });
		if (!is_shown(a))
			return;
		vmcon_resize(&a->vmcon, a->w, a->h - HEAD);
		vmcon_open(&a->vmcon, a->model, id);
		app_vmconsole_follow(a);
	}
}

void
cmd_vmconsole(struct app *a)
{
	const struct layer *l = app_layer(a);
	struct row_id id = l->view == VIEW_DETAIL ? l->about : a->ui.sel;

	app_vmconsole(a, id.kind == ROW_VM && (l->view == VIEW_DETAIL ||
	    a->rows.n > 0) ? id.id : MODEL_NONE);
}

void
cmd_vmconsole_leave(struct app *a)
{
	if (a->vmcon_alone)
		a->fx.quit = true;
	else if (is_shown(a))
		a->ui.nlayers--;
	app_vmconsole_follow(a);
}

static int
page(const struct app *a)
{
	return a->h - HEAD > 2 ? a->h - HEAD - 1 : 1;
}

void
cmd_vmconsole_back(struct app *a)
{
	vmcon_scroll(&a->vmcon, page(a));
}

void
cmd_vmconsole_on(struct app *a)
{
	vmcon_scroll(&a->vmcon, -page(a));
}

void
cmd_vmconsole_size(struct app *a)
{
	vmcon_tell_size(&a->vmcon);
}

void
cmd_vmconsole_retry(struct app *a)
{
	vmcon_retry(&a->vmcon, false);
}

void
cmd_vmconsole_log(struct app *a)
{
	vmcon_retry(&a->vmcon, true);
}

/* An editor has pages of its own to turn, and nothing of its screen scrolls
 * away: there only Shift asks for ours. */
static bool
scrolls(const struct app *a, const struct binding *b, uint32_t key)
{
	const struct emulator *e = vmcon_emulator(&a->vmcon);

	return (b->cmd == CMD_VMCONSOLE_BACK || b->cmd == CMD_VMCONSOLE_ON) &&
	    e != NULL && emulator_alternate(e) && (key & KEYC_SHIFT) == 0;
}

bool
app_vmconsole_key(struct app *a, const struct binding *b, uint32_t key)
{
	if (b != NULL && !scrolls(a, b, key))
		return false;
	vmcon_key(&a->vmcon, key);
	return true;
}

bool
app_vmconsole_mouse(struct app *a, struct mouse m)
{
	if (!is_shown(a))
		return false;
	if (m.what != MOUSE_PRESS)
		vmcon_scroll(&a->vmcon, m.what == MOUSE_UP ? WHEEL_LINES :
		    -WHEEL_LINES);
	return true;
}

bool
app_vmconsole_paste(struct app *a, const struct paste *p)
{
	if (!is_shown(a))
		return false;
	if (a->ui.guest_keys)
		vmcon_paste(&a->vmcon, p->text, p->n, !p->later, !p->more);
	return true;
}
