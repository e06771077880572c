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

static bool
on_screen(const char *text)
{
	struct buf out;
	bool found;

	buf_init(&out, 1 << 22);
	shot_glyphs(&s, s.app.w, s.app.h, false, &out);
	found = strstr(out.p, text) != NULL;
	buf_free(&out);
	return found;
}

static const char *
selected(void)
{
	const struct vm *vm;

	if (s.app.ui.sel.kind != ROW_VM)
		return "";
	vm = model_vm(s.model, s.app.ui.sel.id);
	return vm != NULL ? vm->name : "(gone)";
}

static void
go_to(const char *name)
{
	scene_press(&s, "g");
	for (size_t i = 0; i < s.app.rows.n && strcmp(selected(), name) != 0;
	     i++)
		scene_press(&s, "j");
	assert_string_equal(selected(), name);
}

static void
dormant_fold(void **state)
{
	(void)state;
	assert_true(on_screen("dormant (2)") && on_screen("dormant (1)"));
	assert_false(on_screen("old-mail"));
	scene_press(&s, "D");
	assert_true(on_screen("old-mail") && on_screen("template"));
	/* The selected one stays what it is while it can be seen, */
	go_to("archive");
	scene_define(&s, GAMMA, 121, "aaa");
	scene_pass(&s, 1, 0xf);
	assert_string_equal(selected(), "archive");
	/* and then it is what it is folded into. */
	scene_press(&s, "D");
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
	scene_press(&s, "<Enter>");
	assert_true(on_screen("archive"));
	assert_false(on_screen("template"));
	scene_press(&s, "j<Left>");
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	scene_press(&s, "<Left>");
	assert_false(on_screen("archive"));
	scene_press(&s, "t");
	assert_true(on_screen("dormant (4)"));
	assert_false(on_screen("archive"));
	scene_press(&s, "D");
	assert_true(on_screen("archive") && on_screen("template"));
}

static void
dormant_found(void **state)
{
	(void)state;
	scene_press(&s, "/old-m");
	assert_true(on_screen("old-mail"));
	scene_press(&s, "<Enter>D");
	assert_true(on_screen("old-mail"));
	assert_true(on_screen("unfolded while"));
}

/* What is selected stops: its row goes, and the selection with it into the
 * group. */
static void
dormant_comes(void **state)
{
	(void)state;
	go_to("ns1");
	scene_drop(&s, GAMMA, "ns1");
	scene_pass(&s, 120, 0xf);
	assert_int_equal(s.app.ui.sel.kind, ROW_DORMANT);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
	assert_true(on_screen("dormant (3)"));
}

static void
panes_turn(void **state)
{
	(void)state;
	app_resize(&s.app, 80, 24);
	scene_press(&s, "e");
	assert_true(on_screen("Last events"));
	scene_press(&s, "e");
	assert_false(on_screen("Last events"));
	scene_press(&s, "i");
	assert_true(on_screen("need a screen of 140 columns"));
	app_resize(&s.app, 80, 30);
	assert_true(on_screen("Cluster prod"));
	go_to("mail");
	assert_true(on_screen("VM mail"));
	app_resize(&s.app, 200, 60);
	assert_true(on_screen("VM mail"));
	assert_false(on_screen("Last events")); /* he does not want it */
	scene_press(&s, "ie");
	assert_false(on_screen("VM mail"));
	assert_true(on_screen("Last events"));
	/* On a screen without room for it, a key that seemed to do nothing
	 * would be a bad one. */
	app_resize(&s.app, 60, 12);
	scene_press(&s, "e");
	assert_true(on_screen("need a screen of 15 lines"));
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
