/* Cells and how text gets into them. All bytes that ever reach the terminal
 * pass canvas_put, which is why hostile names cannot do harm further on: a
 * cell holds printable characters only, wide ones are never cut in half, and
 * what takes no column hangs on the cell before it or is dropped. */
#include "tui/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "core/mem.h"
#include "core/utf8.h"

enum { SIDE_MAX = 4096 };

static const struct cell blank = { .cp = { ' ' }, .width = 1 };

static int
bounded(int side)
{
	return side < 0 ? 0 : side > SIDE_MAX ? SIDE_MAX : side;
}

void
canvas_init(struct canvas *c, int w, int h)
{
	memset(c, 0, sizeof *c);
	canvas_resize(c, w, h);
}

void
canvas_free(struct canvas *c)
{
	x_free(c->cell);
	memset(c, 0, sizeof *c);
}

void
canvas_resize(struct canvas *c, int w, int h)
{
	c->w = bounded(w);
	c->h = bounded(h);
	x_free(c->cell);
	c->cell = x_calloc((size_t)c->w * (size_t)c->h + 1, sizeof *c->cell);
	canvas_clear(c);
}

void
canvas_grow(struct canvas *c, int h)
{
	size_t had = (size_t)c->w * (size_t)c->h, now;

	if (h <= c->h)
		return;
	c->h = h;
	now = (size_t)c->w * (size_t)c->h;
	c->cell = x_reallocarray(c->cell, now + 1, sizeof *c->cell);
	for (size_t i = had; i < now; i++)
		c->cell[i] = blank;
	c->clip = canvas_all(c);
}

void
canvas_clear(struct canvas *c)
{
	c->clip = canvas_all(c);
	c->cursor_x = c->cursor_y = 0;
	c->cursor_shown = c->whole_lines = false;
	for (size_t i = 0; i < (size_t)c->w * (size_t)c->h; i++)
		c->cell[i] = blank;
}

struct rect
canvas_all(const struct canvas *c)
{
	return (struct rect){ 0, 0, c->w, c->h };
}

static struct rect
rect_cut(struct rect a, struct rect b)
{
	int x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	int y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
	struct rect r = { a.x > b.x ? a.x : b.x, a.y > b.y ? a.y : b.y, 0, 0 };

	r.w = x1 > r.x ? x1 - r.x : 0;
	r.h = y1 > r.y ? y1 - r.y : 0;
	return r;
}

struct rect
canvas_clip(struct canvas *c, struct rect r)
{
	struct rect old = c->clip;

	c->clip = rect_cut(old, r);
	return old;
}

bool
cell_equal(const struct cell *a, const struct cell *b)
{
	return memcmp(a->cp, b->cp, sizeof a->cp) == 0 &&
	    a->style == b->style && a->width == b->width &&
	    a->attr == b->attr && a->fg == b->fg && a->bg == b->bg;
}

static struct cell *
raw_at(struct canvas *c, int x, int y)
{
	return &c->cell[(size_t)y * (size_t)c->w + (size_t)x];
}

/* NULL outside the clip. */
static struct cell *
cell_at(struct canvas *c, int x, int y)
{
	struct rect r = c->clip;

	if (x < r.x || y < r.y || x >= r.x + r.w || y >= r.y + r.h)
		return NULL;
	return raw_at(c, x, y);
}

const struct cell *
canvas_at(const struct canvas *c, int x, int y)
{
	if (x < 0 || y < 0 || x >= c->w || y >= c->h)
		return &blank;
	return &c->cell[(size_t)y * (size_t)c->w + (size_t)x];
}

/* --- One character --------------------------------------------------------- */

