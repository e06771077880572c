/* The terminal on a pseudo-terminal whose other end is held here: what is sent,
 * what is not, and how the line is left. */
#define _GNU_SOURCE /* posix_openpt and friends */
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cmocka.h>
#include <curses.h>

#include "tui/canvas.h"
#include "tui/input.h"
#include "tui/term.h"

static int master, slave;
static struct terminal *t;
static struct canvas c;
static struct termios before;
static struct mono now;

static void
open_pty(int w, int h)
{
	struct winsize ws = { .ws_col = (unsigned short)w,
		.ws_row = (unsigned short)h };

	master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(master >= 0 && grantpt(master) == 0 &&
	    unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_true(slave >= 0);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &ws), 0);
	assert_int_equal(tcgetattr(slave, &before), 0);
}

static int
setup(void **state)
{
	struct err e = { 0 };
	int w, h;

	(void)state;
	now = (struct mono){ 1000000000 };
	open_pty(40, 10);
	t = term_open(&(struct term_opts){ .in = slave, .out = slave }, &e);
	if (t == NULL)
		fail_msg("%s", e.msg);
	term_measure(t, &w, &h);
	assert_int_equal(w, 40);
	assert_int_equal(h, 10);
	canvas_init(&c, w, h);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	term_close(t);
	canvas_free(&c);
	close(slave);
	if (master >= 0)
		close(master);
	return 0;
}

/* All that was sent so far, once the terminal has taken it all. */
static size_t
received_mute(char *out, size_t size)
{
	struct pollfd p = { .fd = master, .events = POLLIN };
	size_t n = 0;
	char sink[4096];
	ssize_t k;

	do {
		while (poll(&p, 1, 0) == 1 &&
		    (k = read(master, sink, sizeof sink)) > 0)
			for (ssize_t i = 0; i < k; i++)
				if (n + 1 < size)
					out[n++] = sink[i];
		term_serve(t, POLLOUT, now);
	} while (poll(&p, 1, 20) == 1);
	out[n] = '\0';
	return n;
}

static void
type(const char *keys)
{
	struct pollfd p = { .fd = term_fd(t), .events = POLLIN };

	assert_int_equal(write(master, keys, strlen(keys)), strlen(keys));
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_true(term_serve(t, p.revents, now));
}

/* And it answers when it is asked whether it is there. */
static size_t
received(char *out, size_t size)
{
	size_t n = received_mute(out, size);

	if (strstr(out, "\033[5n") != NULL) {
		type("\033[0n");
		assert_int_equal(term_key(t, now), KEYC_NONE);
	}
	assert_false(term_busy(t, now));
	return n;
}

static void
shows_what_was_drawn(void **state)
{
	(void)state;
	canvas_text(&c, 0, 0, 40, STYLE_ALARM, "!! \xe5\xad\x97 z\xcc\x81 end");
	canvas_text(&c, 0, 9, 40, STYLE_NORMAL,
	    "1234567890123456789012345678901234567890");
	canvas_text(&c, 37, 5, 3, STYLE_GOOD, "a\xe5\xad\x97");
	term_show(t, &c, false, now);
	for (int y = 0; y < c.h; y++)
		for (int x = 0; x < c.w; x++) {
			wchar_t text[CCHARW_MAX + 1] = { 0 };
			const struct cell *cell = canvas_at(&c, x, y);
			attr_t attr;
			short pair;
			cchar_t cc;

			if (cell->width == 0)
				continue;
			assert_int_equal(mvin_wch(y, x, &cc), OK);
			assert_int_equal(getcchar(&cc, text, &attr, &pair,
			    NULL), OK);
			assert_int_equal(text[0], cell->cp[0]);
			assert_int_equal(text[1], cell->cp[1]);
			if (cell->style == STYLE_ALARM)
				assert_true((attr & A_BOLD) && pair > 0);
		}
}

static void
sends_differences_only(void **state)
{
	char out[65536];

	(void)state;
	canvas_text(&c, 0, 0, 40, STYLE_NORMAL, "hello");
	term_show(t, &c, false, now);
	assert_true(received(out, sizeof out) > 5);
	assert_non_null(strstr(out, "\033[?1049h"));
	assert_non_null(strstr(out, "hello"));
	term_show(t, &c, false, now);
	assert_int_equal(received(out, sizeof out), 0);
	canvas_text(&c, 20, 5, 3, STYLE_NORMAL, "xyz");
	term_show(t, &c, false, now);
	assert_in_range(received(out, sizeof out), 3, 30);
	assert_non_null(strstr(out, "xyz"));
	term_repaint(t);
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_non_null(strstr(out, "hello"));
}

static void
resizes(void **state)
{
	struct winsize ws = { .ws_col = 10, .ws_row = 3 };
	char out[65536];
	int w, h;

	(void)state;
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &ws), 0);
	term_measure(t, &w, &h);
	assert_int_equal(w, 10);
	assert_int_equal(h, 3);
	canvas_resize(&c, w, h);
	canvas_text(&c, 0, 2, 10, STYLE_NORMAL, "0123456789");
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_non_null(strstr(out, "012345678"));
}

