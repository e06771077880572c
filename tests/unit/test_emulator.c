/* A guest's terminal: what hostile bytes may do, which is nothing but cells. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tui/emulator.h"
#include "tui/input.h"

static struct emulator *e;
static struct canvas c;

static int
setup(void **state)
{
	(void)state;
	e = emulator_new(20, 4);
	canvas_init(&c, 20, 4);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	emulator_free(e);
	canvas_free(&c);
	return 0;
}

static void
feed(const char *s)
{
	emulator_feed(e, s, strlen(s));
}

static void
expect_back(int back, const char *text)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	canvas_clear(&c);
	emulator_draw(e, &c, canvas_all(&c), back);
	canvas_dump(&c, &out);
	assert_string_equal(out.p, text);
	buf_free(&out);
}

static void
expect(const char *text)
{
	expect_back(0, text);
}

/* And it is gone then. */
static void
expect_out(const char *bytes, size_t n)
{
	struct buf *out = emulator_out(e);

	assert_int_equal(out->len, n);
	if (n > 0)
		assert_memory_equal(out->p, bytes, n);
	buf_clear(out);
}

#define EXPECT_OUT(s) expect_out(s, sizeof(s) - 1)

static void
text_and_cursor(void **state)
{
	(void)state;
	feed("one\r\ntwo \xe4\xb8\xad" "e\xcc\x81");
	expect("one\ntwo \xe4\xb8\xad" "e\xcc\x81\n\n\n");
	assert_true(c.cursor_shown);
	assert_int_equal(c.cursor_y, 1);
	assert_int_equal(c.cursor_x, 7);
	feed("\033[?25l");
	expect("one\ntwo \xe4\xb8\xad" "e\xcc\x81\n\n\n");
	assert_false(c.cursor_shown);
}

static void
colours(void **state)
{
	const struct cell *at;

	(void)state;
	feed("\033[1;31;44ma\033[0;38;5;200mb\033[38;2;255;0;0mc\033[0;7md");
	expect("abcd\n\n\n\n");
	at = canvas_at(&c, 0, 0);
	assert_int_equal(at->style, STYLE_OWN);
	assert_int_equal(at->bg, 4);
	assert_true(at->attr & ATTR_BOLD);
	assert_int_equal(canvas_at(&c, 1, 0)->fg, 200);
	assert_int_equal(canvas_at(&c, 2, 0)->fg, 196);
	assert_int_equal(canvas_at(&c, 3, 0)->fg, -1);
	assert_true(canvas_at(&c, 3, 0)->attr & ATTR_REVERSE);
	assert_int_equal(canvas_at(&c, 4, 0)->fg, -1);
	assert_int_equal(canvas_at(&c, 4, 0)->bg, -1);
}

/* Titles, clipboards, palettes and questions about settings. */
static void
strings_go_nowhere(void **state)
{
	(void)state;
	feed("a\033]0;title\007b\033]52;c;aGk=\033\\c\033P$qm\033\\d"
	    "\033_apc\033\\e\033^pm\033\\f\033Xsos\033\\g");
	expect("abcdefg\n\n\n\n");
	EXPECT_OUT("");
	feed("\r\n\033]Rh\033]P1234567i"); /* the Linux console's own */
	expect("abcdefg\nhi\n\n\n");
	feed("\r\n\033]0;cut\033[1mj"); /* another sequence ends it */
	expect("abcdefg\nhi\nj\n\n");
	feed("k\033]0;");
	for (int i = 0; i < 5000; i++)
		feed("x");
	feed("\033[H\033[2Jl");
	expect("l\n\n\n\n");
}

/* Nor can a number keep it busy. */
static void
numbers_are_small(void **state)
{
	(void)state;
	feed("a\033[2147483647@\033[2147483647L\033[99999999999999999999S"
	    "\033[2147483647T\033[2147483647;2147483647Hz\033[H\033[2Jb");
	expect("b\n\n\n\n");
	assert_true(emulator_lines(e) <= EMULATOR_HISTORY);
}

