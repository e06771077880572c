#ifndef TUI_COLSET_H
#define TUI_COLSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"

/* The columns that the user chose, in his order; none: the program chooses.
 * The name is always among them. */

enum { COLSET_MAX = 64, COLSET_WIDEST = 200 };

struct colset {
	struct {
		uint8_t column; /* in table_columns */
		uint8_t width;  /* 0: the column's own */
	} v[COLSET_MAX];
	size_t n;
};

/* Reads "name:24 state cpu", or "auto". 0, or -1 and why. */
int colset_parse(struct colset *cs, const char *text, char *why, size_t size);
void colset_put(const struct colset *cs, struct buf *out);
bool colset_equal(const struct colset *a, const struct colset *b);

/* Index in v, or n. */
size_t colset_find(const struct colset *cs, size_t column);

/* Changes by hand. Each returns whether it changed anything. */
bool colset_toggle(struct colset *cs, size_t column);
bool colset_move(struct colset *cs, size_t i, int by);
bool colset_widen(struct colset *cs, size_t i, int by);

#endif
