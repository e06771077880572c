/* Every key in help does what it says: for each command, what it must have
 * done, in each place where it has a key; and Esc always leads home. A command
 * without an expectation fails: add it to the table. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/alarm.h"
#include "core/jobs.h"
#include "core/prng.h"
#include "core/utf8.h"
#include "tests/lib/fakecons.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tests/lib/shot.h"
#include "tui/app_cmd.h"
#include "tui/input.h"
#include "tui/alarms.h"
#include "tui/menu.h"
#include "tui/table.h"
#include "tui/view.h"

static struct scene s;
static struct jobs *jobs;
static struct fakecons cons;

/* How things were before the key. */
static struct was {
	long pos;
	size_t nlayers, rows, line_len, line_at, columns, unacked;
	enum view_id view;
	struct ui ui; /* its texts and lists are of now */
	struct table_layout table;
	bool folded[SCENE_HOSTS];
	int name_w, back;
} was;

/* Of many steps, so that there is something to scroll. */
static void
add_jobs(void)
{
	jobs = jobs_new(&s.conf, "test");
	for (int i = 0; i < 3; i++) {
		struct plan p;

		plan_init(&p);
		p.title = strdup("shut many down");
		for (int k = 0; k < 12; k++) {
			struct request r;

			request_init(&r, REQ_SHUTDOWN);
			r.host = ALPHA;
			r.domid = 3;
			r.name = strdup("web1");
			plan_add(&p, &r, "since it is wanted");
		}
		jobs_add(jobs, &p, "somebody", s.now, s.wall_ms);
		plan_free(&p);
	}
	s.app.jobs = jobs;
}

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	s.app.demo = true;
	app_resize(&s.app, 80, 12);
	scene_define(&s, GAMMA, 120, "archive");
	scene_define(&s, ALPHA, 121, "spare");
	scene_find(&s, BETA, "mail")->flags = DOM_SHUTDOWN;
	scene_find(&s, BETA, "mail")->reason = REASON_CRASH;
	scene_find(&s, ALPHA, "web2")->flags = DOM_SHUTDOWN;
	scene_find(&s, ALPHA, "web2")->reason = REASON_CRASH;
	scene_pass(&s, 12, 0xf & ~(1u << GAMMA));
	add_jobs();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scene_free(&s);
	jobs_free(jobs);
	return 0;
}

/* --- What there is to look at --------------------------------------------------- */

static enum view_id
view(void)
{
	return app_layer(&s.app)->view;
}

/* The line that moving moves. */
static long
pos(void)
{
	if (s.app.ui.menu != MENU_NONE)
		return (long)s.app.ui.menu_at;
	if (s.app.ui.act.stage != ACT_NONE)
		return s.app.ui.act.top;
	if (view() == VIEW_ALARMS)
		return (long)s.app.ui.alarm_row;
	if (view() == VIEW_JOBS)
		return (long)s.app.ui.job_row;
	return app_home_top(&s.app) ? (long)s.app.ui.sel_row :
	    app_layer(&s.app)->top;
}

static long
last(void)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	struct frame f = app_frame(&s.app);

	if (s.app.ui.menu != MENU_NONE)
		return (long)menu_count(&s.app.ui) - 1;
	if (s.app.ui.act.stage != ACT_NONE) {
		int seen, n = act_height(&f, app_layout(&s.app).main,
		    false, &seen);

		return n - seen;
	}
	if (view() == VIEW_ALARMS)
		return (long)alarms_shown(&f, v) - 1;
	if (view() == VIEW_JOBS)
		return (long)jobs_count(jobs) - 1;
	return app_home_top(&s.app) ? (long)s.app.rows.n - 1 :
	    view_height(&f, app_layer(&s.app), 80, false) -
	    app_layout(&s.app).body.h;
}

static size_t
unacked(void)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	struct frame f = app_frame(&s.app);
	size_t all = alarms_shown(&f, v), n = 0;

	for (size_t i = 0; i < all; i++)
		n += v[i]->state != ALARM_ENDED && !v[i]->acked;
	return n;
}

static size_t
column_of(const struct table_layout *t, const char *id)
{
	size_t i = 0;

	while (i < t->n && t->v[i].column != table_find(id))
		i++;
	return i;
}

static struct table_layout
table(void)
{
	struct table_layout t;

	table_layout(&t, 80, &s.app.ui);
	return t;
}

static void
remember(void)
{
	was.pos = pos();
	was.nlayers = s.app.ui.nlayers;
	was.rows = s.app.rows.n;
	was.line_len = s.app.ui.line.len;
	was.line_at = s.app.ui.line.at;
	was.view = view();
	was.ui = s.app.ui;
	was.table = table();
	was.unacked = unacked();
	was.back = s.app.vmcon.back;
	for (int i = 0; i < SCENE_HOSTS; i++)
		was.folded[i] = s.app.ui.host_folded[i];
}

