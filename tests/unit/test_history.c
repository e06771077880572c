/* The rings behind the graphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/history.h"

static void
newest_first_and_oldest_forgotten(void **state)
{
	struct history h = { 0 };

	(void)state;
	assert_int_equal(history_get(&h, 0), HISTORY_GAP);
	for (int i = 0; i < HISTORY_LEN + 5; i++)
		history_push(&h, i);
	assert_int_equal(h.n, HISTORY_LEN);
	assert_int_equal(history_get(&h, 0), HISTORY_LEN + 4);
	assert_int_equal(history_get(&h, HISTORY_LEN - 1), 5);
	assert_int_equal(history_get(&h, HISTORY_LEN), HISTORY_GAP);
	history_push(&h, -1);
	assert_int_equal(history_get(&h, 0), HISTORY_GAP);
	assert_int_equal(history_get(&h, 1), HISTORY_LEN + 4);
}

static void
values_are_kept_to_a_thousandth(void **state)
{
	(void)state;
	for (int64_t v = 0; v < UINT32_MAX; v += 1 + v / 997) {
		struct history h = { 0 };
		int64_t got;

		history_push(&h, v);
		got = history_get(&h, 0);
		if (v < 2048)
			assert_int_equal(got, v);
		assert_true((got > v ? got - v : v - got) <= v / 1000);
	}
}

static void
nothing_large_becomes_a_gap(void **state)
{
	static const int64_t large[] = { UINT32_MAX - 1, UINT32_MAX,
	    INT64_C(1) << 40, INT64_MAX };

	(void)state;
	for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
		struct history h = { 0 };

		history_push(&h, large[i]);
		assert_true(history_get(&h, 0) != HISTORY_GAP);
		assert_true(history_get(&h, 0) > UINT32_MAX - (1 << 22));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(newest_first_and_oldest_forgotten),
		cmocka_unit_test(values_are_kept_to_a_thousandth),
		cmocka_unit_test(nothing_large_becomes_a_gap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
