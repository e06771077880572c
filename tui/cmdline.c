/* Draws the command line over the status line: what is typed and what its
 * command is for; and above it, or the filter, what Tab offers. */
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/command.h"
#include "tui/view.h"

enum { SHOWN_MAX = 10 };

/* What was told, else what may follow while there is room beside what was
 * typed. */
static void
draw_hint(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct console_command *k = command_of(f->ui->line.text);
	const struct binding *b = keymap_named(f->keys, f->ui->line.text);
	bool told = f->ui->msg[0] != '\0';
	char text[256];

	if (told)
		snprintf(text, sizeof text, "%s", f->ui->msg);
	else if (f->ui->line.len == 0)
		snprintf(text, sizeof text, "Tab completes, Up recalls, the "
		    "name of a host or VM goes there");
	else if (k != NULL)
		snprintf(text, sizeof text, "%s%s%s: %s", k->name,
		    k->args[0] != '\0' ? " " : "", k->args, k->help);
	else if (b != NULL && b->help != NULL && (b->contexts & CTX_VIEW) != 0)
		snprintf(text, sizeof text, "%s: %s", b->name, b->help);
	else
		return;
	if (told || utf8_columns(text) + 2 <= r.w)
		canvas_right(c, r.x, r.y, r.w - 1, told ? f->ui->msg_style :
		    STYLE_INPUT, text);
}

void
cmdline_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	int used;

	canvas_fill(c, r, STYLE_INPUT, ' ');
	canvas_text(c, r.x, r.y, 1, STYLE_INPUT, ":");
	r.x++;
	r.w--;
	used = lineedit_draw(&f->ui->line, c, r, STYLE_INPUT);
	draw_hint(c, (struct rect){ r.x + used + 1, r.y, r.w - used - 1, 1 },
	    f);
}

struct rect
cmdline_found_box(const struct ui *ui, struct rect r, size_t *first)
{
	const struct lineedit *l = &ui->line;
	size_t n = l->found.n, shown = n < SHOWN_MAX ? n : SHOWN_MAX;
	int w = 16;

	*first = 0;
	if ((!ui->command_typing && !ui->filter_typing) || n < 2)
		return (struct rect){ 0 };
	if ((int)shown > r.h - 2)
		shown = r.h > 2 ? (size_t)r.h - 2 : 0;
	if (l->found_at < n && l->found_at >= shown)
		*first = l->found_at - shown + 1;
	for (size_t i = 0; i < n; i++)
		if (utf8_columns(l->found.v[i]) + 4 > w)
			w = utf8_columns(l->found.v[i]) + 4;
	if (w > r.w)
		w = r.w;
	return (struct rect){ r.x, r.y + r.h - (int)shown - 2, w,
		(int)shown + 2 };
}

void
cmdline_draw_found(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct lineedit *l = &f->ui->line;
	char title[32];
	size_t first;

	r = cmdline_found_box(f->ui, r, &first);
	if (r.h == 0)
		return;
	snprintf(title, sizeof title, "%zu", l->found.n);
	canvas_box(c, r, STYLE_BOX, title);
	for (size_t i = 0; i + 2 < (size_t)r.h; i++) {
		struct rect line = { r.x + 1, r.y + 1 + (int)i, r.w - 2, 1 };

		canvas_text(c, line.x + 1, line.y, line.w - 2, STYLE_NORMAL,
		    l->found.v[first + i]);
		if (first + i == l->found_at) {
			int x = c->cursor_x, y = c->cursor_y;

			canvas_select(c, line);
			c->cursor_x = x;
			c->cursor_y = y;
		}
	}
}
