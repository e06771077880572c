/* From keys to commands, and the commands that open and close views and menus
 * or ask something of the outside. */
#include <string.h>

#include "tui/app_cmd.h"
#include "tui/menu.h"
#include "tui/table.h"
#include "tui/view.h"

struct layer *
app_layer(struct app *a)
{
	return &a->ui.layer[a->ui.nlayers - 1];
}

const struct row *
app_selected(const struct app *a)
{
	size_t i = a->ui.sel_row;

	return i < a->rows.n ? &a->rows.v[i] : NULL;
}

uint32_t
app_host_of(const struct app *a, struct row_id id)
{
	const struct vm *vm;

	switch (id.kind) {
	case ROW_HOST:
	case ROW_DOM0:
		return id.id;
	case ROW_VM:
		vm = model_vm(a->model, id.id);
		return id.host < model_nhosts(a->model) ? id.host :
		    vm != NULL ? vm->host : MODEL_NONE;
	case ROW_DORMANT:
		return id.host;
	case ROW_CLUSTER:
		break;
	}
	return MODEL_NONE;
}

/* The host that the selection, or the open view, is about; MODEL_NONE. */
static uint32_t
host_meant(const struct app *a)
{
	const struct layer *l = &a->ui.layer[a->ui.nlayers - 1];

	if (l->view == VIEW_DETAIL || l->view == VIEW_XENLOG)
		return app_host_of(a, l->about);
	return a->rows.n > 0 ? app_host_of(a, a->ui.sel) : MODEL_NONE;
}

/* --- Views and menus ------------------------------------------------------------------ */

static void
choose(struct app *a)
{
	size_t at = a->ui.menu_at;
	enum menu_kind kind = a->ui.menu;

	a->ui.menu = MENU_NONE;
	if (kind == MENU_SORT) {
		app_sort_by(a, at);
	} else if (kind == MENU_SILENCE) {
		app_silence(a, at);
	} else if (kind == MENU_FILTERS) {
		app_filter_choose(a, at);
	} else if (kind == MENU_COPY) {
		app_copy(a, (enum copy_what)at);
	} else if (kind == MENU_LEAVE) {
		app_leave_choose(a, at);
	} else if (kind == MENU_ACTIONS) {
		app_action_choose(a, at);
	} else if (kind == MENU_FAULT) {
		a->fx.control = true;
		a->fx.host = a->ui.menu_host;
		a->fx.what = menu_faults[at].what;
	}
}

static void
cmd_open(struct app *a)
{
	if (a->ui.menu != MENU_NONE)
		choose(a);
	else if (app_selected(a) != NULL && a->ui.sel.kind == ROW_DORMANT)
		app_selected(a)->open ? cmd_fold(a) : cmd_unfold(a);
	else if (app_selected(a) != NULL)
		app_push(a, VIEW_DETAIL, a->ui.sel);
}


static void
cmd_help(struct app *a)
{
	a->ui.menu = MENU_NONE;
	app_push(a, VIEW_HELP, a->ui.sel);
}

static void
cmd_alarms(struct app *a)
{
	a->ui.alarm_sel = 0;
	a->ui.alarm_row = 0;
	a->ui.alarm_top = 0;
	app_push(a, VIEW_ALARMS, a->ui.sel);
}

static void
cmd_log(struct app *a)
{
	app_push(a, VIEW_LOG, a->ui.sel);
}

void
app_reconnect(struct app *a, uint32_t host)
{
	if (host >= model_nhosts(a->model)) {
		app_say(a, STYLE_WARN, "Select the host that is to be tried "
		    "again, or a VM on it.");
		return;
	}
	/* It would only cut a good link. */
	if (model_host(a->model, host)->health == HOST_LIVE) {
		app_say(a, STYLE_STATUS, "%s is live: nothing to retry.",
		    model_host(a->model, host)->name);
		return;
	}
	a->fx.control = true;
	a->fx.host = host;
	a->fx.what = CONTROL_RECONNECT;
}

