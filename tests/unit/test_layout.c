/* Screens of every size are divided without overlap and without holes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/layout.h"

enum { MAX_W = 400, MAX_H = 130 };

static void
cover(unsigned char *cells, struct rect r, int w, int h)
{
	if (r.w == 0 || r.h == 0)
		return;
	assert_true(r.x >= 0 && r.y >= 0 && r.w > 0 && r.h > 0);
	assert_true(r.x + r.w <= w && r.y + r.h <= h);
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			cells[y * w + x]++;
}

static void
check(const struct ui *ui, int w, int h)
{
	static unsigned char cells[MAX_W * MAX_H];
	struct layout l;
	struct rect parts[8];

	layout_make(&l, ui, w, h);
	memcpy(parts, (struct rect[]){ l.header, l.titles, l.body, l.divider,
	    l.details, l.events, l.status, l.keys }, sizeof parts);
	memset(cells, 0, sizeof cells);
	for (size_t i = 0; i < 8; i++)
		cover(cells, parts[i], w, h);
	for (int i = 0; i < w * h; i++)
		assert_int_equal(cells[i], 1);
	assert_true(l.body.h >= 4 && l.body.w >= SCREEN_MIN_W);
	assert_int_equal(l.body.x, l.titles.x);
	assert_int_equal(l.body.w, l.titles.w);
}

static void
test_no_overlap(void **state)
{
	static const enum pane_wish wishes[] = { PANE_AUTO, PANE_ON,
		PANE_OFF };
	struct ui ui = { .nlayers = 1 };

	(void)state;
	for (int w = SCREEN_MIN_W; w <= MAX_W; w += 7)
		for (int h = SCREEN_MIN_H; h <= MAX_H; h += 3)
			for (int i = 0; i < 9; i++) {
				ui.details_pane = wishes[i / 3];
				ui.events_pane = wishes[i % 3];
				check(&ui, w, h);
			}
}

static void
test_wishes(void **state)
{
	struct ui ui = { .nlayers = 1 };
	struct layout l, home;

	(void)state;
	layout_make(&l, &ui, 80, 24);
	assert_true(l.details.h == 0 && l.events.h == 0);
	assert_int_equal(l.body.h, 20);
	layout_make(&l, &ui, 200, 60);
	assert_true(l.details.w > 40 && l.details.x > l.body.w);
	assert_true(l.events.h == 9 && l.events.w == 200);
	layout_make(&l, &ui, 90, 60);
	assert_true(l.details.w == 90 && l.details.y > l.body.y);
	ui.details_pane = ui.events_pane = PANE_ON;
	layout_make(&l, &ui, 80, 24);
	assert_true(l.details.h == 0 && l.events.h == 5);
	layout_make(&l, &ui, 60, 15);
	assert_true(l.details.h == 0 && l.events.h == 4);
	layout_make(&l, &ui, 60, 14);
	assert_true(l.events.h == 0);
	layout_make(&l, &ui, 140, 24);
	assert_true(l.details.h > 0);
	ui.details_pane = ui.events_pane = PANE_OFF;
	layout_make(&l, &ui, 200, 60);
	assert_true(l.details.h == 0 && l.events.h == 0);
	ui.details_pane = PANE_ON;
	ui.nlayers = 2;
	layout_make(&l, &ui, 200, 60);
	layout_home(&home, &ui, 200, 60);
	assert_true(l.details.h == 0 && home.details.h > 0);
}

static void
test_small(void **state)
{
	struct ui ui = { .nlayers = 1 };
	struct layout l;

	(void)state;
	for (int w = 0; w < SCREEN_MIN_W; w++)
		for (int h = 0; h < 30; h++) {
			layout_make(&l, &ui, w, h);
			assert_true(l.small);
			assert_true(l.body.h >= 1);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_overlap),
		cmocka_unit_test(test_wishes),
		cmocka_unit_test(test_small),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
