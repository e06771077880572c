/* The mouse, on every part of the screen; and what is copied. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/prng.h"
#include "core/utf8.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tests/lib/shot.h"
#include "tui/app_cmd.h"
#include "tui/menu.h"
#include "tui/setup.h"
#include "tui/table.h"
#include "tui/view.h"

static struct scene s;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	s.app.mouse = true;
	app_resize(&s.app, 80, 24);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scene_free(&s);
	return 0;
}

static void
mouse(enum mouse_what what, int x, int y)
{
	app_mouse(&s.app, (struct mouse){ what, x, y });
	app_tick(&s.app, s.now, s.wall_ms);
}

/* Where a text is on the screen. */
static void
find(const char *text, int *x, int *y)
{
	struct buf out;
	const char *at, *start;

	buf_init(&out, 1 << 22);
	shot_glyphs(&s, s.app.w, s.app.h, false, &out);
	at = strstr(out.p, text);
	if (at == NULL)
		fail_msg("%s is not on the screen:\n%s", text, out.p);
	*y = 0;
	for (start = out.p; strchr(start, '\n') < at;
	     start = strchr(start, '\n') + 1)
		++*y;
	*x = 0;
	for (size_t step; start < at; start += step) {
		uint32_t cp;

		step = utf8_decode(&cp, start, (size_t)(at - start));
		*x += utf8_width(cp);
	}
	buf_free(&out);
}

static void
click(const char *text)
{
	int x, y;

	find(text, &x, &y);
	mouse(MOUSE_PRESS, x, y);
}

static enum view_id
view(void)
{
	return app_layer(&s.app)->view;
}

static void
rows_are_selected_and_opened(void **state)
{
	(void)state;
	click("mail ");
	assert_string_equal(scene_selected(&s), "mail");
	assert_int_equal(view(), VIEW_HOME);
	click("web1 ");
	assert_string_equal(scene_selected(&s), "web1");
	assert_int_equal(view(), VIEW_HOME);
	click("web1 ");
	assert_int_equal(view(), VIEW_DETAIL);
	scene_press(&s, "<Esc>");
	/* The same after keys is a first click again. */
	click("web1 ");
	assert_int_equal(view(), VIEW_HOME);
	/* Below the last row is nothing. */
	scene_type(&s, "/web1\r");
	mouse(MOUSE_PRESS, 3, 18);
	assert_string_equal(scene_selected(&s), "web1");
	/* While a filter is typed, what it found can be clicked on. */
	scene_type(&s, "/");
	click("web1 ");
	assert_false(s.app.ui.filter_typing);
	assert_true(s.app.ui.filter.n > 0);
}

static void
triangles_fold(void **state)
{
	size_t n = s.app.rows.n;
	int x, y;

	(void)state;
	find("\xe2\x96\xbe" "beta", &x, &y);
	mouse(MOUSE_PRESS, x, y);
	assert_string_equal(scene_selected(&s), "beta");
	assert_true(s.app.ui.host_folded[BETA]);
	mouse(MOUSE_PRESS, x, y);
	assert_false(s.app.ui.host_folded[BETA]);
	assert_int_equal(s.app.rows.n, n);
	assert_int_equal(view(), VIEW_HOME);
	click("\xe2\x96\xb8" "dormant");
	assert_int_equal(s.app.rows.n, n + 1);
}

static void
titles_sort(void **state)
{
	(void)state;
	click("CPU%");
	assert_string_equal(table_columns[s.app.ui.sort].id, "cpu");
	assert_false(s.app.ui.invert);
	click("CPU%");
	assert_true(s.app.ui.invert);
	click("MEMORY");
	assert_string_equal(table_columns[s.app.ui.sort].id, "memory");
	assert_false(s.app.ui.invert);
}

static void
wheel_moves(void **state)
{
	(void)state;
	mouse(MOUSE_DOWN, 5, 5);
	assert_int_equal(s.app.ui.sel_row, 3);
	mouse(MOUSE_UP, 5, 5);
	assert_int_equal(s.app.ui.sel_row, 0);
	scene_press(&s, "?");
	mouse(MOUSE_DOWN, 5, 5);
	assert_int_equal(app_layer(&s.app)->top, 3);
	scene_press(&s, "<Esc>s");
	mouse(MOUSE_DOWN, 5, 5);
	assert_int_equal(s.app.ui.menu_at, 3);
}

static void
key_bar_is_pressed(void **state)
{
	(void)state;
	click("Sort");
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	click("Cancel");
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	click("Help");
	assert_int_equal(view(), VIEW_HELP);
	click("Close");
	assert_int_equal(view(), VIEW_HOME);
	assert_false(s.app.fx.quit);
	click("Quit");
	assert_true(s.app.fx.quit);
}

