/* Figures in fixed widths: the edges, and that no value is ever wider. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/textfind.h"
#include "tui/text.h"

struct pair {
	int64_t v;
	const char *text;
};

static void
check(void (*f)(char *, int64_t), const struct pair *p, size_t n, size_t wide)
{
	char out[TEXT_MAX];

	for (size_t i = 0; i < n; i++) {
		f(out, p[i].v);
		assert_string_equal(out, p[i].text);
	}
	/* Every power of two and its neighbours. */
	for (int b = 0; b < 63; b++)
		for (int64_t d = -1; d <= 1; d++) {
			f(out, (INT64_C(1) << b) + d);
			assert_true(strlen(out) <= wide);
			f(out, INT64_MAX - (INT64_C(1) << b) + d);
			assert_true(strlen(out) <= wide);
		}
}

#define CHECK(f, wide, ...) \
	check(f, (const struct pair[]){ __VA_ARGS__ }, \
	    sizeof (struct pair[]){ __VA_ARGS__ } / sizeof(struct pair), wide)

static void
sizes(void **state)
{
	(void)state;
	CHECK(text_kib, 4, { -1, "-" }, { 0, "0K" }, { 999, "999K" },
	    { 1000, "1.0M" }, { 1024, "1.0M" }, { 10188, "9.9M" },
	    { 10240, "10M" }, { 524288, "512M" }, { 1023 * 1024, "1.0G" },
	    { 2097152, "2.0G" }, { 67108864, "64G" },
	    { INT64_C(1) << 40, "1.0P" });
}

static void
parts(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	text_part(out, INT64_C(155) << 20, INT64_C(272) << 20);
	assert_string_equal(out, "155G of 272G");
	text_part(out, -1, INT64_MAX);
	assert_string_equal(out, "- of 128E");
}

static void
rates(void **state)
{
	(void)state;
	CHECK(text_rate, 4, { -1, "-" }, { 0, "0" }, { 7, "7" },
	    { 999, "999" }, { 1000, "1.0K" }, { 1536, "1.5K" },
	    { 1 << 20, "1.0M" }, { 125000000, "119M" });
}

static void
percents(void **state)
{
	(void)state;
	CHECK(text_percent, 5, { -1, "-" }, { 0, "0.0" }, { 3, "0.3" },
	    { 999, "99.9" }, { 1000, "100" }, { 12345, "1235" },
	    { 64000, "6400" });
}

static void
ages(void **state)
{
	(void)state;
	CHECK(text_age, 4, { -5, "0s" }, { 12999, "12s" }, { 60000, "1m" },
	    { 3599999, "59m" }, { 7200000, "2h" },
	    { INT64_C(86400000) * 3, "3d" });
}

static void
uptimes(void **state)
{
	(void)state;
	CHECK(text_uptime, 6, { -1, "-" }, { 59, "59s" }, { 192, "3m12s" },
	    { 11520, "3h12m" }, { 1047600, "12d03h" },
	    { 86400 * 412, "412d" });
}

static void
clocks(void **state)
{
	char out[TEXT_MAX];

	(void)state;
	text_clock(out, 1790000000000);
	assert_string_equal(out, "14:13:20");
	text_date(out, 1790000000000);
	assert_string_equal(out, "2026-09-21 14:13:20");
	text_when(out, 1790000000000, 1790000000000 + 9 * 3600 * 1000);
	assert_string_equal(out, "14:13:20");
	text_when(out, 1790000000000, 1790000000000 + 10 * 3600 * 1000);
	assert_string_equal(out, "09-21 14:13");
	text_when(out, 1790000000000 - 14 * 3600 * 1000, 1790000000000);
	assert_string_equal(out, "09-21 00:13");
	text_when(out, INT64_MIN, 0);
	text_when(out, 0, INT64_MAX);
	text_date(out, INT64_MAX);
	text_clock(out, INT64_MIN);
}

static void
sparks(void **state)
{
	(void)state;
	assert_int_equal(text_spark(0, 100), ' ');
	assert_int_equal(text_spark(-3, 100), ' ');
	assert_int_equal(text_spark(1, 100), 0x2581);
	assert_int_equal(text_spark(100, 100), 0x2588);
	assert_int_equal(text_spark(500, 100), 0x2588);
	assert_int_equal(text_spark(5, 0), ' ');
}

static bool
finds(const char *what, const char *text, size_t *at, size_t *len)
{
	struct textfind t;
	bool found;

	textfind_init(&t, TEXTFIND_IN, what, strlen(what));
	found = textfind_in(&t, text, at, len);
	textfind_free(&t);
	return found;
}

static void
finds_texts(void **state)
{
	size_t at, len;

	(void)state;
	assert_true(finds("", "anything", NULL, NULL));
	assert_false(finds("", NULL, NULL, NULL));
	assert_true(finds("WeB", "my-wEb1", &at, &len));
	assert_int_equal(at, 3);
	assert_int_equal(len, 3);
	assert_false(finds("WeB", "we", NULL, NULL));
	assert_false(finds("WeB", NULL, NULL, NULL));
	assert_true(finds("B\xc3\x96X", "Zo\xc3\xab's b\xc3\xb6x", &at,
	    &len));
	assert_int_equal(len, 4);
	assert_true(finds("aab", "aaab", &at, NULL));
	assert_int_equal(at, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(parts),
		cmocka_unit_test(rates),
		cmocka_unit_test(percents),
		cmocka_unit_test(ages),
		cmocka_unit_test(uptimes),
		cmocka_unit_test(clocks),
		cmocka_unit_test(sparks),
		cmocka_unit_test(finds_texts),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