static const struct {
	uint32_t cp;
	char ascii;
} plain[] = {
	{ 0x2026, '~' },                                     /* ellipsis */
	{ 0x25be, '-' }, { 0x25b8, '+' },                    /* folds */
	{ 0x25b2, '^' }, { 0x25bc, 'v' },                    /* sort order */
	{ 0x2581, '_' }, { 0x2582, '.' }, { 0x2583, ':' },   /* sparks */
	{ 0x2584, '-' }, { 0x2585, '=' }, { 0x2586, '+' },
	{ 0x2587, '*' }, { 0x2588, '#' },
	{ 0x00b7, '.' }, { 0x2013, '-' }, { 0x2014, '-' }, { 0x2019, '\'' },
	{ 0x2589, '#' }, { 0x258a, '=' }, { 0x258b, '=' }, { 0x258c, '=' },
	{ 0x258d, '-' }, { 0x258e, '-' }, { 0x258f, '-' },
	{ 0x2591, ':' }, { 0x2592, '%' }, { 0xb7, '.' },     /* bars */
	{ 0x2500, '-' }, { 0x2502, '|' },                    /* boxes */
	{ 0x250c, '+' }, { 0x2510, '+' }, { 0x2514, '+' }, { 0x2518, '+' },
};

uint32_t
canvas_plain(uint32_t cp)
{
	for (size_t i = 0; cp >= 0x7f && i < sizeof plain / sizeof plain[0];
	     i++)
		if (plain[i].cp == cp)
			return (uint32_t)plain[i].ascii;
	return cp;
}

/* Lines that boxes are made of, which guests draw with: all of Unicode's. */
static uint32_t
plain_line(uint32_t cp)
{
	static const uint32_t flat[] = { 0x2501, 0x2504, 0x2505, 0x2508,
		0x2509, 0x254c, 0x254d, 0x2550, 0x2574, 0x2576, 0x2578, 0x257a,
		0x257c, 0x257e };
	static const uint32_t upright[] = { 0x2503, 0x2506, 0x2507, 0x250a,
		0x250b, 0x254e, 0x254f, 0x2551, 0x2575, 0x2577, 0x2579, 0x257b,
		0x257d, 0x257f };

	for (size_t i = 0; i < sizeof flat / sizeof flat[0]; i++)
		if (cp == flat[i] || cp == upright[i])
			return cp == flat[i] ? '-' : '|';
	return '+';
}

static uint32_t
ascii_of(uint32_t cp)
{
	cp = canvas_plain(cp);
	if (cp >= 0x2500 && cp < 0x2580)
		cp = plain_line(cp);
	return cp < 0x7f ? cp : '?';
}

/* Joiners and selectors change how wide a terminal draws what is around them,
 * each terminal in its own way. */
static bool
meddles(uint32_t cp)
{
	return (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2060 && cp <= 0x206f) ||
	    (cp >= 0xfe00 && cp <= 0xfe0f) || (cp >= 0xe0100 && cp <= 0xe01ef) ||
	    cp == 0x034f || cp == 0x061c || cp == 0x180e ||
	    (cp >= 0x1160 && cp <= 0x11ff);
}

/* Columns, and *cp made fit to be shown. */
static int
sanitise(const struct canvas *c, uint32_t *cp)
{
	int w;

	if (*cp < 0x20 || (*cp >= 0x7f && *cp < 0xa0) || *cp == 0xad)
		*cp = 0xfffd;
	if (meddles(*cp))
		return 0;
	w = utf8_width(*cp);
	if (c->ascii && w > 0) /* also where the locale knows no widths */
		*cp = ascii_of(*cp);
	else if (w > 0 && *cp >= 0x7f && wcwidth((wchar_t)*cp) < 0)
		*cp = 0xfffd;
	return w > 2 ? 2 : w;
}

static void
blank_half(struct canvas *c, int x, int y)
{
	if (x >= 0 && x < c->w) {
		struct cell *at = raw_at(c, x, y);

		at->cp[0] = ' ';
		at->cp[1] = 0;
		at->width = 1;
	}
}

/* A cell is about to be overwritten: its other half must not stay behind, even
 * when that lies outside the clip. */
