#ifndef TUI_EMULATOR_H
#define TUI_EMULATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "tui/canvas.h"

/* A terminal in memory: a guest's bytes in, cells out, and keys in, bytes for
 * the guest out. Nothing that a guest sends gets further than into the cells:
 * no title, no clipboard, no colours of the palette, no bell but by counting,
 * and of its questions only those are answered whose answers cannot do harm
 * when a shell reads them (what terminal this is, where the cursor is). */

enum {
	EMULATOR_HISTORY = 2000, /* lines that scrolled away, at most */
	EMULATOR_W_MAX = 500,
	EMULATOR_H_MAX = 300,
	EMULATOR_OUT_MAX = 64 * 1024,
};

struct emulator;

struct emulator *emulator_new(int w, int h);
void emulator_free(struct emulator *e);
void emulator_resize(struct emulator *e, int w, int h);

void emulator_feed(struct emulator *e, const char *p, size_t n);
/* A line of our own among the guest's, which may have stopped anywhere. */
void emulator_notice(struct emulator *e, const char *text);

/* A key of tui/input.h, with KEYC_MODS. */
void emulator_key(struct emulator *e, uint32_t key);
/* Some of what was pasted; the marks around all of it only for guests that
 * asked for them. */
void emulator_paste(struct emulator *e, const char *text, size_t n,
    bool first, bool last);
void emulator_type(struct emulator *e, const char *text); /* as it is */

/* What is to be sent to the guest: keys and answers. The caller drops what it
 * took. */
struct buf *emulator_out(struct emulator *e);

int emulator_width(const struct emulator *e);
int emulator_height(const struct emulator *e);
int emulator_lines(const struct emulator *e); /* of history */
bool emulator_alternate(const struct emulator *e); /* an editor, a pager */
uint64_t emulator_changes(const struct emulator *e);
unsigned emulator_bells(const struct emulator *e); /* so far */

/* Draws as much as r holds, `back` lines up from the end, and places the
 * canvas' cursor. A screen larger than r is shown where its cursor is. */
void emulator_draw(const struct emulator *e, struct canvas *c, struct rect r,
    int back);

#endif
