/* Growing text for the views that scroll. Words are never lost: what is longer
 * than a line is broken, since these views are where reasons, fingerprints and
 * names are read in full. */
#include "tui/doc.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/utf8.h"

enum { LINES_MAX = 4000 };

void
doc_init(struct doc *d, int width, bool ascii)
{
	canvas_init(&d->c, width, 16);
	d->c.ascii = ascii;
	d->y = d->first = d->last = 0;
}

void
doc_init_part(struct doc *d, int width, bool ascii, int first, int lines)
{
	lines = lines > 0 ? lines : 1;
	canvas_init(&d->c, width, lines);
	d->c.ascii = ascii;
	d->y = 0;
	d->first = first;
	d->last = first + lines;
}

void
doc_free(struct doc *d)
{
	canvas_free(&d->c);
}

void
doc_need(struct doc *d, int h)
{
	int want = d->y + h;

	if (d->last == 0 && want > d->c.h)
		canvas_grow(&d->c, want + want / 2 > LINES_MAX ? LINES_MAX :
		    want + want / 2);
}

static void
next_line(struct doc *d)
{
	if (d->y < LINES_MAX)
		d->y++;
	doc_need(d, 1);
}

void
doc_blank(struct doc *d)
{
	next_line(d);
}

/* Bytes of s that go on a line of w columns: up to the last blank that fits,
 * or in the middle of a word too long for any line. */
static size_t
fitting(const char *s, int w)
{
	size_t n = strlen(s), i = 0, step, blank = 0;
	int used = 0;
	uint32_t cp;

	for (; (step = utf8_decode(&cp, s + i, n - i)) != 0; i += step) {
		if (cp == ' ')
			blank = i;
		used += utf8_width(cp);
		if (used > w)
			return blank > 0 ? blank : i > 0 ? i : step;
	}
	return n;
}

void
doc_text(struct doc *d, int indent, unsigned style, const char *text)
{
	int w = d->c.w - indent;

	if (w < 4) {
		indent = 0;
		w = d->c.w;
	}
	if (w < 1)
		return;
	do {
		char line[2048];
		size_t n = fitting(text, w);

		if (n >= sizeof line)
			n = sizeof line - 1;
		memcpy(line, text, n);
		line[n] = '\0';
		doc_need(d, 1);
		if (d->last == 0 || (d->y >= d->first && d->y < d->last))
			canvas_text(&d->c, indent, d->y - d->first, w, style,
			    line);
		next_line(d);
		text += n;
		while (*text == ' ')
			text++;
	} while (*text != '\0' && d->y < LINES_MAX);
}

void
doc_lines(struct doc *d, int indent, unsigned style, const char *text)
{
	while (text != NULL && *text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = x_strndup(text, n);

		doc_text(d, indent, style, line);
		x_free(line);
		text += n + (text[n] == '\n');
	}
}

void
doc_title(struct doc *d, const char *text)
{
	if (d->y > 0)
		doc_blank(d);
	doc_text(d, 0, STYLE_TITLE, text);
}

void
doc_fact(struct doc *d, const char *label, unsigned style, const char *value)
{
	int indent = d->c.w < 40 ? 2 : DOC_LABEL + 1;

	if (value == NULL)
		return;
	doc_need(d, 2);
	canvas_text(&d->c, 1, d->y, DOC_LABEL - 1, STYLE_LABEL, label);
	if (d->c.w < 40)
		next_line(d);
	doc_text(d, indent, style, value);
}

void
doc_factf(struct doc *d, const char *label, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	doc_fact(d, label, STYLE_NORMAL, text);
}