static bool
is_selected(const char *name)
{
	return strcmp(scene_selected(&s), name) == 0;
}

/* By how much the columns have become wider. */
static int
widened(void)
{
	int by = 0;

	for (size_t i = 0; i < s.app.ui.columns.n; i++)
		by += s.app.ui.columns.v[i].width - was.ui.columns.v[i].width;
	return by;
}

static bool
typed(const char *text)
{
	return strcmp(s.app.ui.line.text, text) == 0;
}

/* --- Expectations ---------------------------------------------------------------- */

#define EXPECT(name, what) \
	static bool \
	name(void) \
	{ \
		return what; \
	}

/* In this scene nobody has said what is defined. */
static bool
shows_def(void)
{
	return strstr(s.app.ui.msg, "defines web1") != NULL;
}

static bool
edits_def(void)
{
	const struct vm *vm = model_vm(s.app.model, s.app.fx.vm);

	return s.app.fx.edit && vm != NULL && strcmp(vm->name, "web1") == 0;
}

EXPECT(moved_up, pos() == was.pos - 1)
EXPECT(moved_down, pos() == was.pos + 1)
EXPECT(moved_far_up, pos() < was.pos - 1 || pos() == 0)
EXPECT(moved_far_down, pos() > was.pos + 1 || pos() == last())
EXPECT(at_first, pos() == 0 && was.pos > 0)
EXPECT(at_last, pos() == last() && was.pos < last())
EXPECT(beside, app_layer(&s.app)->left == 20)
EXPECT(beside_less, app_layer(&s.app)->left <
    was.ui.layer[was.ui.nlayers - 1].left)
EXPECT(host_folded, is_selected("alpha") && s.app.ui.host_folded[ALPHA] &&
    !was.folded[ALPHA])
EXPECT(host_unfolded, is_selected("alpha") && !s.app.ui.host_folded[ALPHA] &&
    was.folded[ALPHA])
EXPECT(all_folded, s.app.ui.host_folded[ALPHA] && s.app.ui.host_folded[DELTA])
EXPECT(none_folded, !s.app.ui.host_folded[ALPHA] &&
    !s.app.ui.host_folded[DELTA] && was.folded[ALPHA])
EXPECT(details, view() == VIEW_DETAIL && was.view == VIEW_HOME &&
    row_id_equal(app_layer(&s.app)->about, s.app.ui.sel))
EXPECT(chose_sort, s.app.ui.menu == MENU_NONE &&
    s.app.ui.sort == was.ui.menu_at)
EXPECT(one_layer_less, (s.app.ui.nlayers == was.nlayers - 1 &&
    s.app.ui.menu == was.ui.menu) || (s.app.ui.nlayers == was.nlayers &&
    was.ui.menu != MENU_NONE && s.app.ui.menu == MENU_NONE))
EXPECT(filter_gone, s.app.ui.filter.n == 0 && was.ui.filter.n > 0 &&
    !s.app.ui.filter_typing)
EXPECT(line_closed, !s.app.ui.command_typing && was.ui.command_typing)
EXPECT(asks_first, !s.app.fx.quit && s.app.ui.menu == MENU_LEAVE &&
    ui_context(&s.app.ui) == CTX_MENU)
EXPECT(types_filter, s.app.ui.filter_typing)
EXPECT(types_command, s.app.ui.command_typing)
EXPECT(filter_kept, !s.app.ui.filter_typing && s.app.ui.filter.n > 0 &&
    s.app.rows.matches == 2)
EXPECT(command_ran, !s.app.ui.command_typing && s.app.ui.flat)
EXPECT(edit_left, s.app.ui.line.at == was.line_at - 1)
EXPECT(edit_right, s.app.ui.line.at == was.line_at + 1)
EXPECT(edit_home, s.app.ui.line.at == 0 && was.line_at > 0)
EXPECT(edit_end, s.app.ui.line.at == s.app.ui.line.len && was.line_at == 3)
EXPECT(edit_erased, typed("wb1 x"))
EXPECT(edit_deleted, typed("we1 x"))
EXPECT(edit_word, typed("x"))
EXPECT(edit_before, typed("b1 x"))
EXPECT(edit_after, typed("we"))
EXPECT(older, typed("sort cpu"))
EXPECT(newer, typed("so"))
EXPECT(completed, typed("sort") && s.app.ui.line.found.n > 1)
EXPECT(completed_back, typed("sort-previous"))
EXPECT(field_completed, typed("m") && s.app.ui.line.found.n == 2)
EXPECT(field_completed_back, typed("mem>="))
EXPECT(columns_open, s.app.ui.menu == MENU_COLUMNS)
EXPECT(other_columns, s.app.ui.column_page != was.ui.column_page)
EXPECT(columns_reset, s.app.ui.columns.n == s.app.ui.columns_default.n &&
    was.ui.columns.n != was.ui.columns_default.n)
