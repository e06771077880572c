/* Questions to hosts, on the simulator: all are answered however many there
 * are, and one that hangs holds nothing else up for ever. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/simrun.h"
#include "core/mem.h"
#include "tests/lib/simrig.h"
#include "tui/asking.h"

#define HOSTS "simulator = { seed = 3; hosts = (" \
	"{ name = \"a\"; memory = \"16 GiB\"; }," \
	"{ name = \"b\"; memory = \"16 GiB\"; } ); };"

enum { MANY = 50 };

struct asker {
	struct simrig g;
	struct runners runners;
	struct asking q;
	size_t strangers; /* news of what was not asked here */
};

static void
on_news(void *arg, const struct run_news *n)
{
	struct asker *a = arg;

	a->strangers += !asking_news(&a->q, n, a->g.now);
}

static int
setup(void **state)
{
	struct asker *a = x_calloc(1, sizeof *a);
	const struct run_sink sink = { on_news, a };

	simrig_open(&a->g, HOSTS);
	a->g.r->ops->free(a->g.r);
	a->g.r = simrun_new(a->g.b, &sink);
	a->runners.v[a->runners.n++] = a->g.r;
	asking_init(&a->q, &a->runners, "key");
	*state = a;
	return 0;
}

static int
teardown(void **state)
{
	struct asker *a = *state;

	asking_free(&a->q);
	simrig_close(&a->g);
	x_free(a);
	return 0;
}

static void
pass(struct asker *a, int64_t ms)
{
	struct mono deadline = MONO_NEVER;

	simrig_pass(&a->g, ms);
	asking_turn(&a->q, a->g.now, &deadline);
	assert_true(asking_count(&a->q) == 0 || !mono_reached(deadline,
	    a->g.now));
}

static void
put(struct buf *lines, const char *bridge)
{
	assert_int_equal(probe_line(lines, PROBE_BRIDGE, bridge, NULL), 0);
}

/* --- Tests ------------------------------------------------------------------ */

static void
many_are_answered(void **state)
{
	struct asker *a = *state;
	struct buf lines;
	char name[16];

	buf_init(&lines, 1 << 16);
	put(&lines, "xenbr0");
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "br%d", i);
		put(&lines, name);
	}
	asking_ask(&a->q, 0, lines.p, a->g.now);
	assert_true(asking_count(&a->q) > 1);
	pass(a, 5000);
	assert_int_equal(asking_count(&a->q), 0);
	assert_int_equal(probes_find(&a->q.probes, 0, PROBE_BRIDGE,
	    "xenbr0")->said, PROBE_YES);
	assert_int_equal(probes_find(&a->q.probes, 0, PROBE_BRIDGE,
	    name)->said, PROBE_NO);
	assert_int_equal(a->q.probes.n, MANY + 1);
	assert_null(probes_find(&a->q.probes, 1, PROBE_BRIDGE, "xenbr0"));
	buf_free(&lines);
}

static void
a_line_twice_is_one(void **state)
{
	struct buf lines;

	(void)state;
	buf_init(&lines, 1 << 16);
	put(&lines, "br10");
	put(&lines, "br1"); /* the beginning of another */
	put(&lines, "br10");
	put(&lines, "br1");
	assert_string_equal(lines.p, "bridge br10\nbridge br1");
	buf_free(&lines);
}

static void
what_is_no_question(void **state)
{
	struct asker *a = *state;

	asking_ask(&a->q, 0, "bridge xenbr0\nrm -rf /", a->g.now);
	asking_ask(&a->q, 0, "", a->g.now);
	assert_int_equal(asking_count(&a->q), 0);
	assert_int_equal(a->q.probes.n, 0);
}

static void
one_that_hangs(void **state)
{
	struct asker *a = *state;

	a->g.w->hosts[0].next_run = SIMRUN_HANGS;
	asking_ask(&a->q, 0, "bridge xenbr0", a->g.now);
	asking_ask(&a->q, 1, "bridge xenbr0", a->g.now);
	pass(a, 30000);
	assert_int_equal(asking_count(&a->q), 1);
	assert_non_null(probes_find(&a->q.probes, 1, PROBE_BRIDGE, "xenbr0"));
	pass(a, 30000); /* it is told to end */
	assert_int_equal(asking_count(&a->q), 0);
	assert_int_equal(a->q.n, 1);
	pass(a, 1000); /* and has */
	assert_int_equal(a->q.n, 0);
	assert_null(probes_find(&a->q.probes, 0, PROBE_BRIDGE, "xenbr0"));
	assert_int_equal(a->strangers, 0);
}

static void
the_host_is_gone(void **state)
{
	struct asker *a = *state;

	asking_ask(&a->q, 0, "bridge xenbr0", a->g.now);
	a->g.in_turn = true;
	assert_int_equal(a->g.b->ops->control(a->g.b, 0, CONTROL_SIM_BREAK,
	    a->g.now), 0);
	a->g.in_turn = false;
	for (int i = 0; i < 4; i++)
		pass(a, 30000);
	assert_int_equal(a->q.n, 0);
	asking_ask(&a->q, 0, "bridge xenbr0", a->g.now);
	assert_int_equal(a->q.n, 0);
}

#define TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(many_are_answered),
		TEST(a_line_twice_is_one),
		TEST(what_is_no_question),
		TEST(one_that_hangs),
		TEST(the_host_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
