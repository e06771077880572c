/* The menus: what to sort by, what can be done, and so on. */
#include "tui/menu.h"

#include <stdio.h>
#include <string.h>

#include "tui/alarms.h"
#include "tui/copy.h"
#include "tui/input.h"
#include "tui/keymap.h"
#include "tui/setup.h"
#include "tui/table.h"

const struct fault menu_faults[] = {
	{ CONTROL_SIM_DIE, "it loses power" },
	{ CONTROL_SIM_BREAK, "its link breaks, it runs on" },
	{ CONTROL_SIM_SLOW, "it answers late" },
	{ CONTROL_SIM_HEAL, "all is well again" },
};

const size_t menu_nfaults = sizeof menu_faults / sizeof menu_faults[0];

const char *const menu_leaves[] = {
	[LEAVE_NOT] = "stay",
	[LEAVE_LATER] = "wait for them, then leave",
	[LEAVE_NOW] = "leave: they go on in the background",
	[LEAVE_CANCEL] = "cancel them, then leave",
};

const size_t menu_nleaves = sizeof menu_leaves / sizeof menu_leaves[0];

size_t
menu_count(const struct ui *ui)
{
	switch (ui->menu) {
	case MENU_SORT:
	case MENU_COLUMNS:
		return table_ncolumns;
	case MENU_COPY:
		return COPY_N;
	case MENU_FAULT:
		return menu_nfaults;
	case MENU_SILENCE:
		return alarms_nsilences;
	case MENU_FILTERS:
		return ui->saved.n;
	case MENU_ACTIONS:
		return ui->nactions;
	case MENU_LEAVE:
		return menu_nleaves;
	case MENU_NONE:
		break;
	}
	return 0;
}

static const char *
entry_text(const struct ui *ui, size_t i)
{
	return ui->menu == MENU_SORT ? table_columns[i].name :
	    ui->menu == MENU_COPY ? copy_name((enum copy_what)i) :
	    ui->menu == MENU_LEAVE ? menu_leaves[i] :
	    ui->menu == MENU_SILENCE ? alarms_silences[i].text :
	    menu_faults[i].text;
}

static void
menu_title(char *out, size_t size, const struct frame *f)
{
	if (f->ui->menu == MENU_SORT)
		snprintf(out, size, "Sort by");
	else if (f->ui->menu == MENU_FILTERS)
		snprintf(out, size, "Show, and how many VMs");
	else if (f->ui->menu == MENU_COPY)
		snprintf(out, size, "Copy");
	else if (f->ui->menu == MENU_LEAVE)
		snprintf(out, size, "Jobs are under way");
	else if (f->ui->menu == MENU_ACTIONS)
		snprintf(out, size, "Do what?");
	else if (f->ui->menu == MENU_SILENCE)
		snprintf(out, size, "Silence for");
	else
		snprintf(out, size, "Demo: %s",
		    model_host(f->model, f->ui->menu_host)->name);
}

enum { WIDTH = 34, WIDTH_LEAVE = 42, WIDTH_FILTERS = 64, WIDTH_ACTIONS = 76,
	NAME_W = 20 };

static const char *const action_keys[ACTION_COUNT] = {
	[ACTION_START] = "start",
	[ACTION_SHUTDOWN] = "shutdown",
	[ACTION_REBOOT] = "reboot",
	[ACTION_KILL] = "kill",
	[ACTION_PAUSE] = "pause-vm",
	[ACTION_UNPAUSE] = "pause-vm",
	[ACTION_MIGRATE] = "migrate",
};

/* The key that does it without this menu, if any, the verb and what it is. */
static void
draw_action(struct canvas *c, struct rect r, const struct frame *f,
    enum action_kind kind)
{
	enum { KEY_W = 4, VERB_W = 12 };
	const struct action_info *i = &action_infos[kind];
	const struct binding *b = action_keys[kind] != NULL ?
	    keymap_named(f->keys, action_keys[kind]) : NULL;
	char key[16];

	if (b != NULL && b->key[0] != 0) {
		input_key_name(key, b->key[0]);
		canvas_text(c, r.x, r.y, KEY_W - 1, STYLE_TITLE, key);
	}
	canvas_text(c, r.x + KEY_W, r.y, VERB_W, STYLE_NORMAL, i->verb);
	canvas_text(c, r.x + KEY_W + VERB_W, r.y, r.w - KEY_W - VERB_W,
	    STYLE_FAINT, i->help);
}

/* Name, how many, and what it asks. */
static void
draw_filter(struct canvas *c, struct rect r, const struct saved_filter *s,
    bool is)
{
	int x = r.x + canvas_text(c, r.x, r.y, 2, STYLE_NORMAL,
	    is ? "* " : "  ");
	int name = r.w > 40 ? NAME_W : r.w - 10;

	canvas_text(c, x, r.y, name, STYLE_NORMAL, s->name);
	x += name;
	canvas_printf(c, x, r.y, r.x + r.w - x, STYLE_NORMAL, "%6zu",
	    s->count);
	x += 8;
	if (x < r.x + r.w)
		canvas_text(c, x, r.y, r.x + r.w - x, STYLE_FAINT, s->query);
}

static void
draw_entry(struct canvas *c, struct rect r, const struct frame *f, size_t i)
{
	const struct ui *ui = f->ui;
	bool is = ui->menu == MENU_SORT && i == ui->sort;

	if (ui->menu == MENU_FILTERS)
		draw_filter(c, r, &ui->saved.v[i], strcmp(ui->filter_text,
		    ui->saved.v[i].query) == 0);
	else if (ui->menu == MENU_ACTIONS)
		draw_action(c, r, f, ui->actions[i]);
	else
		canvas_printf(c, r.x, r.y, r.w, STYLE_NORMAL, "%s %s",
		    is ? "*" : " ", entry_text(ui, i));
}

struct rect
menu_box(const struct ui *ui, struct rect r, int *first)
{
	int n = (int)menu_count(ui), at = (int)ui->menu_at;
	struct rect box = { r.x, r.y, ui->menu == MENU_FILTERS ? WIDTH_FILTERS :
		ui->menu == MENU_ACTIONS ? WIDTH_ACTIONS :
		ui->menu == MENU_LEAVE ? WIDTH_LEAVE : WIDTH, n + 2 };

	if (box.h > r.h)
		box.h = r.h;
	if (box.w > r.w - 4)
		box.w = r.w - 4;
	box.x += r.w - box.w - 2; /* names stay to be seen */
	box.y += (r.h - box.h) / 2;
	*first = at >= box.h - 2 ? at - (box.h - 2) + 1 : 0;
	return box;
}

void
menu_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct ui *ui = f->ui;
	int n = (int)menu_count(ui), at = (int)ui->menu_at, first;
	struct rect box = menu_box(ui, r, &first);
	char title[300];

	if (ui->menu == MENU_COLUMNS) {
		setup_draw(c, r, f);
		return;
	}
	if (n == 0)
		return;
	menu_title(title, sizeof title, f);
	canvas_box(c, box, STYLE_BOX, title);
	for (int i = 0; i < box.h - 2 && first + i < n; i++) {
		struct rect line = { box.x + 1, box.y + 1 + i, box.w - 2, 1 };
		size_t entry = (size_t)first + (size_t)i;

		draw_entry(c, (struct rect){ line.x + 1, line.y, line.w - 2,
		    1 }, f, entry);
		if (first + i == at)
			canvas_select(c, line);
	}
}
