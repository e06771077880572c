/* The history's file: kept for the user alone, capped, merged with what other
 * consoles wrote, and no worse for damage. */
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
#include "tui/histfile.h"
#include "tui/lineedit.h"

static char dir[64];
static char *path;

static int
setup(void **state)
{
	(void)state;
	snprintf(dir, sizeof dir, "/tmp/xendeck-history.XXXXXX");
	if (mkdtemp(dir) == NULL)
		return -1;
	path = x_asprintf("%s/state/history", dir);
	return 0;
}

static int
teardown(void **state)
{
	char *sub = x_asprintf("%s/state", dir);

	(void)state;
	unlink(path);
	rmdir(sub);
	rmdir(dir);
	x_free(sub);
	x_free(path);
	return 0;
}

static void
save(const char *a, const char *b, size_t n)
{
	struct words w = { 0 };
	struct err e = { 0 };

	words_add(&w, a);
	words_add(&w, b);
	if (histfile_save(path, &w, n, &e) != 0)
		fail_msg("%s", e.msg);
	words_free(&w);
}

static void
has(size_t n, const char *first, const char *newest)
{
	struct words w = { 0 };

	histfile_load(path, &w);
	assert_int_equal(w.n, n);
	assert_string_equal(w.v[0], first);
	assert_string_equal(w.v[n - 1], newest);
	words_free(&w);
}

static void
is_kept_and_merged(void **state)
{
	struct words w = { 0 };
	struct stat st;

	(void)state;
	histfile_load(path, &w); /* none yet */
	histfile_load(NULL, &w);
	assert_int_equal(w.n, 0);
	save("sort cpu", "web1", 2);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	has(2, "sort cpu", "web1");
	/* Another console, which knew nothing of these. */
	save("old", "info db", 1);
	has(3, "sort cpu", "info db");
	save("x", "sort cpu", 1);
	has(3, "web1", "sort cpu");
}

static void
is_capped(void **state)
{
	struct words w = { 0 };
	char line[32];

	(void)state;
	for (int i = 0; i < HISTFILE_MAX + 50; i++) {
		snprintf(line, sizeof line, "line %d", i);
		words_add(&w, line);
	}
	assert_int_equal(histfile_save(path, &w, w.n, NULL), 0);
	has(HISTFILE_MAX, "line 50", "line 249");
	words_free(&w);
}

static void
damage_costs_its_line(void **state)
{
	char longest[2000];
	FILE *f;

	(void)state;
	save("a", "b", 2);
	memset(longest, 'x', sizeof longest - 1);
	longest[sizeof longest - 1] = '\0';
	f = fopen(path, "w");
	assert_non_null(f);
	fprintf(f, "good\n\n   \n\033[2J\n\xff\n%s\n", longest);
	fwrite("nul\0nul\n", 1, 8, f);
	fprintf(f, "last");
	fclose(f);
	has(2, "good", "last");
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(is_kept_and_merged),
		TEST(is_capped),
		TEST(damage_costs_its_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
