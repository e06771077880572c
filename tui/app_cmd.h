#ifndef TUI_APP_CMD_H
#define TUI_APP_CMD_H

#include "tui/app.h"

/* Shared by the files that make up what keys do; for nobody else. */

struct layer *app_layer(struct app *a); /* the topmost */
/* The selected row; NULL when there is none. */
const struct row *app_selected(const struct app *a);
void app_sort_by(struct app *a, size_t column);
/* Into the line that is being typed: a character, and the other CMD_EDIT_*. */
void app_type(struct app *a, uint32_t key);
void app_edit(struct app *a, enum command cmd);
void app_filter_clear(struct app *a);

void cmd_accept(struct app *a);
void cmd_details_pane(struct app *a);
void cmd_dormant(struct app *a);
void cmd_down(struct app *a);
void cmd_events_pane(struct app *a);
void cmd_filter(struct app *a);
void cmd_first(struct app *a);
void cmd_fold(struct app *a);
void cmd_fold_all(struct app *a);
void cmd_invert(struct app *a);
void cmd_last(struct app *a);
void cmd_left(struct app *a);
void cmd_page_down(struct app *a);
void cmd_page_up(struct app *a);
void cmd_right(struct app *a);
void cmd_sort_menu(struct app *a);
void cmd_sort_next(struct app *a);
void cmd_sort_prev(struct app *a);
void cmd_tree(struct app *a);
void cmd_trouble_next(struct app *a);
void cmd_trouble_prev(struct app *a);
void cmd_unfold(struct app *a);
void cmd_unfold_all(struct app *a);
void cmd_up(struct app *a);

#endif
