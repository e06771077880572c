/* Themes: what they say can be read (WCAG 2.1, success criterion 1.4.3), also
 * by those who see colours otherwise; no terminal gets a colour that it does
 * not have; the operator's own change what they name. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/conf_schema.h"
#include "core/mem.h"
#include "tui/themes.h"

/* --- Colours ------------------------------------------------------------------ */

struct rgb {
	double c[3]; /* linear light, 0 to 1 */
};

static double
linear(int v)
{
	double s = v / 255.0;

	return s <= 0.04045 ? s / 12.92 : pow((s + 0.055) / 1.055, 2.4);
}

static struct rgb
of(int r, int g, int b)
{
	return (struct rgb){ { linear(r), linear(g), linear(b) } };
}

/* xterm's palette: a cube of six steps, then greys. */
static struct rgb
palette(int i)
{
	static const int step[] = { 0, 95, 135, 175, 215, 255 };
	int grey = 8 + 10 * (i - 232);

	assert_true(i >= 16 && i < 256);
	if (i >= 232)
		return of(grey, grey, grey);
	i -= 16;
	return of(step[i / 36], step[i / 6 % 6], step[i % 6]);
}

static double
luminance(struct rgb x)
{
	return 0.2126 * x.c[0] + 0.7152 * x.c[1] + 0.0722 * x.c[2];
}

static double
contrast(struct rgb a, struct rgb b)
{
	double x = luminance(a) + 0.05, y = luminance(b) + 0.05;

	return x > y ? x / y : y / x;
}

/* The grounds that the theme may stand on, and letters of the terminal's own
 * that may be on them: the worse of the usual ones. */
static struct rgb
ground(const struct theme *t, int which)
{
	if (t->background == BACKGROUND_LIGHT)
		return which == 0 ? of(255, 255, 255) : of(0xee, 0xee, 0xee);
	return which == 0 ? of(0, 0, 0) : of(0x1e, 0x1e, 0x1e);
}

static struct rgb
own_letters(const struct theme *t)
{
	return t->background == BACKGROUND_LIGHT ? of(0x33, 0x33, 0x33) :
	    of(0xcc, 0xcc, 0xcc);
}

static void
check_look(const struct theme *t, unsigned style)
{
	struct look l = style_look(t, style);
	enum style s = style & 0x7f;
	double wanted = s == STYLE_FAINT || s == STYLE_STALE ? 3.0 : 4.5;

	for (int i = 0; i < 2; i++) {
		struct rgb fg = l.fg >= 0 ? palette(l.fg) : own_letters(t);
		struct rgb bg = l.bg >= 0 ? palette(l.bg) : ground(t, i);
		double have = contrast(fg, bg);

		if (have < wanted)
			fail_msg("%s: %s%s (%d on %d) has a contrast of %.2f, "
			    "not %.1f", t->name, style_name(s),
			    style & STYLE_SELECTED ? ", selected," : "", l.fg,
			    l.bg, have, wanted);
	}
}

static void
can_be_read(void **state)
{
	(void)state;
	for (size_t i = 0; themes[i] != NULL; i++)
		for (unsigned s = 0; themes[i]->colours == 256 &&
		     s < STYLE_COUNT; s++) {
			check_look(themes[i], s);
			check_look(themes[i], s | STYLE_SELECTED);
		}
}

/* --- As the colour-blind see them ------------------------------------------------ */

/* Machado, Oliveira, Fernandes 2009, severity 1, on linear light. */
static const double kinds[][3][3] = {
	{ { 0.152286, 1.052583, -0.204868 }, { 0.114503, 0.786281, 0.099216 },
	    { -0.003882, -0.048116, 1.051998 } }, /* protanopia */
	{ { 0.367322, 0.860646, -0.227968 }, { 0.280085, 0.672501, 0.047413 },
	    { -0.011820, 0.042940, 0.968881 } }, /* deuteranopia */
	{ { 1.255528, -0.076749, -0.178779 }, { -0.078411, 0.930809, 0.147602 },
	    { 0.004733, 0.691367, 0.303900 } }, /* tritanopia */
};

