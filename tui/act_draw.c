/* The box of an action: what is lost by it, what cannot be done and why, the
 * commands that would run, and what is wanted of the operator. It is text in a
 * box that scrolls, with the question in its last line. */
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/act.h"
#include "tui/doc.h"
#include "tui/keymap.h"
#include "tui/ui.h"

enum { LEAST_H = 6, WIDEST = 100, QUESTION_H = 2, INPUT_LEAST = 12 };

static enum style
loss_style(const struct act *x)
{
	switch (action_infos[x->action.kind].danger) {
	case DANGER_TYPED:
		return STYLE_ALARM;
	case DANGER_ASK:
		return STYLE_WARN;
	case DANGER_NONE:
		break;
	}
	return STYLE_NORMAL;
}

/* One sentence each, as long as they are few; what becomes of the rest is what
 * the commands below tell. */
static void
put_losses(struct doc *d, const struct act *x, const struct model *m)
{
	enum { MOST = 12 };
	size_t told = 0;
	char text[400];

	for (size_t i = 0; i < x->n && told < MOST; i++) {
		struct action a = x->action;

		if (!x->v[i].planned)
			continue;
		a.vm = x->v[i].vm;
		a.host = x->v[i].host;
		action_loss(text, sizeof text, &a, m);
		doc_text(d, 0, loss_style(x), text);
		told++;
	}
	if (x->nplanned > told) {
		snprintf(text, sizeof text, "... and so for %zu more.",
		    x->nplanned - told);
		doc_text(d, 0, loss_style(x), text);
	}
}

static void
put_commands(struct doc *d, const struct act *x)
{
	if (x->nplanned == 0)
		return;
	doc_blank(d);
	doc_lines(d, 0, STYLE_FAINT, x->commands);
}

static void
put_refusals(struct doc *d, const struct act *x)
{
	char text[80];

	if (x->refusals == NULL)
		return;
	if (x->nplanned > 0) {
		snprintf(text, sizeof text, "%zu of %zu cannot be done:",
		    x->n - x->nplanned, x->n);
		doc_blank(d);
		doc_text(d, 0, STYLE_WARN, text);
	}
	doc_lines(d, x->nplanned > 0 ? 1 : 0, STYLE_WARN, x->refusals);
}

/* What it is about, what may be typed, and what that would do. */
static void
build_type(struct doc *d, const struct act *x, const struct frame *f)
{
	const struct action_info *i = &action_infos[x->action.kind];
	char text[400];

	snprintf(text, sizeof text, "%s: %s.", i->args, i->help);
	doc_text(d, 0, STYLE_FAINT, text);
	act_hint(text, sizeof text, x, f->model);
	if (text[0] != '\0')
		doc_text(d, 0, STYLE_NORMAL, text);
	if (x->error[0] != '\0') {
		doc_blank(d);
		doc_text(d, 0, STYLE_WARN, x->error);
		return;
	}
	put_commands(d, x);
	if (x->nplanned < x->n && x->refusals != NULL) {
		doc_blank(d);
		put_refusals(d, x);
	}
}

/* Returns a line that must be seen. */
static int
build(struct doc *d, const struct act *x, const struct frame *f)
{
	if (x->stage == ACT_HOST)
		return act_host_build(d, f);
	if (x->stage == ACT_TYPE) {
		build_type(d, x, f);
		return x->top;
	}
	if (x->nplanned > 0)
		put_losses(d, x, f->model);
	put_refusals(d, x);
	put_commands(d, x);
	return x->top;
}

static struct rect
box_of(const struct frame *f, struct rect r, bool ascii, struct doc *d,
    int *line)
{
	struct rect box = { r.x, r.y, r.w - 4 < WIDEST ? r.w - 4 : WIDEST, 0 };

	doc_init(d, box.w - 4, ascii);
	*line = build(d, &f->ui->act, f);
	box.h = d->y + QUESTION_H + 2;
	if (box.h < LEAST_H)
		box.h = LEAST_H;
	if (box.h > r.h)
		box.h = r.h;
	box.x += (r.w - box.w) / 2;
	box.y += (r.h - box.h) / 2;
	return box;
}