static void
menus_are_chosen_from(void **state)
{
	int x, y;

	(void)state;
	scene_press(&s, "s");
	find("memory", &x, &y);
	mouse(MOUSE_PRESS, x, y);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	assert_string_equal(table_columns[s.app.ui.sort].id, "memory");
	/* Its frame is no entry; outside of it, it goes away. */
	scene_press(&s, "s");
	find("Sort by", &x, &y);
	mouse(MOUSE_PRESS, x, y);
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	mouse(MOUSE_PRESS, 1, 5);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	scene_press(&s, "/state:st<Tab>");
	assert_true(s.app.ui.line.found.n == 0);
	scene_press(&s, "<Esc>/m<Tab>");
	click("mac:");
	assert_true(s.app.ui.filter_typing);
	assert_string_equal(s.app.ui.filter_text, "mac:");
	scene_press(&s, "<Esc>:so<Tab>");
	click("sort-previous");
	assert_string_equal(s.app.ui.line.text, "sort-previous");
	assert_int_equal(s.app.ui.line.found.n, 0);
}

/* A click on a column shows it or takes it away; outside, the box closes. */
static void
columns_are_chosen(void **state)
{
	int x, y, first;
	struct rect box;

	(void)state;
	app_resize(&s.app, 80, 40);
	scene_press(&s, "C");
	click("[x] vCPUs");
	assert_int_equal(s.app.ui.menu, MENU_COLUMNS);
	find("[ ] vCPUs", &x, &y);
	click("[ ] MAC");
	find("[x] MAC", &x, &y);
	/* Its frame is no entry, scrolled or not. */
	app_resize(&s.app, 80, 24);
	scene_press(&s, "G");
	box = setup_box(&s.app.ui, app_layout(&s.app).main, &first);
	assert_true(first > 0);
	mouse(MOUSE_PRESS, box.x + 2, box.y);
	mouse(MOUSE_PRESS, box.x + 2, box.y + box.h - 1);
	assert_int_equal(s.app.ui.menu_at, table_ncolumns - 1);
	assert_int_equal(s.app.ui.menu, MENU_COLUMNS);
	mouse(MOUSE_PRESS, 1, 5);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
}

static void
alarms_are_selected(void **state)
{
	(void)state;
	scene_find(&s, ALPHA, "web1")->flags = DOM_SHUTDOWN;
	scene_find(&s, ALPHA, "web1")->reason = REASON_CRASH;
	scene_find(&s, BETA, "mail")->flags = DOM_SHUTDOWN;
	scene_find(&s, BETA, "mail")->reason = REASON_CRASH;
	scene_pass(&s, 1, 0xf);
	scene_press(&s, "a");
	assert_int_equal(s.app.ui.alarm_row, 0);
	mouse(MOUSE_PRESS, 20, 3); /* the second line */
	assert_int_equal(s.app.ui.alarm_row, 1);
	assert_int_equal(view(), VIEW_ALARMS);
	mouse(MOUSE_PRESS, 20, 12); /* none */
	assert_int_equal(s.app.ui.alarm_row, 1);
	assert_int_equal(view(), VIEW_ALARMS);
	mouse(MOUSE_PRESS, 20, 2);
	mouse(MOUSE_PRESS, 20, 2); /* again: to its row */
	assert_int_equal(view(), VIEW_HOME);
	assert_true(strcmp(scene_selected(&s), "web1") == 0 ||
	    strcmp(scene_selected(&s), "mail") == 0);
	assert_int_equal(alarms_count(s.alarms).acked, 0);
}

/* What it shows is older than the rows, and elsewhere. */
static void
reader_takes_no_clicks(void **state)
{
	(void)state;
	scene_type(&s, ":set reader on\r");
	scene_press(&s, "gs");
	mouse(MOUSE_PRESS, 60, 12);
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	scene_press(&s, "<Esc>");
	mouse(MOUSE_PRESS, 3, 5);
	assert_int_equal(s.app.ui.sel_row, 0);
	mouse(MOUSE_DOWN, 3, 5);
	assert_int_equal(s.app.ui.sel_row, 3);
	/* And the cursor went along. */
	assert_int_equal(s.app.reader.body.cursor_y, 4);
}

static void
panes_open_their_views(void **state)
{
	(void)state;
	app_resize(&s.app, 200, 60);
	click("web2 ");
	click("Definition");
	assert_int_equal(view(), VIEW_DETAIL);
	scene_press(&s, "<Esc>");
	click("delta: 1 VM");
	assert_int_equal(view(), VIEW_LOG);
}

static void
can_be_turned_off(void **state)
{
	(void)state;
	scene_type(&s, ":set mouse off\r");
	assert_false(s.app.mouse);
	click("web1 ");
	assert_string_equal(scene_selected(&s), "prod");
	scene_type(&s, ":set mouse on\r");
	click("web1 ");
	assert_string_equal(scene_selected(&s), "web1");
}