EXPECT(column_hidden, table().n < was.table.n && s.app.ui.columns.n > 0)
EXPECT(column_moved_left, s.app.ui.columns.n > 0 && pos() == was.pos - 1)
EXPECT(column_moved_right, s.app.ui.columns.n > 0 && pos() == was.pos + 1)
EXPECT(column_wider, widened() == 1)
EXPECT(column_narrower, widened() == -1)
EXPECT(dormant_shown, s.app.rows.n > was.rows)
EXPECT(details_pane, s.app.ui.details_pane != was.ui.details_pane)
EXPECT(events_pane, s.app.ui.events_pane != was.ui.events_pane)
EXPECT(alarms_open, view() == VIEW_ALARMS && was.view != VIEW_ALARMS)
EXPECT(one_acked, unacked() == was.unacked - 1)
EXPECT(all_acked, unacked() == 0 && was.unacked > 1)
EXPECT(silence_menu, s.app.ui.menu == MENU_SILENCE)
EXPECT(went_to_row, view() == VIEW_HOME && (is_selected("mail") ||
    is_selected("gamma")))
EXPECT(filters_menu, s.app.ui.menu == MENU_FILTERS)
EXPECT(next_hit, is_selected("web2"))
EXPECT(previous_hit, is_selected("web1"))
EXPECT(marked, s.app.ui.marks.n == 1 && pos() == was.pos + 1)
EXPECT(marks_inverted, s.app.ui.marks.n > 5)
EXPECT(unmarked, s.app.ui.marks.n == 0 && was.ui.marks.n > 0)
EXPECT(tree_or_list, s.app.ui.flat != was.ui.flat)
EXPECT(sort_menu, s.app.ui.menu == MENU_SORT)
EXPECT(sort_left, column_of(&was.table, table_columns[s.app.ui.sort].id) + 1
    == column_of(&was.table, table_columns[was.ui.sort].id))
EXPECT(sort_right, column_of(&was.table, table_columns[s.app.ui.sort].id) ==
    column_of(&was.table, table_columns[was.ui.sort].id) + 1)
EXPECT(inverted, s.app.ui.invert != was.ui.invert &&
    s.app.ui.sort == was.ui.sort)
EXPECT(trouble_next, is_selected("gamma"))
EXPECT(trouble_before, is_selected("mail"))
EXPECT(help_open, view() == VIEW_HELP && s.app.ui.menu == MENU_NONE)
EXPECT(log_open, view() == VIEW_LOG)
EXPECT(xenlog_asked, s.app.fx.ask && s.app.fx.ask_what == ASK_DMESG)
EXPECT(reconnects, s.app.fx.control && s.app.fx.host == GAMMA &&
    s.app.fx.what == CONTROL_RECONNECT)
EXPECT(faults_menu, s.app.ui.menu == MENU_FAULT)
EXPECT(stops_time, s.app.fx.time == WISH_PAUSE)
EXPECT(goes_to_now, s.app.fx.time == WISH_NOW)
EXPECT(steps_back, s.app.fx.time == WISH_STEP_BACK)
EXPECT(steps_on, s.app.fx.time == WISH_STEP_ON)
EXPECT(event_back, s.app.fx.time == WISH_EVENT_BACK)
EXPECT(event_on, s.app.fx.time == WISH_EVENT_ON)
EXPECT(slower, s.app.fx.time == WISH_SLOWER)
EXPECT(faster, s.app.fx.time == WISH_FASTER)
EXPECT(time_typed, s.app.ui.command_typing &&
    strcmp(s.app.ui.line.text, "goto ") == 0)
EXPECT(copied, s.app.fx.copy != NULL && s.app.fx.copy[0] != '\0')
EXPECT(copy_menu, s.app.ui.menu == MENU_COPY)
EXPECT(begins_start, s.app.ui.act.action.kind == ACTION_START &&
    s.app.ui.act.stage == ACT_REFUSED)
EXPECT(begins_shutdown, s.app.ui.act.action.kind == ACTION_SHUTDOWN &&
    s.app.ui.act.stage == ACT_ASK && s.app.ui.act.nplanned == 1)
EXPECT(begins_kill, s.app.ui.act.action.kind == ACTION_KILL &&
    s.app.ui.act.stage == ACT_CONFIRM &&
    strcmp(s.app.ui.act.word, "web1") == 0)
EXPECT(begins_reboot, s.app.ui.act.action.kind == ACTION_REBOOT &&
    s.app.ui.act.stage == ACT_ASK)
