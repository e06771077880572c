/* What the console keeps: text, file, and between. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/scene.h"
#include "tui/keep.h"
#include "tui/statefile.h"
#include "tui/table.h"
#include "tui/uistate.h"

#define HEAD "# What the console of xendeck keeps; it writes this file anew.\n"

static struct scene s;
static struct buf others;
static char note[160], dir[64], path[128];

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	buf_init(&others, UISTATE_OTHERS_MAX);
	note[0] = '\0';
	snprintf(dir, sizeof dir, "/tmp/xendeck-test-XXXXXX");
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof path, "%s/a/b/console.conf", dir);
	return 0;
}

static int
teardown(void **state)
{
	char command[160];

	(void)state;
	scene_free(&s);
	buf_free(&others);
	snprintf(command, sizeof command, "rm -rf %s", dir);
	return system(command);
}

static size_t
take(const char *text)
{
	return uistate_take(&s.app.ui, s.model, text, strlen(text), &others,
	    note, sizeof note);
}

static void
puts_back(const char *want)
{
	struct buf out;

	buf_init(&out, 1 << 20);
	uistate_put(&s.app.ui, s.model, &others, &out);
	assert_string_equal(out.p, want);
	buf_free(&out);
}

/* --- Text ---------------------------------------------------------------------- */

static void
round_trip(void **state)
{
	static const char all[] = HEAD
	    "columns = name:24 state cpu mac\n"
	    "sort = cpu\n"
	    "invert = yes\n"
	    "list = yes\n"
	    "details-pane = no\n"
	    "events-pane = yes\n"
	    "folded-cluster = lab\n"
	    "folded-host = alpha\n"
	    "dormant-shown-cluster = prod\n"
	    "dormant-shown-host = gamma\n"
	    "dormant-shown-list = yes\n"
	    "folded-host = elsewhere\n";
	const struct ui *ui = &s.app.ui;

	(void)state;
	puts_back(HEAD);
	assert_int_equal(take(all), 0);
	puts_back(all);
	assert_int_equal(ui->columns.n, 4);
	assert_string_equal(table_columns[ui->sort].id, "cpu");
	assert_true(ui->invert && ui->flat);
	assert_int_equal(ui->details_pane, PANE_OFF);
	assert_int_equal(ui->events_pane, PANE_ON);
	assert_true(ui->cluster_folded[1] && !ui->cluster_folded[0]);
	assert_true(ui->host_folded[ALPHA] && !ui->host_folded[BETA]);
	assert_true(!ui->dormant_folded[GAMMA] && ui->dormant_folded[BETA]);
}

static void
only_what_differs(void **state)
{
	char why[128];

	(void)state;
	colset_parse(&s.app.ui.columns_default, "name cpu", why, sizeof why);
	puts_back(HEAD "columns = auto\n");
	s.app.ui.columns = s.app.ui.columns_default;
	puts_back(HEAD);
}

static void
damaged_lines(void **state)
{
	(void)state;
	assert_int_equal(take("sort = cpu\n\ncolumns = name nonsense\n"
	    "invert = maybe\nevents-pane = yes"), 2);
	assert_string_equal(note, "line 3 is not understood");
	puts_back(HEAD "sort = cpu\nevents-pane = yes\n");
	assert_int_equal(take("sort=state\n"), 1);
	assert_int_equal(take("sort = \n"), 1);
	assert_int_equal(take(" = x\n"), 1);
	assert_int_equal(take("sort = cpu\r\n"), 1);
	assert_int_equal(take("folded-host = a\033[31m\n"), 1);
	assert_int_equal(take("folded-host = \xff\xfe\n"), 1);
	assert_int_equal(uistate_take(&s.app.ui, s.model, "so\0rt", 5, NULL,
	    note, sizeof note), 1);
	assert_int_equal(take(""), 0);
	puts_back(HEAD "sort = cpu\nevents-pane = yes\n");
}

static void
long_lines(void **state)
{
	size_t n = 200000;
	char *text = x_malloc(n + 1);

	(void)state;
	memset(text, 'x', n);
	memcpy(text, "folded-host = ", 14);
	text[n] = '\0';
	assert_int_equal(take(text), 1);
	/* Many hosts of other configurations: as many as there is room for. */
	for (int i = 0; i < 9000; i++)
		take("folded-host = one-of-very-many-hosts\n");
	assert_in_range(others.len, UISTATE_OTHERS_MAX - 100,
	    UISTATE_OTHERS_MAX);
	x_free(text);
}

/* --- File ----------------------------------------------------------------------- */

static void
put_file(const char *text)
{
	struct buf b;
	struct err e;

	buf_init(&b, STATEFILE_MAX);
	buf_puts(&b, text);
	assert_int_equal(statefile_write(path, &b, &e), 0);
	buf_free(&b);
}

