/* The home screen's own doings: dormant VMs that fold by themselves, panes. */
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
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tests/lib/shot.h"

static struct scene s;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	scene_define(&s, GAMMA, 120, "archive");
	scene_define(&s, ALPHA, 122, "template");
	scene_pass(&s, 2, 0xf);
	app_resize(&s.app, 80, 36);
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
dormant_fold(void **state)
{
	(void)state;
	assert_true(scene_shows(&s, "dormant (2)") && scene_shows(&s, "dormant (1)"));
	assert_false(scene_shows(&s, "old-mail"));
	scene_press(&s, "D");
	assert_true(scene_shows(&s, "old-mail") && scene_shows(&s, "template"));
	/* The selected one stays what it is while it can be seen, */
	scene_go_to(&s, "archive");
	scene_define(&s, GAMMA, 121, "aaa");
	scene_pass(&s, 1, 0xf);
	assert_string_equal(scene_selected(&s), "archive");
	/* and then it is what it is folded into. */
	scene_press(&s, "D");
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
	scene_press(&s, "<Enter>");
	assert_true(scene_shows(&s, "archive"));
	assert_false(scene_shows(&s, "template"));
	scene_press(&s, "j<Left>");
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	scene_press(&s, "<Left>");
	assert_false(scene_shows(&s, "archive"));
	scene_press(&s, "t");
	assert_true(scene_shows(&s, "dormant (4)"));
	assert_false(scene_shows(&s, "archive"));
	scene_press(&s, "D");
	assert_true(scene_shows(&s, "archive") && scene_shows(&s, "template"));
}

static void
dormant_found(void **state)
{
	(void)state;
	scene_press(&s, "/old-m");
	assert_true(scene_shows(&s, "old-mail"));
	scene_press(&s, "<Enter>D");
	assert_true(scene_shows(&s, "old-mail"));
	assert_true(scene_shows(&s, "unfolded while"));
}

/* What is selected stops: its row goes, and the selection with it into the
 * group. */
static void
dormant_comes(void **state)
{
	(void)state;
	scene_go_to(&s, "ns1");
	scene_drop(&s, GAMMA, "ns1");
	scene_pass(&s, 120, 0xf);
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
	assert_true(scene_shows(&s, "dormant (3)"));
}

static void
panes_turn(void **state)
{
	(void)state;
	app_resize(&s.app, 80, 24);
	scene_press(&s, "e");
	assert_true(scene_shows(&s, "Last events"));
	scene_press(&s, "e");
	assert_false(scene_shows(&s, "Last events"));
	scene_press(&s, "i");
	assert_true(scene_shows(&s, "need a screen of 140 columns"));
	app_resize(&s.app, 80, 30);
	assert_true(scene_shows(&s, "Cluster prod"));
	scene_go_to(&s, "mail");
	assert_true(scene_shows(&s, "VM mail"));
	app_resize(&s.app, 200, 60);
	assert_true(scene_shows(&s, "VM mail"));
	assert_false(scene_shows(&s, "Last events")); /* he does not want it */
	scene_press(&s, "ie");
	assert_false(scene_shows(&s, "VM mail"));
	assert_true(scene_shows(&s, "Last events"));
	/* On a screen without room for it, a key that seemed to do nothing
	 * would be a bad one. */
	app_resize(&s.app, 60, 12);
	scene_press(&s, "e");
	assert_true(scene_shows(&s, "need a screen of 15 lines"));
}

/* The selection is always on the list's part of the screen. */
static void
panes_keep_selection(void **state)
{
	struct layout l;

	(void)state;
	for (int h = 8; h < 60; h += 3)
		for (int i = 0; i < 4; i++) {
			app_resize(&s.app, 150 - h, h);
			scene_press(&s, i & 1 ? "Gi" : "Ge");
			l = app_layout(&s.app);
			assert_in_range(s.app.ui.sel_row - (size_t)
			    s.app.ui.top, 0, l.body.h - 1);
		}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(dormant_fold),
		TEST(dormant_found),
		TEST(dormant_comes),
		TEST(panes_turn),
		TEST(panes_keep_selection),
	};

	setenv("TZ", "UTC", 1);
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