EXPECT(begins_pause, s.app.ui.act.action.kind == ACTION_PAUSE &&
    s.app.ui.act.stage == ACT_ASK)
EXPECT(begins_migrate, s.app.ui.act.action.kind == ACTION_MIGRATE &&
    s.app.ui.act.stage != ACT_NONE)
EXPECT(actions_menu, s.app.ui.menu == MENU_ACTIONS && s.app.ui.nactions > 5)
EXPECT(does_it, s.app.ui.act.stage == ACT_NONE && s.app.fx.plan != NULL &&
    s.app.fx.plan->n == 1)
EXPECT(host_chosen, s.app.ui.act.stage == ACT_ASK &&
    s.app.ui.act.action.to == BETA)
EXPECT(dry_run, s.app.ui.act.stage == ACT_NONE && s.app.fx.plan == NULL &&
    view() == VIEW_OUTPUT)
EXPECT(swears, s.app.ui.act.stage == ACT_CONFIRM &&
    s.app.ui.act.action.sworn && strcmp(s.app.ui.act.word, "spare") == 0)
EXPECT(action_left, s.app.ui.act.stage == ACT_NONE && s.app.fx.plan == NULL)
EXPECT(word_taken, s.app.ui.act.stage == ACT_NONE && s.app.fx.plan != NULL)
EXPECT(jobs_open, view() == VIEW_JOBS)
EXPECT(history_asked, s.app.fx.history)
EXPECT(job_open, view() == VIEW_JOB)
EXPECT(job_cancelled, s.app.fx.cancel != 0)
EXPECT(console_open, view() == VIEW_VMCONSOLE &&
    s.app.vmcon.state == VMCON_OPENING &&
    strcmp(s.app.vmcon.name, "web1") == 0)
EXPECT(console_left, view() == VIEW_HOME &&
    s.app.vmcon.state == VMCON_CLOSED)
EXPECT(console_back, s.app.vmcon.back > was.back)
EXPECT(console_on, s.app.vmcon.back < was.back)
EXPECT(console_sized, s.app.vmcon.fitted)
EXPECT(console_again, s.app.vmcon.state == VMCON_OPENING &&
    !s.app.vmcon.log)
EXPECT(console_log, s.app.vmcon.state == VMCON_OPENING && s.app.vmcon.log)
EXPECT(repaints, s.app.fx.repaint)
EXPECT(suspends, s.app.fx.suspend)