static void
cmd_reconnect(struct app *a)
{
	app_reconnect(a, host_meant(a));
}

static void
cmd_xenlog(struct app *a)
{
	app_xenlog(a, host_meant(a));
}

static void
cmd_faults(struct app *a)
{
	uint32_t host = host_meant(a);

	if (host >= model_nhosts(a->model)) {
		app_say(a, STYLE_WARN, "Select the host that it is to happen "
		    "to, or a VM on it.");
		return;
	}
	a->ui.menu = MENU_FAULT;
	a->ui.menu_at = 0;
	a->ui.menu_host = host;
}

static void
cmd_redraw(struct app *a)
{
	a->fx.repaint = true;
}

static void
cmd_suspend(struct app *a)
{
	a->fx.suspend = true;
}

static void (*const commands[CMD_COUNT])(struct app *a) = {
	[CMD_UP] = cmd_up,
	[CMD_DOWN] = cmd_down,
	[CMD_LEFT] = cmd_left,
	[CMD_RIGHT] = cmd_right,
	[CMD_SIDE_LEFT] = cmd_side_left,
	[CMD_SIDE_RIGHT] = cmd_side_right,
	[CMD_PAGE_UP] = cmd_page_up,
	[CMD_PAGE_DOWN] = cmd_page_down,
	[CMD_FIRST] = cmd_first,
	[CMD_LAST] = cmd_last,
	[CMD_OPEN] = cmd_open,
	[CMD_BACK] = cmd_back,
	[CMD_CLOSE] = cmd_close,
	[CMD_QUIT] = cmd_quit,
	[CMD_FOLD] = cmd_fold,
	[CMD_UNFOLD] = cmd_unfold,
	[CMD_FOLD_ALL] = cmd_fold_all,
	[CMD_UNFOLD_ALL] = cmd_unfold_all,
	[CMD_FILTER] = cmd_filter,
	[CMD_ACCEPT] = cmd_accept,
	[CMD_COMMAND] = cmd_command,
	[CMD_COPY] = cmd_copy,
	[CMD_COPY_MENU] = cmd_copy_menu,
	[CMD_COLUMNS] = cmd_columns,
	[CMD_MORE_COLUMNS] = cmd_more_columns,
	[CMD_COLUMNS_RESET] = cmd_columns_reset,
	[CMD_COLUMN_TOGGLE] = cmd_column_toggle,
	[CMD_COLUMN_LEFT] = cmd_column_left,
	[CMD_COLUMN_RIGHT] = cmd_column_right,
	[CMD_COLUMN_WIDER] = cmd_column_wider,
	[CMD_COLUMN_NARROWER] = cmd_column_narrower,
	[CMD_DORMANT] = cmd_dormant,
	[CMD_DETAILS_PANE] = cmd_details_pane,
	[CMD_EVENTS_PANE] = cmd_events_pane,
	[CMD_FILTERS] = cmd_filters,
	[CMD_HIT_NEXT] = cmd_hit_next,
	[CMD_HIT_PREV] = cmd_hit_prev,
	[CMD_MARK] = cmd_mark,
	[CMD_MARK_INVERT] = cmd_mark_invert,
	[CMD_UNMARK_ALL] = cmd_unmark_all,
	[CMD_TREE] = cmd_tree,
	[CMD_SORT_MENU] = cmd_sort_menu,
	[CMD_SORT_PREV] = cmd_sort_prev,
	[CMD_SORT_NEXT] = cmd_sort_next,
	[CMD_INVERT] = cmd_invert,
	[CMD_TROUBLE_NEXT] = cmd_trouble_next,
	[CMD_TROUBLE_PREV] = cmd_trouble_prev,
	[CMD_ALARMS] = cmd_alarms,
	[CMD_ALARM_ACK] = cmd_alarm_ack,
	[CMD_ALARM_ACK_ALL] = cmd_alarm_ack_all,
	[CMD_ALARM_SILENCE] = cmd_alarm_silence,
	[CMD_ALARM_GO] = cmd_alarm_go,
	[CMD_VM_START] = cmd_vm_start,
	[CMD_VM_SHUTDOWN] = cmd_vm_shutdown,
	[CMD_VM_KILL] = cmd_vm_kill,
	[CMD_VM_REBOOT] = cmd_vm_reboot,
	[CMD_VM_PAUSE] = cmd_vm_pause,
	[CMD_VM_MIGRATE] = cmd_vm_migrate,
	[CMD_VM_ACTIONS] = cmd_vm_actions,
	[CMD_DEF] = cmd_def,
	[CMD_EDIT_DEF] = cmd_edit_def,
	[CMD_ACT_YES] = cmd_act_yes,
	[CMD_ACT_CHOOSE] = cmd_act_choose,
	[CMD_ACT_DRY] = cmd_act_dry,
	[CMD_ACT_SWEAR] = cmd_act_swear,
	[CMD_HISTORY] = cmd_history,
	[CMD_JOBS] = cmd_jobs,
	[CMD_JOB_OPEN] = cmd_job_open,
	[CMD_JOB_CANCEL] = cmd_job_cancel,
	[CMD_HELP] = cmd_help,
	[CMD_LOG] = cmd_log,
	[CMD_RECONNECT] = cmd_reconnect,
	[CMD_XENLOG] = cmd_xenlog,
	[CMD_FAULTS] = cmd_faults,
	[CMD_PAUSE] = cmd_pause,
	[CMD_NOW] = cmd_now,
	[CMD_STEP_BACK] = cmd_step_back,
	[CMD_STEP_ON] = cmd_step_on,
	[CMD_EVENT_BACK] = cmd_event_back,
	[CMD_EVENT_ON] = cmd_event_on,
	[CMD_SLOWER] = cmd_slower,
	[CMD_FASTER] = cmd_faster,
	[CMD_GOTO] = cmd_goto,
	[CMD_VMCONSOLE] = cmd_vmconsole,
	[CMD_VMCONSOLE_BACK] = cmd_vmconsole_back,
	[CMD_VMCONSOLE_LEAVE] = cmd_vmconsole_leave,
	[CMD_VMCONSOLE_LOG] = cmd_vmconsole_log,
	[CMD_VMCONSOLE_ON] = cmd_vmconsole_on,
	[CMD_VMCONSOLE_RETRY] = cmd_vmconsole_retry,
	[CMD_VMCONSOLE_SIZE] = cmd_vmconsole_size,
	[CMD_REDRAW] = cmd_redraw,
	[CMD_SUSPEND] = cmd_suspend,
};

