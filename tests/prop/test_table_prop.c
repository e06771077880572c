/* Whatever columns are chosen, on whatever width: nothing overlaps or sticks
 * out, the name is there, and each chosen column is on exactly one page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/prng.h"
#include "tui/table.h"

enum { SEEDS = 1500, MIN_W = 40, MAX_W = 400 };

static void
choose(struct prng *r, struct ui *ui)
{
	size_t n = prng_below(r, (uint32_t)table_ncolumns + 1);

	memset(ui, 0, sizeof *ui);
	ui->flat = prng_below(r, 2) != 0;
	if (prng_below(r, 8) == 0)
		return; /* the program chooses */
	colset_toggle(&ui->columns, 0);
	while (ui->columns.n < n) {
		size_t column = prng_below(r, (uint32_t)table_ncolumns);

		if (colset_find(&ui->columns, column) == ui->columns.n)
			colset_toggle(&ui->columns, column);
	}
	for (size_t i = 0; i < ui->columns.n; i++) {
		if (prng_below(r, 3) == 0)
			ui->columns.v[i].width = (uint8_t)(1 +
			    prng_below(r, COLSET_WIDEST));
		colset_move(&ui->columns, prng_below(r,
		    (uint32_t)ui->columns.n), prng_below(r, 2) ? 1 : -1);
	}
}

static void
check_page(const struct table_layout *t, int width, unsigned *seen)
{
	int end = -1;
	bool name = false;

	assert_int_equal(t->width, width);
	assert_true(t->n > 0);
	for (size_t i = 0; i < t->n; i++) {
		assert_true(t->v[i].w > 0 && t->v[i].x == end + 1);
		end = t->v[i].x + t->v[i].w;
		name |= t->v[i].column == 0;
		seen[t->v[i].column]++;
	}
	assert_true(end <= width && name);
}

static void
check_all(struct ui *ui, int width)
{
	unsigned seen[TABLE_MAX] = { 0 };
	struct table_layout t;
	int pages = 1;

	for (int page = 0; page < pages; page++) {
		ui->column_page = page;
		table_layout(&t, width, ui);
		pages = t.pages;
		assert_int_equal(t.page, page);
		check_page(&t, width, seen);
	}
	assert_in_range(pages, 1, TABLE_MAX);
	assert_int_equal(seen[0], pages);
	for (size_t i = 1; i < table_ncolumns; i++) {
		bool wanted = ui->columns.n > 0 ?
		    colset_find(&ui->columns, i) < ui->columns.n :
		    (table_columns[i].mode & (ui->flat ? COLUMN_FLAT :
		    COLUMN_TREE)) != 0;

		assert_int_equal(seen[i], wanted);
	}
	/* Round again: the first. */
	ui->column_page = pages;
	table_layout(&t, width, ui);
	assert_int_equal(t.page, 0);
}

static void
no_overlap(void **state)
{
	struct prng r;
	struct ui ui;

	(void)state;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		prng_init(&r, seed);
		choose(&r, &ui);
		check_all(&ui, MIN_W + (int)prng_below(&r, MAX_W - MIN_W + 1));
		check_all(&ui, MIN_W);
	}
}

/* Without a choice, what was there on a narrow screen is there on a wider
 * one. */
static void
wider_shows_more(void **state)
{
	struct ui ui = { .flat = false };
	struct table_layout t;
	size_t n = 0;

	(void)state;
	for (int w = MIN_W; w <= MAX_W; w++) {
		table_layout(&t, w, &ui);
		assert_true(t.n >= n);
		n = t.n;
	}
	assert_int_equal(t.pages, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_overlap),
		cmocka_unit_test(wider_shows_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