/* What is pressed first, in that place: at home from the selection of web1. */
static const struct expectation {
	enum command cmd;
	unsigned contexts;
	const char *first; /* after what leads to the place */
	bool (*ok)(void);
} expectations[] = {
	{ CMD_UP, CTX_INPUT, "<End><^U>e<Down>", moved_up },
	{ CMD_DOWN, CTX_INPUT, "<End><^U>e", moved_down },
	{ CMD_PAGE_UP, CTX_INPUT, "<End><^U>e<PgDn>", moved_far_up },
	{ CMD_PAGE_DOWN, CTX_INPUT, "<End><^U>e", moved_far_down },
	{ CMD_DOWN, CTX_ACT, "g", moved_down },
	{ CMD_LAST, CTX_ACT, "g", at_last },
	{ CMD_BACK, CTX_ACT | CTX_ACT_LINE, "", action_left },
	{ CMD_ACCEPT, CTX_ACT_LINE, "<End><^U>web1", word_taken },
	{ CMD_DOWN, CTX_JOBS, "g", moved_down },
	{ CMD_LAST, CTX_JOBS, "g", at_last },
	{ CMD_VM_START, CTX_ANY, "", begins_start },
	{ CMD_VM_SHUTDOWN, CTX_ANY, "", begins_shutdown },
	{ CMD_VM_KILL, CTX_ANY, "", begins_kill },
	{ CMD_VM_REBOOT, CTX_ANY, "", begins_reboot },
	{ CMD_VM_PAUSE, CTX_ANY, "", begins_pause },
	{ CMD_VM_MIGRATE, CTX_ANY, "", begins_migrate },
	{ CMD_VM_ACTIONS, CTX_ANY, "", actions_menu },
	{ CMD_DEF, CTX_ANY, "", shows_def },
	{ CMD_EDIT_DEF, CTX_ANY, "", edits_def },
	{ CMD_ACT_YES, CTX_ACT, "<Esc><Esc>d", does_it },
	{ CMD_ACT_CHOOSE, CTX_ACT, "<Esc><Esc>m", host_chosen },
	{ CMD_ACT_DRY, CTX_ACT, "<Esc><Esc>d", dry_run },
	{ CMD_ACT_SWEAR, CTX_ACT, "<Esc><Esc>:spare<Enter>u", swears },
	{ CMD_JOBS, CTX_ANY, "", jobs_open },
	{ CMD_HISTORY, CTX_ANY, "", history_asked },
	{ CMD_JOB_OPEN, CTX_ANY, "", job_open },
	{ CMD_JOB_CANCEL, CTX_ANY, "", job_cancelled },
	{ CMD_UP, CTX_ANY, "", moved_up },
	{ CMD_DOWN, CTX_ALARMS, "g", moved_down },
	{ CMD_DOWN, CTX_ANY, "", moved_down },
	{ CMD_PAGE_UP, CTX_ANY, "", moved_far_up },
	{ CMD_PAGE_DOWN, CTX_ANY, "", moved_far_down },
	{ CMD_FIRST, CTX_ANY, "", at_first },
	{ CMD_LAST, CTX_ALARMS, "g", at_last },
	{ CMD_LAST, CTX_ANY, "", at_last },
	{ CMD_SIDE_LEFT, CTX_OUTPUT, ":list<Enter>ll", beside_less },
	{ CMD_SIDE_RIGHT, CTX_OUTPUT, ":list<Enter>", beside },
	{ CMD_LEFT, CTX_HOME, "hh+", host_folded },
	{ CMD_RIGHT, CTX_HOME, "-", host_unfolded },
	{ CMD_FOLD, CTX_HOME, "", host_folded },
	{ CMD_UNFOLD, CTX_HOME, "-", host_unfolded },
	{ CMD_FOLD_ALL, CTX_HOME, "", all_folded },
	{ CMD_UNFOLD_ALL, CTX_HOME, "[", none_folded },
	{ CMD_OPEN, CTX_HOME, "", details },
	{ CMD_OPEN, CTX_MENU, "", chose_sort },
	{ CMD_BACK, CTX_HOME, "/web<Enter>", filter_gone },
	{ CMD_BACK, CTX_INPUT, "", filter_gone },
	{ CMD_BACK, CTX_COMMAND, "", line_closed },
	{ CMD_BACK, CTX_ANY, "", one_layer_less },
	{ CMD_CLOSE, CTX_HOME, "", asks_first },
	{ CMD_CLOSE, CTX_ANY, "", one_layer_less },
	{ CMD_QUIT, CTX_ANY, "", asks_first },
	{ CMD_FILTER, CTX_HOME, "", types_filter },
	{ CMD_COMMAND, CTX_ANY, "", types_command },
	{ CMD_ACCEPT, CTX_INPUT, "<End><^U>web", filter_kept },
	{ CMD_ACCEPT, CTX_COMMAND, "<End><^U>tree", command_ran },
	{ CMD_EDIT_LEFT, CTX_LINE, "", edit_left },
	{ CMD_EDIT_RIGHT, CTX_LINE, "", edit_right },
	{ CMD_EDIT_HOME, CTX_LINE, "", edit_home },
	{ CMD_EDIT_END, CTX_LINE, "<Right>", edit_end },
	{ CMD_EDIT_ERASE, CTX_LINE, "", edit_erased },
	{ CMD_EDIT_DELETE, CTX_LINE, "", edit_deleted },
	{ CMD_EDIT_ERASE_WORD, CTX_LINE, "<Right><Right><Right>", edit_word },
	{ CMD_EDIT_ERASE_BEFORE, CTX_LINE, "", edit_before },
	{ CMD_EDIT_ERASE_AFTER, CTX_LINE, "", edit_after },
	{ CMD_EDIT_OLDER, CTX_COMMAND, "<End><^U>sort cpu<Enter>:so", older },
	{ CMD_EDIT_NEWER, CTX_COMMAND, "<End><^U>sort cpu<Enter>:so<Up>",
	    newer },
	{ CMD_EDIT_COMPLETE, CTX_COMMAND, "<End><^U>so", completed },
	{ CMD_EDIT_COMPLETE_BACK, CTX_COMMAND, "<End><^U>so<Tab>",
	    completed_back },
	{ CMD_EDIT_COMPLETE, CTX_INPUT, "<End><^U>m", field_completed },
	{ CMD_EDIT_COMPLETE_BACK, CTX_INPUT, "<End><^U>m<Tab>",
	    field_completed_back },
	{ CMD_COLUMNS, CTX_HOME, "", columns_open },
	{ CMD_MORE_COLUMNS, CTX_HOME, "", other_columns },
	{ CMD_COLUMNS_RESET, CTX_COLUMNS, "j<Space>", columns_reset },
	{ CMD_COLUMN_TOGGLE, CTX_COLUMNS, "", column_hidden },
	{ CMD_COLUMN_LEFT, CTX_COLUMNS, "", column_moved_left },
	{ CMD_COLUMN_RIGHT, CTX_COLUMNS, "", column_moved_right },
	{ CMD_COLUMN_WIDER, CTX_COLUMNS, "+", column_wider },
	{ CMD_COLUMN_NARROWER, CTX_COLUMNS, "++", column_narrower },
	{ CMD_DORMANT, CTX_HOME, "", dormant_shown },
	{ CMD_DETAILS_PANE, CTX_HOME, "", details_pane },
	{ CMD_EVENTS_PANE, CTX_HOME, "", events_pane },
	{ CMD_ALARMS, CTX_ANY, "", alarms_open },
	{ CMD_ALARM_ACK, CTX_ALARMS, "", one_acked },
	{ CMD_ALARM_ACK_ALL, CTX_ALARMS, "", all_acked },
	{ CMD_ALARM_SILENCE, CTX_ALARMS, "", silence_menu },
	{ CMD_ALARM_GO, CTX_ALARMS, "", went_to_row },
	{ CMD_FILTERS, CTX_HOME, "", filters_menu },
	{ CMD_HIT_NEXT, CTX_HOME, "/web<Enter><Esc>", next_hit },
	{ CMD_HIT_PREV, CTX_HOME, "/web<Enter><Esc>n", previous_hit },
	{ CMD_MARK, CTX_HOME, "", marked },
	{ CMD_MARK_INVERT, CTX_HOME, "", marks_inverted },
	{ CMD_UNMARK_ALL, CTX_HOME, "<Space>", unmarked },
	{ CMD_TREE, CTX_HOME, "", tree_or_list },
	{ CMD_SORT_MENU, CTX_HOME, "", sort_menu },
	{ CMD_SORT_PREV, CTX_HOME, "..", sort_left },
	{ CMD_SORT_NEXT, CTX_HOME, "", sort_right },
	{ CMD_INVERT, CTX_HOME, "", inverted },
	{ CMD_TROUBLE_NEXT, CTX_HOME, ":mail<Enter>", trouble_next },
	{ CMD_TROUBLE_PREV, CTX_HOME, ":gamma<Enter>k", trouble_before },
	{ CMD_HELP, CTX_ANY, "", help_open },
	{ CMD_LOG, CTX_ANY, "", log_open },
	{ CMD_XENLOG, CTX_ANY, "", xenlog_asked },
	{ CMD_RECONNECT, CTX_HOME, ":gamma<Enter>", reconnects },
	{ CMD_RECONNECT, CTX_DETAIL, "<Esc>:gamma<Enter><Enter>", reconnects },
	{ CMD_FAULTS, CTX_HOME, "", faults_menu },
	{ CMD_PAUSE, CTX_ANY, "", stops_time },
	{ CMD_NOW, CTX_ANY, "", goes_to_now },
	{ CMD_STEP_BACK, CTX_ANY, "", steps_back },
	{ CMD_STEP_ON, CTX_ANY, "", steps_on },
	{ CMD_EVENT_BACK, CTX_ANY, "", event_back },
	{ CMD_EVENT_ON, CTX_ANY, "", event_on },
	{ CMD_SLOWER, CTX_ANY, "", slower },
	{ CMD_FASTER, CTX_ANY, "", faster },
	{ CMD_GOTO, CTX_ANY, "", time_typed },
	{ CMD_COPY, CTX_ANY, "", copied },
	{ CMD_COPY_MENU, CTX_HOME, "", copy_menu },
	{ CMD_VMCONSOLE, CTX_ANY, "", console_open },
	{ CMD_VMCONSOLE_LEAVE, CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE, "",
	    console_left },
	{ CMD_VMCONSOLE_BACK, CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE, "",
	    console_back },
	{ CMD_VMCONSOLE_ON, CTX_VMCONSOLE | CTX_VMCONSOLE_IDLE,
	    "<PgUp><PgUp>", console_on },
	{ CMD_VMCONSOLE_SIZE, CTX_VMCONSOLE, "", console_sized },
	{ CMD_VMCONSOLE_RETRY, CTX_VMCONSOLE_IDLE, "", console_again },
	{ CMD_VMCONSOLE_LOG, CTX_VMCONSOLE_IDLE, "", console_log },
	{ CMD_REDRAW, CTX_ANY, "", repaints },
	{ CMD_SUSPEND, CTX_ANY, "", suspends },
};

