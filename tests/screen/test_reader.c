/* The screen for a screen reader: it says what is there in words, keeps the
 * terminal's cursor on the selected line, and sends nothing but what is to be
 * said. */
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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/scene.h"
#include "tui/input.h"
#include "tui/term.h"

static struct scene s;
static struct canvas c;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	canvas_init(&c, 80, 24);
	app_resize(&s.app, 80, 24);
	reader_set(&s.app, true);
	app_tick(&s.app, s.now, s.wall_ms);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	canvas_free(&c);
	scene_free(&s);
	return 0;
}

static void
line_at(int y, char out[400])
{
	size_t len = 0;

	for (int x = 0; x < c.w && canvas_at(&c, x, y)->cp[0] < 0x80; x++)
		out[len++] = (char)canvas_at(&c, x, y)->cp[0];
	while (len > 0 && out[len - 1] == ' ')
		len--;
	out[len] = '\0';
}

/* The line that the cursor is on. */
static const char *
under_cursor(char out[400])
{
	app_draw(&s.app, &c);
	assert_true(c.cursor_shown);
	assert_int_equal(c.cursor_x, 0);
	line_at(c.cursor_y, out);
	return out;
}

static const char *
told(char out[400])
{
	app_draw(&s.app, &c);
	line_at(c.h - 1, out);
	return out;
}

static void
rows_are_sentences(void **state)
{
	static const char *const lines[] = {
		"prod, cluster, 3 of 3 hosts live, 9 of 10 VMs running, "
		"CPU 24 per cent, memor",
		"alpha, host, live, 4 VMs, CPU 55 per cent, memory 32.2 GiB of "
		"64 GiB",
		"dom0 of alpha, CPU 5 per cent, memory 4 GiB",
		"build-agent-with-a-rather-long-name, running on alpha, "
		"CPU ",
		"db-primary, running on alpha, CPU 310 per cent, memory 16 GiB",
		"web1, running on alpha, CPU 56 per cent, memory 2 GiB",
	};
	char line[400];

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		if (strncmp(under_cursor(line), lines[i],
		    strlen(lines[i])) != 0)
			fail_msg("\"%s\" is not \"%s\"", line, lines[i]);
		scene_press(&s, "j");
	}
	/* Where it is not, no figures: they would change. */
	line_at(c.cursor_y - 1, line);
	assert_string_equal(line, "db-primary, running on alpha");
}

static void
trouble_is_said(void **state)
{
	char line[400];

	(void)state;
	scene_dom(&s, GAMMA, 30, 5, "mail");
	scene_pass(&s, 12, 0xf & ~(1u << BETA));
	scene_press(&s, "<Tab><Tab>");
	assert_non_null(strstr(under_cursor(line), "MAY RUN TWICE"));
	scene_link(&s, BETA, LINK_DOWN, "no route to it", NULL);
	scene_pass(&s, 1, 0xf & ~(1u << BETA));
	scene_press(&s, "gjjjjjjj");
	assert_string_equal(under_cursor(line),
	    "beta, host, DOWN, no figures for 13s, no route to it, 2 VMs");
}

/* What a mark or the header tells elsewhere. */
static void
alarms_are_said(void **state)
{
	char line[400];

	(void)state;
	scene_find(&s, GAMMA, "ns1")->mem_kb = 27 * 1024 * 1024;
	scene_find(&s, ALPHA, "web1")->flags = DOM_SHUTDOWN;
	scene_find(&s, ALPHA, "web1")->reason = REASON_CRASH;
	scene_pass(&s, 70, 0xf);
	scene_press(&s, "[g");
	under_cursor(line);
	line_at(0, line);
	assert_string_equal(line,
	    "xendeck, 1 CRASHED, 1 WARNING, 6 lines");
	scene_press(&s, "j");
	assert_non_null(strstr(under_cursor(line),
	    "alpha, host, live, alarm: web1 CRASHED, 4 VMs"));
	scene_press(&s, "jj");
	assert_non_null(strstr(under_cursor(line),
	    "gamma, host, live, warning: gamma MEMORY"));
	scene_press(&s, "]");
	assert_non_null(strstr(under_cursor(line),
	    "gamma, host, live, warning: MEMORY"));
}

