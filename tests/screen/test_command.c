/* The command line: commands, names and what has a key, completion, history,
 * and what it says to nonsense. */
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

#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tui/app_cmd.h"
#include "tui/command.h"
#include "tui/setting.h"
#include "tui/table.h"
#include "tui/view.h"

static struct scene s;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
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
run(const char *line)
{
	scene_press(&s, ":");
	assert_true(s.app.ui.command_typing);
	scene_type(&s, line);
	scene_press(&s, "<Enter>");
}

/* The answer on the status line. */
static void
answers(const char *line, const char *want)
{
	run(line);
	if (strstr(s.app.ui.msg, want) == NULL)
		fail_msg(":%s answers \"%s\", not \"%s\"", line,
		    s.app.ui.msg, want);
}

static enum view_id
view(void)
{
	return s.app.ui.layer[s.app.ui.nlayers - 1].view;
}

static void
names_are_gone_to(void **state)
{
	(void)state;
	run("win2022");
	assert_string_equal(scene_selected(&s), "win2022");
	run("BETA");
	assert_string_equal(scene_selected(&s), "beta");
	run("lab");
	assert_string_equal(scene_selected(&s), "lab");
	run("ab000000-0000-0000-0000-00000000000a");
	assert_string_equal(scene_selected(&s), "test1");
	run("  Zo\xc3\xab's b\xc3\xb6x  "); /* with a blank in it */
	assert_string_equal(scene_selected(&s), "Zo\xc3\xab's b\xc3\xb6x");
	/* Wherever it hides: in a fold, behind a filter, under a view. */
	scene_press(&s, "[<Home>-");
	run("web2");
	assert_string_equal(scene_selected(&s), "web2");
	run("filter mail");
	run("web1");
	assert_string_equal(scene_selected(&s), "web1");
	assert_int_equal(s.app.ui.filter.n, 0);
	scene_press(&s, "L?");
	run("old-mail"); /* dormant ones are folded */
	assert_int_equal(s.app.ui.nlayers, 1);
	assert_string_equal(scene_selected(&s), "old-mail");
	scene_press(&s, "t");
	run("gamma"); /* has no row in the list */
	assert_false(s.app.ui.flat);
	assert_string_equal(scene_selected(&s), "gamma");
}

/* A command's name is the command's, whatever a guest calls itself. */
static void
commands_come_first(void **state)
{
	(void)state;
	scene_dom(&s, ALPHA, 60, 60, "log");
	scene_dom(&s, ALPHA, 61, 61, "sort");
	scene_dom(&s, ALPHA, 62, 62, "tree house");
	scene_pass(&s, 1, 0xf);
	run("log");
	assert_int_equal(view(), VIEW_LOG);
	run("sort cpu");
	assert_string_equal(table_columns[s.app.ui.sort].id, "cpu");
	run("tree house");
	assert_string_equal(scene_selected(&s), "tree house");
	assert_false(s.app.ui.flat);
	run("open log");
	assert_int_equal(view(), VIEW_DETAIL);
	assert_true(scene_shows(&s, " log"));
}

static void
orders_and_filters(void **state)
{
	(void)state;
	run("open mail");
	run("sort memory");
	assert_int_equal(view(), VIEW_HOME); /* where it is seen */
	assert_string_equal(table_columns[s.app.ui.sort].id, "memory");
	assert_false(s.app.ui.invert);
	run("sort -memory");
	assert_true(s.app.ui.invert);
	run("sort");
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	scene_press(&s, "<Esc>");
	answers("sort memroy", "did you mean \"memory\"?");
	run("filter web");
	assert_int_equal(s.app.rows.matches, 2);
	run("filter");
	assert_int_equal(s.app.rows.matches, 11);
}

static void
names_of_keys(void **state)
{
	(void)state;
	run("tree");
	assert_true(s.app.ui.flat);
	run("log");
	run("tree"); /* is home's */
	assert_false(s.app.ui.flat);
	assert_int_equal(view(), VIEW_HOME);
	run("pause");
	assert_true(s.app.fx.time == WISH_PAUSE);
	run("redraw");
	assert_true(s.app.fx.repaint);
	answers("tree now", "tree stands alone");
	answers("choose", "is no command"); /* a menu's */
	answers("edit-left", "is no command");
	answers("faults", "is no command"); /* the demo's */
	run("q");
	assert_true(s.app.fx.quit);
}