static char *
get_file(void)
{
	struct buf b;
	struct err e;

	buf_init(&b, STATEFILE_MAX);
	buf_puts(&b, "");
	assert_int_equal(statefile_read(path, &b, &e), 0);
	return b.p != NULL ? b.p : x_strdup("");
}

static void
is_in_file(const char *want)
{
	char *text = get_file();

	assert_string_equal(text, want);
	x_free(text);
}

static void
file_is_private(void **state)
{
	struct stat st;

	(void)state;
	is_in_file("");
	put_file("one\n");
	is_in_file("one\n");
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	put_file("two\n");
	is_in_file("two\n");
	/* Nothing is left beside it. */
	snprintf(note, sizeof note, "%s/a/b/*", dir);
	snprintf(note, sizeof note, "test $(ls -A %s/a/b | wc -l) = 1", dir);
	assert_int_equal(system(note), 0);
}

static void
file_that_is_none(void **state)
{
	struct buf b;
	struct err e;

	(void)state;
	buf_init(&b, STATEFILE_MAX);
	assert_int_equal(statefile_read("/", &b, &e), -1);
	assert_non_null(strstr(e.msg, "no ordinary file"));
	assert_int_equal(statefile_read("/dev/zero", &b, &e), -1);
	put_file("x");
	snprintf(note, sizeof note, "%s/a/b/console.conf/c", dir);
	assert_int_equal(statefile_read(note, &b, &e), 0);
	assert_int_equal(statefile_write(note, &b, &e), -1);
	assert_non_null(strstr(e.msg, "cannot be"));
	snprintf(note, sizeof note, "truncate -s 2M %s", path);
	assert_int_equal(system(note), 0);
	assert_int_equal(statefile_read(path, &b, &e), -1);
	assert_non_null(strstr(e.msg, "too large"));
	buf_free(&b);
}

static void
path_of_state(void **state)
{
	char *p;

	(void)state;
	setenv("XDG_STATE_HOME", "/x", 1);
	setenv("HOME", "/h", 1);
	p = statefile_path("f");
	assert_string_equal(p, "/x/xendeck/f");
	x_free(p);
	setenv("XDG_STATE_HOME", "relative", 1); /* to be ignored, says XDG */
	p = statefile_path("f");
	assert_string_equal(p, "/h/.local/state/xendeck/f");
	x_free(p);
	unsetenv("HOME");
	assert_null(statefile_path("f"));
}

/* --- Between ---------------------------------------------------------------------- */

static void
kept_when_changed(void **state)
{
	struct keep k;
	struct err e;

	(void)state;
	put_file("folded-host = elsewhere\nwhat = is this\n");
	keep_open(&k, path, true, &s.app);
	assert_non_null(strstr(s.app.ui.msg, "line 2 is not understood"));
	assert_int_equal(keep_save(&k, &s.app, false, &e), 0);
	is_in_file("folded-host = elsewhere\nwhat = is this\n");
	scene_press(&s, "e");
	assert_int_equal(keep_save(&k, &s.app, false, &e), 0);
	is_in_file(HEAD "events-pane = yes\nfolded-host = elsewhere\n");
	keep_close(&k);
	/* The next one finds it so. */
	scene_free(&s);
	scene_init(&s);
	keep_open(&k, path, false, &s.app);
	assert_int_equal(s.app.ui.events_pane, PANE_ON);
	scene_press(&s, "ee");
	assert_int_equal(keep_save(&k, &s.app, false, &e), 0);
	assert_int_equal(keep_save(&k, &s.app, true, &e), -1);
	is_in_file(HEAD "events-pane = yes\nfolded-host = elsewhere\n");
	keep_close(&k);
}

static void
not_over_what_it_cannot_read(void **state)
{
	struct keep k;
	struct err e;

	(void)state;
	put_file("");
	snprintf(note, sizeof note, "truncate -s 2M %s", path);
	assert_int_equal(system(note), 0);
	keep_open(&k, path, true, &s.app);
	assert_non_null(strstr(s.app.ui.msg, "too large"));
	scene_press(&s, "e");
	assert_int_equal(keep_save(&k, &s.app, false, &e), 0);
	assert_int_equal(keep_save(&k, &s.app, true, &e), -1);
	keep_close(&k);
	keep_open(&k, NULL, true, &s.app);
	assert_int_equal(keep_save(&k, &s.app, false, &e), 0);
	keep_close(&k);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(round_trip),
		TEST(only_what_differs),
		TEST(damaged_lines),
		TEST(long_lines),
		TEST(file_is_private),
		TEST(file_that_is_none),
		TEST(path_of_state),
		TEST(kept_when_changed),
		TEST(not_over_what_it_cannot_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
