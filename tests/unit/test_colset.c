/* The user's choice of columns: read, printed, changed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tui/colset.h"
#include "tui/table.h"

static char why[256];

static void
refused(const char *text, const char *because)
{
	struct colset cs = { .n = 1 };

	assert_int_equal(colset_parse(&cs, text, why, sizeof why), -1);
	assert_non_null(strstr(why, because));
	assert_int_equal(cs.n, 1); /* untouched */
}

static void
reads_and_prints(void **state)
{
	static const struct {
		const char *in, *out;
	} cases[] = {
		{ "auto", "auto" },
		{ "", "auto" },
		{ "name", "name" },
		{ " state  name:24 cpu ", "state name:24 cpu" },
		{ "cpu:5 mac", "name cpu:5 mac" }, /* never without */
		{ "name:200", "name:200" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct colset cs;
		struct buf out;

		buf_init(&out, 4096);
		assert_int_equal(colset_parse(&cs, cases[i].in, why,
		    sizeof why), 0);
		colset_put(&cs, &out);
		assert_string_equal(out.p, cases[i].out);
		buf_free(&out);
	}
	refused("name staet", "did you mean \"state\"");
	refused("name state name", "twice");
	refused("name:0", "1 to 200");
	refused("name:201", "1 to 200");
	refused("name:", "1 to 200");
	refused("name:-1", "1 to 200");
	refused("name:2x", "1 to 200");
	refused("name:99999999999999999999", "1 to 200");
	refused("name \001", "no column");
	refused("auto name", "no column");
}

static void
every_column_can_be_named(void **state)
{
	(void)state;
	assert_in_range(table_ncolumns, 20, COLSET_MAX - 1);
	assert_string_equal(table_columns[0].id, "name");
	for (size_t i = 0; i < table_ncolumns; i++) {
		struct colset cs;

		assert_null(strpbrk(table_columns[i].id, " :=\n"));
		assert_int_equal(table_find(table_columns[i].id), i);
		assert_int_equal(colset_parse(&cs, table_columns[i].id, why,
		    sizeof why), 0);
		assert_true(colset_find(&cs, i) < cs.n);
		assert_true((table_columns[i].rank == 0) == (i == 0));
	}
}

static void
changes_by_hand(void **state)
{
	struct colset cs;

	(void)state;
	colset_parse(&cs, "name state cpu", why, sizeof why);
	assert_false(colset_toggle(&cs, 0)); /* the name stays */
	assert_true(colset_toggle(&cs, table_find("state")));
	assert_int_equal(cs.n, 2);
	assert_true(colset_toggle(&cs, table_find("mac")));
	assert_int_equal(colset_find(&cs, table_find("mac")), 2);
	assert_false(colset_move(&cs, 0, -1));
	assert_false(colset_move(&cs, 2, 1));
	assert_true(colset_move(&cs, 2, -1));
	assert_int_equal(colset_find(&cs, table_find("mac")), 1);
	assert_true(colset_widen(&cs, 1, 3));
	assert_int_equal(cs.v[1].width, 20);
	assert_false(colset_widen(&cs, 1, -20));
	assert_false(colset_widen(&cs, 1, 200));
	assert_false(colset_widen(&cs, 9, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_and_prints),
		cmocka_unit_test(every_column_can_be_named),
		cmocka_unit_test(changes_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
