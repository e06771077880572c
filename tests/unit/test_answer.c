/* Long foreign text: what is left of it may be shown, is its end, and is never
 * more than the limits allow. And sets of processors as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/answer.h"
#include "core/cpuset.h"
#include "core/event.h"
#include "core/mem.h"

static void
expect(const char *raw, size_t n, const char *want)
{
	struct buf b;

	buf_init(&b, 2 * ANSWER_MAX);
	answer_clean(&b, raw, n);
	assert_string_equal(b.len != 0 ? b.p : "", want);
	buf_free(&b);
}

#define EXPECT(raw, want) expect(raw, sizeof raw - 1, want)

static void
lines_are_cleaned(void **state)
{
	(void)state;
	EXPECT("", "");
	EXPECT("\n", "\n");
	EXPECT("a\nb", "a\nb\n");
	EXPECT("a\r\n\nb\n", "a\n\nb\n");
	EXPECT("\tx\ty\n", "        x       y\n");
	EXPECT("a\0b\x1b[2J\n", "a\xef\xbf\xbd" "b\xef\xbf\xbd[2J\n");
	EXPECT("\xff\xc3\xb6\n", "\xef\xbf\xbd\xc3\xb6\n");
}

static size_t
count(const struct buf *b, char c)
{
	size_t n = 0;

	for (size_t i = 0; i < b->len; i++)
		n += b->p[i] == c;
	return n;
}

/* n bytes of foreign text, then "the end"; returns the result. */
static struct buf
clean_with_end(const char *part, size_t n)
{
	struct buf raw, out;

	buf_init(&raw, n + 64);
	buf_init(&out, 2 * ANSWER_MAX);
	while (raw.len < n)
		buf_puts(&raw, part);
	buf_puts(&raw, "\nthe end\n");
	answer_clean(&out, raw.p, raw.len);
	buf_free(&raw);
	return out;
}

static void
the_end_is_kept(void **state)
{
	static const char *const parts[] = { "x", "\n", "a line\n", "\x01",
		"\x01\n", "\x01\x02\x03\x04\x05\x06\x07 bad line\n", "\t" };

	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		struct buf b = clean_with_end(parts[i], 10 * ANSWER_MAX);

		assert_in_range(b.len, 1, ANSWER_MAX);
		assert_in_range(count(&b, '\n'), 1, ANSWER_LINES);
		assert_string_equal(b.p + b.len - 8, "the end\n");
		if (strcmp(parts[i], "a line\n") == 0)
			assert_memory_equal(b.p, "a line\na line\n", 14);
		buf_free(&b);
	}
}

static void
nothing_short_is_lost(void **state)
{
	struct buf b = clean_with_end("0123456789\n", ANSWER_MAX / 11);

	(void)state;
	assert_memory_equal(b.p, "0123456789\n0123456789\n", 22);
	/* The last part has two newlines behind it. */
	assert_int_equal(b.len, (count(&b, '\n') - 2) * 11 + 1 + 8);
	buf_free(&b);
}

static void
a_long_line_is_cut(void **state)
{
	struct buf b = clean_with_end("x", 3000);

	(void)state;
	assert_int_equal(b.len, ANSWER_LINE_MAX + 1 + 8);
	buf_free(&b);
}

static void
set_of(const char *want, size_t size, const int *cpus)
{
	struct cpuset s = { { 0 } };
	char out[64];
	int32_t n = 0;

	for (; cpus[n] >= 0; n++)
		cpuset_add(&s, cpus[n]);
	assert_int_equal(cpuset_count(&s), n);
	assert_int_equal(cpuset_format(out, size, &s), strlen(want));
	assert_string_equal(out, want);
}

#define SET(want, size, ...) set_of(want, size, (const int[]){ __VA_ARGS__, -1 })

static void
sets_of_processors(void **state)
{
	struct cpuset s = { { 0 } };
	char out[64];

	(void)state;
	SET("", 64, -1);
	SET("0", 64, 0);
	SET("0-1", 64, 0, 1);
	SET("0-3,8", 64, 8, 3, 2, 1, 0);
	SET("63-64,4095", 64, 64, 63, 4095);
	SET("0,2,4,...", 11, 0, 2, 4, 6, 8, 10);
	cpuset_add(&s, -1);
	cpuset_add(&s, CPUSET_MAX);
	assert_int_equal(cpuset_count(&s), 0);
	for (int i = 0; i < CPUSET_MAX; i++)
		cpuset_add(&s, i);
	assert_int_equal(cpuset_format(out, sizeof out, &s), 6);
	assert_string_equal(out, "0-4095");
}

static void
words_of_questions(void **state)
{
	(void)state;
	for (int i = 0; i < ASK_COUNT; i++)
		assert_int_equal(backend_ask_find(backend_ask_name(
		    (enum backend_ask)i)), i);
	assert_int_equal(backend_ask_find("reboot"), -1);
	assert_int_equal(backend_ask_find(""), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_cleaned),
		cmocka_unit_test(the_end_is_kept),
		cmocka_unit_test(nothing_short_is_lost),
		cmocka_unit_test(a_long_line_is_cut),
		cmocka_unit_test(sets_of_processors),
		cmocka_unit_test(words_of_questions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
