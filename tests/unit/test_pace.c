/* What a slow line takes, and what goes over it first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/pace.h"

enum { W = 80, H = 24, BAUD9600 = 960 };

static struct mono now;

static void
pass(int64_t ms)
{
	now = mono_add_ms(now, ms);
}

/* A frame over a line of so many bytes a second and ms there and back. */
static void
frame(struct pace *p, int64_t bytes, int64_t rate, int64_t ms)
{
	pace_sent(p, bytes);
	pace_asked(p, now, bytes, p->asked_all + bytes);
	assert_true(pace_waits(p, now));
	pass(ms + bytes * 1000 / rate);
	pace_answered(p, now);
	assert_false(pace_waits(p, now));
}

static void
a_modem_is_known_for_what_it_is(void **state)
{
	static const int64_t way[] = { 2, 300 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct pace p = { 0 };

		frame(&p, 2500, BAUD9600, way[i]);
		frame(&p, 700, BAUD9600, way[i]);
		assert_in_range(p.rate, 900, 1000);
		/* Frames alike tell nothing new. */
		for (int k = 0; k < 50; k++)
			frame(&p, 280 + k, BAUD9600, way[i]);
		assert_in_range(p.rate, 850, 1050);
		assert_in_range(pace_rest_ms(&p), 800, 1300);
	}
}

static void
a_long_way_is_not_slow(void **state)
{
	static const int64_t bytes[] = { 3000, 900, 300, 1200, 260, 4000 };
	struct pace p = { 0 };

	(void)state;
	for (int i = 0; i < 60; i++) {
		frame(&p, bytes[i % 6], 1000000, 600);
		assert_int_equal(p.rate, 0);
		assert_int_equal(pace_rest_ms(&p), 0);
	}
}

static void
a_line_that_grows_fast_again(void **state)
{
	struct pace p = { 0 };

	(void)state;
	frame(&p, 2500, BAUD9600, 5);
	frame(&p, 700, BAUD9600, 5);
	assert_true(p.rate > 0);
	frame(&p, 300, 1000000, 5);
	frame(&p, 900, 1000000, 5); /* perhaps only a buffer had room */
	assert_true(p.rate > 0);
	for (int i = 0; i < 4; i++)
		frame(&p, i % 2 ? 900 : 2000, 1000000, 5);
	assert_int_equal(p.rate, 0);
}

/* At the start frames come before anything is known. */
static void
frames_behind_each_other(void **state)
{
	struct pace p = { 0 };
	struct mono start = now;

	(void)state;
	pace_asked(&p, now, 2400, 2400);
	pass(1000);
	assert_false(pace_waits(&p, now));
	pace_asked(&p, now, 960, 3360);
	pass(1500);
	pace_answered(&p, now); /* 2400 bytes in 2500 ms */
	pass(1000);
	pace_answered(&p, now); /* 3360 in 3500 */
	assert_int_equal(mono_diff_ms(now, start), 3500);
	assert_in_range(p.rate, 900, 1000);
}

/* What fits into a buffer is gone at once, the rest is not. */
static void
a_line_with_a_buffer_is_no_faster(void **state)
{
	struct pace p = { 0 };

	(void)state;
	frame(&p, 2500, BAUD9600, 5);
	for (int i = 0; i < 60; i++) {
		if (i % 4 == 0)
			frame(&p, 900, BAUD9600 * 2, 5);
		else
			frame(&p, 280 + i, 1000000, 5);
		assert_true(i < 2 || p.rate > 0);
	}
}

static void
late_is_not_never(void **state)
{
	struct pace p = { 0 };

	(void)state;
	assert_false(pace_wants_answer(&p, 10));
	assert_true(pace_wants_answer(&p, 300));
	pace_asked(&p, now, 3000, 3000);
	pass(999);
	assert_true(pace_waits(&p, now));
	pass(1);
	assert_false(pace_waits(&p, now));
	assert_false(pace_wants_answer(&p, 300)); /* one that does not know how */
	pass(2000);
	pace_answered(&p, now); /* it does */
	assert_true(pace_wants_answer(&p, 300));
	pace_asked(&p, now, 3000, 6000);
	pass(2999);
	assert_true(pace_waits(&p, now));
}

/* --- Lines --------------------------------------------------------------------- */

static struct canvas was, is;
static bool send[H];

static void
fresh(void)
{
	canvas_clear(&was);
	for (int y = 0; y < H; y++)
		canvas_printf(&was, 0, y, W, STYLE_NORMAL, "vm%02d %60s", y,
		    "12.3  4.5G");
	memcpy(is.cell, was.cell, sizeof *is.cell * W * H);
}

