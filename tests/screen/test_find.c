/* Finding and marking by keys: what stays, what goes, and what is said. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tui/input.h"
#include "tui/uistate.h"

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

static bool
marked(const char *name)
{
	for (size_t i = 0; i < model_nvms(s.model); i++) {
		const struct vm *vm = model_vm_at(s.model, i);

		if (strcmp(vm->name, name) == 0)
			return marks_has(&s.app.ui.marks, vm->id);
	}
	return false;
}

static bool
shown(const char *name)
{
	for (size_t i = 0; i < s.app.rows.n; i++) {
		struct row_id id = s.app.rows.v[i].id;

		if (id.kind == ROW_VM &&
		    strcmp(model_vm(s.model, id.id)->name, name) == 0)
			return true;
	}
	return false;
}

#define SAYS(text) do { \
		if (strstr(s.app.ui.msg, (text)) == NULL) \
			fail_msg("says \"%s\"", s.app.ui.msg); \
	} while (0)

static void
esc_peels_one_layer(void **state)
{
	(void)state;
	scene_press(&s, "/web1<Enter> ");
	assert_true(marked("web1"));
	scene_press(&s, "f");
	assert_int_equal(s.app.ui.menu, MENU_FILTERS);
	scene_press(&s, "<Esc>");
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	assert_int_equal(s.app.ui.filter.n, 1);
	scene_press(&s, "/<Esc>");
	assert_int_equal(s.app.ui.filter.n, 0);
	assert_true(marked("web1"));
	scene_press(&s, "<Enter><Esc>");
	assert_true(marked("web1"));
	scene_press(&s, "<Esc>");
	assert_int_equal(s.app.ui.marks.n, 0);
	SAYS("1 mark taken away.");
	scene_press(&s, "<Esc>");
	assert_false(s.app.fx.quit);
}

static void
hits_unfold(void **state)
{
	(void)state;
	scene_press(&s, "n");
	SAYS("Nothing was looked for yet");
	scene_press(&s, "/10.0.0.2<Enter>"); /* db-primary, mail, ns1 */
	assert_string_equal(scene_selected(&s), "db-primary");
	scene_press(&s, "<Esc>[");
	assert_false(shown("ns1"));
	scene_press(&s, "n");
	assert_string_equal(scene_selected(&s), "db-primary");
	scene_press(&s, "n");
	assert_string_equal(scene_selected(&s), "mail");
	SAYS("2 of 3 for 10.0.0.2");
	scene_press(&s, "n");
	assert_string_equal(scene_selected(&s), "ns1");
	assert_true(shown("ns1"));
	assert_false(shown("test1")); /* delta stays folded */
	scene_press(&s, "n");
	assert_string_equal(scene_selected(&s), "db-primary");
	SAYS("from the beginning again");
	scene_press(&s, "N");
	assert_string_equal(scene_selected(&s), "ns1");
	SAYS("from the end again");
	scene_press(&s, "NtN");
	assert_string_equal(scene_selected(&s), "db-primary");
	scene_press(&s, "/zzz<Enter><Esc>n");
	SAYS("Nothing matches zzz any more.");
}

static void
marks_go_with_their_vm(void **state)
{
	(void)state;
	scene_press(&s, "/win2022<Enter> <Esc>");
	assert_true(marked("win2022"));
	scene_drop(&s, BETA, "win2022");
	scene_dom(&s, GAMMA, 70, 7, "win2022");
	scene_pass(&s, 5, 0xf);
	assert_true(marked("win2022"));
	scene_press(&s, "I[]t");
	assert_true(marked("win2022"));
	assert_int_equal(s.app.ui.marks.n, 1);
	scene_press(&s, "/ns1<Enter> <Esc>");
	scene_drop(&s, GAMMA, "win2022");
	scene_pass(&s, 40, 0xf); /* given up by now */
	assert_int_equal(s.app.ui.marks.n, 1);
	assert_true(marked("ns1"));
}

