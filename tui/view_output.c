/* What a command told, as of the moment when it did. */
#include <stdio.h>
#include <string.h>

#include "tui/text.h"
#include "tui/view.h"

enum { LINES_MAX = 2000 };

/* Rows of a table stay rows: what is too long is cut. */
static void
put_row(struct doc *d, const char *line)
{
	doc_need(d, 1);
	canvas_text(&d->c, 0, d->y, d->c.w,
	    d->y == 0 ? STYLE_TITLE : STYLE_NORMAL, line);
	d->y++;
}

static void
output_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	const char *p = f->ui->output != NULL ? f->ui->output : "";
	size_t n = 0;

	(void)l;
	for (; *p != '\0' && n < LINES_MAX; n++) {
		size_t len = strcspn(p, "\n");
		char line[4096];

		snprintf(line, sizeof line, "%.*s", (int)len, p);
		if (!f->ui->output_wraps)
			put_row(d, line);
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