void
app_run(struct app *a, enum command cmd)
{
	if (commands[cmd] != NULL)
		commands[cmd](a);
	else if (ui_context(&a->ui) & CTX_LINE)
		app_edit(a, cmd);
}

void
app_act(struct app *a, const struct binding *b)
{
	enum context ctx = ui_context(&a->ui);

	if ((b->contexts & (unsigned)ctx) == 0 && (b->contexts & CTX_HOME))
		app_home(a);
	if ((b->contexts & (unsigned)ui_context(&a->ui)) == 0)
		app_say(a, STYLE_WARN, "There is nothing here to %s.", b->name);
	else
		app_run(a, b->cmd);
}

void
app_key(struct app *a, uint32_t key)
{
	enum context ctx = ui_context(&a->ui);
	const struct binding *b = keymap_find(&a->keys, ctx, key, a->demo);

	memset(&a->fx, 0, sizeof a->fx);
	a->clicked = false;
	a->ui.leaving = false;
	/* The answer to the last key has been read. */
	a->ui.msg[0] = '\0';
	if (ctx == CTX_VMCONSOLE && app_vmconsole_key(a, b, key))
		return;
	if (b != NULL)
		app_run(a, b->cmd);
	else if (ctx & CTX_LINE)
		app_type(a, key);
	reader_touch(a, true);
}
