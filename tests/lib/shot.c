/* Draws a scene in every way a terminal may want it, into one text. */
#include "tests/lib/shot.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tui/canvas.h"

size_t
shot_sizes(const struct shot *shot, int size[SHOT_SIZES][2])
{
	static const int usual[][2] = { { 60, 15 }, { 80, 24 }, { 200, 60 } };
	const char *p = shot->sizes;
	size_t n = 0;
	int used;

	for (; !shot->only && n < sizeof usual / sizeof usual[0]; n++)
		memcpy(size[n], usual[n], sizeof usual[n]);
	for (; p != NULL && n < SHOT_SIZES && sscanf(p, "%dx%d%n", &size[n][0],
	     &size[n][1], &used) == 2; n++)
		p += used;
	return n;
}

void
shot_open(const struct shot *shot, struct scene *s)
{
	if (shot->make != NULL)
		shot->make(s);
	else
		scene_init(s);
	if (shot->keys != NULL)
		scene_press(s, shot->keys);
}

static void
draw(struct scene *s, int w, int h, bool ascii, struct canvas *c)
{
	canvas_init(c, w, h);
	s->app.ascii = ascii;
	app_resize(&s->app, w, h);
	app_tick(&s->app, s->now, s->wall_ms);
	app_draw(&s->app, c);
	s->app.ascii = false;
}

void
shot_glyphs(struct scene *s, int w, int h, bool ascii, struct buf *out)
{
	struct canvas c;

	draw(s, w, h, ascii, &c);
	canvas_dump(&c, out);
	canvas_free(&c);
}

/* Blanks, and what is as plain as can be, at the end of each line. */
static void
trim(struct buf *out, size_t from, char plain)
{
	size_t to = from;

	for (size_t i = from; i < out->len; i++) {
		if (out->p[i] == '\n')
			while (to > from && out->p[to - 1] != '\n' &&
			    out->p[to - 1] == plain)
				to--;
		out->p[to++] = out->p[i];
	}
	out->len = to;
	out->p[to] = '\0';
}

static void
styles(const struct canvas *c, struct buf *out)
{
	size_t from = out->len;

	canvas_dump_styles(c, out);
	trim(out, from, '.');
}

/* Numbered: only the lines that are not as in UTF-8. */
static void
ascii_lines(const char *ascii, const char *utf8, struct buf *out)
{
	for (int y = 0; *ascii != '\0'; y++) {
		size_t a = strcspn(ascii, "\n"), u = strcspn(utf8, "\n");

		if (a != u || memcmp(ascii, utf8, a) != 0)
			buf_printf(out, "%2d %.*s\n", y, (int)a, ascii);
		for (size_t i = 0; i < a; i++)
			if ((unsigned char)ascii[i] >= 0x7f)
				fail_msg("not ASCII: %.*s", (int)a, ascii);
		ascii += a + 1;
		utf8 += u + 1;
	}
}

/* Letters may become "?", but what xendeck itself draws with has a character
 * of ASCII that means the same. */
static void
no_symbol_is_lost(const struct canvas *utf8, const struct canvas *ascii)
{
	for (int y = 0; y < utf8->h; y++)
		for (int x = 0; x < utf8->w; x++) {
			uint32_t cp = canvas_at(utf8, x, y)->cp[0];

			if (cp >= 0x2190 && cp <= 0x28ff &&
			    canvas_at(ascii, x, y)->cp[0] == '?')
				fail_msg("U+%04X at %d,%d is ? in ASCII: "
				    "canvas.c, plain[]", cp, x, y);
		}
}

static void
looks(const struct canvas *c, struct buf *out)
{
	static const char letters[] = " bdDuUuUrRrRrRrR";
	size_t from = out->len;
	struct theme mono;

	assert_int_equal(style_theme(&mono, NULL, "mono", BACKGROUND_UNKNOWN,
	    0), 0);

	for (int y = 0; y < c->h; y++) {
		for (int x = 0; x < c->w; x++)
			buf_add(out, &letters[style_look(&mono,
			    canvas_at(c, x, y)->style).attr & 15], 1);
		buf_puts(out, "\n");
	}
	trim(out, from, ' ');
}

void
shot_canvases(const struct canvas *c, const struct canvas *a, struct buf *out)
{
	struct buf utf8, ascii, of_utf8, of_ascii;

	buf_init(&utf8, 1 << 22);
	buf_init(&ascii, 1 << 22);
	buf_init(&of_utf8, 1 << 22);
	buf_init(&of_ascii, 1 << 22);
	canvas_dump(c, &utf8);
	canvas_dump(a, &ascii);
	styles(c, &of_utf8);
	styles(a, &of_ascii);
	buf_puts(out, utf8.p);
	buf_printf(out, "---- styles\n%s", of_utf8.p);
	buf_printf(out, "---- cursor %d,%d%s\n", c->cursor_x, c->cursor_y,
	    c->cursor_shown ? " shown" : "");
	buf_puts(out, "---- ascii\n");
	ascii_lines(ascii.p, utf8.p, out);
	assert_string_equal(of_ascii.p, of_utf8.p);
	no_symbol_is_lost(c, a);
	buf_puts(out, "---- mono\n");
	looks(c, out);
	buf_free(&utf8);
	buf_free(&ascii);
	buf_free(&of_utf8);
	buf_free(&of_ascii);
}

void
shot_dump(struct scene *s, int w, int h, struct buf *out)
{
	struct canvas c, a;

	draw(s, w, h, false, &c);
	draw(s, w, h, true, &a);
	shot_canvases(&c, &a, out);
	canvas_free(&c);
	canvas_free(&a);
}
