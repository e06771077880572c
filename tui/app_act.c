/* Commands that act on VMs: from a key to a plan that was seen and agreed to.
 * What is agreed to is what the box shows: when the world has changed under it,
 * the plan is made anew and asked for again. */
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/safety.h"
#include "tui/app_cmd.h"
#include "tui/view.h"

/* --- What it is done to ------------------------------------------------------------ */

static void
add_target(struct act *x, uint32_t vm, uint32_t host)
{
	x->v = x_reallocarray(x->v, x->n + 1, sizeof *x->v);
	x->v[x->n++] = (struct act_target){ .vm = vm, .host = host };
}

static void
add_marked(struct app *a, struct act *x)
{
	for (size_t i = 0; i < model_nvms(a->model); i++) {
		const struct vm *vm = model_vm_at(a->model, i);

		if (marks_has(&a->ui.marks, vm->id))
			add_target(x, vm->id, MODEL_NONE);
	}
}

static void
add_selected(struct app *a, struct act *x)
{
	const struct layer *l = app_layer(a);
	const struct row *row = app_selected(a);
	struct row_id id = { ROW_CLUSTER, 0, MODEL_NONE };

	if (l->view == VIEW_DETAIL)
		id = l->about;
	else if (row != NULL)
		id = row->id;
	if (id.kind == ROW_VM)
		add_target(x, id.id, id.host);
}

/* Marks are meant wherever they are, but for a VM's own view. */
static bool
find_targets(struct app *a, struct act *x)
{
	if (app_home_top(a) && a->ui.marks.n > 0)
		add_marked(a, x);
	else
		add_selected(a, x);
	if (x->n == 0)
		app_say(a, STYLE_WARN, "Select the VM that is meant, or mark "
		    "several with Space.");
	return x->n > 0;
}

/* --- Whether anything can be done ---------------------------------------------------- */

bool
app_can_act(struct app *a)
{
	if (a->ui.time.mode == TIME_REPLAY)
		app_say(a, STYLE_WARN, "This is a recording: nothing can be "
		    "done here.");
	else if (a->ui.time.mode == TIME_PAST)
		app_say(a, STYLE_WARN, "This is the past: nothing can be done "
		    "here. z goes back to now.");
	else if (a->no_work != NULL)
		app_say(a, STYLE_WARN, "%s", a->no_work);
	else
		return true;
	return false;
}

static bool
may_act(struct app *a, const struct act *x)
{
	struct err err;

	for (size_t i = 0; i < x->n; i++) {
		const struct vm *vm = model_vm(a->model, x->v[i].vm);

		if (vm != NULL && safety_writable(model_conf(a->model),
		    vm->cluster, &err) != 0) {
			app_say(a, STYLE_WARN, "%s", err.msg);
			return false;
		}
	}
	return true;
}

/* --- From stage to stage -------------------------------------------------------------- */

static void
open_line(struct app *a, enum act_stage stage)
{
	struct act *x = &a->ui.act;
	char text[300] = "";

	x->stage = stage;
	x->error[0] = '\0';
	if (stage == ACT_TYPE)
		act_present(text, sizeof text, x, a->model);
	lineedit_start(&a->ui.line, text, sizeof a->ui.line.text);
	app_action_typed(a);
}

static void
close_box(struct app *a)
{
	lineedit_free(&a->ui.line);
	act_close(&a->ui.act);
}

static void
hand_over(struct app *a)
{
	struct act *x = &a->ui.act;

	plan_free(&a->acted);
	a->acted = x->plan;
	plan_init(&x->plan);
	a->fx.plan = &a->acted;
	close_box(a);
}

static void
ask(struct app *a)
{
	struct act *x = &a->ui.act;

	x->top = 0;
	if (!act_plan(x, a->model, a->probes)) {
		x->stage = ACT_REFUSED;
		return;
	}
	act_word(x->word, sizeof x->word, x, a->model);
	if (x->word[0] != '\0')
		open_line(a, ACT_CONFIRM);
	else if (action_infos[x->action.kind].danger == DANGER_NONE &&
	    x->n == 1)
		hand_over(a);
	else
		x->stage = ACT_ASK;
}

