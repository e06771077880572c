/* What an operator does about alarms in the console. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/alarm.h"
#include "tests/lib/scene.h"
#include "tests/lib/scene_look.h"
#include "tui/input.h"
#include "tui/view.h"

static struct scene s;

#define KEYS(...) scene_keys(&s, (const uint32_t[]){ __VA_ARGS__, 0 })

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
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
crash(int host, const char *name)
{
	struct obs_dom *d = scene_find(&s, host, name);

	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_pass(&s, 1, 0xf);
}

/* The line of the status, right after it was told. */
static void
news_are_told_once(void **state)
{
	(void)state;
	assert_false(app_alarm_news(&s.app));
	crash(ALPHA, "web1");
	crash(BETA, "mail");
	assert_true(app_alarm_news(&s.app));
	assert_true(scene_shows(&s, "\n !! mail crashed on beta\n"));
	assert_false(app_alarm_news(&s.app));
	KEYS('j'); /* any key: it has been read */
	assert_false(scene_shows(&s, "!! mail crashed"));
}

static void
ack_goes_on_to_the_next(void **state)
{
	(void)state;
	crash(ALPHA, "web1");
	crash(ALPHA, "web2");
	crash(BETA, "mail");
	assert_true(scene_shows(&s, "!! 3 CRASHED"));
	KEYS('a', 'a');
	assert_true(scene_shows(&s, "\n web2 crashed on alpha\n"));
	KEYS('a', 'a');
	assert_true(scene_shows(&s, "\n   acked "));
	assert_false(scene_shows(&s, "!! 3 CRASHED"));
	assert_true(scene_shows(&s, "  3 CRASHED"));
	assert_int_equal(alarms_count(s.alarms).acked, 3);
	KEYS('a');
	assert_true(scene_shows(&s, "Somebody took care of it already."));
}

static void
selection_follows_its_alarm(void **state)
{
	(void)state;
	crash(ALPHA, "web1");
	crash(ALPHA, "web2");
	KEYS('a', 'j');
	assert_true(scene_shows(&s, "\n web1 crashed on alpha\n"));
	crash(BETA, "mail"); /* comes in above */
	assert_true(scene_shows(&s, "\n web1 crashed on alpha\n"));
	KEYS('k');
	assert_true(scene_shows(&s, "\n web2 crashed on alpha\n"));
	KEYS(KEYC_HOME);
	assert_true(scene_shows(&s, "\n mail crashed on beta\n"));
	KEYS('G');
	assert_true(scene_shows(&s, "\n web1 crashed on alpha\n"));
}

static void
silence_for_a_time(void **state)
{
	(void)state;
	crash(ALPHA, "web1");
	KEYS('a', 's');
	assert_true(scene_shows(&s, "Silence for"));
	KEYS(KEYC_ESC);
	assert_int_equal(alarms_count(s.alarms).silenced, 0);
	KEYS('s', KEYC_ENTER);
	assert_true(scene_shows(&s, "silenced until 14:24:21: web1 crashed"));
	scene_pass(&s, 601, 0xf);
	assert_int_equal(alarms_count(s.alarms).silenced, 0);
	KEYS('s', 'G', KEYC_ENTER);
	scene_pass(&s, 3600, 0xf);
	assert_int_equal(alarms_count(s.alarms).silenced, 1);
}

static void
all_at_once(void **state)
{
	(void)state;
	KEYS('a', 'A');
	assert_true(scene_shows(&s, "0 alarms acknowledged."));
	KEYS('s');
	assert_true(scene_shows(&s, "nothing to silence"));
	crash(ALPHA, "web1");
	crash(ALPHA, "web2");
	KEYS('A');
	assert_true(scene_shows(&s, "2 alarms acknowledged."));
	assert_int_equal(alarms_count(s.alarms).acked, 2);
}

/* To the row, whatever hides it. */
static void
jump(void **state)
{
	(void)state;
	crash(BETA, "mail");
	KEYS('[');
	scene_type(&s, "/web\r");
	KEYS('a', 'o');
	assert_int_equal(s.app.ui.nlayers, 1);
	assert_true(s.app.ui.sel.kind == ROW_VM);
	assert_string_equal(model_vm(s.model, s.app.ui.sel.id)->name, "mail");
	scene_link(&s, GAMMA, LINK_REFUSED, "its key changed", NULL);
	scene_pass(&s, 1, 0x3);
	KEYS('t', 'a', 'o'); /* hosts have no row in the list */
	assert_int_equal(s.app.ui.nlayers, 1);
	assert_true(s.app.ui.sel.kind == ROW_HOST);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
}

static void
jump_to_a_dormant_one(void **state)
{
	(void)state;
	scene_define(&s, GAMMA, scene_find(&s, ALPHA, "db-primary")->uuid.b[15],
	    "db-primary");
	scene_undefine(&s, GAMMA, "old-mail");
	scene_drop(&s, ALPHA, "db-primary");
	scene_pass(&s, 20, 0xf);
	KEYS('a', 'o');
	assert_true(s.app.ui.sel.kind == ROW_VM);
	assert_string_equal(model_vm(s.model, s.app.ui.sel.id)->name,
	    "db-primary");
	assert_true(scene_shows(&s, "dormant"));
}

