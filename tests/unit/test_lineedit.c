/* The line editor: whole characters, limits, history, completion, and how it
 * is drawn when it is wider than its place. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/prng.h"
#include "core/utf8.h"
#include "tui/lineedit.h"

static struct lineedit l;

static int
teardown(void **state)
{
	(void)state;
	lineedit_free(&l);
	return 0;
}

static void
type(const char *text)
{
	size_t n = strlen(text), step;
	uint32_t cp;

	for (; (step = utf8_decode(&cp, text, n)) != 0; text += step, n -= step)
		lineedit_type(&l, cp);
}

static void
doing(enum lineedit_op op, int times)
{
	while (times-- > 0)
		lineedit_do(&l, op);
}

static void
moves_and_erases(void **state)
{
	(void)state;
	lineedit_start(&l, "", LINEEDIT_MAX);
	assert_false(lineedit_do(&l, LINEEDIT_ERASE));
	assert_false(lineedit_do(&l, LINEEDIT_LEFT));
	type("one two  three");
	doing(LINEEDIT_HOME, 1);
	type("x");
	assert_string_equal(l.text, "xone two  three");
	assert_true(lineedit_do(&l, LINEEDIT_ERASE));
	assert_false(lineedit_do(&l, LINEEDIT_ERASE));
	assert_true(lineedit_do(&l, LINEEDIT_DELETE));
	assert_string_equal(l.text, "ne two  three");
	doing(LINEEDIT_END, 1);
	assert_false(lineedit_do(&l, LINEEDIT_DELETE));
	assert_false(lineedit_do(&l, LINEEDIT_ERASE_AFTER));
	doing(LINEEDIT_LEFT, 2);
	assert_true(lineedit_do(&l, LINEEDIT_ERASE_WORD));
	assert_string_equal(l.text, "ne two  ee");
	assert_true(lineedit_do(&l, LINEEDIT_ERASE_WORD));
	assert_string_equal(l.text, "ne ee");
	doing(LINEEDIT_RIGHT, 1);
	assert_true(lineedit_do(&l, LINEEDIT_ERASE_AFTER));
	assert_string_equal(l.text, "ne e");
	doing(LINEEDIT_LEFT, 1);
	assert_true(lineedit_do(&l, LINEEDIT_ERASE_BEFORE));
	assert_string_equal(l.text, "e");
	assert_int_equal(l.at, 0);
}

static void
whole_characters(void **state)
{
	(void)state;
	lineedit_start(&l, "", LINEEDIT_MAX);
	/* An e with its accent as a mark of its own is one character. */
	type("Zoe\xcc\x88 \xe5\xad\x97");
	doing(LINEEDIT_LEFT, 1);
	assert_int_equal(l.at, 6);
	doing(LINEEDIT_LEFT, 2);
	assert_int_equal(l.at, 2);
	doing(LINEEDIT_RIGHT, 1);
	assert_int_equal(l.at, 5);
	assert_true(lineedit_do(&l, LINEEDIT_ERASE));
	assert_string_equal(l.text, "Zo \xe5\xad\x97");
	doing(LINEEDIT_END, 1);
	doing(LINEEDIT_ERASE, 1);
	assert_string_equal(l.text, "Zo ");
}

/* What could break a screen or fool a reader is never let in. */
static void
refuses(void **state)
{
	static const uint32_t bad[] = { 0, 7, 0x1b, 0x7f, 0x85, 0x202e, 0x2028,
		0xd800, 0x110000, 0x110005, 0xfeff };

	(void)state;
	lineedit_start(&l, "", 8);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		assert_false(lineedit_type(&l, bad[i]));
	assert_int_equal(l.len, 0);
	type("abcdef");
	assert_false(lineedit_type(&l, 0x5b57)); /* no room for all of it */
	assert_true(lineedit_type(&l, 'g'));
	assert_false(lineedit_type(&l, 'h'));
	assert_string_equal(l.text, "abcdefg");
	lineedit_start(&l, "a\033[2Jb\xff", LINEEDIT_MAX);
	assert_string_equal(l.text, "a\xef\xbf\xbd[2Jb\xef\xbf\xbd");
	lineedit_start(&l, "abcdefghijk", 8);
	assert_string_equal(l.text, "abcdefg");
}

