/* The runner of simulated hosts, by the letter of core/runner.h: what becomes of
 * a run when links break, hosts die and consoles go. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/siminside.h"
#include "core/mem.h"
#include "core/request.h"
#include "tests/lib/simrig.h"

#define HOSTS "simulator = { seed = 3; hosts = (" \
	"{ name = \"a\"; memory = \"16 GiB\"; }," \
	"{ name = \"b\"; memory = \"16 GiB\"; } );" \
	"vms = ( { name = \"web\"; host = \"a\"; memory = \"2 GiB\"; }," \
	"{ name = \"db\"; host = \"a\"; memory = \"4 GiB\"; }," \
	"{ name = \"spare\"; host = \"b\"; dormant = true; } ); };"

static int
setup(void **state)
{
	struct simrig *g = x_calloc(1, sizeof *g);

	simrig_open(g, HOSTS);
	*state = g;
	return 0;
}

static int
teardown(void **state)
{
	simrig_close(*state);
	x_free(*state);
	return 0;
}

static void
control(struct simrig *g, uint32_t host, enum backend_control what)
{
	g->in_turn = true;
	assert_int_equal(g->b->ops->control(g->b, host, what, g->now), 0);
	g->in_turn = false;
}

/* --- Runs ------------------------------------------------------------------- */

static void
it_runs(void **state)
{
	struct simrig *g = *state;

	assert_int_equal(simrig_start(g, 0, "one", "web", "xl pause $VM"), 0);
	assert_string_equal(simrig_news(g, "one"), "");
	assert_false(simrig_dom(g, 0, "web")->paused);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "one"), "started ended 0");
	assert_true(simrig_dom(g, 0, "web")->paused);
	simrig_pass(g, 1000);
	assert_int_equal(simrig_start(g, 0, "two", "", "xl frobnicate"), 0);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "two"), "started ended 127");
	assert_non_null(strstr(simrig_run(g, "two")->out.p, "frobnicate"));
}

static void
an_id_runs_once(void **state)
{
	struct simrig *g = *state;

	simrig_start(g, 1, "s", "spare", "xl create /etc/xen/spare.cfg");
	simrig_pass(g, 5000);
	assert_string_equal(simrig_news(g, "s"), "started ended 0");
	assert_string_equal(simrig_do(g, 1, "spare", "xl destroy $VM", 5000),
	    "0: ");
	simrig_start(g, 1, "s", "", "xl create /etc/xen/spare.cfg");
	simrig_pass(g, 5000);
	assert_null(simrig_dom(g, 1, "spare"));
}

static void
the_guard_looks(void **state)
{
	struct simrig *g = *state;
	const char *argv[] = { "xl", "destroy", "1", NULL };
	struct run run = { .id = "g1", .host = 0, .argv = argv };

	run.domid = simrig_dom(g, 0, "web")->domid;
	run.uuid = g->w->vms[simworld_vm(g->w, "db")].uuid;
	assert_int_equal(g->r->ops->start(g->r, &run, g->now), 0);
	run.id = "g2";
	run.domid = 77;
	assert_int_equal(g->r->ops->start(g->r, &run, g->now), 0);
	run.id = "g3";
	run.domid = REQUEST_NO_DOMID;
	run.boot_id = "another";
	assert_int_equal(g->r->ops->start(g->r, &run, g->now), 0);
	simrig_pass(g, 2000);
	assert_string_equal(simrig_news(g, "g1"), "guarded");
	assert_string_equal(simrig_news(g, "g2"), "guarded");
	assert_string_equal(simrig_news(g, "g3"), "guarded");
	assert_non_null(simrig_dom(g, 0, "web"));
	assert_non_null(simrig_dom(g, 0, "db"));
	/* And never is: not even by whoever asks for it. */
	assert_int_equal(simrig_attach(g, 0, "g1", g->obs[0].host.boot_id), 0);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "g1"), "guarded absent");
}

