/* Whatever a guest sends: cells hold what may be shown and nothing else, what
 * it is answered is harmless, and there is an end to what it takes. */
#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tui/emulator.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

enum { INPUT_MAX = 600 };

static void
look(const struct emulator *e, int back)
{
	struct canvas c;

	canvas_init(&c, 30, 8);
	emulator_draw(e, &c, (struct rect){ 2, 1, 26, 6 }, back);
	assert(c.cursor_x >= 0 && c.cursor_x < 30);
	assert(c.cursor_y >= 0 && c.cursor_y < 8);
	for (int y = 0; y < c.h; y++)
		for (int x = 0; x < c.w; x++) {
			const struct cell *at = canvas_at(&c, x, y);

			for (int i = 0; i <= CELL_MARKS && at->cp[i] != 0;
			     i++)
				assert(at->cp[i] >= ' ' && at->cp[i] <=
				    0x10ffff && (at->cp[i] < 0x7f ||
				    at->cp[i] >= 0xa0));
			assert(at->fg >= -1 && at->fg < 256);
			assert(at->bg >= -1 && at->bg < 256);
		}
	canvas_free(&c);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct emulator *e = emulator_new(26, 6);
	size_t i = 0;

	if (n > INPUT_MAX)
		n = INPUT_MAX;
	while (i < n) {
		size_t len = 1 + data[i] % 61, left = n - i;
		const struct buf *out = emulator_out(e);

		if (data[i] % 16 == 7)
			emulator_resize(e, data[i] / 5, data[(i + 1) % n] / 12);
		emulator_feed(e, (const char *)data + i,
		    len < left ? len : left);
		for (size_t k = 0; k < out->len; k++)
			assert(memchr("\033[0123456789;?>cnR", out->p[k],
			    18) != NULL);
		i += len;
	}
	assert(emulator_out(e)->len < 2048);
	look(e, 0);
	look(e, emulator_lines(e));
	emulator_free(e);
	return 0;
}
