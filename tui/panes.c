/* The panes of the home screen: details of the selected row, made by the code
 * of the details view, and the last events. Both are what a key away fills the
 * screen, so what does not fit here is there. */
#include <stdio.h>

#include "tui/rows.h"
#include "tui/text.h"
#include "tui/view.h"

static void
pane_title(struct canvas *c, struct rect r, const char *title,
    const char *right)
{
	int w = right[0] != '\0' ? (int)sizeof "100-100/1000  F3" : 0;

	canvas_fill(c, (struct rect){ r.x, r.y, r.w, 1 }, STYLE_COLUMNS, ' ');
	canvas_text(c, r.x + 1, r.y, r.w - 2 - w, STYLE_COLUMNS, title);
	canvas_right(c, r.x, r.y, r.w - 1, STYLE_COLUMNS, right);
}

static void
draw_details(struct canvas *c, const struct rect r, const struct frame *f)
{
	struct rect body = { r.x + 1, r.y + 1, r.w - 2, r.h - 1 };
	struct layer l = { .view = VIEW_DETAIL, .about = f->ui->sel };
	char title[400] = "", right[48] = "";
	struct doc d;

	if (f->rows->n == 0) {
		pane_title(c, r, "Nothing is selected", "");
		return;
	}
	doc_init(&d, body.w, c->ascii);
	views[VIEW_DETAIL]->build(&d, f, &l);
	views[VIEW_DETAIL]->title(title, sizeof title, f, &l);
	if (d.y > body.h)
		snprintf(right, sizeof right, "1-%d/%d  F3", body.h, d.y);
	pane_title(c, r, title, right);
	if (d.y < d.c.h)
		d.c.h = d.y;
	canvas_blit(c, body, &d.c, 0);
	doc_free(&d);
}

static void
draw_events(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct log_entry *e;

	pane_title(c, r, "Last events", "L");
	for (int i = 1; i < r.h; i++) {
		e = model_log(f->model, (size_t)i - 1);
		if (e == NULL)
			break;
		log_draw_line(c, (struct rect){ r.x, r.y + i, r.w, 1 }, f, e);
	}
}

void
panes_draw(struct canvas *c, const struct layout *l, const struct frame *f)
{
	struct rect d = l->divider;

	if (d.h > 0)
		canvas_fill(c, (struct rect){ d.x, d.y, d.w, 1 },
		    STYLE_COLUMNS, ' ');
	for (int y = 0; y < d.h; y++)
		canvas_put(c, d.x + d.w - 1, d.y + y,
		    y == 0 ? STYLE_COLUMNS : STYLE_FAINT, 0x2502);
	if (l->details.h > 0)
		draw_details(c, l->details, f);
	if (l->events.h > 0)
		draw_events(c, l->events, f);
}