static void
release(struct canvas *c, int x, int y)
{
	const struct cell *at = canvas_at(c, x, y);

	if (at->width != 1)
		blank_half(c, at->width == 0 ? x - 1 : x + 1, y);
}

static void
set_cell(struct canvas *c, int x, int y, unsigned style, uint32_t cp, int w)
{
	struct cell *at = cell_at(c, x, y);

	if (at == NULL)
		return;
	release(c, x, y);
	if (w == 2 && (c->ascii || cell_at(c, x + 1, y) == NULL)) {
		/* It became "?", or half of it would be outside. */
		cp = c->ascii ? cp : ' ';
		set_cell(c, x + 1, y, style, cp, 1);
		w = 1;
	}
	if (w == 2)
		release(c, x + 1, y);
	*at = (struct cell){ .cp = { cp }, .style = (uint8_t)style,
		.width = (uint8_t)w };
	if (w == 2)
		at[1] = (struct cell){ .style = (uint8_t)style, .width = 0 };
}

void
canvas_put(struct canvas *c, int x, int y, unsigned style, uint32_t cp)
{
	int w = sanitise(c, &cp);

	if (w > 0)
		set_cell(c, x, y, style, cp, w);
}

/* Hangs a combining character on the cell left of x. */
static void
combine(struct canvas *c, int x, int y, uint32_t cp)
{
	struct cell *at = cell_at(c, x, y);

	if (at != NULL && at->width == 0)
		at = cell_at(c, x - 1, y);
	if (at == NULL || c->ascii || meddles(cp))
		return;
	for (int i = 1; i <= CELL_MARKS; i++)
		if (at->cp[i] == 0) {
			at->cp[i] = cp;
			return;
		}
}

static void
colour(struct canvas *c, int x, int y, struct look look)
{
	struct cell *at = cell_at(c, x, y);

	if (at == NULL)
		return;
	at->fg = look.fg;
	at->bg = look.bg;
	at->attr = (uint8_t)look.attr;
}

void
canvas_own(struct canvas *c, int x, int y, struct look look,
    const uint32_t *cp, size_t n)
{
	uint32_t first = n > 0 && cp[0] != 0 ? cp[0] : ' ';
	int w;

	if (first > 0x10ffff || (first >= 0xd800 && first < 0xe000))
		first = 0xfffd;
	w = sanitise(c, &first);
	if (w == 0) {
		first = ' ';
		w = 1;
	}
	set_cell(c, x, y, STYLE_OWN, first, w);
	for (size_t i = 1; i < n && cp[i] != 0; i++)
		if (cp[i] <= 0x10ffff && utf8_width(cp[i]) == 0 &&
		    cp[i] >= 0x300)
			combine(c, x, y, cp[i]);
	for (int i = 0; i < w; i++)
		colour(c, x + i, y, look);
}

/* --- Text ------------------------------------------------------------------- */

int
canvas_text(struct canvas *c, int x, int y, int w, unsigned style,
    const char *s)
{
	size_t n = strlen(s), step;
	int used = 0, total = 0;
	uint32_t cp;

	/* Columns as drawn here, which is not always what utf8_columns says. */
	for (size_t i = 0; (step = utf8_decode(&cp, s + i, n - i)) != 0 &&
	     total <= w; i += step)
		total += sanitise(c, &cp);
	for (; (step = utf8_decode(&cp, s, n)) != 0; s += step, n -= step) {
		uint32_t raw = cp;
		int k = sanitise(c, &cp);

		if (k == 0) {
			if (used > 0)
				combine(c, x + used - 1, y, raw);
			continue;
		}
		if (total > w && used + k > w - 1) {
			if (w > 0)
				canvas_put(c, x + used, y, style, 0x2026);
			return w > 0 ? used + 1 : 0;
		}
		set_cell(c, x + used, y, style, cp, k);
		used += k;
	}
	return used;
}