/* The library's own never ends where there is nothing to repeat. */
static void
repeats(void **state)
{
	(void)state;
	feed("\033[5b\xcc\x81\033[3b");
	feed("a\033[5bb\033[b\r\n-\033[2147483647b");
	canvas_clear(&c);
	emulator_draw(e, &c, canvas_all(&c), 0);
	assert_int_equal(canvas_at(&c, 7, 0)->cp[0], 'b');
	assert_int_equal(canvas_at(&c, 5, 0)->cp[0], 'a');
	assert_int_equal(canvas_at(&c, 8, 0)->cp[0], ' ');
	assert_int_equal(canvas_at(&c, 19, 1)->cp[0], '-');
}

static void
only_harmless_answers(void **state)
{
	(void)state;
	feed("\033[2;3H\033[6n");
	EXPECT_OUT("\033[2;3R");
	feed("\033[5n");
	EXPECT_OUT("\033[0n");
	feed("\033[?4$p\033P$q\"p\033\\\033[>c\033[x");
	for (size_t i = 0; i < emulator_out(e)->len; i++)
		assert_non_null(strchr("\033[0123456789;?>c",
		    emulator_out(e)->p[i]));
	buf_clear(emulator_out(e));
	for (int i = 0; i < 100000; i++)
		feed("\033[6n");
	assert_true(emulator_out(e)->len < 1024);
}

static void
lines_scroll_away(void **state)
{
	char line[32];

	(void)state;
	for (int i = 1; i <= 3000; i++) {
		snprintf(line, sizeof line, "line %d\r\n", i);
		feed(line);
	}
	assert_int_equal(emulator_lines(e), EMULATOR_HISTORY);
	expect("line 2998\nline 2999\nline 3000\n\n");
	expect_back(2, "line 2996\nline 2997\nline 2998\nline 2999\n");
	expect_back(EMULATOR_HISTORY,
	    "line 998\nline 999\nline 1000\nline 1001\n");
	assert_int_equal(emulator_lines(e), EMULATOR_HISTORY);
}

/* An editor's screen leaves nothing behind. */
static void
alternate_screen(void **state)
{
	(void)state;
	feed("$ vi\r\n\033[?1049h\033[H\033[2J~\r\n~\r\n~\r\n~\r\n~\r\n~");
	assert_true(emulator_alternate(e));
	assert_int_equal(emulator_lines(e), 0);
	feed("\033[?1049l");
	assert_false(emulator_alternate(e));
	expect("$ vi\n\n\n\n");
	feed("\033[?1049h\033[1;31mgarbage\033]0;");
	emulator_notice(e, "rebooted");
	assert_false(emulator_alternate(e));
	expect("\n\n-- rebooted --\n\n");
	assert_int_equal(emulator_lines(e), 2);
}

static void
a_smaller_room_shows_the_cursor(void **state)
{
	(void)state;
	canvas_resize(&c, 10, 2);
	feed("1\r\n2\r\n3");
	expect("2\n3\n");
	feed("\033[H");
	expect("1\n2\n");
	feed("0123456789abcdef");
	expect("789abcdef\n\n");
	assert_true(c.cursor_shown);
	assert_int_equal(c.cursor_x, 9);
}

static void
resizes(void **state)
{
	(void)state;
	feed("a\r\nb\r\nc\r\nd");
	for (int i = 1; i < 60; i++) {
		emulator_resize(e, 1 + i * 7 % 90, 1 + i * 5 % 40);
		feed("x\033[?1049h\r\ny\033[?1049l");
	}
	emulator_resize(e, 100000, 100000);
	assert_int_equal(emulator_width(e), EMULATOR_W_MAX);
	assert_int_equal(emulator_height(e), EMULATOR_H_MAX);
	emulator_resize(e, -1, -1);
	feed("z");
}