/* Anywhere, in any state: nothing breaks. */
static void
anywhere(void **state)
{
	static const char *const opens[] = { "", "s", "?", "L", ":so<Tab>",
		"/web", "<Enter>", "a", "C", "t", "X", ":<Tab>", "Y" };
	static const int sizes[][2] = { { 80, 24 }, { 40, 8 }, { 200, 60 },
		{ 10, 3 }, { 60, 15 } };
	struct prng r;

	(void)state;
	prng_init(&r, 5);
	s.app.demo = true;
	for (int i = 0; i < 3000; i++) {
		const int *wh = sizes[prng_below(&r, 5)];
		int x, y;

		if (prng_below(&r, 4) == 0) {
			app_resize(&s.app, wh[0], wh[1]);
			scene_press(&s, opens[prng_below(&r, 13)]);
		}
		x = (int)prng_below(&r, (uint32_t)s.app.w * 2);
		y = (int)prng_below(&r, (uint32_t)s.app.h + 3);
		mouse((enum mouse_what)prng_below(&r, 3), x, y);
		if (prng_below(&r, 10) == 0) {
			struct canvas c;

			canvas_init(&c, s.app.w, s.app.h);
			app_draw(&s.app, &c);
			canvas_free(&c);
		}
	}
}

/* --- Copying ------------------------------------------------------------------- */

static void
copies(const char *keys, const char *want)
{
	scene_press(&s, keys);
	if (s.app.fx.copy == NULL)
		fail_msg("%s copies nothing but says: %s", keys, s.app.ui.msg);
	assert_string_equal(s.app.fx.copy, want);
	assert_memory_equal(s.app.ui.msg, "Copied", 6);
}

static void
copies_not(const char *keys, const char *why)
{
	scene_press(&s, keys);
	assert_null(s.app.fx.copy);
	assert_non_null(strstr(s.app.ui.msg, why));
}

static void
rows_are_copied(void **state)
{
	(void)state;
	s.conf.hosts[ALPHA].port = 2222;
	click("web1 ");
	copies("y", "web1");
	assert_string_equal(s.app.ui.msg, "Copied the name: web1");
	copies("Yj<Enter>", "ab000000-0000-0000-0000-000000000001");
	copies("Yjj<Enter>", "10.0.0.11");
	copies("Yjjj<Enter>", "10.0.0.11");
	scene_press(&s, "YG<Enter>");
	assert_memory_equal(s.app.fx.copy, "    web1  ", 10);
	assert_null(strchr(s.app.fx.copy, '\n'));
	scene_press(&s, "j");
	assert_null(s.app.fx.copy); /* once */
	click("alpha ");
	copies("y", "alpha");
	copies("Yjjj<Enter>", "-p 2222 root@alpha.example.net");
	copies_not("Yj<Enter>", "has no UUID");
	click("build-agent");
	copies_not("Yjj<Enter>", "has no IP address");
	click("dormant");
	copies_not("y", "has no name");
}

/* Marked ones go before the selected one. */
static void
marked_are_copied(void **state)
{
	(void)state;
	click("web1 ");
	scene_press(&s, "<Space><Space>");
	copies("y", "web1 web2");
	assert_string_equal(s.app.ui.msg,
	    "Copied the names of 2 marked VMs.");
}

/* What a guest says is its address may go to a shell. */
static void
hostile_addresses_are_not(void **state)
{
	static const char *const bad[] = { "10.0.0.1;reboot", "$(reboot)",
		"1.2.3.4\n", "`id`", "10.0.0.1 ", "-oProxyCommand=x" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		scene_find(&s, ALPHA, "web1")->nics[0].ip = bad[i];
		scene_pass(&s, 1, 0xf);
		click("web1 ");
		copies_not("Yjj<Enter>", "has no IP address");
		copies_not("Yjjj<Enter>", "has no address for ssh");
	}
}

static void
texts_are_copied(void **state)
{
	(void)state;
	click("web1 ");
	scene_press(&s, "<Enter>y");
	assert_non_null(s.app.fx.copy);
	assert_non_null(strstr(s.app.fx.copy, "10.0.0.11"));
	for (const char *p = s.app.fx.copy; *p != '\0'; p++)
		assert_true((unsigned char)*p >= 0x20 || *p == '\n');
	copies_not("<Esc>a<Esc>", "");
	scene_press(&s, "L");
	scene_press(&s, "y");
	assert_non_null(strstr(s.app.fx.copy, "delta: connected"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(rows_are_selected_and_opened),
		TEST(triangles_fold),
		TEST(titles_sort),
		TEST(wheel_moves),
		TEST(key_bar_is_pressed),
		TEST(menus_are_chosen_from),
		TEST(columns_are_chosen),
		TEST(alarms_are_selected),
		TEST(reader_takes_no_clicks),
		TEST(panes_open_their_views),
		TEST(can_be_turned_off),
		TEST(anywhere),
		TEST(rows_are_copied),
		TEST(marked_are_copied),
		TEST(hostile_addresses_are_not),
		TEST(texts_are_copied),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