int
canvas_printf(struct canvas *c, int x, int y, int w, unsigned style,
    const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	return canvas_text(c, x, y, w, style, text);
}

void
canvas_right(struct canvas *c, int x, int y, int w, unsigned style,
    const char *s)
{
	int columns = utf8_columns(s);
	int skip = columns < w ? w - columns : 0;

	canvas_text(c, x + skip, y, w - skip, style, s);
}

/* --- Areas ------------------------------------------------------------------- */

void
canvas_fill(struct canvas *c, struct rect r, unsigned style, uint32_t cp)
{
	r = rect_cut(r, c->clip);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			canvas_put(c, x, y, style, cp);
}

void
canvas_restyle(struct canvas *c, struct rect r, unsigned keep, unsigned add)
{
	r = rect_cut(r, c->clip);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++) {
			struct cell *at = raw_at(c, x, y);

			at->style = (uint8_t)((at->style & keep) | add);
		}
}

void
canvas_select(struct canvas *c, struct rect line)
{
	enum { FIRST = 4 };

	for (int x = line.x; x < line.x + line.w && x < line.x + FIRST; x++)
		if (canvas_at(c, x, line.y)->cp[0] == ' ') {
			canvas_put(c, x, line.y, STYLE_NORMAL, '>');
			break;
		}
	canvas_restyle(c, line, 0xff, STYLE_SELECTED);
	c->cursor_x = line.x;
	c->cursor_y = line.y;
}

void
canvas_box(struct canvas *c, struct rect r, unsigned style, const char *title)
{
	int x1 = r.x + r.w - 1, y1 = r.y + r.h - 1;

	canvas_fill(c, r, STYLE_NORMAL, ' ');
	for (int x = r.x; x <= x1; x++) {
		canvas_put(c, x, r.y, style, 0x2500);
		canvas_put(c, x, y1, style, 0x2500);
	}
	for (int y = r.y; y <= y1; y++) {
		canvas_put(c, r.x, y, style, 0x2502);
		canvas_put(c, x1, y, style, 0x2502);
	}
	canvas_put(c, r.x, r.y, style, 0x250c);
	canvas_put(c, x1, r.y, style, 0x2510);
	canvas_put(c, r.x, y1, style, 0x2514);
	canvas_put(c, x1, y1, style, 0x2518);
	if (title != NULL && r.w > 6)
		canvas_printf(c, r.x + 2, r.y, r.w - 4, style, " %s ", title);
}

void
canvas_blit(struct canvas *c, struct rect to, const struct canvas *src,
    int from)
{
	for (int y = 0; y < to.h && from + y < src->h; y++)
		for (int x = 0; x < to.w && x < src->w; x++) {
			const struct cell *s = canvas_at(src, x, from + y);
			struct cell *d = cell_at(c, to.x + x, to.y + y);

			if (d != NULL)
				*d = *s;
		}
}

/* --- Dumps ------------------------------------------------------------------- */

static void
end_line(struct buf *out, size_t start)
{
	while (out->len > start && out->p[out->len - 1] == ' ')
		out->len--;
	buf_puts(out, "\n");
}

void
canvas_dump(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		size_t start = out->len;

		for (int x = 0; x < c->w; x++) {
			const struct cell *at = canvas_at(c, x, y);

			for (int i = 0; i <= CELL_MARKS && at->cp[i] != 0; i++) {
				char enc[4];

				buf_add(out, enc, utf8_encode(enc, at->cp[i]));
			}
		}
		end_line(out, start);
	}
}

void
canvas_dump_styles(const struct canvas *c, struct buf *out)
{
	for (int y = 0; y < c->h; y++) {
		bool selected = false;

		for (int x = 0; x < c->w; x++) {
			char mark = style_mark(canvas_at(c, x, y)->style);

			selected |= canvas_at(c, x, y)->style & STYLE_SELECTED;
			buf_add(out, &mark, 1);
		}
		buf_puts(out, selected ? "  <\n" : "\n");
	}
}