static void
vanished_is_said(void **state)
{
	bool said = false;

	(void)state;
	scene_press(&s, "/win2022 or ns1<Enter>*<Esc>");
	assert_int_equal(s.app.ui.marks.n, 2);
	scene_drop(&s, BETA, "win2022");
	for (int i = 0; i < 60 && !said; i++) {
		scene_pass(&s, 1, 0xf);
		said = strstr(s.app.ui.msg, "1 marked VM is there no more; "
		    "1 is still marked.") != NULL;
	}
	assert_true(said);
}

static void
groups_are_marked(void **state)
{
	(void)state;
	scene_press(&s, "/host:beta<Enter>");
	scene_press(&s, "gj "); /* beta itself */
	assert_int_equal(s.app.ui.marks.n, 3);
	assert_true(marked("mail"));
	scene_press(&s, "gj ");
	assert_int_equal(s.app.ui.marks.n, 0);
	scene_press(&s, "<Esc>/mail<Enter>gj "); /* only what is shown */
	assert_int_equal(s.app.ui.marks.n, 1);
	scene_press(&s, "<Esc>gjj "); /* alpha's dom0 */
	SAYS("no VM here");
	assert_int_equal(s.app.ui.marks.n, 1);
	scene_press(&s, "U");
	assert_int_equal(s.app.ui.marks.n, 0);
}

/* A filter that asks for marks follows them. */
static void
filter_of_marks(void **state)
{
	(void)state;
	scene_press(&s, "/web<Enter>*<Esc>/is:marked<Enter>");
	assert_int_equal(s.app.rows.matches, 2);
	scene_press(&s, "/<Esc>/is:marked<Enter>g");
	while (strcmp(scene_selected(&s), "web1") != 0)
		scene_press(&s, "j");
	scene_press(&s, " ");
	assert_int_equal(s.app.rows.matches, 1);
	assert_false(shown("web1"));
	assert_string_equal(scene_selected(&s), "web2");
}

/* Its figures leave the filter: it stays while it is selected. */
static void
selected_row_stays(void **state)
{
	(void)state;
	scene_press(&s, "/state:running cpu>100<Enter>");
	while (strcmp(scene_selected(&s), "web2") != 0)
		scene_press(&s, "j");
	scene_find(&s, ALPHA, "web2")->flags = DOM_PAUSED;
	scene_pass(&s, 2, 0xf);
	assert_string_equal(scene_selected(&s), "web2");
	assert_false(vm_troubled(model_vm(s.model, s.app.ui.sel.id)));
	assert_int_equal(model_vm(s.model, s.app.ui.sel.id)->state, VM_PAUSED);
	assert_int_equal(s.app.rows.matches, 2);
	scene_press(&s, "k");
	scene_pass(&s, 2, 0xf);
	assert_false(shown("web2"));
}

static void
named_filters(void **state)
{
	(void)state;
	scene_press(&s, ":filter Away From Home<Enter>");
	assert_string_equal(s.app.ui.filter_text, "home:away");
	assert_true(shown("db-primary"));
	assert_false(shown("web1"));
	scene_press(&s, ":save-filter busy<Enter>");
	SAYS("take another");
	scene_press(&s, ":save-filter strays<Enter>");
	SAYS("f now has strays: home:away");
	scene_press(&s, "<Esc>:filter strays<Enter>");
	assert_string_equal(s.app.ui.filter_text, "home:away");
	scene_press(&s, "f<Home><Enter>");
	assert_int_equal(s.app.ui.filter.n, 0);
	scene_press(&s, ":save-filter x<Enter>");
	SAYS("There is no filter now");
	scene_press(&s, ":filter web1 or mail<Enter>");
	assert_int_equal(s.app.rows.matches, 3); /* old-mail is dormant */
}