static void
reads_keys(void **state)
{
	(void)state;
	type("q\033[A\003\032");
	assert_int_equal(term_key(t, now), 'q');
	assert_int_equal(term_key(t, now), KEYC_UP);
	assert_int_equal(term_key(t, now), KEYC_CTRL_OF('C'));
	assert_int_equal(term_key(t, now), KEYC_CTRL_OF('Z'));
	assert_int_equal(term_key(t, now), KEYC_NONE);
}

/* Nobody reads at the other end: frames wait, keys do not. */
static void
never_waits_for_the_terminal(void **state)
{
	static char out[1 << 20];

	(void)state;
	for (uint32_t i = 0; i < 400; i++) {
		canvas_fill(&c, canvas_all(&c), STYLE_NORMAL, 'a' + i % 26);
		term_repaint(t);
		term_show(t, &c, false, now);
	}
	now = mono_add_ms(now, 3600 * 1000); /* no answer counts any more */
	assert_true(term_busy(t, now));
	reads_keys(NULL);
	received_mute(out, sizeof out);
	assert_false(term_busy(t, now));
}

static void
fill(char ch)
{
	canvas_fill(&c, canvas_all(&c), STYLE_NORMAL, (uint32_t)ch);
	for (int i = 0; i < c.w * c.h; i += 2)
		canvas_put(&c, i % c.w, i / c.w, STYLE_GOOD, (uint32_t)ch + 1);
	term_show(t, &c, false, now);
}

/* A frame counts as shown when the terminal says that it is. */
static void
waits_for_the_answer(void **state)
{
	char out[65536];

	(void)state;
	fill('a');
	received_mute(out, sizeof out);
	assert_non_null(strstr(out, "\033[5n"));
	assert_true(term_busy(t, now));
	type("\033[0nx");
	assert_int_equal(term_key(t, now), 'x');
	assert_false(term_busy(t, now));
	/* A little more does not need to be asked about. */
	canvas_put(&c, 0, 0, STYLE_NORMAL, 'z');
	term_show(t, &c, false, now);
	received_mute(out, sizeof out);
	assert_null(strstr(out, "\033[5n"));
	assert_false(term_busy(t, now));
	/* An answer can get lost; then it goes on. */
	fill('c');
	received_mute(out, sizeof out);
	now = mono_add_ms(now, 2500);
	assert_true(term_busy(t, now));
	now = mono_add_ms(now, 1000);
	assert_false(term_busy(t, now));
	fill('e');
	received_mute(out, sizeof out);
	assert_non_null(strstr(out, "\033[5n"));
	/* Leaving does not leave the answer to the shell. */
	assert_int_equal(write(master, "jj\033[0n", 6), 6);
	term_leave(t);
	assert_int_equal(ioctl(slave, FIONREAD, &(int){ 0 }), 0);
	assert_int_equal(poll(&(struct pollfd){ .fd = slave,
		.events = POLLIN }, 1, 0), 0);
}

static void
some_never_answer(void **state)
{
	char out[65536];

	(void)state;
	fill('a');
	received_mute(out, sizeof out);
	assert_true(term_busy(t, now));
	now = mono_add_ms(now, 1000);
	assert_false(term_busy(t, now));
	fill('c');
	received_mute(out, sizeof out);
	assert_null(strstr(out, "\033[5n"));
	assert_false(term_busy(t, now));
}

static void
assert_modes_restored(void)
{
	struct termios after;

	assert_int_equal(tcgetattr(slave, &after), 0);
	assert_int_equal(after.c_lflag, before.c_lflag);
	assert_int_equal(after.c_iflag, before.c_iflag);
	assert_int_equal(after.c_oflag, before.c_oflag);
}

