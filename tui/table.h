#ifndef TUI_TABLE_H
#define TUI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/rows.h"

/* The home screen's columns as data, and the generic code that fits them to a
 * width and draws rows with them. */

/* VMs are ordered by num, then str. */
struct sort_key {
	int64_t num;
	const char *str;
};

/* What a cell shows. s points into buf or at something of the model. */
struct cell_text {
	const char *s;
	enum style style;
	char buf[64];
};

enum column_mode { COLUMN_TREE = 1, COLUMN_FLAT = 2, COLUMN_ALWAYS = 3,
	COLUMN_CLUSTERS = 4 /* in the list, when there are several */ };

struct column {
	const char *id;    /* for the configuration */
	const char *title; /* over the column */
	const char *name;  /* in menus and help */
	int width;         /* least columns */
	int most;          /* grows up to this when there is room */
	int rank;          /* lower ones are kept longest on narrow screens;
	                    * columns of one rank come and go together */
	enum column_mode mode;
	bool left;         /* aligned; else right */
	bool descending;   /* the order people want first */
	void (*text)(const struct item *it, struct cell_text *out);
	/* Instead of text: draws by itself. */
	void (*draw)(struct canvas *c, struct rect r, const struct item *it);
	/* NULL: VMs have nothing to be sorted by here. */
	struct sort_key (*key)(const struct item *it);
};

enum { TABLE_MAX = COLSET_MAX };

extern const struct column table_columns[];
extern const size_t table_ncolumns;

/* Index of the column, or table_ncolumns. */
size_t table_find(const char *id);

struct table_layout {
	struct {
		uint8_t column;
		int x, w;
	} v[TABLE_MAX];
	size_t n;
	int width;
	int page, pages; /* this one, of so many */
};

void table_layout(struct table_layout *t, int width, const struct ui *ui);

void table_draw_titles(struct canvas *c, struct rect r,
    const struct table_layout *t, const struct ui *ui);
void table_draw_row(struct canvas *c, struct rect r,
    const struct table_layout *t, const struct item *it);

#endif
