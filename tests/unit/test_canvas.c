/* The canvas: clipping, wide and combining characters, hostile bytes, themes. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <wchar.h>

#include <cmocka.h>

#include "tui/canvas.h"

static struct canvas c;

static int
setup(void **state)
{
	(void)state;
	canvas_init(&c, 8, 2);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	canvas_free(&c);
	return 0;
}

static void
expect(const char *text)
{
	struct buf out;

	buf_init(&out, 4096);
	canvas_dump(&c, &out);
	assert_string_equal(out.p, text);
	buf_free(&out);
}

/* Every wide cell has its right half, and no half is alone. */
static void
whole(void)
{
	for (int y = 0; y < c.h; y++)
		for (int x = 0; x < c.w; x++) {
			int w = canvas_at(&c, x, y)->width;

			if (w == 2)
				assert_true(x + 1 < c.w &&
				    canvas_at(&c, x + 1, y)->width == 0);
			if (w == 0)
				assert_true(x > 0 &&
				    canvas_at(&c, x - 1, y)->width == 2);
		}
}

static void
cuts_with_ellipsis(void **state)
{
	(void)state;
	assert_int_equal(canvas_text(&c, 0, 0, 8, STYLE_NORMAL, "12345678"), 8);
	assert_int_equal(canvas_text(&c, 0, 1, 8, STYLE_NORMAL, "123456789"),
	    8);
	expect("12345678\n1234567\xe2\x80\xa6\n");
	assert_int_equal(canvas_text(&c, 0, 0, 0, STYLE_NORMAL, "x"), 0);
	assert_int_equal(canvas_text(&c, 0, 0, -3, STYLE_NORMAL, "x"), 0);
}

static void
wide_characters(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 4, STYLE_NORMAL, "\xe5\xad\x97\xe5\xad\x97");
	canvas_text(&c, 4, 0, 3, STYLE_NORMAL, "\xe5\xad\x97\xe5\xad\x97");
	canvas_text(&c, 7, 1, 9, STYLE_NORMAL, "\xe5\xad\x97");
	whole();
	expect("\xe5\xad\x97\xe5\xad\x97\xe5\xad\x97\xe2\x80\xa6\n\n");
	/* Overwriting one half takes the other away. */
	canvas_put(&c, 1, 0, STYLE_NORMAL, 'a');
	canvas_put(&c, 2, 0, STYLE_NORMAL, 'b');
	whole();
	expect(" ab \xe5\xad\x97\xe2\x80\xa6\n\n");
}

static void
wide_at_the_clip(void **state)
{
	struct rect old;

	(void)state;
	canvas_text(&c, 2, 0, 4, STYLE_NORMAL, "\xe5\xad\x97");
	old = canvas_clip(&c, (struct rect){ 3, 0, 3, 1 });
	canvas_text(&c, 0, 0, 8, STYLE_NORMAL, "abcdefgh");
	canvas_text(&c, 5, 0, 3, STYLE_NORMAL, "\xe5\xad\x97");
	c.clip = old;
	whole();
	expect("   de\n\n");
}

static void
clips(void **state)
{
	(void)state;
	canvas_text(&c, -2, 0, 8, STYLE_NORMAL, "abcdef");
	canvas_text(&c, 6, 0, 8, STYLE_NORMAL, "uvwxyz");
	canvas_text(&c, 0, -1, 8, STYLE_NORMAL, "no");
	canvas_text(&c, 0, 2, 8, STYLE_NORMAL, "no");
	canvas_fill(&c, (struct rect){ -5, 1, 7, 9 }, STYLE_NORMAL, '.');
	canvas_restyle(&c, (struct rect){ -9, -9, 99, 99 }, 0,
	    STYLE_SELECTED);
	expect("cdef  uv\n..\n");
	canvas_box(&c, (struct rect){ 5, 0, 9, 9 }, STYLE_BOX, "title");
	whole();
}

static void
hostile_bytes(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 8, STYLE_NORMAL, "\033[2J\007\n\x7f");
	expect("\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\n\n");
	canvas_clear(&c);
	canvas_text(&c, 0, 0, 8, STYLE_NORMAL, "a\xff\xc2\x9b" "b");
	expect("a\xef\xbf\xbd\xef\xbf\xbd" "b\n\n");
	for (int x = 0; x < c.w; x++)
		assert_true(canvas_at(&c, x, 0)->cp[0] >= 0x20);
}

static void
combining(void **state)
{
	(void)state;
	/* Kept on what they belong to, and no more than two. */
	canvas_text(&c, 0, 0, 8, STYLE_NORMAL,
	    "e\xcc\x81\xcc\x81\xcc\x81x\xe5\xad\x97\xcc\x81");
	expect("e\xcc\x81\xcc\x81x\xe5\xad\x97\xcc\x81\n\n");
	/* With nothing to hang on, and joiners: dropped. */
	canvas_clear(&c);
	canvas_text(&c, 0, 0, 8, STYLE_NORMAL,
	    "\xcc\x81" "a\xe2\x80\x8d" "b\xef\xb8\x8f");
	expect("ab\n\n");
}

static void
ascii(void **state)
{
	(void)state;
	c.ascii = true;
	canvas_text(&c, 0, 0, 6, STYLE_NORMAL, "a\xc3\xa4\xe5\xad\x97z");
	canvas_text(&c, 0, 1, 4, STYLE_NORMAL, "12345");
	canvas_put(&c, 6, 1, STYLE_NORMAL, 0x25be);
	expect("a???z\n123~  -\n");
	whole();
	/* Also where the locale has nothing but ASCII. */
	assert_non_null(setlocale(LC_ALL, "C"));
	canvas_put(&c, 7, 1, STYLE_NORMAL, 0x25be);
	setlocale(LC_ALL, "C.UTF-8");
	expect("a???z\n123~  --\n");
}

static void
styles(void **state)
{
	struct buf out;

	(void)state;
	buf_init(&out, 4096);
	canvas_text(&c, 0, 0, 3, STYLE_ALARM, "!!!");
	canvas_restyle(&c, (struct rect){ 0, 0, 8, 1 }, 0xff, STYLE_SELECTED);
	canvas_dump_styles(&c, &out);
	assert_string_equal(out.p, "AAA.....  <\n........\n");
	buf_free(&out);
	for (unsigned i = 0; i < STYLE_COUNT; i++) {
		assert_non_null(style_name((enum style)i));
		for (unsigned k = 0; k < i; k++)
			assert_true(style_mark(i) != style_mark(k));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
		TEST(cuts_with_ellipsis), TEST(wide_characters),
		TEST(wide_at_the_clip), TEST(clips), TEST(hostile_bytes),
		TEST(combining), TEST(ascii), TEST(styles),
	};

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