static void
leaves_and_comes_back(void **state)
{
	char out[65536];

	(void)state;
	canvas_text(&c, 0, 0, 40, STYLE_NORMAL, "hello");
	term_show(t, &c, false, now);
	received(out, sizeof out);
	term_leave(t);
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033[?1049l"));
	assert_modes_restored();
	/* Nothing is drawn on somebody else's screen. */
	term_show(t, &c, false, now);
	assert_int_equal(received(out, sizeof out), 0);
	term_enter(t);
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033[?1049h"));
	assert_non_null(strstr(out, "hello"));
	term_close(t);
	t = NULL;
	assert_modes_restored();
}

/* Modes are given back on the ways out, and taken again on the way in. */
static void
pastes_are_marked(void **state)
{
	char out[65536];

	(void)state;
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033[?2004h"));
	type("\033[200~Q\033[201~j");
	assert_int_equal(term_key(t, now), KEYC_PASTE);
	assert_string_equal(term_pasted(t)->text, "Q");
	assert_int_equal(term_key(t, now), 'j');
	term_leave(t);
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033[?2004l"));
	term_enter(t);
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033[?2004h"));
}

static void
notices_that_it_is_gone(void **state)
{
	struct pollfd p = { .fd = term_fd(t), .events = POLLIN };

	(void)state;
	close(master);
	master = -1;
	assert_int_equal(poll(&p, 1, 5000), 1);
	assert_false(term_serve(t, p.revents, now));
	canvas_text(&c, 0, 0, 40, STYLE_NORMAL, "into the void");
	term_show(t, &c, false, now);
	assert_false(term_serve(t, 0, now));
}

static void
refuses_what_is_no_terminal(void **state)
{
	int null = open("/dev/null", O_RDWR);
	struct err e = { 0 };

	(void)state;
	term_close(t);
	t = NULL;
	assert_null(term_open(&(struct term_opts){ .in = null, .out = null },
	    &e));
	assert_non_null(strstr(e.msg, "needs a terminal"));
	assert_null(term_open(&(struct term_opts){ .in = slave, .out = null },
	    &e));
	setenv("TERM", "no-such-terminal", 1);
	assert_null(term_open(&(struct term_opts){ .in = slave,
		.out = slave }, &e));
	assert_non_null(strstr(e.msg, "no-such-terminal"));
	setenv("TERM", "dumb", 1);
	assert_null(term_open(&(struct term_opts){ .in = slave,
		.out = slave }, &e));
	unsetenv("TERM");
	assert_null(term_open(&(struct term_opts){ .in = slave,
		.out = slave }, &e));
	setenv("TERM", "xterm-256color", 1);
	assert_modes_restored();
	close(null);
}

/* SGR 30 to 49, and what begins with 38 or 48 (ECMA-48, 8.3.117). */
static bool
has_colours(const char *s)
{
	while ((s = strpbrk(s, "[;")) != NULL) {
		s++;
		if ((*s == '3' || *s == '4') && s[1] >= '0' && s[1] <= '9' &&
		    s[1 + strspn(s + 1, "0123456789;")] == 'm')
			return true;
	}
	return false;
}

static void
colours_where_there_are_some(void **state)
{
	char out[65536];

	(void)state;
	canvas_text(&c, 0, 0, 1, STYLE_ALARM, "x");
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_true(has_colours(out));
}

static void
mono_has_no_colours(void **state)
{
	static const char *const types[] = { "xterm-256color", "linux",
		"vt100", "xterm" };
	char out[65536];

	(void)state;
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		struct err e = { 0 };

		teardown(NULL);
		open_pty(40, 10);
		setenv("TERM", types[i], 1);
		canvas_init(&c, 40, 10);
		t = term_open(&(struct term_opts){ .in = slave, .out = slave,
			.theme = "mono" }, &e);
		assert_non_null(t);
		for (int s = 0; s < STYLE_COUNT; s++)
			canvas_text(&c, s, 0, 1, (unsigned)s, "x");
		term_show(t, &c, false, now);
		received(out, sizeof out);
		assert_false(has_colours(out));
	}
	setenv("TERM", "xterm-256color", 1);
}

/* It is asked once, and only when the theme depends on it. */
static void
asks_for_the_background(void **state)
{
	char out[8192];

	(void)state;
	canvas_text(&c, 0, 0, 40, STYLE_CLUSTER, "prod");
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_non_null(strstr(out, "\033]11;?\033\\\033[5n"));
	assert_non_null(strstr(out, "38;5;81m")); /* dark until it is told */
	assert_false(term_wants_frame(t));
	type("\033]11;rgb:ffff/ffff/ffff\033\\");
	assert_int_equal(term_key(t, now), KEYC_NONE);
	assert_true(term_wants_frame(t));
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_null(strstr(out, "\033]11"));
	assert_non_null(strstr(out, "38;5;24m")); /* light */
	assert_int_equal(term_theme(t, "pink"), -1);
	assert_int_equal(term_theme(t, "mono"), 0);
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_null(strstr(out, "38;5;"));
}

static void
a_chosen_theme_asks_nothing(void **state)
{
	struct err e = { 0 };
	char out[8192];

	(void)state;
	teardown(NULL);
	open_pty(40, 10);
	canvas_init(&c, 40, 10);
	t = term_open(&(struct term_opts){ .in = slave, .out = slave,
		.theme = "light" }, &e);
	assert_non_null(t);
	canvas_text(&c, 0, 0, 40, STYLE_CLUSTER, "prod");
	term_show(t, &c, false, now);
	received(out, sizeof out);
	assert_null(strstr(out, "\033]11"));
	assert_non_null(strstr(out, "38;5;24m"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
		TEST(shows_what_was_drawn), TEST(sends_differences_only),
		TEST(resizes), TEST(reads_keys),
		TEST(never_waits_for_the_terminal), TEST(waits_for_the_answer),
		TEST(some_never_answer),
		TEST(leaves_and_comes_back), TEST(pastes_are_marked),
		TEST(notices_that_it_is_gone),
		TEST(refuses_what_is_no_terminal), TEST(colours_where_there_are_some),
		TEST(mono_has_no_colours), TEST(asks_for_the_background),
		TEST(a_chosen_theme_asks_nothing),
	};

	setenv("TERM", "xterm-256color", 1);
	unsetenv("COLORFGBG");
	unsetenv("LINES");
	unsetenv("COLUMNS");
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