static void
one_at_a_time_about_a_vm(void **state)
{
	struct simrig *g = *state;

	simrig_dom(g, 0, "web")->paused = true;
	simrig_start(g, 0, "x", "web", "xl shutdown $VM"); /* takes a minute */
	simrig_pass(g, 1000);
	simrig_start(g, 0, "y", "web", "xl unpause $VM");
	simrig_start(g, 0, "z", "db", "xl pause $VM");
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "y"), "guarded");
	assert_string_equal(simrig_news(g, "z"), "started ended 0");
	simrig_pass(g, 60000);
	assert_string_equal(simrig_news(g, "x"), "started ended 1");
	simrig_start(g, 0, "y2", "web", "xl unpause $VM");
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "y2"), "started ended 0");
}

/* --- Links that break, consoles that go --------------------------------------- */

static void
it_goes_on_without_a_link(void **state)
{
	struct simrig *g = *state;
	size_t n;

	simrig_start(g, 0, "m", "web", "xl migrate $VM b");
	simrig_pass(g, 3000);
	assert_string_equal(simrig_news(g, "m"), "started");
	n = simrig_run(g, "m")->out.len;
	assert_true(n > 0);
	control(g, 0, CONTROL_SIM_BREAK);
	simrig_pass(g, 30000);
	assert_string_equal(simrig_news(g, "m"), "started unheard");
	assert_non_null(simrig_dom(g, 1, "web"));
	assert_null(simrig_dom(g, 0, "web"));
	assert_int_equal(simrig_attach(g, 0, "m", NULL), -1);
	control(g, 0, CONTROL_SIM_HEAL);
	simrig_pass(g, 40000);
	assert_int_equal(simrig_attach(g, 0, "m", NULL), 0);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "m"),
	    "started unheard started ended 0");
	/* All of it, from its first byte. */
	assert_memory_equal(simrig_run(g, "m")->out.p, "migration target: R",
	    19);
	assert_non_null(strstr(simrig_run(g, "m")->out.p,
	    "Migration successful.\n"));
	g->r->ops->forget(g->r, 0, "m");
	simrig_pass(g, 1000);
	simrig_attach(g, 0, "m", g->obs[0].host.boot_id);
	simrig_pass(g, 1000);
	assert_non_null(strstr(simrig_news(g, "m"), "0 absent"));
}

static void
a_short_break_delays(void **state)
{
	struct simrig *g = *state;

	control(g, 0, CONTROL_SIM_BREAK);
	simrig_start(g, 0, "p", "web", "xl pause $VM");
	simrig_pass(g, 3000);
	assert_string_equal(simrig_news(g, "p"), "");
	assert_false(simrig_dom(g, 0, "web")->paused);
	control(g, 0, CONTROL_SIM_HEAL);
	simrig_pass(g, 2000);
	assert_string_equal(simrig_news(g, "p"), "started ended 0");
}

/* Whoever asked what became of it may count on the answer. */
static void
what_was_asked_for_never_comes_late(void **state)
{
	struct simrig *g = *state;
	bool late = false, lost = false;

	for (int i = 0; i < 12; i++) {
		char id[24], boot[64];

		snprintf(id, sizeof id, "late-%d", i);
		snprintf(boot, sizeof boot, "%s", g->obs[0].host.boot_id);
		simrig_dom(g, 0, "web")->paused = false;
		control(g, 0, CONTROL_SIM_BREAK);
		simrig_start(g, 0, id, "web", "xl pause $VM");
		simrig_pass(g, 6000 + 37 * i);
		assert_string_equal(simrig_news(g, id), "unheard");
		control(g, 0, CONTROL_SIM_HEAL);
		while (simrig_attach(g, 0, id, boot) != 0)
			simrig_pass(g, 500);
		simrig_pass(g, 2000);
		if (strcmp(simrig_news(g, id), "unheard absent") == 0)
			lost = true;
		else
			late = true;
		assert_int_equal(simrig_dom(g, 0, "web")->paused,
		    strstr(simrig_news(g, id), "ended") != NULL);
		simrig_pass(g, 40000);
		assert_int_equal(simrig_dom(g, 0, "web")->paused,
		    strstr(simrig_news(g, id), "ended") != NULL);
	}
	assert_true(late && lost);
}