static int
count(void)
{
	int n = 0;

	for (int y = 0; y < H; y++)
		n += send[y];
	return n;
}

static void
fast_lines_get_everything(void **state)
{
	struct pace p = { 0 };

	(void)state;
	fresh();
	pace_pick(&p, &was, &is, true, send);
	assert_int_equal(count(), H);
	assert_false(pace_left(&p));
}

static void
keys_first(void **state)
{
	struct pace p = { .rate = BAUD9600 };
	int lines;

	(void)state;
	fresh();
	for (int y = 0; y < H; y++)
		canvas_text(&is, 55, y, 10, STYLE_NORMAL, "99.9  9.9G");
	canvas_restyle(&is, (struct rect){ 0, 7, W, 1 }, 0, STYLE_SELECTED);
	canvas_text(&is, 0, 9, 10, STYLE_NORMAL, "another");
	pace_pick(&p, &was, &is, true, send);
	assert_int_equal(count(), 2);
	assert_true(send[7] && send[9]);
	assert_true(pace_left(&p));

	/* Then figures, all of them in the end, few at a time. */
	for (int i = 0; pace_left(&p) && i < H; i++) {
		pace_pick(&p, &was, &is, false, send);
		lines = 0;
		for (int y = 0; y < H; y++) {
			size_t row = W * sizeof *is.cell;

			if (!send[y] || memcmp(was.cell + y * W,
			    is.cell + y * W, row) == 0)
				continue;
			memcpy(was.cell + y * W, is.cell + y * W, row);
			lines++;
		}
		assert_in_range(lines, 1, H / 2);
	}
	assert_false(pace_left(&p));
	assert_memory_equal(was.cell, is.cell, W * H * sizeof *is.cell);
}

static void
everybody_has_a_turn(void **state)
{
	struct pace p = { .rate = BAUD9600 };
	int seen[H] = { 0 };

	(void)state;
	for (int i = 0; i < 100; i++) {
		fresh();
		for (int y = 0; y < H; y++) /* again and again */
			canvas_text(&is, 55, y, 10, STYLE_NORMAL,
			    i % 2 ? "99.9  9.9G" : "88.8  8.8G");
		pace_pick(&p, &was, &is, false, send);
		for (int y = 0; y < H; y++)
			seen[y] += send[y];
	}
	for (int y = 0; y < H; y++)
		assert_true(seen[y] >= 100 / H);
}

static int
set_up(void **state)
{
	(void)state;
	canvas_init(&was, W, H);
	canvas_init(&is, W, H);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	canvas_free(&was);
	canvas_free(&is);
	return 0;
}

/* How long Esc waits: not at all to speak of where the terminal is near, longer
 * where nobody knows, and where bytes may come one by one. */
static void
esc_waits_as_the_line_is(void **state)
{
	struct pace p = { 0 };
	int64_t unknown, slow;

	(void)state;
	unknown = pace_esc_ms(&p);
	assert_in_range(unknown, 40, 100);
	frame(&p, 2000, 1000000, 1);
	assert_in_range(pace_esc_ms(&p), 1, 15);

	memset(&p, 0, sizeof p);
	frame(&p, 2000, 1000000, 60);
	assert_in_range(pace_esc_ms(&p), 60, 149);
	memset(&p, 0, sizeof p);
	frame(&p, 2000, 1000000, 900);
	assert_int_equal(pace_esc_ms(&p), 150);

	memset(&p, 0, sizeof p);
	frame(&p, 2500, BAUD9600, 2);
	frame(&p, 700, BAUD9600, 2);
	slow = pace_esc_ms(&p);
	assert_int_equal(slow, 150);

	memset(&p, 0, sizeof p);
	pace_asked(&p, now, 3000, 3000);
	pass(5000);
	assert_false(pace_waits(&p, now)); /* it never answers */
	assert_int_equal(pace_esc_ms(&p), 150);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_modem_is_known_for_what_it_is),
		cmocka_unit_test(a_long_way_is_not_slow),
		cmocka_unit_test(a_line_that_grows_fast_again),
		cmocka_unit_test(a_line_with_a_buffer_is_no_faster),
		cmocka_unit_test(frames_behind_each_other),
		cmocka_unit_test(late_is_not_never),
		cmocka_unit_test(fast_lines_get_everything),
		cmocka_unit_test(keys_first),
		cmocka_unit_test(everybody_has_a_turn),
		cmocka_unit_test(esc_waits_as_the_line_is),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
