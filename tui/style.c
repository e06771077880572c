/* The themes. One dark set for 256 colours, for 8, and for none; the default
 * background is never painted over, so that transparent and light terminals
 * stay what they are. */
#include "tui/style.h"

#include <stddef.h>

#define BOLD ATTR_BOLD
#define DIM  ATTR_DIM
#define UL   ATTR_UNDERLINE
#define REV  ATTR_REVERSE

static const struct theme dark256 = {
	.name = "dark",
	.colours = 256,
	.look = {
		[STYLE_NORMAL] = { -1, -1, 0 },
		[STYLE_HEADER] = { 255, 24, 0 },
		[STYLE_HEADER_WARN] = { 226, 124, BOLD },
		[STYLE_COLUMNS] = { 250, 238, 0 },
		[STYLE_SORTED] = { 231, 238, BOLD },
		[STYLE_CLUSTER] = { 81, -1, BOLD },
		[STYLE_HOST] = { -1, -1, BOLD },
		[STYLE_FAINT] = { 246, -1, 0 },
		[STYLE_STALE] = { 245, -1, 0 },
		[STYLE_GOOD] = { 78, -1, 0 },
		[STYLE_BUSY] = { 81, -1, 0 },
		[STYLE_WARN] = { 214, -1, 0 },
		[STYLE_ALARM] = { 231, 160, BOLD },
		[STYLE_LOW] = { 78, -1, 0 },
		[STYLE_MID] = { 220, -1, 0 },
		[STYLE_HIGH] = { 203, -1, BOLD },
		[STYLE_LABEL] = { 110, -1, 0 },
		[STYLE_TITLE] = { 81, -1, BOLD },
		[STYLE_MATCH] = { 220, -1, BOLD | UL },
		[STYLE_INPUT] = { 231, 236, 0 },
		[STYLE_STATUS] = { 252, 236, 0 },
		[STYLE_KEY] = { -1, -1, BOLD },
		[STYLE_KEY_LABEL] = { 16, 37, 0 },
		[STYLE_BOX] = { 81, -1, 0 },
	},
	.selected = { -1, 237, BOLD },
};

static const struct theme dark8 = {
	.name = "dark",
	.colours = 8,
	.look = {
		[STYLE_NORMAL] = { -1, -1, 0 },
		[STYLE_HEADER] = { 7, 4, BOLD },
		[STYLE_HEADER_WARN] = { 3, 1, BOLD },
		[STYLE_COLUMNS] = { 0, 6, 0 },
		[STYLE_SORTED] = { 0, 6, UL },
		[STYLE_CLUSTER] = { 6, -1, BOLD },
		[STYLE_HOST] = { -1, -1, BOLD },
		[STYLE_FAINT] = { 6, -1, 0 },
		[STYLE_STALE] = { -1, -1, DIM },
		[STYLE_GOOD] = { 2, -1, 0 },
		[STYLE_BUSY] = { 6, -1, BOLD },
		[STYLE_WARN] = { 3, -1, BOLD },
		[STYLE_ALARM] = { 7, 1, BOLD },
		[STYLE_LOW] = { 2, -1, 0 },
		[STYLE_MID] = { 3, -1, 0 },
		[STYLE_HIGH] = { 1, -1, BOLD },
		[STYLE_LABEL] = { 6, -1, 0 },
		[STYLE_TITLE] = { 6, -1, BOLD },
		[STYLE_MATCH] = { 3, -1, BOLD | UL },
		[STYLE_INPUT] = { -1, -1, UL },
		[STYLE_STATUS] = { -1, -1, 0 },
		[STYLE_KEY] = { -1, -1, BOLD },
		[STYLE_KEY_LABEL] = { 0, 6, 0 },
		[STYLE_BOX] = { 6, -1, 0 },
	},
	.selected = { -1, -1, REV | BOLD },
};

static const struct theme mono = {
	.name = "mono",
	.colours = 0,
	.look = {
		[STYLE_NORMAL] = { -1, -1, 0 },
		[STYLE_HEADER] = { -1, -1, REV },
		[STYLE_HEADER_WARN] = { -1, -1, BOLD },
		[STYLE_COLUMNS] = { -1, -1, UL },
		[STYLE_SORTED] = { -1, -1, UL | BOLD },
		[STYLE_CLUSTER] = { -1, -1, BOLD },
		[STYLE_HOST] = { -1, -1, BOLD },
		[STYLE_FAINT] = { -1, -1, 0 },
		[STYLE_STALE] = { -1, -1, DIM },
		[STYLE_GOOD] = { -1, -1, 0 },
		[STYLE_BUSY] = { -1, -1, 0 },
		[STYLE_WARN] = { -1, -1, BOLD },
		[STYLE_ALARM] = { -1, -1, REV | BOLD },
		[STYLE_LOW] = { -1, -1, 0 },
		[STYLE_MID] = { -1, -1, 0 },
		[STYLE_HIGH] = { -1, -1, BOLD },
		[STYLE_LABEL] = { -1, -1, 0 },
		[STYLE_TITLE] = { -1, -1, BOLD | UL },
		[STYLE_MATCH] = { -1, -1, BOLD | UL },
		[STYLE_INPUT] = { -1, -1, UL },
		[STYLE_STATUS] = { -1, -1, 0 },
		[STYLE_KEY] = { -1, -1, BOLD },
		[STYLE_KEY_LABEL] = { -1, -1, REV },
		[STYLE_BOX] = { -1, -1, 0 },
	},
	.selected = { -1, -1, REV },
};

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

const struct theme *
style_theme(int colours)
{
	static const struct theme *const themes[] = { &dark256, &dark8, &mono };
	size_t n = sizeof themes / sizeof themes[0];

	for (size_t i = 0; i < n; i++)
		if (themes[i]->colours <= colours)
			return themes[i];
	return &mono;
}

struct look
style_look(const struct theme *t, unsigned style)
{
	struct look l = t->look[(style & 0x7fu) % STYLE_COUNT];

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

const char *
style_name(enum style s)
{
	return names[s].name;
}

char
style_mark(unsigned style)
{
	return names[(style & 0x7fu) % STYLE_COUNT].mark;
}