static struct rgb
seen(struct rgb x, size_t kind)
{
	struct rgb y;

	for (int i = 0; i < 3; i++) {
		y.c[i] = 0;
		for (int k = 0; k < 3; k++)
			y.c[i] += kinds[kind][i][k] * x.c[k];
		y.c[i] = y.c[i] < 0 ? 0 : y.c[i] > 1 ? 1 : y.c[i];
	}
	return y;
}

static double
lab_part(double v)
{
	return v > 0.008856 ? cbrt(v) : 7.787 * v + 16.0 / 116;
}

/* CIE 1976: 2 is just to be seen, 20 in passing. */
static double
distance(struct rgb a, struct rgb b)
{
	double lab[2][3];

	for (int i = 0; i < 2; i++) {
		const double *c = i == 0 ? a.c : b.c;
		double x = lab_part((0.4124 * c[0] + 0.3576 * c[1] +
		    0.1805 * c[2]) / 0.9505);
		double y = lab_part(luminance(i == 0 ? a : b));
		double z = lab_part((0.0193 * c[0] + 0.1192 * c[1] +
		    0.9505 * c[2]) / 1.089);

		lab[i][0] = 116 * y - 16;
		lab[i][1] = 500 * (x - y);
		lab[i][2] = 200 * (y - z);
	}
	return sqrt(pow(lab[0][0] - lab[1][0], 2) +
	    pow(lab[0][1] - lab[1][1], 2) + pow(lab[0][2] - lab[1][2], 2));
}

/* A block is known by its ground, letters by themselves. */
static struct rgb
shown(const struct theme *t, enum style s)
{
	struct look l = style_look(t, s);

	return l.bg >= 0 ? palette(l.bg) : l.fg >= 0 ? palette(l.fg) :
	    own_letters(t);
}

static void
colour_blind_tell_apart(void **state)
{
	static const enum style pairs[][2] = {
		{ STYLE_GOOD, STYLE_WARN }, { STYLE_GOOD, STYLE_ALARM },
		{ STYLE_GOOD, STYLE_HIGH }, { STYLE_BUSY, STYLE_WARN },
		{ STYLE_BUSY, STYLE_ALARM }, { STYLE_LOW, STYLE_MID },
		{ STYLE_LOW, STYLE_HIGH }, { STYLE_MID, STYLE_HIGH },
		{ STYLE_HEADER, STYLE_HEADER_WARN },
		{ STYLE_HEADER, STYLE_ALARM },
	};

	(void)state;
	for (size_t i = 0; themes[i] != NULL; i++) {
		const struct theme *t = themes[i];

		if (strcmp(t->name, "colour-blind") != 0 || t->colours != 256)
			continue;
		for (size_t k = 0; k < 3; k++)
			for (size_t p = 0; p < sizeof pairs / sizeof pairs[0];
			     p++) {
				double d = distance(seen(shown(t, pairs[p][0]),
				    k), seen(shown(t, pairs[p][1]), k));

				if (d < 20)
					fail_msg("%s and %s are %.0f apart for "
					    "kind %zu on ground %d",
					    style_name(pairs[p][0]),
					    style_name(pairs[p][1]), d, k,
					    (int)t->background);
			}
	}
}

/* --- Choosing ---------------------------------------------------------------- */

static void
no_colour_that_is_not_there(void **state)
{
	static const int colours[] = { -1, 0, 2, 8, 16, 88, 256, 1 << 24 };

	(void)state;
	for (size_t n = 0; n < CONF_THEMES; n++)
		for (size_t i = 0; i < 3 * sizeof colours / sizeof *colours;
		     i++) {
			int have = colours[i / 3];
			struct theme t;

			assert_int_equal(style_theme(&t, NULL,
			    conf_theme_names[n], (enum background)(i % 3),
			    have), 0);
			assert_true(t.colours <= have || t.colours == 0);
			for (unsigned s = 0; s < STYLE_COUNT; s++) {
				struct look l = style_look(&t, s);
				struct look sel = style_look(&t,
				    s | STYLE_SELECTED);

				assert_true(l.fg < t.colours || l.fg == -1);
				assert_true(l.bg < t.colours || l.bg == -1);
				/* Blocks stay as they are. */
				assert_true(sel.attr != l.attr ||
				    sel.bg != l.bg || l.bg != -1 ||
				    (l.attr & ATTR_REVERSE) != 0);
			}
			/* An alarm is never like ordinary text. */
			assert_true(memcmp(&t.look[STYLE_ALARM],
			    &t.look[STYLE_NORMAL], sizeof(struct look)) != 0);
		}
}