static void
a_host_that_dies_forgets(void **state)
{
	struct simrig *g = *state;
	char boot[64];

	snprintf(boot, sizeof boot, "%s", g->obs[0].host.boot_id);
	simrig_start(g, 0, "d", "web", "xl migrate $VM b");
	simrig_pass(g, 3000);
	control(g, 0, CONTROL_SIM_DIE);
	simrig_pass(g, 10000);
	assert_string_equal(simrig_news(g, "d"), "started unheard");
	control(g, 0, CONTROL_SIM_HEAL);
	simrig_pass(g, 150000);
	assert_int_equal(simrig_attach(g, 0, "d", boot), 0);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "d"), "started unheard gone");
}

static void
a_new_console_asks(void **state)
{
	struct simrig *g = *state;

	simrig_start(g, 0, "c", "web", "xl migrate $VM b");
	simrig_pass(g, 3000);
	simrig_new_console(g);
	simrig_pass(g, 1000);
	assert_int_equal(simrig_attach(g, 0, "c", NULL), 0);
	simrig_pass(g, 300);
	assert_string_equal(simrig_news(g, "c"), "started started");
	simrig_pass(g, 30000);
	assert_string_equal(simrig_news(g, "c"), "started started ended 0");
}

static void
cancelled(void **state)
{
	struct simrig *g = *state;

	simrig_start(g, 0, "k", "web", "xl migrate $VM b");
	simrig_pass(g, 3000);
	assert_non_null(simrig_dom(g, 1, "web--incoming"));
	assert_int_equal(g->r->ops->cancel(g->r, 0, "k"), 0);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "k"), "started ended 143");
	assert_null(simrig_dom(g, 1, "web--incoming"));
	assert_non_null(simrig_dom(g, 0, "web"));
}

/* --- Faults ------------------------------------------------------------------- */

static void
one_hangs(void **state)
{
	struct simrig *g = *state;

	g->w->hosts[0].next_run = SIMRUN_HANGS;
	simrig_start(g, 0, "h", "web", "xl pause $VM");
	simrig_pass(g, 600000);
	assert_string_equal(simrig_news(g, "h"), "started");
	assert_false(simrig_dom(g, 0, "web")->paused);
	g->r->ops->cancel(g->r, 0, "h");
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "h"), "started ended 143");
}

static void
one_is_lost(void **state)
{
	struct simrig *g = *state;

	g->w->hosts[0].next_run = SIMRUN_LOST;
	simrig_start(g, 0, "l", "web", "xl pause $VM");
	simrig_pass(g, 10000);
	assert_string_equal(simrig_news(g, "l"), "unheard");
	assert_false(simrig_dom(g, 0, "web")->paused);
	simrig_attach(g, 0, "l", g->obs[0].host.boot_id);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "l"), "unheard absent");
}

static void
the_answer_is_lost(void **state)
{
	struct simrig *g = *state;

	g->w->hosts[0].next_run = SIMRUN_MUTE;
	simrig_start(g, 0, "n", "web", "xl pause $VM");
	simrig_pass(g, 10000);
	assert_string_equal(simrig_news(g, "n"), "started unheard");
	assert_true(simrig_dom(g, 0, "web")->paused);
	simrig_attach(g, 0, "n", NULL);
	simrig_pass(g, 1000);
	assert_string_equal(simrig_news(g, "n"),
	    "started unheard started ended 0");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(it_runs),
		TEST(an_id_runs_once),
		TEST(the_guard_looks),
		TEST(one_at_a_time_about_a_vm),
		TEST(it_goes_on_without_a_link),
		TEST(a_short_break_delays),
		TEST(what_was_asked_for_never_comes_late),
		TEST(a_host_that_dies_forgets),
		TEST(a_new_console_asks),
		TEST(cancelled),
		TEST(one_hangs),
		TEST(one_is_lost),
		TEST(the_answer_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