/* Whatever has a key and is no editing can be called. */
static void
every_action(void **state)
{
	(void)state;
	for (size_t i = 0; i < keymap_ndefaults; i++) {
		const struct binding *b = &keymap_defaults[i];

		if ((b->contexts & CTX_VIEW) == 0)
			continue;
		teardown(NULL);
		setup(NULL);
		s.app.demo = true;
		run(b->name);
		if (strstr(s.app.ui.msg, "is no command") != NULL)
			fail_msg(":%s is not known", b->name);
	}
}

static void
shows_what_verbs_tell(void **state)
{
	(void)state;
	run("info web1");
	assert_int_equal(view(), VIEW_OUTPUT);
	assert_true(scene_shows(&s, "info web1, as of 14:14:20"));
	assert_true(scene_shows(&s, "memory-max     2097152 KiB"));
	run("list hosts gam");
	assert_int_equal(s.app.ui.nlayers, 2); /* in its place */
	assert_true(scene_shows(&s, "1 host: gam"));
	assert_true(scene_shows(&s, "gamma  prod     live   agent/libssh2"));
	assert_false(scene_shows(&s, "alpha "));
	run("list");
	assert_true(scene_shows(&s, "11 VMs"));
	scene_press(&s, "L");
	run("list web");
	assert_true(scene_shows(&s, "2 VMs: web"));
	assert_int_equal(s.app.ui.nlayers, 2);
	answers("info wbe1", "did you mean \"web1\"?");
	answers("info", "Of which host or VM?");
	answers("trust alpha", "That is for the shell: xendeck trust alpha");
}

/* What has no room is a key away, and in a copy. */
static void
wide_tables_are_scrolled(void **state)
{
	static const char name[] = "\xe5\x8c\x97\xe4\xba\xac-cache";

	(void)state;
	app_resize(&s.app, 80, 15);
	run("list");
	assert_true(scene_shows(&s, "\nVM  "));
	assert_true(scene_shows(&s, "\nweb1  "));
	assert_false(scene_shows(&s, "UPTIME"));
	scene_press(&s, "ll");
	assert_true(scene_shows(&s, "UPTIME"));
	assert_true(scene_shows(&s, "\nVM  ")); /* whose they are stays */
	assert_true(scene_shows(&s, "\nweb1  "));
	scene_press(&s, "llllllllh");
	assert_int_equal(app_layer(&s.app)->left,
	    output_columns(&s.app.ui) - 80 - 20);
	app_resize(&s.app, 200, 15); /* it has room now */
	assert_true(scene_shows(&s, name));
	app_resize(&s.app, 80, 15);
	scene_press(&s, "hhhhhhhhy");
	assert_int_equal(app_layer(&s.app)->left, 0);
	assert_non_null(strstr(s.app.fx.copy, "UPTIME\n"));
	run("info web1"); /* sentences are wrapped */
	scene_press(&s, "lll");
	assert_int_equal(app_layer(&s.app)->left, 0);
}

static void
reconnects(void **state)
{
	(void)state;
	answers("reconnect gamma", "gamma is live");
	scene_link(&s, GAMMA, LINK_DOWN, "no route to it", NULL);
	run("reconnect gamma");
	assert_true(s.app.fx.control);
	assert_int_equal(s.app.fx.host, GAMMA);
	run("reconnect ns1"); /* the host that it is on */
	assert_true(s.app.fx.control);
	assert_int_equal(s.app.fx.host, GAMMA);
	answers("reconnect gama", "did you mean \"gamma\"?");
}

static void
says_what_was_meant(void **state)
{
	(void)state;
	answers("pausee", "is no command, host or VM; did you mean \"pause\"?");
	answers("db-primry", "did you mean \"db-primary\"?");
	answers("what is this", "Tab shows all");
	run("   ");
	assert_string_equal(s.app.ui.msg, "");
}

static void
settings_are_changed(void **state)
{
	(void)state;
	answers("set ascii on", "ascii is on.");
	assert_true(s.app.ascii);
	answers("set ascii", "ascii is on.");
	answers("set ascii=off", "ascii is off.");
	assert_false(s.app.ascii);
	answers("set ascii of", "did you mean \"off\"?");
	answers("set acsii on", "did you mean \"ascii\"?");
	run("set");
	assert_true(scene_shows(&s, "ascii      off"));
}

/* --- Typing ------------------------------------------------------------------- */

static void
typed_is(const char *want)
{
	assert_true(s.app.ui.command_typing);
	assert_string_equal(s.app.ui.line.text, want);
}

