/* Names of styles, which theme is in use, and what a cell looks like in it. The
 * themes themselves are in themes.c. */
#include "tui/style.h"

#include <stdlib.h>
#include <string.h>

#include "core/conf_schema.h"
#include "tui/themes.h"

static const struct {
	const char *name;
	char mark;
} names[STYLE_COUNT] = {
	[STYLE_NORMAL] = { "normal", '.' },
	[STYLE_HEADER] = { "header", 'h' },
	[STYLE_HEADER_WARN] = { "header-warn", 'H' },
	[STYLE_COLUMNS] = { "columns", 'c' },
	[STYLE_SORTED] = { "sorted", 'C' },
	[STYLE_CLUSTER] = { "cluster", 'K' },
	[STYLE_HOST] = { "host", 'N' },
	[STYLE_FAINT] = { "faint", 'f' },
	[STYLE_STALE] = { "stale", 's' },
	[STYLE_GOOD] = { "good", 'g' },
	[STYLE_BUSY] = { "busy", 'b' },
	[STYLE_WARN] = { "warn", 'w' },
	[STYLE_ALARM] = { "alarm", 'A' },
	[STYLE_LOW] = { "low", '1' },
	[STYLE_MID] = { "mid", '2' },
	[STYLE_HIGH] = { "high", '3' },
	[STYLE_LABEL] = { "label", 'l' },
	[STYLE_TITLE] = { "title", 'T' },
	[STYLE_MATCH] = { "match", 'm' },
	[STYLE_INPUT] = { "input", 'i' },
	[STYLE_STATUS] = { "status", 'u' },
	[STYLE_KEY] = { "key", 'k' },
	[STYLE_KEY_LABEL] = { "key-label", 'y' },
	[STYLE_BOX] = { "box", 'x' },
};

/* --- Choosing -------------------------------------------------------------- */

static const struct theme *
built_in(const char *name, enum background ground, int colours)
{
	size_t i = 0;

	for (; themes[i + 1] != NULL; i++) {
		const struct theme *t = themes[i];

		if (strcmp(t->name, name) == 0 && t->colours <= colours &&
		    (t->background == ground || t->colours == 0))
			break;
	}
	return themes[i]; /* the last one, mono, serves everywhere */
}

static void
set(unsigned *attr, unsigned bit, enum tristate wish)
{
	if (wish == TRI_YES)
		*attr |= bit;
	if (wish == TRI_NO)
		*attr &= ~bit;
}

static void
change(struct theme *t, const struct conf_style *s)
{
	struct look *l = s->style == CONF_STYLE_SELECTED ? &t->selected :
	    &t->look[(unsigned)s->style % STYLE_COUNT];

	/* Colours that the terminal does not have are not there. */
	if (s->fg >= -1 && s->fg < t->colours)
		l->fg = (int16_t)s->fg;
	if (s->bg >= -1 && s->bg < t->colours)
		l->bg = (int16_t)s->bg;
	set(&l->attr, ATTR_BOLD, s->bold);
	set(&l->attr, ATTR_DIM, s->dim);
	set(&l->attr, ATTR_UNDERLINE, s->underline);
	set(&l->attr, ATTR_REVERSE, s->reverse);
}

static bool
names_built_in(const char *name)
{
	for (size_t i = 0; i < CONF_THEMES; i++)
		if (strcmp(conf_theme_names[i], name) == 0)
			return true;
	return false;
}

int
style_theme(struct theme *t, const struct conf *c, const char *name,
    enum background ground, int colours)
{
	const struct conf_theme *own = NULL;
	bool automatic = strcmp(name, "auto") == 0;

	for (size_t i = 0; c != NULL && i < c->nthemes; i++)
		if (strcmp(c->themes[i].name, name) == 0)
			own = &c->themes[i];
	if (own == NULL && !names_built_in(name))
		return -1;
	name = own != NULL ? own->base : automatic ? "dark" : name;
	if (strcmp(name, "light") == 0 || (automatic &&
	    ground == BACKGROUND_LIGHT)) {
		name = "light";
		ground = BACKGROUND_LIGHT;
	} else if (strcmp(name, "dark") == 0 || ground == BACKGROUND_UNKNOWN) {
		ground = BACKGROUND_DARK;
	}
	*t = *built_in(name, ground, colours);
	for (size_t i = 0; own != NULL && i < own->nstyles; i++)
		change(t, &own->styles[i]);
	return 0;
}

const char *
style_choose(const char *asked, const struct conf *c)
{
	const char *no_color = getenv("NO_COLOR");

	if (asked != NULL)
		return asked;
	if (no_color != NULL && no_color[0] != '\0')
		return "mono";
	return c->theme != NULL ? c->theme : "auto";
}

/* --- Looking up ------------------------------------------------------------- */

struct look
style_look(const struct theme *t, unsigned style)
{
	struct look l = t->look[(style & 0x7fu) % STYLE_COUNT];

	if ((style & 0x7fu) == STYLE_OWN)
		l = t->look[STYLE_NORMAL];
	if ((style & STYLE_SELECTED) == 0)
		return l;
	if (t->selected.attr & ATTR_REVERSE) {
		/* What was reversed already would vanish in the cursor. */
		l.attr = (l.attr | t->selected.attr) &
		    ~(unsigned)(ATTR_DIM);
		return l;
	}
	if (l.bg < 0)
		l.bg = t->selected.bg;
	l.attr |= t->selected.attr;
	return l;
}

/* One of 8 for one of 256 (xterm's cube and ramp); what is light gets bold, as
 * on the terminals of old. */
static int16_t
one_of_8(int16_t of, bool *light)
{
	int r, g, b, most;

	*light = of >= 8 && of < 16;
	if (of < 16)
		return (int16_t)(of % 8);
	if (of >= 232) {
		*light = of >= 250;
		return of >= 240 ? 7 : 0;
	}
	r = (of - 16) / 36;
	g = (of - 16) / 6 % 6;
	b = (of - 16) % 6;
	most = r > g ? r : g;
	most = b > most ? b : most;
	*light = most == 5;
	if (most < 2)
		return 0;
	return (int16_t)((r * 2 > most) | (g * 2 > most) << 1 |
	    (b * 2 > most) << 2);
}

struct look
style_own(const struct theme *t, struct look l)
{
	bool light, same = l.fg == l.bg;

	if (t->colours >= 256)
		return l;
	if (t->colours == 0) {
		/* A bar across the screen stays one. */
		if (l.bg > 0)
			l.attr |= ATTR_REVERSE;
		l.fg = l.bg = -1;
		return l;
	}
	if (l.bg >= 0)
		l.bg = one_of_8(l.bg, &light);
	if (l.fg >= 0) {
		l.fg = one_of_8(l.fg, &light);
		l.attr |= light ? (unsigned)ATTR_BOLD : 0;
	}
	if (l.fg == l.bg && !same && l.fg >= 0)
		l.fg = l.bg == 7 ? 0 : 7;
	return l;
}

const char *
style_name(enum style s)
{
	return names[s].name;
}

char
style_mark(unsigned style)
{
	if ((style & 0x7fu) == STYLE_OWN)
		return 'o';
	return names[(style & 0x7fu) % STYLE_COUNT].mark;
}