enum { NEXPECTATIONS = sizeof expectations / sizeof expectations[0] };

static const struct expectation *
expectation_of(enum command cmd, enum context ctx)
{
	for (size_t i = 0; i < NEXPECTATIONS; i++)
		if (expectations[i].cmd == cmd &&
		    (expectations[i].contexts & (unsigned)ctx) != 0)
			return &expectations[i];
	return NULL;
}

/* A place, with something to move in. */
static const struct {
	enum context ctx;
	const char *keys;
} places[] = {
	{ CTX_HOME, "" },
	{ CTX_DETAIL, "<Enter>jj" },
	{ CTX_LOG, "Ljj" },
	{ CTX_HELP, "?jj" },
	{ CTX_MENU, "sgjj" },
	{ CTX_COLUMNS, "Cgjj" },
	{ CTX_INPUT, "/web1 x<Left><Left><Left><Left>" },
	{ CTX_COMMAND, ":web1 x<Left><Left><Left><Left>" },
	{ CTX_OUTPUT, ":info web1<Enter>jj" },
	{ CTX_ALARMS, "aj" },
	{ CTX_XENLOG, "M<Home>jj" },
	{ CTX_ACT, "*ujj" },
	{ CTX_ACT_LINE, "Kweb1 x<Left><Left><Left><Left>" },
	{ CTX_JOBS, "Jj" },
	{ CTX_JOB, "J<Enter>jj" },
	{ CTX_VMCONSOLE, "c" },
	{ CTX_VMCONSOLE_IDLE, "c" },
};