static void
completes(void **state)
{
	(void)state;
	scene_press(&s, ":so<Tab> upt<Tab>");
	typed_is("sort uptime ");
	scene_press(&s, "<Esc>:set a<Tab>o<Tab>");
	typed_is("set ascii o");
	scene_press(&s, "n<Tab>");
	typed_is("set ascii on ");
	scene_press(&s, "<Esc>:reconnect ga<Tab>");
	typed_is("reconnect gamma ");
	scene_press(&s, "<Esc>:list h<Tab>al<Tab>");
	typed_is("list hosts alpha ");
	scene_press(&s, "<Esc>:info zo<Tab>");
	typed_is("info Zo\xc3\xab's b\xc3\xb6x ");
	scene_press(&s, "<Esc>:zo<Tab>");
	typed_is("Zo\xc3\xab's b\xc3\xb6x ");
	scene_press(&s, "<Enter>");
	assert_string_equal(scene_selected(&s), "Zo\xc3\xab's b\xc3\xb6x");
	/* All commands, but not all VMs. */
	scene_type(&s, ":\t");
	assert_true(s.app.ui.line.found.n > command_count);
	for (size_t i = 0; i < s.app.ui.line.found.n; i++)
		assert_string_not_equal(s.app.ui.line.found.v[i], "web1");
}

static void
remembers(void **state)
{
	(void)state;
	run("sort cpu");
	run("web1");
	run("sort cpu");
	assert_int_equal(s.app.history.n, 2);
	scene_press(&s, ":<Up><Up>");
	typed_is("web1");
	scene_press(&s, "<Down><Down>");
	typed_is("");
	scene_press(&s, "so<Up>");
	typed_is("sort cpu");
	scene_press(&s, "<Esc>");
	assert_false(s.app.ui.command_typing);
	assert_int_equal(s.app.history.n, 2); /* what was not run is not kept */
	scene_press(&s, ":<BkSp>");
	assert_false(s.app.ui.command_typing);
}

/* Nothing that is typed breaks it, whatever its length. */
static void
any_line(void **state)
{
	char line[700];

	(void)state;
	for (size_t i = 0; i < command_count; i++)
		for (size_t n = 0; n < sizeof line; n += 99) {
			size_t k = (size_t)snprintf(line, sizeof line, "%s ",
			    command_table[i].name);

			memset(line + k, 'x', sizeof line - k);
			line[n > k ? n : k] = '\0';
			scene_press(&s, ":");
			scene_type(&s, line);
			scene_press(&s, "<Tab>");
			assert_true(scene_shows(&s, ":"));
			scene_press(&s, "<Enter>");
			app_home(&s.app);
		}
	command_run(&s.app, "\xff\xfe %s%n");
	assert_true(scene_shows(&s, "is no command"));
}

static void
paste(const char *text, bool cut)
{
	struct paste p = { .n = strlen(text), .cut = cut };

	memcpy(p.text, text, p.n + 1);
	app_paste(&s.app, &p);
	app_tick(&s.app, s.now, s.wall_ms);
}

/* Into a line, and nowhere else; what it holds is carried out by nobody. */
static void
pastes(void **state)
{
	char line[LINEEDIT_MAX];

	(void)state;
	paste("Q", false);
	assert_false(s.app.fx.quit);
	assert_true(scene_shows(&s, "What is pasted is not taken for keys"));
	scene_press(&s, "s");
	paste("\r", false);
	assert_int_equal(s.app.ui.menu, MENU_SORT);
	scene_press(&s, "<Esc>:");
	paste("quit\r", false);
	assert_false(s.app.fx.quit);
	assert_string_equal(s.app.ui.line.text, "quit");
	paste("", true);
	assert_true(scene_shows(&s, "Too long to be pasted"));
	memset(line, 'x', sizeof line);
	line[sizeof line - 1] = '\0';
	paste(line, false);
	assert_string_equal(s.app.ui.line.text, "quit");
	assert_true(scene_shows(&s, "Too long to be pasted"));
	/* The filter is at work at once. */
	scene_press(&s, "<Esc>/");
	paste("win2022\n", false);
	assert_int_equal(s.app.rows.matches, 1);
	paste("", true);
	assert_true(scene_shows(&s, "Too long to be pasted"));
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(names_are_gone_to),
		TEST(commands_come_first),
		TEST(orders_and_filters),
		TEST(names_of_keys),
		TEST(every_action),
		TEST(shows_what_verbs_tell),
		TEST(wide_tables_are_scrolled),
		TEST(reconnects),
		TEST(says_what_was_meant),
		TEST(settings_are_changed),
		TEST(completes),
		TEST(remembers),
		TEST(pastes),
		TEST(any_line),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
