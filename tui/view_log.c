/* What happened, the newest first. */
#include <stdio.h>

#include "tui/text.h"
#include "tui/view.h"

static enum style
level_style(enum note_level level)
{
	switch (level) {
	case NOTE_ALARM:
		return STYLE_ALARM;
	case NOTE_WARNING:
		return STYLE_WARN;
	case NOTE_INFO:
		break;
	}
	return STYLE_NORMAL;
}

static const char *
level_mark(enum note_level level)
{
	return level == NOTE_ALARM ? "!!" : level == NOTE_WARNING ? "! " : "  ";
}

static void
draw_entry(struct doc *d, const struct frame *f, const struct log_entry *e)
{
	char date[TEXT_MAX];
	int x = d->c.w < 60 ? 15 : 23;

	if (x == 23)
		text_date(date, e->wall_ms);
	else
		text_when(date, e->wall_ms, f->wall_ms);
	doc_need(d, 2);
	canvas_printf(&d->c, 0, d->y, x, level_style(e->level), "%s",
	    level_mark(e->level));
	canvas_text(&d->c, 3, d->y, x - 4, STYLE_FAINT, date);
	doc_text(d, x, level_style(e->level), e->text);
}

void
log_draw_line(struct canvas *c, struct rect r, const struct frame *f,
    const struct log_entry *e)
{
	char when[TEXT_MAX];

	text_when(when, e->wall_ms, f->wall_ms);
	canvas_text(c, r.x, r.y, 3, level_style(e->level),
	    level_mark(e->level));
	canvas_text(c, r.x + 3, r.y, 14, STYLE_FAINT, when);
	canvas_text(c, r.x + 15, r.y, r.w - 15, level_style(e->level),
	    e->text);
}

static void
draw_since(struct doc *d, const struct frame *f, uint64_t seq)
{
	const struct log_entry *e;

	for (size_t i = 0; (e = model_log(f->model, i)) != NULL &&
	     e->seq > seq; i++)
		draw_entry(d, f, e);
}

int
log_lines_since(const struct frame *f, uint64_t seq, int width, bool ascii)
{
	struct doc d;
	int h;

	doc_init(&d, width, ascii);
	draw_since(&d, f, seq);
	h = d.y;
	doc_free(&d);
	return h;
}

static void
log_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	(void)l;
	draw_since(d, f, 0);
	if (d->y == 0)
		doc_text(d, 1, STYLE_FAINT, "Nothing happened yet.");
}

static void
log_title(char *out, size_t size, const struct frame *f,
    const struct layer *l)
{
	(void)f;
	(void)l;
	snprintf(out, size, "What happened, the newest first");
}

const struct view view_log = {
	.name = "log",
	.ctx = CTX_LOG,
	.build = log_build,
	.title = log_title,
};
