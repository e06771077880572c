/* A small font of blocks. Lower case is shown as upper case. */
#include "tui/big.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const struct letter {
	char c;
	uint8_t w;
	uint8_t row[BIG_ROWS]; /* the leftmost block is bit w - 1 */
} font[] = {
	{ '0', 3, { 7, 5, 5, 5, 7 } }, { '1', 3, { 2, 6, 2, 2, 7 } },
	{ '2', 3, { 7, 1, 7, 4, 7 } }, { '3', 3, { 7, 1, 7, 1, 7 } },
	{ '4', 3, { 5, 5, 7, 1, 1 } }, { '5', 3, { 7, 4, 7, 1, 7 } },
	{ '6', 3, { 7, 4, 7, 5, 7 } }, { '7', 3, { 7, 1, 1, 1, 1 } },
	{ '8', 3, { 7, 5, 7, 5, 7 } }, { '9', 3, { 7, 5, 7, 1, 7 } },
	{ 'A', 3, { 7, 5, 7, 5, 5 } }, { 'B', 3, { 6, 5, 6, 5, 6 } },
	{ 'C', 3, { 7, 4, 4, 4, 7 } }, { 'D', 3, { 6, 5, 5, 5, 6 } },
	{ 'E', 3, { 7, 4, 6, 4, 7 } }, { 'F', 3, { 7, 4, 6, 4, 4 } },
	{ 'G', 4, { 15, 8, 11, 9, 15 } }, { 'H', 3, { 5, 5, 7, 5, 5 } },
	{ 'I', 1, { 1, 1, 1, 1, 1 } }, { 'J', 3, { 1, 1, 1, 5, 7 } },
	{ 'K', 3, { 5, 5, 6, 5, 5 } }, { 'L', 3, { 4, 4, 4, 4, 7 } },
	{ 'M', 5, { 17, 27, 21, 17, 17 } }, { 'N', 4, { 9, 13, 11, 9, 9 } },
	{ 'O', 4, { 15, 9, 9, 9, 15 } }, { 'P', 3, { 7, 5, 7, 4, 4 } },
	{ 'Q', 4, { 15, 9, 9, 11, 15 } }, { 'R', 3, { 7, 5, 6, 5, 5 } },
	{ 'S', 4, { 15, 8, 15, 1, 15 } }, { 'T', 3, { 7, 2, 2, 2, 2 } },
	{ 'U', 4, { 9, 9, 9, 9, 15 } }, { 'V', 3, { 5, 5, 5, 5, 2 } },
	{ 'W', 5, { 17, 17, 21, 27, 17 } }, { 'X', 3, { 5, 5, 2, 5, 5 } },
	{ 'Y', 3, { 5, 5, 2, 2, 2 } }, { 'Z', 3, { 7, 1, 2, 4, 7 } },
	{ ' ', 2, { 0, 0, 0, 0, 0 } }, { ':', 1, { 0, 1, 0, 1, 0 } },
	{ '/', 3, { 1, 1, 2, 4, 4 } }, { '?', 3, { 7, 1, 3, 0, 2 } },
	{ '!', 1, { 1, 1, 1, 0, 1 } }, { '.', 1, { 0, 0, 0, 0, 1 } },
	{ '-', 2, { 0, 0, 3, 0, 0 } }, { '%', 3, { 5, 1, 2, 4, 5 } },
	{ '+', 3, { 0, 2, 7, 2, 0 } }, { '_', 3, { 0, 0, 0, 0, 7 } },
};

static const struct letter *
find(char c)
{
	if (c >= 'a' && c <= 'z')
		c = (char)(c - 'a' + 'A');
	for (size_t i = 0; i < sizeof font / sizeof font[0]; i++)
		if (font[i].c == c)
			return &font[i];
	return NULL;
}

bool
big_can(const char *text)
{
	for (; *text != '\0'; text++)
		if (find(*text) == NULL)
			return false;
	return true;
}

int
big_width(const char *text, int scale)
{
	int w = 0;

	for (; *text != '\0'; text++) {
		const struct letter *l = find(*text);

		w += l != NULL ? l->w + 1 : 0;
	}
	return w > 0 ? 2 * scale * (w - 1) : 0;
}

static void
draw_letter(struct canvas *c, int x, int y, int scale, unsigned style,
    const struct letter *l)
{
	for (int r = 0; r < BIG_ROWS; r++)
		for (int k = 0; k < l->w; k++)
			if ((l->row[r] >> (l->w - 1 - k) & 1) != 0)
				canvas_fill(c, (struct rect){
				    x + 2 * scale * k, y + scale * r,
				    2 * scale, scale }, style, 0x2588);
}

int
big_text(struct canvas *c, int x, int y, int scale, unsigned style,
    const char *text)
{
	int start = x;

	for (; *text != '\0'; text++) {
		const struct letter *l = find(*text);

		if (l == NULL)
			continue;
		draw_letter(c, x, y, scale, style, l);
		x += 2 * scale * (l->w + 1);
	}
	return x > start ? x - start - 2 * scale : 0;
}