static void
the_right_one(void **state)
{
	static const struct {
		const char *name;
		enum background on;
		int colours;
		const char *is;
		enum background made_for;
	} cases[] = {
		{ "auto", BACKGROUND_UNKNOWN, 256, "dark", BACKGROUND_DARK },
		{ "auto", BACKGROUND_DARK, 8, "dark", BACKGROUND_DARK },
		{ "auto", BACKGROUND_LIGHT, 256, "light", BACKGROUND_LIGHT },
		{ "auto", BACKGROUND_LIGHT, 0, "mono", BACKGROUND_UNKNOWN },
		{ "dark", BACKGROUND_LIGHT, 256, "dark", BACKGROUND_DARK },
		{ "light", BACKGROUND_DARK, 16, "light", BACKGROUND_LIGHT },
		{ "colour-blind", BACKGROUND_UNKNOWN, 256, "colour-blind",
		    BACKGROUND_DARK },
		{ "colour-blind", BACKGROUND_LIGHT, 8, "colour-blind",
		    BACKGROUND_LIGHT },
		{ "mono", BACKGROUND_LIGHT, 256, "mono", BACKGROUND_UNKNOWN },
	};
	struct theme t;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(style_theme(&t, NULL, cases[i].name,
		    cases[i].on, cases[i].colours), 0);
		assert_string_equal(t.name, cases[i].is);
		assert_int_equal(t.background, cases[i].made_for);
	}
	assert_int_equal(style_theme(&t, NULL, "pink", BACKGROUND_DARK, 8),
	    -1);
}

static void
ones_own(void **state)
{
	struct theme t, base;
	struct conf_style *s;
	struct conf c;

	(void)state;
	conf_init(&c);
	conf_add_theme(&c)->name = x_strdup("mine");
	x_free(c.themes[0].base);
	c.themes[0].base = x_strdup("light");
	s = conf_add_style(&c);
	s->style = STYLE_ALARM;
	s->fg = 200;
	s->underline = TRI_YES;
	s->bold = TRI_NO;
	s = conf_add_style(&c);
	s->style = CONF_STYLE_SELECTED;
	s->bg = 195;
	assert_int_equal(style_theme(&base, &c, "light", BACKGROUND_DARK, 256),
	    0);
	assert_int_equal(style_theme(&t, &c, "mine", BACKGROUND_DARK, 256), 0);
	assert_int_equal(t.look[STYLE_ALARM].fg, 200);
	assert_int_equal(t.look[STYLE_ALARM].bg, base.look[STYLE_ALARM].bg);
	assert_int_equal(t.look[STYLE_ALARM].attr, ATTR_UNDERLINE);
	assert_int_equal(t.selected.bg, 195);
	assert_int_equal(t.look[STYLE_WARN].fg, base.look[STYLE_WARN].fg);
	/* No such colour there. */
	assert_int_equal(style_theme(&t, &c, "mine", BACKGROUND_DARK, 8), 0);
	assert_true(t.look[STYLE_ALARM].fg < 8);
	assert_int_equal(t.look[STYLE_ALARM].attr, ATTR_UNDERLINE);
	conf_free(&c);
}

/* core/ knows the names of styles without knowing tui/. */
static void
names_agree(void **state)
{
	(void)state;
	for (int s = 0; s < STYLE_COUNT; s++) {
		const char *word = conf_word_of(conf_style_words, s);

		if (word == NULL)
			fail_msg("core/conf_schema.c lacks the style \"%s\"",
			    style_name((enum style)s));
		assert_string_equal(word, style_name((enum style)s));
		for (int k = 0; k < s; k++)
			assert_int_not_equal(style_mark((unsigned)s),
			    style_mark((unsigned)k));
	}
	assert_null(conf_word_of(conf_style_words, STYLE_COUNT));
	assert_int_equal(CONF_STYLE_SELECTED, STYLE_SELECTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(can_be_read),
		cmocka_unit_test(colour_blind_tell_apart),
		cmocka_unit_test(no_colour_that_is_not_there),
		cmocka_unit_test(the_right_one),
		cmocka_unit_test(ones_own),
		cmocka_unit_test(names_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
