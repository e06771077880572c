#ifndef TUI_STYLE_H
#define TUI_STYLE_H

#include <stdbool.h>
#include <stdint.h>

/* Styles are names of meanings; what a meaning looks like is a theme's
 * business. Nothing is told by style alone: words or marks always say the
 * same. */
enum style {
	STYLE_NORMAL,
	STYLE_HEADER,      /* the top line */
	STYLE_HEADER_WARN, /* trouble in it */
	STYLE_COLUMNS,     /* titles of columns */
	STYLE_SORTED,      /* the one that is sorted by */
	STYLE_CLUSTER,
	STYLE_HOST,
	STYLE_FAINT,       /* dom0, dormant VMs, units */
	STYLE_STALE,       /* old figures */
	STYLE_GOOD,
	STYLE_BUSY,        /* changes: connecting, migrating */
	STYLE_WARN,
	STYLE_ALARM,
	STYLE_LOW,         /* bars and graphs, by how full */
	STYLE_MID,
	STYLE_HIGH,
	STYLE_LABEL,       /* of a fact */
	STYLE_TITLE,       /* of a section */
	STYLE_MATCH,       /* what the filter found */
	STYLE_INPUT,
	STYLE_STATUS,
	STYLE_KEY,         /* the key bar: the key */
	STYLE_KEY_LABEL,   /* and what it does */
	STYLE_BOX,         /* frames of menus */
	STYLE_COUNT
};

/* No meaning of ours: the cell has the colours that a guest gave it. */
enum { STYLE_OWN = 0x7f };

/* A cell's style may carry this on top: the cursor is there. */
enum { STYLE_SELECTED = 0x80 };

enum attr {
	ATTR_BOLD = 1 << 0,
	ATTR_DIM = 1 << 1,
	ATTR_UNDERLINE = 1 << 2,
	ATTR_REVERSE = 1 << 3,
};

/* Colours are indices of the terminal's palette, -1 its default. */
struct look {
	int16_t fg, bg;
	unsigned attr; /* enum attr */
};

enum background { BACKGROUND_UNKNOWN, BACKGROUND_DARK, BACKGROUND_LIGHT };

struct theme {
	const char *name;
	int colours; /* how many the terminal must have; 0: mono */
	enum background background; /* that it is made for */
	struct look look[STYLE_COUNT];
	struct look selected; /* its fg -1: keep the style's own */
};

/* Makes the theme of that name for a terminal of that background with so many
 * colours: one of conf_theme_names or, of the configuration's (which may be
 * NULL), one of the operator's own. -1 when there is none of that name. */
struct conf;
int style_theme(struct theme *t, const struct conf *c, const char *name,
    enum background ground, int colours);

/* The name of the theme to begin with: the one that was asked for, which may be
 * NULL, else as NO_COLOR wants it (no-color.org), else the configuration's. */
const char *style_choose(const char *asked, const struct conf *c);

/* What a cell's style looks like, STYLE_SELECTED considered. */
struct look style_look(const struct theme *t, unsigned style);

/* What a look of the 256 colours becomes in a theme that may have fewer. */
struct look style_own(const struct theme *t, struct look l);

const char *style_name(enum style s);
/* One character per style, for dumps. */
char style_mark(unsigned style);

#endif