int
act_height(const struct frame *f, struct rect r, bool ascii, int *seen)
{
	struct doc d;
	int line;
	struct rect box = box_of(f, r, ascii, &d, &line);
	int h = d.y;

	*seen = box.h - 2 - QUESTION_H;
	doc_free(&d);
	return h;
}

/* Joins what can be pressed: "y does it   Esc leaves it". */
static void
add_key(char *out, size_t size, const struct frame *f, const char *name,
    const char *what)
{
	size_t n = strlen(out);
	char key[KEYMAP_NAME];

	snprintf(out + n, size - n, "%s%s %s", n > 0 ? "   " : "",
	    keymap_first(key, f->keys, name), what);
}

static void
question(char *out, size_t size, const struct frame *f)
{
	const struct act *x = &f->ui->act;
	const struct action_info *i = &action_infos[x->action.kind];

	out[0] = '\0';
	switch (x->stage) {
	case ACT_TYPE:
		snprintf(out, size, "%s: ", i->arg_label != NULL ?
		    i->arg_label : i->args);
		return;
	case ACT_CONFIRM:
		snprintf(out, size, x->action.sworn ?
		    "Type %s to swear that it runs nowhere else: " :
		    "Type %s to do it: ", x->word);
		return;
	case ACT_ASK:
		add_key(out, size, f, "do-it", "does it");
		break;
	case ACT_REFUSED:
		if (x->may_swear)
			add_key(out, size, f, "swear",
			    "swears that it runs nowhere else");
		break;
	case ACT_HOST:
		add_key(out, size, f, "there", "goes there");
		break;
	case ACT_NONE:
		return;
	}
	add_key(out, size, f, "leave-it", "leaves it");
}

/* The word that is wanted is wide at times: then what is typed has a line of
 * its own below. */
static void
draw_question(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct act *x = &f->ui->act;
	bool typed = x->stage == ACT_TYPE || x->stage == ACT_CONFIRM;
	struct rect line = { r.x, r.y + r.h - 1, r.w, 1 };
	char text[400];
	int w;

	question(text, sizeof text, f);
	w = utf8_columns(text);
	if (typed && w > r.w - INPUT_LEAST && r.h > 1) {
		canvas_text(c, r.x, r.y, r.w, STYLE_TITLE, text);
		w = 0;
	} else {
		w = canvas_text(c, line.x, line.y, r.w, STYLE_TITLE, text);
		if (x->stage == ACT_CONFIRM && x->error[0] != '\0')
			canvas_text(c, r.x, r.y, r.w, STYLE_WARN, x->error);
	}
	if (typed)
		lineedit_draw(&f->ui->line, c, (struct rect){ line.x + w,
		    line.y, r.w - w, 1 }, STYLE_INPUT);
}

void
act_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct act *x = &f->ui->act;
	struct doc d;
	struct rect box, inner;
	char title[300];
	int top, line;

	if (x->stage == ACT_NONE)
		return;
	box = box_of(f, r, c->ascii, &d, &line);
	inner = (struct rect){ box.x + 2, box.y + 1, box.w - 4,
		box.h - 2 - QUESTION_H };
	act_title(title, sizeof title, x, f->model);
	canvas_box(c, box, x->stage == ACT_REFUSED ? STYLE_WARN : STYLE_BOX,
	    title);
	top = x->stage == ACT_HOST ? line - inner.h / 2 : x->top;
	top = top < d.y - inner.h ? top : d.y - inner.h;
	top = top > 0 ? top : 0;
	canvas_blit(c, inner, &d.c, top);
	if (d.y > inner.h) {
		char where[32];

		snprintf(where, sizeof where, " %d-%d/%d ", top + 1,
		    top + inner.h, d.y);
		canvas_right(c, box.x, box.y, box.w - 2, STYLE_BOX, where);
	}
	draw_question(c, (struct rect){ inner.x, box.y + box.h - 1 -
		QUESTION_H, inner.w, QUESTION_H }, f);
	doc_free(&d);
}
