#ifndef TESTS_LIB_SHOT_H
#define TESTS_LIB_SHOT_H

#include "core/buf.h"
#include "tests/lib/scene.h"

/* A screen that is kept as golden files: how it comes about, as one line of a
 * table. Each is drawn at 60x15, 80x24 and 200x60, in UTF-8, in ASCII and
 * without colours. */
struct shot {
	const char *name;
	void (*make)(struct scene *s); /* opens the scene; NULL: scene_init */
	const char *keys;              /* then pressed, as scene_press has it */
	const char *sizes;             /* "40x8 120x30": besides the three; */
	bool only;                     /* instead of them */
};

enum { SHOT_SIZES = 12 };

/* The sizes of a shot; returns how many. */
size_t shot_sizes(const struct shot *shot, int size[SHOT_SIZES][2]);

void shot_open(const struct shot *shot, struct scene *s);

/* All that a golden file holds: glyphs, styles (style_mark), the cursor, the
 * lines that look otherwise in ASCII, and how the mono theme shows each cell:
 * b(old), d(im), u(nderlined), r(eversed), U, R and D in bold. Fails the test
 * when ASCII is not, or is not laid out as UTF-8 is. */
void shot_dump(struct scene *s, int w, int h, struct buf *out);

/* The same of a screen that was drawn in UTF-8 and in ASCII. */
struct canvas;
void shot_canvases(const struct canvas *utf8, const struct canvas *ascii,
    struct buf *out);

/* Only the glyphs. */
void shot_glyphs(struct scene *s, int w, int h, bool ascii, struct buf *out);

#endif
