#ifndef TUI_APP_CMD_H
#define TUI_APP_CMD_H

#include "tui/app.h"
#include "tui/copy.h"

/* Shared by the files that make up what keys do; for nobody else. */

struct layer *app_layer(struct app *a); /* the topmost */
/* The selected row; NULL when there is none. */
const struct row *app_selected(const struct app *a);
void app_sort_by(struct app *a, size_t column);
/* Into the line that is being typed: a character, and the other CMD_EDIT_*. */
void app_type(struct app *a, uint32_t key);
void app_edit(struct app *a, enum command cmd);
void app_found_choose(struct app *a, size_t i); /* of what Tab found */
void app_filter_set(struct app *a, const char *text);
void app_filter_choose(struct app *a, size_t at); /* of the menu */
void app_filter_named(struct app *a, const char *text); /* or a query */
void app_filter_save(struct app *a, const char *name);
void app_filter_clear(struct app *a); /* and ends its typing */
/* Opens the command line with that text. */
void app_command_line(struct app *a, const char *text);
void app_line_close(struct app *a); /* whatever is being typed in it */

/* Opens a view over the present one, or has that show another thing. */
void app_push(struct app *a, enum view_id view, struct row_id about);
void app_home(struct app *a); /* closes all of them, and menus */
/* Selects the row on the home screen and sees to it that it has one. */
void app_reveal(struct app *a, struct row_id id);
enum { APP_OUTPUT_MAX = 1 << 22 }; /* bytes */
void app_output(struct app *a, const char *title, const struct buf *text,
    bool wraps);

/* Does what the binding does; on the home screen if it is for that alone. */
void app_act(struct app *a, const struct binding *b);
/* The host that the row is or is on, or MODEL_NONE. */
uint32_t app_host_of(const struct app *a, struct row_id id);
void app_reconnect(struct app *a, uint32_t host); /* MODEL_NONE: says so */
void app_xenlog(struct app *a, uint32_t host);    /* likewise */

/* To the clipboard, from the selected row. */
void app_copy(struct app *a, enum copy_what what);

/* The alarms view's selection, and the choice from its menu. */
void app_alarms_move(struct app *a, long rows);
/* Selects what is on that line of the view; false: nothing is. */
bool app_alarms_click(struct app *a, int line);
/* What the menu before leaving offers. */
void app_leave_choose(struct app *a, size_t i);
void app_jobs_move(struct app *a, long rows);
bool app_jobs_click(struct app *a, int line);
void app_silence(struct app *a, size_t choice);
/* Selects the row, whatever is folded or filtered; false: there is none. */
bool app_show_row(struct app *a, struct row_id id);

/* Whether it is the guest's, and went there; b is what it is bound to. */
bool app_vmconsole_key(struct app *a, const struct binding *b, uint32_t key);
bool app_vmconsole_mouse(struct app *a, struct mouse m);
bool app_vmconsole_paste(struct app *a, const struct paste *p);
/* Begins an action on what is selected or marked. */
void app_action(struct app *a, enum action_kind kind);
/* On that VM; arg: what follows it on a command line. */
void app_action_on(struct app *a, enum action_kind kind, struct row_id id,
    const char *arg);
void app_action_accept(struct app *a); /* the word or argument was typed */
void app_action_typed(struct app *a);  /* some more of it was */
bool app_action_leave(struct app *a);  /* false: none was on its way */
void app_action_move(struct app *a, long by);
void app_action_choose(struct app *a, size_t i); /* of the menu */

void app_run(struct app *a, enum command cmd);
/* Up or down, in whatever is in front. */
void app_move(struct app *a, long by);
/* Time: what was typed; a seek that is under way. */
void app_goto(struct app *a, const char *text);
void app_speed(struct app *a, const char *text);
bool app_seek_cancel(struct app *a); /* false: none is */

/* Whether this is now, and hosts; says why not. */
bool app_can_act(struct app *a);

void cmd_accept(struct app *a);
void cmd_act_choose(struct app *a);
void cmd_act_dry(struct app *a);
void cmd_act_swear(struct app *a);
void cmd_act_yes(struct app *a);
void cmd_def(struct app *a);
void cmd_edit_def(struct app *a);
void app_history(struct app *a, const char *args);
void cmd_history(struct app *a);
void cmd_jobs(struct app *a);
void cmd_job_cancel(struct app *a);
void cmd_job_open(struct app *a);
void cmd_vm_actions(struct app *a);
void cmd_vm_kill(struct app *a);
void cmd_vm_migrate(struct app *a);
void cmd_vm_pause(struct app *a);
void cmd_vm_reboot(struct app *a);
void cmd_vm_shutdown(struct app *a);
void cmd_vm_start(struct app *a);
void cmd_back(struct app *a);
void cmd_close(struct app *a);
void cmd_command(struct app *a);
void cmd_column_left(struct app *a);
void cmd_column_narrower(struct app *a);
void cmd_column_right(struct app *a);
void cmd_column_toggle(struct app *a);
void cmd_column_wider(struct app *a);
void cmd_columns(struct app *a);
void cmd_columns_reset(struct app *a);
void cmd_copy(struct app *a);
void cmd_copy_menu(struct app *a);
void cmd_details_pane(struct app *a);
void cmd_dormant(struct app *a);
void cmd_alarm_ack(struct app *a);
void cmd_alarm_ack_all(struct app *a);
void cmd_alarm_go(struct app *a);
void cmd_alarm_silence(struct app *a);
void cmd_down(struct app *a);
void cmd_events_pane(struct app *a);
void cmd_event_back(struct app *a);
void cmd_event_on(struct app *a);
void cmd_faster(struct app *a);
void cmd_filter(struct app *a);
void cmd_filters(struct app *a);
void cmd_first(struct app *a);
void cmd_fold(struct app *a);
void cmd_fold_all(struct app *a);
void cmd_goto(struct app *a);
void cmd_hit_next(struct app *a);
void cmd_hit_prev(struct app *a);
void cmd_invert(struct app *a);
void cmd_last(struct app *a);
void cmd_left(struct app *a);
void cmd_mark(struct app *a);
void cmd_mark_invert(struct app *a);
void cmd_more_columns(struct app *a);
void cmd_now(struct app *a);
void cmd_page_down(struct app *a);
void cmd_page_up(struct app *a);
void cmd_pause(struct app *a);
void cmd_quit(struct app *a);
void cmd_right(struct app *a);
void cmd_side_left(struct app *a);
void cmd_side_right(struct app *a);
void cmd_slower(struct app *a);
void cmd_sort_menu(struct app *a);
void cmd_sort_next(struct app *a);
void cmd_sort_prev(struct app *a);
void cmd_step_back(struct app *a);
void cmd_step_on(struct app *a);
void cmd_tree(struct app *a);
void cmd_trouble_next(struct app *a);
void cmd_trouble_prev(struct app *a);
void cmd_vmconsole(struct app *a);
void cmd_vmconsole_back(struct app *a);
void cmd_vmconsole_leave(struct app *a);
void cmd_vmconsole_log(struct app *a);
void cmd_vmconsole_on(struct app *a);
void cmd_vmconsole_retry(struct app *a);
void cmd_vmconsole_size(struct app *a);
void cmd_unfold(struct app *a);
void cmd_unfold_all(struct app *a);
void cmd_unmark_all(struct app *a);
void cmd_up(struct app *a);

#endif