static void
history(void **state)
{
	struct words h = { 0 };

	(void)state;
	lineedit_remember(&h, "sort cpu", 4);
	lineedit_remember(&h, "info web1", 4);
	lineedit_remember(&h, "sort memory", 4);
	lineedit_remember(&h, "  ", 4);
	lineedit_remember(&h, "sort cpu", 4); /* the newest now */
	assert_int_equal(h.n, 3);
	lineedit_start(&l, "", LINEEDIT_MAX);
	l.history = &h;
	l.history_at = h.n;
	assert_false(lineedit_do(&l, LINEEDIT_NEWER));
	assert_true(lineedit_do(&l, LINEEDIT_OLDER));
	assert_string_equal(l.text, "sort cpu");
	doing(LINEEDIT_OLDER, 2);
	assert_string_equal(l.text, "info web1");
	assert_false(lineedit_do(&l, LINEEDIT_OLDER));
	assert_string_equal(l.text, "info web1");
	doing(LINEEDIT_NEWER, 2);
	assert_string_equal(l.text, "sort cpu");
	doing(LINEEDIT_NEWER, 1);
	assert_string_equal(l.text, "");
	/* Only what begins with what was typed; and that comes back. */
	type("in");
	doing(LINEEDIT_OLDER, 1);
	assert_string_equal(l.text, "info web1");
	assert_false(lineedit_do(&l, LINEEDIT_OLDER));
	doing(LINEEDIT_NEWER, 1);
	assert_string_equal(l.text, "in");
	/* Once changed, it is a text of its own. */
	doing(LINEEDIT_OLDER, 1);
	type("5");
	assert_false(lineedit_do(&l, LINEEDIT_OLDER));
	assert_string_equal(l.text, "info web15");
	lineedit_remember(&h, "four", 4);
	lineedit_remember(&h, "five", 4);
	assert_int_equal(h.n, 4);
	assert_string_equal(h.v[0], "sort memory");
	assert_string_equal(h.v[3], "five");
	words_free(&h);
}

/* Completes the last word out of a fixed list. */
static size_t
offer(void *arg, const char *text, size_t at, struct words *out)
{
	static const char *const all[] = { "sort", "sort-next", "suspend",
		"state:", "z\xc3\xa4", "z\xc3\xb6" };
	size_t from = at;

	(void)arg;
	while (from > 0 && text[from - 1] != ' ')
		from--;
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
		words_offer(out, text + from, at - from, all[i]);
	return from;
}

static void
completion(void **state)
{
	(void)state;
	lineedit_start(&l, "", LINEEDIT_MAX);
	l.complete = offer;
	type("x SO y");
	doing(LINEEDIT_LEFT, 2);
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "x sort y"); /* as far as certain */
	assert_int_equal(l.at, 6);
	assert_int_equal(l.found.n, 2);
	assert_false(lineedit_do(&l, LINEEDIT_COMPLETE)); /* the first */
	assert_int_equal(l.found_at, 0);
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "x sort-next y");
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "x sort y");
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE_BACK));
	assert_string_equal(l.text, "x sort-next y");
	type("!");
	assert_int_equal(l.found.n, 0);
	/* The only one there is is followed by a blank, at the end. */
	lineedit_set(&l, "su");
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "suspend ");
	lineedit_set(&l, "st");
	assert_true(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "state:");
	lineedit_set(&l, "q");
	assert_false(lineedit_do(&l, LINEEDIT_COMPLETE));
	/* Half a character is nothing in common. */
	lineedit_set(&l, "z");
	assert_false(lineedit_do(&l, LINEEDIT_COMPLETE));
	assert_string_equal(l.text, "z");
}

static void
draws(const char *want, int want_x, int w)
{
	struct canvas c;
	struct buf out;

	canvas_init(&c, w, 1);
	buf_init(&out, 4096);
	lineedit_draw(&l, &c, canvas_all(&c), STYLE_INPUT);
	canvas_dump(&c, &out);
	assert_string_equal(out.p, want);
	assert_int_equal(c.cursor_x, want_x);
	assert_true(c.cursor_shown);
	buf_free(&out);
	canvas_free(&c);
}

