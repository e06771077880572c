/* What a command told, as of the moment when it did. */
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/text.h"
#include "tui/view.h"

enum { LINES_MAX = 2000 };

/* The rest of a line behind so many columns. */
static const char *
behind(const char *line, int columns)
{
	size_t n = strlen(line), step;
	uint32_t cp;

	for (int x = 0; (step = utf8_decode(&cp, line, n)) != 0;
	     line += step, n -= step) {
		int w = utf8_width(cp);

		if (x >= columns && w > 0)
			break;
		x += w > 0 ? w : 0;
	}
	return line;
}

/* How wide the first column is, by the titles: it tells whose the others are,
 * and stays. */
static int
first_column(const char *titles, int width)
{
	size_t n = strcspn(titles, " \n");

	n += strspn(titles + n, " ");
	return n > 0 && (int)n < width / 2 ? (int)n : 0;
}

/* Rows of a table stay rows: what has no room is scrolled to. */
static void
put_row(struct doc *d, const char *line, int stays, int left)
{
	enum style style = d->y == 0 ? STYLE_TITLE : STYLE_NORMAL;

	doc_need(d, 1);
	canvas_text(&d->c, 0, d->y, d->c.w, style, line);
	if (left > 0) {
		canvas_fill(&d->c, (struct rect){ stays, d->y,
		    d->c.w - stays, 1 }, STYLE_NORMAL, ' ');
		canvas_text(&d->c, stays, d->y, d->c.w - stays, style,
		    behind(line, stays + left));
		if (line[0] != '\0')
			canvas_put(&d->c, stays > 0 ? stays - 1 : 0, d->y,
			    STYLE_FAINT, 0x2026);
	}
	d->y++;
}

int
output_columns(const struct ui *ui)
{
	const char *p = ui->output != NULL ? ui->output : "";
	int most = 0;

	for (size_t n = 0; *p != '\0' && n < LINES_MAX && !ui->output_wraps;
	     n++) {
		size_t len = strcspn(p, "\n");
		char line[4096];
		int w;

		snprintf(line, sizeof line, "%.*s", (int)len, p);
		w = utf8_columns(line);
		most = w > most ? w : most;
		p += len + (p[len] == '\n');
	}
	return most;
}

static void
output_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	const char *p = f->ui->output != NULL ? f->ui->output : "";
	int most = output_columns(f->ui) - d->c.w;
	int left = l->left < most ? l->left : most;
	int stays = first_column(p, d->c.w);
	size_t n = 0;

	for (; *p != '\0' && n < LINES_MAX; n++) {
		size_t len = strcspn(p, "\n");
		char line[4096];

		snprintf(line, sizeof line, "%.*s", (int)len, p);
		if (!f->ui->output_wraps)
			put_row(d, line, stays, left);
		else if (len == 0)
			doc_blank(d);
		else
			doc_text(d, 0, STYLE_NORMAL, line);
		p += len + (p[len] == '\n');
	}
	if (*p != '\0')
		doc_text(d, 0, STYLE_FAINT, "... and more; look for less.");
}

static void
output_title(char *out, size_t size, const struct frame *f,
    const struct layer *l)
{
	char when[TEXT_MAX];

	(void)l;
	text_when(when, f->ui->output_wall_ms, f->wall_ms);
	snprintf(out, size, "%s, as of %s", f->ui->output_title, when);
}

const struct view view_output = {
	.name = "output",
	.ctx = CTX_OUTPUT,
	.build = output_build,
	.title = output_title,
};