/* Tab finds rows whose state is well, and the status line says what it is. */
static void
figures_are_trouble(void **state)
{
	(void)state;
	scene_find(&s, GAMMA, "ns1")->mem_kb = 27 * 1024 * 1024;
	scene_pass(&s, 70, 0xf);
	KEYS('g', KEYC_TAB);
	assert_true(s.app.ui.sel.kind == ROW_HOST);
	assert_int_equal(s.app.ui.sel.id, GAMMA);
	assert_true(scene_shows(&s,
	    "\n gamma: 100 % of its memory in use, limit"));
	KEYS('a', 'a', KEYC_ESC, 'g', KEYC_TAB);
	assert_true(scene_shows(&s, "No row is in trouble"));
}

static void
crash_in(struct scene *of, int host, const char *name)
{
	struct obs_dom *d = scene_find(of, host, name);

	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	scene_pass(of, 1, 0xf);
}

/* At another moment the same alarm has another number, and that number is
 * another alarm's. */
static void
other_moment(void **state)
{
	struct scene then, before;

	(void)state;
	crash(ALPHA, "web1");
	crash(BETA, "mail");
	scene_init(&then);
	crash_in(&then, BETA, "mail");
	crash_in(&then, ALPHA, "web1");
	KEYS('a', 'j');
	assert_true(scene_shows(&s, "\n web1 crashed on alpha\n"));
	KEYS('s');
	app_rebind(&s.app, then.model, then.alarms);
	KEYS(KEYC_ENTER);
	assert_true(scene_shows(&s, "silenced until 14:24:22: web1 crashed"));
	assert_int_equal(alarms_count(then.alarms).silenced, 1);
	assert_int_equal(alarms_count(s.alarms).silenced, 0);
	/* One that is not there cannot be silenced. */
	KEYS('s');
	scene_init(&before);
	app_rebind(&s.app, before.model, before.alarms);
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	app_rebind(&s.app, s.model, s.alarms);
	scene_free(&before);
	scene_free(&then);
}

/* Nobody takes care of what has been. */
static void
past_is_not_acknowledged(void **state)
{
	(void)state;
	crash(ALPHA, "web1");
	s.app.ui.time.mode = TIME_PAST;
	KEYS('a', 'a');
	assert_true(scene_shows(&s, "This is the past"));
	KEYS('A', 's');
	assert_int_equal(s.app.ui.menu, MENU_NONE);
	assert_int_equal(alarms_count(s.alarms).acked, 0);
	s.app.ui.time.mode = TIME_NOW;
	KEYS('A');
	assert_int_equal(alarms_count(s.alarms).acked, 1);
}

/* What is folded hides its rows, not what is wrong with them. */
static void
folds_hide_no_alarm(void **state)
{
	(void)state;
	crash(ALPHA, "web1");
	assert_false(scene_shows(&s, "\n! \xe2\x96\xbe" "alpha"));
	KEYS('[');
	assert_true(scene_shows(&s, "\n! \xe2\x96\xb8" "alpha"));
	assert_false(scene_shows(&s, "\n! \xe2\x96\xb8" "beta"));
	KEYS('g', '-');
	assert_true(scene_shows(&s, "prod (10)          !"));
	KEYS('a', 'a', KEYC_ESC);
	assert_true(scene_shows(&s, "prod (10)          \xc2\xb7"));
}

/* Nor does a key say that all is well while an alarm is out of sight. */
static void
hidden_alarms_are_counted(void **state)
{
	(void)state;
	scene_find(&s, GAMMA, "ns1")->mem_kb = 27 * 1024 * 1024;
	scene_pass(&s, 70, 0xf);
	scene_type(&s, "/web\r");
	KEYS(KEYC_TAB);
	assert_true(scene_shows(&s, "1 in trouble is filtered out"));
}

static void
nothing_without_alarms(void **state)
{
	(void)state;
	s.app.alarms = NULL;
	assert_false(app_alarm_news(&s.app));
	KEYS('a', 'a', 'A', 's', 'o', 'j', 'k', 'G', 'g', KEYC_PGDN, 'o');
	assert_true(scene_shows(&s, "No alarm"));
	KEYS('q');
	assert_int_equal(s.app.ui.nlayers, 1);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(news_are_told_once),
		T(ack_goes_on_to_the_next),
		T(selection_follows_its_alarm),
		T(silence_for_a_time),
		T(all_at_once),
		T(jump),
		T(jump_to_a_dormant_one),
		T(figures_are_trouble),
		T(other_moment),
		T(past_is_not_acknowledged),
		T(folds_hide_no_alarm),
		T(hidden_alarms_are_counted),
		T(nothing_without_alarms),
	};

	setenv("TZ", "UTC", 1);
	tzset();
	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