/* What was agreed to is what is done. */
static void
agreed(struct app *a)
{
	struct act *x = &a->ui.act;
	char *shown = x_strdup(x->commands);
	bool same = act_plan(x, a->model, a->probes) && strcmp(shown, x->commands) == 0;

	x_free(shown);
	if (same) {
		hand_over(a);
		return;
	}
	ask(a);
	app_say(a, STYLE_WARN, "Things have changed meanwhile: look again.");
}

/* What was typed as the action's argument; false: why not is in the box. */
static bool
set_argument(struct app *a)
{
	struct act *x = &a->ui.act;
	enum action_kind kind = x->action.kind;
	struct err err;

	snprintf(x->arg, sizeof x->arg, "%s", a->ui.line.text);
	x->error[0] = '\0';
	action_init(&x->action, kind, MODEL_NONE);
	if (action_set_arg(&x->action, a->model, x->arg, &err) == 0)
		return true;
	snprintf(x->error, sizeof x->error, "%s", err.msg);
	return false;
}

/* While an argument is typed, the box shows what it would do. */
void
app_action_typed(struct app *a)
{
	struct act *x = &a->ui.act;

	x->error[0] = '\0';
	if (x->stage != ACT_TYPE)
		return;
	if (a->ui.line.len > 0 && set_argument(a))
		act_plan(x, a->model, a->probes);
	else
		act_unplan(x);
}

static void
take_argument(struct app *a)
{
	if (!set_argument(a)) {
		act_unplan(&a->ui.act);
		return;
	}
	lineedit_free(&a->ui.line);
	ask(a);
}

void
app_action_accept(struct app *a)
{
	struct act *x = &a->ui.act;

	if (x->stage == ACT_TYPE)
		take_argument(a);
	else if (x->word[0] == '\0' || strcmp(a->ui.line.text, x->word) != 0)
		snprintf(x->error, sizeof x->error, "That is not \"%s\": nothing "
		    "is done.", x->word);
	else
		agreed(a);
}

bool
app_action_leave(struct app *a)
{
	if (a->ui.act.stage == ACT_NONE)
		return false;
	close_box(a);
	app_say(a, STYLE_STATUS, "Nothing was done.");
	return true;
}

/* Each VM has its own hosts to go to: several go where their plans find best. */
static void
choose_host(struct app *a)
{
	struct act *x = &a->ui.act;

	if (x->n > 1) {
		ask(a);
		return;
	}
	x->stage = ACT_HOST;
	x->to = MODEL_NONE;
	act_host_move(x, a->model, a->probes, 0);
	a->fx.probe = true;
}

void
cmd_act_choose(struct app *a)
{
	struct act *x = &a->ui.act;
	char why[600];

	if (x->stage != ACT_HOST)
		return;
	if (!act_host_can(x, a->model, a->probes, why, sizeof why)) {
		app_say(a, STYLE_WARN, "%s", why);
		return;
	}
	x->action.to = x->to;
	ask(a);
}

/* From what it is done to, to what has to be said about it. */
static void
begin(struct app *a, const char *arg)
{
	struct act *x = &a->ui.act;

	if (!may_act(a, x)) {
		act_close(x);
		return;
	}
	a->ui.menu = MENU_NONE;
	switch (action_infos[x->action.kind].arg) {
	case ARG_NONE:
		ask(a);
		break;
	case ARG_HOST:
		choose_host(a);
		break;
	case ARG_TEXT:
	case ARG_MEMORY:
	case ARG_NUMBER:
	case ARG_PATH:
		open_line(a, ACT_TYPE);
		if (arg[0] == '\0')
			break;
		lineedit_start(&a->ui.line, arg, sizeof a->ui.line.text);
		take_argument(a);
		break;
	}
}

void
app_action(struct app *a, enum action_kind kind)
{
	struct act *x = &a->ui.act;

	if (!app_can_act(a))
		return;
	act_close(x);
	action_init(&x->action, kind, MODEL_NONE);
	if (find_targets(a, x))
		begin(a, "");
	else
		act_close(x);
}

