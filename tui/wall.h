#ifndef TUI_WALL_H
#define TUI_WALL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/alarm.h"
#include "core/model.h"
#include "tui/canvas.h"

/* The wall screen without terminal, clock and backends: it is looked at from
 * afar and never touched, so it has no selection and no keys; all it remembers
 * is which page it shows. */

struct wall {
	const struct model *model;
	const struct alarms *alarms;
	bool demo, ascii;
	int64_t page_ms;     /* how long a page is shown */
	int w, h;
	struct mono now, started;
	int64_t wall_ms;
	size_t page;
	struct mono turn;    /* when the next page is due */
};

enum { WALL_PAGE_MS = 10000 };

void wall_init(struct wall *w, const struct model *m,
    const struct alarms *a, struct mono now);
void wall_resize(struct wall *w, int width, int height);
/* Time passes: pages turn. */
void wall_tick(struct wall *w, struct mono now, int64_t wall_ms);
void wall_draw(const struct wall *w, struct canvas *c);

/* Silence of all hosts after which the screen says nothing but that. */
int64_t wall_silence_ms(const struct model *m);

#endif