static void
drawing(void **state)
{
	(void)state;
	lineedit_start(&l, "0123456789abcdef", LINEEDIT_MAX);
	draws("0123456789abcdef\n", 16, 17);
	draws("\xe2\x80\xa6" "bcdef\n", 6, 10); /* in steps of five */
	doing(LINEEDIT_LEFT, 8);
	draws("\xe2\x80\xa6" "789\xe2\x80\xa6\n", 2, 5);
	doing(LINEEDIT_HOME, 1);
	draws("012345678\xe2\x80\xa6\n", 0, 10);
	draws("\xe2\x80\xa6\n", 0, 1);
	lineedit_start(&l, "\xe5\xad\x97\xe5\xad\x97\xe5\xad\x97",
	    LINEEDIT_MAX);
	draws("\xe2\x80\xa6 \xe5\xad\x97\n", 4, 5);
	draws("\xe2\x80\xa6\n", 0, 1);
}

/* Whatever is done: valid text within its limit, the cursor between two
 * characters and on the screen. */
static void
anything(void **state)
{
	static const uint32_t cps[] = { 'a', ' ', 0xe9, 0x301, 0x5b57, 0x1f600,
		0x7f, 0x202e, 'S', 0x200d };
	struct words h = { 0 };
	struct canvas c;
	struct prng r;

	(void)state;
	prng_init(&r, 7);
	lineedit_remember(&h, "sort cpu", 50);
	lineedit_remember(&h, "a \xe5\xad\x97", 50);
	lineedit_start(&l, "", 40);
	l.history = &h;
	l.history_at = h.n;
	l.complete = offer;
	canvas_init(&c, 30, 1);
	for (int i = 0; i < 20000; i++) {
		int w = (int)(prng_next(&r) % 30) + 1, used;
		char clean[64];

		if (prng_next(&r) % 2)
			lineedit_type(&l, cps[prng_next(&r) % 10]);
		else
			lineedit_do(&l, prng_next(&r) % LINEEDIT_NOPS);
		assert_true(l.len < 40 && l.len == strlen(l.text));
		assert_true(l.at <= l.len &&
		    ((unsigned char)l.text[l.at] & 0xc0) != 0x80);
		assert_int_equal(utf8_clean(clean, sizeof clean, l.text,
		    l.len), l.len);
		assert_memory_equal(clean, l.text, l.len);
		canvas_clear(&c);
		used = lineedit_draw(&l, &c, (struct rect){ 0, 0, w, 1 },
		    STYLE_INPUT);
		assert_true(used >= 1 && used <= w);
		assert_true(c.cursor_x >= 0 && c.cursor_x < w);
	}
	canvas_free(&c);
	words_free(&h);
}

static void
pasting(void **state)
{
	char text[2 * LINEEDIT_MAX];

	(void)state;
	lineedit_start(&l, "ab", LINEEDIT_MAX);
	doing(LINEEDIT_LEFT, 1);
	assert_true(lineedit_paste(&l,
	    "\n web1\r\n\tweb2\033[A\001\xff\xe5\xad\x97\n"));
	assert_string_equal(l.text, "a web1 web2[A\xe5\xad\x97" "b");
	assert_int_equal(l.at, l.len - 1);
	assert_true(lineedit_paste(&l, "\n"));
	/* What has no room as a whole is not taken. */
	memset(text, 'x', sizeof text);
	for (size_t n = LINEEDIT_MAX - 30; n < sizeof text; n++) {
		text[n] = '\0';
		lineedit_start(&l, "0123456789", LINEEDIT_MAX);
		assert_int_equal(lineedit_paste(&l, text),
		    n + 10 < LINEEDIT_MAX);
		assert_int_equal(l.len, n + 10 < LINEEDIT_MAX ? n + 10 : 10);
		text[n] = 'x';
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(moves_and_erases, teardown),
		cmocka_unit_test_teardown(whole_characters, teardown),
		cmocka_unit_test_teardown(refuses, teardown),
		cmocka_unit_test_teardown(history, teardown),
		cmocka_unit_test_teardown(completion, teardown),
		cmocka_unit_test_teardown(pasting, teardown),
		cmocka_unit_test_teardown(drawing, teardown),
		cmocka_unit_test_teardown(anything, teardown),
	};

	setlocale(LC_CTYPE, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
