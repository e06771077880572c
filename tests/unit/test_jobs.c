/* Jobs, rule by rule. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/jobrig.h"

static int
setup(void **state)
{
	static struct jobrig g;

	jobrig_init(&g);
	*state = &g;
	return 0;
}

static int
teardown(void **state)
{
	jobrig_free(*state);
	return 0;
}

static const struct job_step *
step(struct jobrig *g, uint64_t id, size_t i)
{
	return &jobrig_job(g, id)->steps[i];
}

/* --- The plain case --------------------------------------------------------- */

static void
test_start(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	assert_int_equal(jobrig_job(g, id)->state, JOB_NOTING);
	jobrig_turn(g);
	assert_string_equal(jobrig_said(g),
	    "write job\n"
	    "write intent 1: xl create /etc/xen/web1.cfg\n"
	    "start k-1-1-1\n");
	assert_string_equal(g->argv, "xl create /etc/xen/web1.cfg");
	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_pass(g, 3000);
	world_dom(&g->w, 0, 7, 1, "web1");
	jobrig_news(g, RUN_ENDED, 0, NULL);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	assert_string_equal(jobrig_said(g), "");
	jobrig_pass(g, 1000);
	assert_string_equal(jobrig_said(g),
	    "write outcome 1: done\n"
	    "forget k-1-1-1\n"
	    "write end: done\n"
	    "tell: web1 runs on h0\n");
	assert_int_equal(jobrig_job(g, id)->state, JOB_DONE);
	assert_string_equal(jobrig_job(g, id)->outcome, "web1 runs on h0");
	assert_int_equal(jobs_running(g->jobs), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_start, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