static bool
is_console(enum context ctx)
{
	return ctx == CTX_VMCONSOLE || ctx == CTX_VMCONSOLE_IDLE;
}

/* The turn in which it is opened and tells what it has. */
static void
come_to_console(enum context ctx)
{
	struct mono deadline = MONO_NEVER;

	cons.locked = ctx == CTX_VMCONSOLE_IDLE;
	vmcon_turn(&s.app.vmcon, s.app.model, s.now, &deadline);
	app_vmconsole_follow(&s.app);
}

static const char *
keys_to(enum context ctx)
{
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
		if (places[i].ctx == ctx)
			return places[i].keys;
	fail_msg("nothing leads to context %x: add it to the places", ctx);
	return "";
}

static void
go_to(enum context ctx, const char *first)
{
	if (ctx == CTX_XENLOG)
		scene_xenlog(&s, ALPHA);
	s.app.vmcon.source = fakecons_source(&cons);
	scene_press(&s, ":web1<Enter>");
	scene_press(&s, keys_to(ctx));
	if (is_console(ctx))
		come_to_console(ctx);
	scene_press(&s, first);
	assert_int_equal(ui_context(&s.app.ui), ctx);
}

static int failures;

static void
try(const struct binding *b, uint32_t key, enum context ctx)
{
	const struct expectation *e = expectation_of(b->cmd, ctx);
	char name[16];

	input_key_name(name, key);
	if (e == NULL) {
		fail_msg("what \"%s\" (%s) must do in context %x is not in "
		    "the table", b->name, name, ctx);
		return;
	}
	teardown(NULL);
	setup(NULL);
	go_to(ctx, e->first);
	remember();
	scene_keys(&s, (const uint32_t[]){ key, 0 });
	if (!e->ok())
		failures++, print_error("%s (\"%s\") does not do what it should in context "
		    "%x; it says: %s\n", name, b->name, ctx, s.app.ui.msg);
}

static void
every_key_does_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < keymap_ndefaults; i++)
		for (unsigned ctx = 1; ctx < CTX_END; ctx <<= 1)
			for (size_t k = 0; k < BINDING_KEYS &&
			     keymap_defaults[i].key[k] != 0; k++)
				if (keymap_defaults[i].contexts & ctx)
					try(&keymap_defaults[i],
					    keymap_defaults[i].key[k],
					    (enum context)ctx);
	assert_int_equal(failures, 0);
}

static void
every_command_has_a_key(void **state)
{
	(void)state;
	for (int cmd = CMD_NONE + 1; cmd < CMD_COUNT; cmd++) {
		bool found = false;

		for (size_t i = 0; i < keymap_ndefaults; i++)
			found |= keymap_defaults[i].cmd == (enum command)cmd;
		if (!found)
			fail_msg("command %d has no key and no name", cmd);
	}
}

/* --- Esc ------------------------------------------------------------------------- */

static bool
is_plain_home(void)
{
	const struct ui *ui = &s.app.ui;

	return ui->nlayers == 1 && ui->menu == MENU_NONE &&
	    ui->act.stage == ACT_NONE && !ui->filter_typing &&
	    !ui->command_typing && ui->filter.n == 0 &&
	    ui->marks.n == 0 && ui->column_page == 0;
}

/* How much there is to peel. */
static int
layers(void)
{
	const struct ui *ui = &s.app.ui;

	return (int)ui->nlayers - 1 + (ui->menu != MENU_NONE) +
	    (ui->act.stage != ACT_NONE) +
	    (ui->filter_typing || ui->command_typing) +
	    (ui->filter.n > 0 && !ui->filter_typing) + (ui->marks.n > 0) +
	    (ui->column_page != 0);
}