/* libvterm 0.1.4 leaves the cursor that is kept, and the lines that scroll,
 * where they were: outside, after a resize. */
static void
a_resize_leaves_nothing_outside(void **state)
{
	(void)state;
	emulator_resize(e, 80, 40);
	feed("\033[20;39r\033[39;80H\0337\033[?6h");
	emulator_resize(e, 20, 4);
	feed("\0338kept\r\n\r\n\r\n\r\n\033M\033M\033[L\033[M");
	for (int i = 0; i < 100; i++)
		feed("more\r\n");
	expect("more\nmore\nmore\n\n");
	feed("\033[?1049h");
	emulator_resize(e, 80, 40);
	feed("\033[40;80Hx\0337");
	emulator_resize(e, 20, 4);
	feed("\033[?1049l\0338y\033[P\033[@\033[X");
	assert_true(c.cursor_y < 4);
}

/* A line of double width or height that then shrinks: cells that are not there
 * are written in 0.1.4. */
static void
no_double_lines(void **state)
{
	(void)state;
	feed("\033#6ab\033#3cd\033#4ef");
	expect("abcdef\n\n\n\n");
	feed("\033[1;20Hz");
	assert_int_equal(canvas_at(&c, 19, 0)->cp[0], ' ');
	canvas_clear(&c);
	emulator_draw(e, &c, canvas_all(&c), 0);
	assert_int_equal(canvas_at(&c, 19, 0)->cp[0], 'z');
	feed("\033#8\033#6");
	emulator_resize(e, 60, 4);
	feed("\033[1;60H\033[Cq\033[K");
}

static void
keys(void **state)
{
	(void)state;
	emulator_key(e, 'a');
	emulator_key(e, 0xe9);
	emulator_key(e, KEYC_ENTER);
	emulator_key(e, KEYC_ESC);
	emulator_key(e, KEYC_NUL);
	emulator_key(e, 0x08);
	emulator_key(e, KEYC_BACKSPACE);
	EXPECT_OUT("a\xc3\xa9\r\033\0\b\x7f");
	emulator_key(e, KEYC_UP);
	EXPECT_OUT("\033[A");
	feed("\033[?1h");
	emulator_key(e, KEYC_UP);
	EXPECT_OUT("\033OA");
	emulator_key(e, (uint32_t)KEYC_RIGHT | KEYC_CTRLED);
	EXPECT_OUT("\033[1;5C");
	emulator_key(e, KEYC_F(1));
	emulator_key(e, KEYC_F(5));
	EXPECT_OUT("\033OP\033[15~");
	emulator_key(e, KEYC_DELETE);
	emulator_key(e, KEYC_BACKTAB);
	EXPECT_OUT("\033[3~\033[Z");
	emulator_key(e, KEYC_MOUSE);
	EXPECT_OUT("");
}

static void
pastes(void **state)
{
	(void)state;
	emulator_paste(e, "a\nb\r\nc", 6, true, true);
	EXPECT_OUT("a\rb\rc");
	feed("\033[?2004h");
	emulator_paste(e, "rm\033[201~", 8, true, false);
	emulator_paste(e, "x", 1, false, true);
	EXPECT_OUT("\033[200~rm[201~x\033[201~");
}

static void
bells_are_counted(void **state)
{
	(void)state;
	feed("\007\007a\033]0;\007"); /* the last one ends a string */
	assert_int_equal(emulator_bells(e), 2);
	expect("a\n\n\n\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(text_and_cursor), T(colours), T(strings_go_nowhere),
		T(numbers_are_small), T(repeats),
		T(only_harmless_answers), T(lines_scroll_away),
		T(alternate_screen), T(a_smaller_room_shows_the_cursor),
		T(resizes),
		T(a_resize_leaves_nothing_outside), T(no_double_lines),
		T(keys), T(pastes), T(bells_are_counted),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