/* No view and no menu shows what cannot be read. */
static void
nothing_is_drawn(void **state)
{
	static const char *const ways[] = { "", "j<Enter>", "jjjj<Enter>",
		"jjjj<Enter><PgDn>", "L", "?", "?<PgDn>", "s", "a", ":li",
		":s<Tab>", "/web", "e", "i", "t", "sjjjj<Enter>", "C", "[",
		"jX" };

	(void)state;
	for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		teardown(NULL);
		setup(NULL);
		s.app.demo = true;
		scene_press(&s, ways[i]);
		app_draw(&s.app, &c);
		assert_true(c.cursor_shown);
		for (int y = 0; y < c.h; y++)
			for (int x = 0; x < c.w; x++) {
				uint32_t cp = canvas_at(&c, x, y)->cp[0];

				if ((cp >= 0x2500 && cp <= 0x259f) ||
				    (cp >= 0x2800 && cp <= 0x28ff))
					fail_msg("%s: U+%04x at %d,%d",
					    ways[i], cp, x, y);
			}
	}
}

static void
note(enum note_level level, const char *text)
{
	model_apply(s.model, &(struct event){ .type = EVENT_NOTE,
		.host = EVENT_NO_HOST, .at = s.now, .wall_ms = s.wall_ms,
		.u.note = { level, text } });
}

static void
one_line_tells(void **state)
{
	char line[400];

	(void)state;
	scene_press(&s, "j");
	note(NOTE_ALARM, "something burns");
	reader_shown(&s.app);
	assert_true(reader_due(&s.app, s.now));
	app_tick(&s.app, s.now, s.wall_ms);
	assert_true(reader_due(&s.app, s.now));
	reader_shown(&s.app);
	assert_false(reader_due(&s.app, s.now));
	assert_string_equal(told(line), "Alarm: something burns");
	/* It stays there, unlike a message on the other screen. */
	scene_pass(&s, 120, 0xf);
	assert_string_equal(told(line), "Alarm: something burns");
	note(NOTE_INFO, "something came");
	note(NOTE_WARNING, "something smells");
	app_tick(&s.app, s.now, s.wall_ms);
	assert_string_equal(told(line),
	    "2 events, one: Warning: something smells");
	scene_press(&s, "r");
	assert_string_equal(told(line), "alpha is live: nothing to retry.");
}

/* --- Through a terminal --------------------------------------------------------- */

static int master;

static size_t
received(struct terminal *t, char *out, size_t size)
{
	struct pollfd p = { .fd = master, .events = POLLIN };
	size_t n = 0;
	ssize_t k;

	term_serve(t, POLLOUT, s.now);
	while (poll(&p, 1, 20) == 1 && (k = read(master, out + n,
	    size - n - 1)) > 0) {
		n += (size_t)k;
		term_serve(t, POLLOUT, s.now);
	}
	out[n] = '\0';
	return n;
}

/* What the console does each second. */
static void
second(struct terminal *t)
{
	scene_pass(&s, 1, 0xf);
	if (!reader_due(&s.app, s.now))
		return;
	app_tick(&s.app, s.now, s.wall_ms);
	app_draw(&s.app, &c);
	reader_shown(&s.app);
	term_show(t, &c, false, s.now);
}

static void
an_idle_minute_is_silent(void **state)
{
	struct winsize ws = { .ws_col = 80, .ws_row = 24 };
	struct terminal *t;
	struct err e = { 0 };
	static char out[1 << 16];
	uint64_t before;
	int slave, w, h;

	(void)state;
	master = posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK);
	assert_true(master >= 0 && grantpt(master) == 0 &&
	    unlockpt(master) == 0);
	slave = open(ptsname(master), O_RDWR | O_NOCTTY);
	assert_int_equal(ioctl(slave, TIOCSWINSZ, &ws), 0);
	t = term_open(&(struct term_opts){ .in = slave, .out = slave,
		.theme = "mono" }, &e);
	assert_non_null(t);
	term_measure(t, &w, &h);
	scene_press(&s, "jjjj");
	app_draw(&s.app, &c);
	reader_shown(&s.app);
	term_show(t, &c, false, s.now);
	assert_true(received(t, out, sizeof out) > 200);
	before = term_sent(t);
	for (int i = 0; i < 60; i++)
		second(t);
	assert_int_equal(term_sent(t), before);
	note(NOTE_WARNING, "beta: something smells");
	second(t);
	assert_true(received(t, out, sizeof out) < 120);
	if (strstr(out, "Warning: beta: something smells") == NULL)
		fail_msg("what was sent: %s", out);
	/* With new figures each half minute: the selected line alone. */
	s.app.reader.refresh_ms = 30000;
	for (int i = 0; i < 60; i++)
		second(t);
	assert_in_range(received(t, out, sizeof out), 1, 400);
	term_close(t);
	close(slave);
	close(master);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
		TEST(rows_are_sentences), TEST(trouble_is_said), TEST(alarms_are_said),
		TEST(nothing_is_drawn), TEST(one_line_tells),
		TEST(an_idle_minute_is_silent),
	};

	setenv("TZ", "UTC", 1);
	setenv("TERM", "xterm-256color", 1);
	unsetenv("LINES");
	unsetenv("COLUMNS");
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