static void
esc_leads_home(void **state)
{
	struct prng r;

	(void)state;
	prng_init(&r, 11);
	for (int round = 0; round < 400; round++) {
		int n = 1 + (int)prng_below(&r, 25), left;

		while (n-- > 0) {
			const struct binding *b = &keymap_defaults[
			    prng_below(&r, (uint32_t)keymap_ndefaults)];
			uint32_t key = b->key[prng_below(&r, BINDING_KEYS)];

			if (prng_below(&r, 4) == 0)
				key = 'a' + prng_below(&r, 26);
			scene_keys(&s, (const uint32_t[]){ key != 0 ? key :
			    b->key[0], 0 });
		}
		for (left = layers(); left > 0; left = layers()) {
			scene_press(&s, "<Esc>");
			assert_false(s.app.fx.quit);
			assert_int_equal(layers(), left - 1);
		}
		assert_true(is_plain_home());
		scene_press(&s, "<Esc>");
		assert_false(s.app.fx.quit);
		assert_true(is_plain_home());
	}
}

/* --- Leaving ---------------------------------------------------------------------- */

static void
leaving_is_up_to_the_operator(void **state)
{
	(void)state;
	scene_press(&s, "Q<Enter>"); /* stay, the first choice */
	assert_false(s.app.fx.quit);
	scene_press(&s, "Qj<Enter>");
	assert_true(s.app.ui.leaving);
	scene_press(&s, "j");
	assert_false(s.app.ui.leaving);
	scene_press(&s, "Qjj<Enter>");
	assert_true(s.app.fx.quit && s.app.fx.leave_jobs);
	scene_press(&s, "Qjjj<Enter>");
	assert_true(s.app.fx.cancel_all && s.app.ui.leaving);
	scene_press(&s, "QQ"); /* who asks twice means it */
	assert_true(s.app.fx.quit && s.app.fx.leave_jobs);
	s.app.jobs = NULL;
	scene_press(&s, "jQ");
	assert_true(s.app.fx.quit && !s.app.fx.leave_jobs);
}

/* --- The key bar ------------------------------------------------------------------ */

static void
key_bar_fits(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
		if (is_console(places[i].ctx)) /* has no key bar */
			continue;
		teardown(NULL);
		setup(NULL);
		go_to(places[i].ctx, "");
		for (int w = 60; w <= 200; w++) {
			struct frame f;
			struct rect bar = { 0, 0, w, 1 };
			const struct binding *b, *before = NULL;
			bool out = false;
			int x = 0;

			app_resize(&s.app, w, 24);
			f = app_frame(&s.app);
			for (; x < w; x++) {
				b = keybar_at(bar, &f, x);
				out |= b != NULL && (b->cmd == CMD_CLOSE ||
				    b->cmd == CMD_BACK);
				if (b != NULL && b != before)
					assert_true(before == NULL ||
					    keybar_at(bar, &f, x - 1) == NULL);
				before = b != NULL ? b : before;
			}
			if (!out)
				fail_msg("no way out in the key bar of "
				    "context %x at %d", places[i].ctx, w);
			assert_null(keybar_at(bar, &f, w));
		}
	}
}

/* Other keys: help, key bar and messages tell them. */
static void
others_are_told(void **state)
{
	struct buf out;

	(void)state;
	scene_free(&s);
	memset(&s, 0, sizeof s);
	scene_init(&s);
	keymap_free(&s.app.keys);
	for (int i = 0; i < 2; i++) {
		struct conf_key *k = conf_add_key(&s.conf);

		k->action = strdup(i == 0 ? "tree" : "sort");
		free(k->keys);
		k->keys = strdup(i == 0 ? "T F11" : "");
	}
	keymap_init(&s.app.keys, &s.conf);
	app_resize(&s.app, 80, 60);
	buf_init(&out, 1 << 22);
	scene_press(&s, "?");
	shot_glyphs(&s, 120, 200, false, &out);
	assert_non_null(strstr(out.p, " T F11 "));
	assert_null(strstr(out.p, "F5"));
	assert_non_null(strstr(out.p, " :sort "));
	buf_clear(&out);
	scene_press(&s, "<Esc>T");
	assert_true(s.app.ui.flat);
	scene_press(&s, "t");
	assert_true(s.app.ui.flat);
	shot_glyphs(&s, 120, 30, false, &out);
	assert_non_null(strstr(out.p, "T Tree"));
	assert_null(strstr(out.p, "Sort"));
	buf_free(&out);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_command_has_a_key),
		TEST(every_key_does_it),
		TEST(esc_leads_home),
		TEST(leaving_is_up_to_the_operator),
		TEST(key_bar_fits),
		TEST(others_are_told),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
