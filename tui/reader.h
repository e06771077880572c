#ifndef TUI_READER_H
#define TUI_READER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mono.h"
#include "tui/canvas.h"

/* The console for a screen reader: one row per line in words, nothing drawn,
 * the terminal's cursor on the selected line. What is on the screen stays as
 * it was when a key was last pressed, but for the last line, which tells what
 * happens. ui.reader turns it on. */

struct app;

struct reader {
	struct canvas body;   /* all but the last line, as it was read out */
	bool old;             /* make it anew */
	bool in_use;          /* a key was pressed: events leave it alone */
	bool changed;         /* since it was last shown */
	struct mono made;
	int refresh_ms;       /* make it anew so often; 0: never */
	uint64_t told;        /* newest entry of the log that was told */
	char say[640];        /* the last line */
};

void reader_free(struct reader *r);
/* Turns the mode on or off. */
void reader_set(struct app *a, bool on);
/* A key was handled; or the size changed. */
void reader_touch(struct app *a, bool key);
/* Follows the model; to be called before drawing. */
void reader_tick(struct app *a);
/* There is something to tell. */
bool reader_due(const struct app *a, struct mono now);
void reader_shown(struct app *a);
void reader_draw(const struct app *a, struct canvas *c);

#endif