/* What was saved is there in the next run. */
static void
saved_filters_last(void **state)
{
	struct app other;
	struct buf out, others;
	char note[200];
	size_t at;

	(void)state;
	scene_press(&s, "/web or host:beta<Enter>:save-filter my own<Enter>");
	buf_init(&out, 1 << 16);
	buf_init(&others, 1 << 16);
	uistate_put(&s.app.ui, s.model, &others, &out);
	assert_non_null(strstr(out.p, "filter = my own: web or host:beta\n"));
	app_init(&other, s.model);
	assert_int_equal(uistate_take(&other.ui, s.model, out.p, out.len,
	    &others, note, sizeof note), 0);
	at = saved_find(&other.ui.saved, "my own");
	assert_true(at < other.ui.saved.n);
	assert_string_equal(other.ui.saved.v[at].query, "web or host:beta");
	app_free(&other);
	buf_free(&out);
	buf_free(&others);
}

static void
counts_follow(void **state)
{
	size_t at;

	(void)state;
	scene_press(&s, "f");
	at = saved_find(&s.app.ui.saved, "not running");
	assert_int_equal(s.app.ui.saved.v[at].count, 1);
	scene_find(&s, ALPHA, "web1")->flags = DOM_PAUSED;
	scene_pass(&s, 3, 0xf);
	assert_int_equal(s.app.ui.saved.v[at].count, 2);
}

/* A word that finds nothing yet may become a field. */
static void
typing_waits(void **state)
{
	(void)state;
	scene_press(&s, "/mem>=4g");
	assert_true(s.app.rows.matches > 0);
	scene_press(&s, "<Esc>/");
	for (const char *p = "state:running"; *p != '\0'; p++) {
		scene_type(&s, (char[]){ *p, '\0' });
		if (s.app.rows.matches == 0)
			fail_msg("'%s' shows nothing", s.app.ui.filter_text);
	}
	scene_press(&s, "<Enter>");
	assert_int_equal(s.app.rows.matches, 10);
	scene_press(&s, "/<Esc>/stat<Enter>");
	assert_int_equal(s.app.rows.matches, 0);
	scene_press(&s, "/<Esc>/stat:x<Enter>");
	SAYS("did you mean state?");
	assert_int_equal(s.app.ui.filter.n, 0);
}

/* Tab knows the fields and their words, and what it puts in is at work. */
static void
completes(void **state)
{
	static const struct {
		const char *typed, *becomes;
	} cases[] = {
		{ "sta", "state:" }, { "state:cr", "state:crashed " },
		{ "cp", "cpu>" }, { "web prio<=3 !is:ma",
		"web prio<=3 !is:marked " }, { "(host:al", "(host:alpha " },
		{ "home:gam", "home:gamma " }, { "cluster:l", "cluster:lab " },
		{ "type:h", "type:HVM " }, { "cpu>5", "cpu>5" },
		{ "mem>=", "mem>=" }, { "zzz", "zzz" }, { "web:x", "web:x" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		scene_press(&s, "/");
		scene_type(&s, cases[i].typed);
		scene_press(&s, "<Tab>");
		assert_string_equal(s.app.ui.line.text, cases[i].becomes);
		assert_string_equal(s.app.ui.filter_text, cases[i].becomes);
		scene_press(&s, "<Esc>");
	}
	/* All of them, one after the other. */
	scene_press(&s, "/<Tab>");
	assert_true(s.app.ui.line.found.n > 10);
	scene_press(&s, "<Tab>");
	assert_string_equal(s.app.ui.line.text, "cluster:");
	scene_press(&s, "<S-Tab>");
	assert_string_equal(s.app.ui.line.text, "wr>");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(esc_peels_one_layer),
		TEST(hits_unfold),
		TEST(marks_go_with_their_vm),
		TEST(vanished_is_said),
		TEST(groups_are_marked),
		TEST(filter_of_marks),
		TEST(selected_row_stays),
		TEST(named_filters),
		TEST(saved_filters_last),
		TEST(counts_follow),
		TEST(typing_waits),
		TEST(completes),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
