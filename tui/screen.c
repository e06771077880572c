/* Puts a whole screen together, and the list of views. */
#include <stdio.h>

#include "tui/act.h"
#include "tui/layout.h"
#include "tui/menu.h"
#include "tui/rows.h"
#include "tui/timebar.h"
#include "tui/view.h"

const struct view *const views[VIEW_COUNT] = {
	[VIEW_HOME] = &view_home,
	[VIEW_DETAIL] = &view_detail,
	[VIEW_LOG] = &view_log,
	[VIEW_XENLOG] = &view_xenlog,
	[VIEW_VMCONSOLE] = &view_vmconsole,
	[VIEW_HELP] = &view_help,
	[VIEW_OUTPUT] = &view_output,
	[VIEW_ALARMS] = &view_alarms,
	[VIEW_JOBS] = &view_jobs,
	[VIEW_JOB] = &view_job,
};

enum context
ui_context(const struct ui *ui)
{
	if (ui->filter_typing)
		return CTX_INPUT;
	if (ui->command_typing)
		return CTX_COMMAND;
	if (ui->act.stage == ACT_TYPE || ui->act.stage == ACT_CONFIRM)
		return CTX_ACT_LINE;
	if (ui->act.stage != ACT_NONE)
		return CTX_ACT;
	if (ui->menu == MENU_COLUMNS)
		return CTX_COLUMNS;
	if (ui->menu != MENU_NONE)
		return CTX_MENU;
	if (ui->layer[ui->nlayers - 1].view == VIEW_VMCONSOLE &&
	    ui->guest_keys)
		return CTX_VMCONSOLE;
	return views[ui->layer[ui->nlayers - 1].view]->ctx;
}

static void
build(struct doc *d, const struct frame *f, const struct layer *l, int width,
    bool ascii)
{
	doc_init(d, width, ascii);
	views[l->view]->build(d, f, l);
}

int
view_height(const struct frame *f, const struct layer *l, int width,
    bool ascii)
{
	struct doc d;
	int h;

	if (views[l->view]->build == NULL)
		return 0;
	if (views[l->view]->long_text) {
		doc_init_part(&d, width, ascii, 0, 1);
		views[l->view]->build(&d, f, l);
	} else {
		build(&d, f, l, width, ascii);
	}
	h = d.y;
	doc_free(&d);
	return h;
}

/* Builds what is shown, or more, and returns the first line that is. Of a long
 * text only that is drawn, once it is known how long it is. */
static int
build_from(struct doc *d, const struct frame *f, const struct layer *l,
    struct rect body, bool ascii)
{
	bool part = views[l->view]->long_text;
	int top = l->top, n;

	if (!part)
		build(d, f, l, body.w, ascii);
	n = part ? view_height(f, l, body.w, ascii) : d->y;
	if (top > n - body.h)
		top = n - body.h;
	if (top < 0)
		top = 0;
	if (part) {
		doc_init_part(d, body.w, ascii, top, body.h);
		views[l->view]->build(d, f, l);
	}
	return top;
}

/* A view that is text: its title, then as much as fits from its top line. */
static void
draw_text(struct canvas *c, const struct layout *lay, const struct frame *f,
    const struct layer *l)
{
	struct rect r = lay->titles, body = lay->body;
	char title[400] = "";
	struct doc d;
	int top;

	top = build_from(&d, f, l, body, c->ascii);
	canvas_fill(c, r, STYLE_COLUMNS, ' ');
	views[l->view]->title(title, sizeof title, f, l);
	canvas_text(c, r.x + 1, r.y, r.w - 14, STYLE_COLUMNS, title);
	if (d.y > body.h) {
		char where[32];

		snprintf(where, sizeof where, "%d-%d/%d", top + 1,
		    top + body.h, d.y);
		canvas_right(c, r.x, r.y, r.w - 1, STYLE_COLUMNS, where);
	}
	if (d.y - d.first < d.c.h)
		d.c.h = d.y - d.first;
	canvas_blit(c, body, &d.c, top - d.first);
	c->cursor_x = r.x;
	c->cursor_y = body.y;
	doc_free(&d);
}

void
view_draw(struct canvas *c, const struct layout *lay, const struct frame *f)
{
	const struct layer *l = &f->ui->layer[f->ui->nlayers - 1];

	if (views[l->view]->draw != NULL)
		views[l->view]->draw(c, lay, f);
	else
		draw_text(c, lay, f, l);
}

/* Words are broken anywhere: at ten columns there is no better place. */
static void
draw_too_small(struct canvas *c, const struct frame *f)
{
	const struct sum *s = &f->rows->all;
	struct header_trouble t[HEADER_TROUBLES];
	size_t n = header_troubles(t, f);
	struct doc d;
	char text[160];

	doc_init(&d, c->w, c->ascii);
	if (f->ui->time.mode != TIME_NOW) {
		timebar_label(text, sizeof text, f, 3);
		doc_text(&d, 0, STYLE_WARN, text);
	}
	for (size_t i = 0; i < n; i++)
		doc_text(&d, 0, t[i].style, t[i].text);
	snprintf(text, sizeof text, "%u/%u up", s->live, s->hosts);
	doc_text(&d, 0, s->live == s->hosts ? STYLE_NORMAL : STYLE_WARN, text);
	snprintf(text, sizeof text, s->unsure > 0 ? "%u+%u? VMs" : "%u VMs",
	    s->running, s->unsure);
	doc_text(&d, 0, STYLE_NORMAL, text);
	snprintf(text, sizeof text, "xendeck wants %dx%d, has %dx%d",
	    SCREEN_MIN_W, SCREEN_MIN_H, c->w, c->h);
	doc_text(&d, 0, STYLE_FAINT, text);
	canvas_blit(c, canvas_all(c), &d.c, 0);
	doc_free(&d);
}

void
screen_draw(struct canvas *c, const struct frame *f)
{
	struct layout lay;

	canvas_clear(c);
	if (f->ui->layer[f->ui->nlayers - 1].view == VIEW_VMCONSOLE) {
		vmconsole_draw(c, f);
		return;
	}
	layout_make(&lay, f->ui, c->w, c->h);
	if (lay.small) {
		draw_too_small(c, f);
		return;
	}
	header_draw(c, lay.header, f);
	canvas_clip(c, lay.main);
	view_draw(c, &lay, f);
	menu_draw(c, lay.main, f);
	act_draw(c, lay.main, f);
	cmdline_draw_found(c, lay.main, f);
	c->clip = canvas_all(c);
	if (f->ui->command_typing)
		cmdline_draw(c, lay.status, f);
	else
		status_draw(c, lay.status, f);
	keybar_draw(c, lay.keys, f);
}
