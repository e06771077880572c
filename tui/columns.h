#ifndef TUI_COLUMNS_H
#define TUI_COLUMNS_H

#include "tui/table.h"

/* Cells and sort keys between columns.c, which has the registry and the
 * figures that everybody looks at, columns_state.c and columns_more.c. */

/* How loud a figure is: STYLE_LOW, MID or HIGH. */
enum style column_level(int64_t v, int64_t full);

void column_say(struct cell_text *out, const char *s, enum style style);

/* By a number; by a text, those that have none last. */
struct sort_key column_by(int64_t num);
struct sort_key column_by_text(const char *s);

enum { COLUMN_STATE_W = 9 };

#define COLUMN(name) \
	void column_##name(const struct item *it, struct cell_text *out); \
	struct sort_key column_key_##name(const struct item *it)

COLUMN(state);
COLUMN(host);
COLUMN(cluster);
COLUMN(rx);
COLUMN(tx);
COLUMN(rd);
COLUMN(wr);
COLUMN(uptime);
COLUMN(type);
COLUMN(domid);
COLUMN(priority);
COLUMN(home);
COLUMN(ip);
COLUMN(uuid);
COLUMN(info);
COLUMN(disk);
COLUMN(mac);
COLUMN(template);

#undef COLUMN

void column_vms(const struct item *it, struct cell_text *out);

void column_draw_membar(struct canvas *c, struct rect r,
    const struct item *it);
struct sort_key column_key_membar(const struct item *it);

#endif