/* A host that is named need not be chosen. */
void
app_action_on(struct app *a, enum action_kind kind, struct row_id id,
    const char *arg)
{
	struct act *x = &a->ui.act;
	bool goes = action_infos[kind].arg == ARG_HOST ||
	    action_infos[kind].arg == ARG_NONE;
	struct err err;

	if (!app_can_act(a))
		return;
	act_close(x);
	action_init(&x->action, kind, MODEL_NONE);
	snprintf(x->arg, sizeof x->arg, "%s", arg);
	if (goes && arg[0] != '\0' && action_set_arg(&x->action, a->model,
	    x->arg, &err) != 0) {
		app_say(a, STYLE_WARN, "%s.", err.msg);
		act_close(x);
		return;
	}
	add_target(x, id.id, id.host);
	if (x->action.to != MODEL_NONE && may_act(a, x))
		ask(a);
	else if (x->action.to != MODEL_NONE)
		act_close(x);
	else
		begin(a, arg);
}

/* --- The menu of them ------------------------------------------------------------------ */

/* What makes sense for that VM: of several marked ones, for any of them. */
static bool
fits(const struct app *a, const struct act *x, enum action_kind kind)
{
	for (size_t i = 0; i < x->n; i++) {
		const struct vm *vm = model_vm(a->model, x->v[i].vm);

		if (vm != NULL && action_fits(kind, vm))
			return true;
	}
	return false;
}

void
cmd_vm_actions(struct app *a)
{
	struct act *x = &a->ui.act;

	if (!app_can_act(a))
		return;
	act_close(x);
	if (!find_targets(a, x))
		return;
	a->ui.nactions = 0;
	for (int k = 0; k < ACTION_COUNT; k++)
		if (fits(a, x, (enum action_kind)k))
			a->ui.actions[a->ui.nactions++] = (enum action_kind)k;
	act_close(x);
	a->ui.menu = MENU_ACTIONS;
	a->ui.menu_at = 0;
}

void
app_action_choose(struct app *a, size_t i)
{
	app_action(a, a->ui.actions[i]);
}

/* --- Keys --------------------------------------------------------------------------------- */

void
cmd_act_yes(struct app *a)
{
	if (a->ui.act.stage == ACT_ASK)
		agreed(a);
}

void
cmd_act_swear(struct app *a)
{
	struct act *x = &a->ui.act;

	if (x->stage != ACT_REFUSED || !x->may_swear)
		return;
	x->action.sworn = true;
	ask(a);
}

void
cmd_act_dry(struct app *a)
{
	const struct act *x = &a->ui.act;
	struct buf text;
	char title[300];

	if (x->commands == NULL)
		return;
	buf_init(&text, APP_OUTPUT_MAX);
	buf_puts(&text, x->commands);
	plan_scripts(&text, &x->plan, model_conf(a->model));
	act_title(title, sizeof title, x, a->model);
	close_box(a);
	app_output(a, title, &text, true);
	buf_free(&text);
}

/* Up and down in the box. */
void
app_action_move(struct app *a, long by)
{
	struct frame f = app_frame(a);
	struct act *x = &a->ui.act;
	int seen, n = act_height(&f, app_layout(a).main, a->ascii, &seen);
	long top = x->top + by;

	if (x->stage == ACT_HOST) {
		act_host_move(x, a->model, a->probes, by);
		return;
	}
	if (top > n - seen)
		top = n - seen;
	x->top = top > 0 ? (int)top : 0;
}

void
cmd_vm_start(struct app *a)
{
	app_action(a, ACTION_START);
}

void
cmd_vm_shutdown(struct app *a)
{
	app_action(a, ACTION_SHUTDOWN);
}

void
cmd_vm_kill(struct app *a)
{
	app_action(a, ACTION_KILL);
}

void
cmd_vm_reboot(struct app *a)
{
	app_action(a, ACTION_REBOOT);
}

void
cmd_vm_migrate(struct app *a)
{
	app_action(a, ACTION_MIGRATE);
}

static bool
is_paused(const struct app *a, struct row_id id)
{
	const struct vm *vm = id.kind == ROW_VM ? model_vm(a->model, id.id) :
	    NULL;

	return vm != NULL && vm->state == VM_PAUSED;
}

/* The other way round for one that is paused already. */
void
cmd_vm_pause(struct app *a)
{
	const struct layer *l = app_layer(a);
	const struct row *row = app_selected(a);
	bool paused = l->view == VIEW_DETAIL ? is_paused(a, l->about) :
	    row != NULL && is_paused(a, row->id);

	app_action(a, paused ? ACTION_UNPAUSE : ACTION_PAUSE);
}
