/* The box of an action: what is lost by it, what cannot be done and why, the
 * commands that would run, and what is wanted of the operator. It is text in a
 * box that scrolls, with the question in its last line. */
#include <stdio.h>
#include <string.h>

#include "tui/act.h"
#include "tui/doc.h"
#include "tui/ui.h"

enum { LEAST_H = 6, WIDEST = 100, QUESTION_H = 2 };

static void
each_line(struct doc *d, int indent, enum style style, const char *text)
{
	char line[1024];

	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, "\n");

		snprintf(line, sizeof line, "%.*s", (int)n, text);
		doc_text(d, indent, style, line);
		text += n + (text[n] == '\n');
	}
}

/* One sentence each, as long as they are few; the list of the rest is what the
 * commands below tell. */
static void
put_losses(struct doc *d, const struct act *x, const struct model *m)
{
	enum { MOST = 12 };
	char text[400];

	for (size_t i = 0; i < x->n && i < MOST; i++) {
		struct action a = x->action;

		a.vm = x->v[i].vm;
		a.host = x->v[i].host;
		action_loss(text, sizeof text, &a, m);
		doc_text(d, 0, STYLE_NORMAL, text);
	}
	if (x->n > MOST) {
		snprintf(text, sizeof text, "... and so for %zu more.",
		    x->n - MOST);
		doc_text(d, 0, STYLE_NORMAL, text);
	}
}

/* Returns a line that must be seen. */
static int
build(struct doc *d, const struct act *x, const struct frame *f)
{
	char text[200];

	if (x->stage == ACT_TYPE)
		return 0;
	if (x->stage == ACT_HOST)
		return act_host_build(d, f);
	if (x->nplanned > 0)
		put_losses(d, x, f->model);
	if (x->refusals != NULL) {
		if (x->nplanned > 0) {
			snprintf(text, sizeof text, "%zu of %zu cannot be done:",
			    x->n - x->nplanned, x->n);
			doc_blank(d);
			doc_text(d, 0, STYLE_WARN, text);
		}
		each_line(d, 0, STYLE_WARN, x->refusals);
	}
	if (x->nplanned > 0) {
		doc_blank(d);
		each_line(d, 0, STYLE_FAINT, x->commands);
	}
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

static void
question(char *out, size_t size, const struct act *x)
{
	const struct action_info *i = &action_infos[x->action.kind];

	switch (x->stage) {
	case ACT_TYPE:
		snprintf(out, size, "%s: ", i->arg_label != NULL ?
		    i->arg_label : i->args);
		break;
	case ACT_CONFIRM:
		snprintf(out, size, x->action.sworn ?
		    "Type %s to swear that it runs nowhere else: " :
		    "Type %s to do it: ", x->word);
		break;
	case ACT_ASK:
		snprintf(out, size, "y: do it   Esc: leave it");
		break;
	case ACT_REFUSED:
		snprintf(out, size, x->may_swear ?
		    "!: swear that it runs nowhere else   Esc: leave it" :
		    "Esc: back");
		break;
	case ACT_HOST:
		snprintf(out, size, "Enter: there   Esc: leave it");
		break;
	case ACT_NONE:
		out[0] = '\0';
	}
}

static void
draw_question(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct act *x = &f->ui->act;
	bool typed = x->stage == ACT_TYPE || x->stage == ACT_CONFIRM;
	char text[400];
	int w;

	question(text, sizeof text, x);
	w = canvas_text(c, r.x, r.y, r.w, STYLE_TITLE, text);
	if (typed)
		lineedit_draw(&f->ui->line, c,
		    (struct rect){ r.x + w, r.y, r.w - w, 1 }, STYLE_INPUT);
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
	draw_question(c, (struct rect){ inner.x, box.y + box.h - 2, inner.w,
		1 }, f);
	doc_free(&d);
}
