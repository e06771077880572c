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

/* --- The journal ------------------------------------------------------------ */

static void
test_refused_by_journal(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	g->disk_full = "another xendeck has web1";
	id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_turn(g);
	assert_string_equal(jobrig_said(g), "write job\n"
	    "tell: a job: another xendeck has web1\n");
	assert_int_equal(jobrig_job(g, id)->state, JOB_REFUSED);
	jobrig_pass(g, 10000);
	assert_string_equal(jobrig_said(g), "");
}

/* Nothing starts before the intent is safe, however long that takes. */
static void
test_waits_for_intent(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	jobrig_turn(g);
	jobrig_said(g);
	g->mute = true;
	jobrig_news(g, RUN_GUARDED, 0, "no"); /* that one is over */
	id = jobrig_add(g, REQ_START, 0, 2, REQUEST_NO_DOMID);
	jobrig_turn(g);
	jobs_written(g->jobs, g->seq, NULL, g->w.now);
	jobrig_turn(g);
	assert_non_null(strstr(jobrig_said(g), "write intent 1"));
	jobrig_pass(g, 5000);
	assert_string_equal(jobrig_said(g), "");
	assert_int_equal(step(g, id, 0)->state, STEP_NOTING);
	jobs_written(g->jobs, g->seq, NULL, g->w.now);
	jobrig_turn(g);
	assert_string_equal(jobrig_said(g), "start k-2-1-1\n");
}

/* What was safe when the journal was asked need not be when it answers. */
static void
test_asked_again_before_start(void **state)
{
	struct jobrig *g = *state;

	jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	g->mute = true;
	jobrig_turn(g);
	jobs_written(g->jobs, g->seq, NULL, g->w.now);
	jobrig_turn(g);
	jobrig_said(g);
	world_dom(&g->w, 1, 4, 1, "web1");
	jobrig_pass(g, 2000);
	jobs_written(g->jobs, g->seq, NULL, g->w.now);
	g->mute = false;
	jobrig_turn(g);
	assert_null(strstr(jobrig_said(g), "start k-"));
	assert_int_equal(jobs_at(g->jobs, 0)->state, JOB_FAILED);
	assert_non_null(strstr(jobs_at(g->jobs, 0)->outcome, "h1"));
}

static void
test_intent_not_written(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	g->mute = true;
	jobrig_turn(g);
	jobs_written(g->jobs, g->seq, NULL, g->w.now);
	jobrig_turn(g);
	jobrig_said(g);
	g->mute = false;
	g->disk_full = "disk full";
	jobs_written(g->jobs, g->seq, "disk full", g->w.now);
	jobrig_pass(g, 60000);
	assert_null(strstr(jobrig_said(g), "start k-"));
	assert_int_equal(step(g, id, 0)->state, STEP_SKIPPED);
	assert_true(job_over(jobrig_job(g, id)));
	assert_non_null(strstr(step(g, id, 0)->outcome, "disk full"));
}

/* A disk that fills up while it runs: the outcome stands, and is told. */
static void
test_outcome_not_written(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_PAUSE, 0, 1, 7);
	struct obs_dom *d = world_dom(&g->w, 0, 7, 1, "web1");
	const char *said;

	world_send(&g->w, 0);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	g->disk_full = "disk full";
	d->flags = DOM_PAUSED;
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_said(g);
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_ENDING);
	jobrig_pass(g, 60000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
	assert_int_equal(jobrig_job(g, id)->state, JOB_DONE);
	said = jobrig_said(g);
	assert_non_null(strstr(said, "the journal lacks an outcome"));
	assert_null(strstr(said, "forget")); /* it is asked for some day */
}

/* --- Before a step ---------------------------------------------------------- */

static void
test_guard(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	jobrig_add(g, REQ_PAUSE, 0, 1, 7);
	jobrig_turn(g);
	assert_string_equal(g->argv, "xl pause 7");
	assert_int_equal(g->run_domid, 7);
	assert_string_equal(jobs_at(g->jobs, 0)->steps[0].plan.req.boot_id,
	    "boot-a");
	id = jobrig_add(g, REQ_PAUSE, 1, 2, 7);
	jobrig_turn(g);
	assert_int_equal(jobrig_job(g, id)->state, JOB_FAILED);
	assert_non_null(strstr(jobrig_job(g, id)->outcome, "h1"));
}

static void
test_rebooted_since(void **state)
{
	struct jobrig *g = *state;
	struct plan p;
	struct request r;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	plan_init(&p);
	jobrig_request(&r, REQ_PAUSE, 0, 1, 7);
	r.boot_id = x_strdup("boot-before");
	plan_add(&p, &r, NULL);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, 0);
	plan_free(&p);
	jobrig_turn(g);
	assert_int_equal(jobrig_job(g, id)->state, JOB_FAILED);
	assert_non_null(strstr(jobrig_job(g, id)->outcome, "rebooted"));
	assert_null(strstr(jobrig_said(g), "start k-"));
}

/* Start, then pause what was started: its number is known only then. */
static void
test_domid_later(void **state)
{
	struct jobrig *g = *state;
	struct plan p;
	struct request r;
	uint64_t id;

	plan_init(&p);
	jobrig_request(&r, REQ_START, 0, 1, REQUEST_NO_DOMID);
	memset(&r.uuid, 0, sizeof r.uuid); /* it never ran */
	plan_add(&p, &r, NULL);
	jobrig_request(&r, REQ_PAUSE, 0, 1, REQUEST_LATER_DOMID);
	memset(&r.uuid, 0, sizeof r.uuid);
	plan_add(&p, &r, NULL);
	plan_after(&p, 1, 0);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, g->wall_ms);
	plan_free(&p);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	world_dom(&g->w, 0, 9, 1, "web1");
	jobrig_news(g, RUN_ENDED, 0, NULL);
	assert_null(strstr(jobrig_said(g), "xl pause"));
	jobrig_pass(g, 2000);
	assert_string_equal(g->argv, "xl pause 9");
	assert_int_equal(step(g, id, 1)->state, STEP_RUNNING);
}

/* A guest that does not listen is killed without waiting for it any longer. */
static void
test_kill_after_shutdown(void **state)
{
	struct jobrig *g = *state;
	uint64_t a, b;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	a = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	b = jobrig_add(g, REQ_DESTROY, 0, 1, 7);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, b, 0)->state, STEP_WAITING);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, a, 0)->state, STEP_SETTLING);
	assert_string_equal(g->argv, "xl destroy 7");
	jobrig_news(g, RUN_STARTED, 0, NULL);
	world_undom(&g->w, 0, 7);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, a, 0)->state, STEP_DONE);
	assert_int_equal(step(g, b, 0)->state, STEP_DONE);
}

/* What is just being made by somebody has no name for a moment. */
static void
test_start_beside_nameless(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 9, 2, NULL);
	world_send(&g->w, 0);
	world_send(&g->w, 1);
	id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_WAITING);
	world_undom(&g->w, 0, 9);
	world_dom(&g->w, 0, 9, 2, "web2");
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
}

/* A shutdown that failed is settled first: after the kill nobody could tell
 * that it had not stopped the guest. */
static void
test_kill_after_failed_shutdown(void **state)
{
	struct jobrig *g = *state;
	uint64_t a, b;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	a = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	b = jobrig_add(g, REQ_DESTROY, 0, 1, 7);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_turn(g);
	assert_int_equal(step(g, a, 0)->state, STEP_SETTLING);
	assert_int_equal(step(g, b, 0)->state, STEP_WAITING);
	jobrig_pass(g, 5000);
	assert_int_equal(step(g, a, 0)->state, STEP_FAILED);
	assert_string_equal(g->argv, "xl destroy 7");
}

static void
test_host_not_connected(void **state)
{
	struct jobrig *g = *state;
	uint64_t a = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	uint64_t b;

	world_link(&g->w, 0, LINK_DOWN, "no route");
	jobrig_pass(g, 30000);
	assert_int_equal(step(g, a, 0)->state, STEP_WAITING);
	b = jobrig_add(g, REQ_PROBE, 0, 2, REQUEST_NO_DOMID);
	jobrig_pass(g, 40000);
	assert_int_equal(step(g, a, 0)->state, STEP_FAILED);
	assert_non_null(strstr(step(g, a, 0)->outcome, "no route"));
	assert_null(strstr(jobrig_said(g), "start k-"));
	assert_int_equal(step(g, b, 0)->state, STEP_WAITING);
}

/* A runner that cannot: tried again under other names, then given up. */
static void
test_not_started(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	const char *said;

	g->no_start = true;
	jobrig_pass(g, 10000);
	said = jobrig_said(g);
	assert_non_null(strstr(said, "start k-1-1-1\n"));
	assert_non_null(strstr(said, "start k-1-1-2\n"));
	assert_int_equal(jobrig_job(g, id)->state, JOB_RUNNING);
	jobrig_pass(g, 120000);
	assert_int_equal(jobrig_job(g, id)->state, JOB_FAILED);
	assert_non_null(strstr(step(g, id, 0)->outcome, "not connected"));
}

static void
test_places(void **state)
{
	struct jobrig *g = *state;
	size_t running = 0;

	for (unsigned i = 0; i < 5; i++)
		jobrig_add(g, REQ_START, 0, 1 + i, REQUEST_NO_DOMID);
	jobrig_add(g, REQ_START, 1, 9, REQUEST_NO_DOMID);
	jobrig_turn(g);
	for (size_t i = 0; i < 6; i++)
		running += jobs_at(g->jobs, i)->steps[0].state == STEP_RUNNING;
	assert_int_equal(running, 3);
	assert_int_equal(jobs_at(g->jobs, 5)->steps[0].state, STEP_RUNNING);
}

static void
test_one_migration_at_once(void **state)
{
	struct jobrig *g = *state;

	for (unsigned i = 1; i <= 3; i++)
		world_dom(&g->w, i == 3, i, i, i == 1 ? "web1" :
		    i == 2 ? "web2" : "web3");
	jobrig_pass(g, 1000);
	jobrig_add(g, REQ_MIGRATE, 0, 1, 1);
	jobrig_add(g, REQ_MIGRATE, 0, 2, 2);
	jobrig_add(g, REQ_MIGRATE, 1, 3, 3); /* the other way is free */
	jobrig_turn(g);
	assert_int_equal(jobs_at(g->jobs, 0)->steps[0].state, STEP_RUNNING);
	assert_int_equal(jobs_at(g->jobs, 1)->steps[0].state, STEP_WAITING);
	assert_int_equal(jobs_at(g->jobs, 2)->steps[0].state, STEP_RUNNING);
}

/* The older job has the VM until it is over. */
static void
test_one_vm_once(void **state)
{
	struct jobrig *g = *state;
	const struct job *job;
	struct uuid u = world_uuid(1);
	size_t i = 9;

	jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_add(g, REQ_START, 1, 1, REQUEST_NO_DOMID);
	jobrig_turn(g);
	assert_int_equal(jobs_at(g->jobs, 0)->steps[0].state, STEP_RUNNING);
	assert_int_equal(jobs_at(g->jobs, 1)->steps[0].state, STEP_WAITING);
	job = jobs_of_vm(g->jobs, 0, &u, "web1", &i);
	assert_ptr_equal(job, jobs_at(g->jobs, 0));
	assert_int_equal(i, 0);
	u = world_uuid(2);
	assert_null(jobs_of_vm(g->jobs, 0, &u, "web2", &i));
	/* It runs on h0 then; the second start is refused by that. */
	jobrig_news(g, RUN_STARTED, 0, NULL);
	world_dom(&g->w, 0, 7, 1, "web1");
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(jobs_at(g->jobs, 0)->state, JOB_DONE);
	assert_int_equal(jobs_at(g->jobs, 1)->state, JOB_FAILED);
}

/* --- Failures --------------------------------------------------------------- */

static void
test_failed(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_OUTPUT, 0, "Parsing config from x\nlibxl: error: "
	    "libxl_device.c:1337:f: script: Could not find bridge device br7\n");
	jobrig_news(g, RUN_ENDED, 3, NULL);
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
	assert_string_equal(jobrig_job(g, id)->outcome,
	    "could not start web1 on h0: there is no bridge br7: make it, or "
	    "change the VM's network interface");
	assert_non_null(strstr(step(g, id, 0)->words, "bridge device br7"));
	assert_int_equal(step(g, id, 0)->status, 3);
}

static void
test_guarded(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	jobrig_turn(g);
	jobrig_news(g, RUN_GUARDED, 0, "another command is about it");
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
	assert_non_null(strstr(step(g, id, 0)->outcome, "another command"));
}

static uint64_t
add_chain(struct jobrig *g)
{
	struct plan p;
	struct request r;
	uint64_t id;

	plan_init(&p);
	for (unsigned i = 0; i < 4; i++) {
		jobrig_request(&r, REQ_START, i == 3, 1 + i,
		    REQUEST_NO_DOMID);
		plan_add(&p, &r, NULL);
	}
	plan_after(&p, 1, 0);
	plan_after(&p, 2, 1);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, g->wall_ms);
	plan_free(&p);
	jobrig_turn(g);
	return id;
}

/* What waited for a step that failed is left out, whatever is independent is
 * not. */
static void
test_skipped(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = add_chain(g);

	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
	assert_int_equal(step(g, id, 3)->state, STEP_RUNNING);
	snprintf(g->run, sizeof g->run, "k-1-1-1");
	g->run_host = 0;
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
	assert_int_equal(step(g, id, 1)->state, STEP_SKIPPED);
	assert_string_equal(step(g, id, 1)->outcome,
	    "not begun, since step 1 (start web1) failed");
	assert_int_equal(step(g, id, 2)->state, STEP_SKIPPED);
	assert_int_equal(step(g, id, 3)->state, STEP_RUNNING);
	assert_int_equal(jobrig_job(g, id)->state, JOB_RUNNING);
}

static void
test_cancel(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = add_chain(g);

	jobs_cancel(g->jobs, id, g->w.now);
	jobrig_turn(g);
	assert_null(strstr(jobrig_said(g), "cancel")); /* a start is left */
	assert_int_equal(step(g, id, 1)->state, STEP_SKIPPED);
	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
	world_dom(&g->w, 0, 7, 1, "web1");
	world_dom(&g->w, 1, 7, 4, "web4");
	for (uint32_t i = 0; i < 2; i++) {
		snprintf(g->run, sizeof g->run, i == 0 ? "k-1-1-1" :
		    "k-1-4-1");
		g->run_host = i;
		jobrig_news(g, RUN_ENDED, 0, NULL);
	}
	jobrig_pass(g, 2000);
	assert_int_equal(jobrig_job(g, id)->state, JOB_CANCELLED);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
}

static void
migrate(struct jobrig *g, uint64_t *id)
{
	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	*id = jobrig_add(g, REQ_MIGRATE, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
}

/* --- Clocks ----------------------------------------------------------------- */

#define SEC INT64_C(1000000000)

/* What that host shows was looked at at that second of its clock. */
static void
look_at(struct jobrig *g, uint32_t host, int64_t s)
{
	g->w.obs[host].host.uptime_s = s;
	g->w.obs[host].t_ns = s * SEC;
	world_pass(&g->w, 1000);
	for (uint32_t i = 0; i < 2; i++) {
		g->w.obs[i].t_ns -= i != host; /* the other one repeats it */
		world_send(&g->w, i);
	}
	jobrig_turn(g);
}

static void
tell_at(struct jobrig *g, enum run_what what, uint32_t host, int64_t s)
{
	const struct run_news n = {
		.what = what, .id = g->run, .host = host, .status = 1,
		.up_ns = s * SEC,
	};

	jobs_news(g->jobs, &n, g->w.now, g->wall_ms);
	jobrig_turn(g);
}

/* However late it comes: what was looked at before the end proves nothing. */
static void
test_late_look(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	look_at(g, 0, 100);
	id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	tell_at(g, RUN_ENDED, 0, 120);
	for (int64_t s = 112; s < 120; s++)
		look_at(g, 0, s);
	/* Begun before, for all that is known. */
	look_at(g, 0, 121);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	look_at(g, 0, 122);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

/* A reboot sets the clock back, and ends whatever ran. */
static void
test_late_look_rebooted(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	g->w.obs[0].host.boot_id = "one";
	look_at(g, 0, 100);
	id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	tell_at(g, RUN_ENDED, 0, 120);
	look_at(g, 0, 119);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	g->w.obs[0].host.boot_id = "two";
	look_at(g, 0, 3);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

/* The target's clock is another one: it is asked for when all is over. */
static void
test_late_look_there(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	look_at(g, 1, 5000);
	world_dom(&g->w, 0, 7, 1, "web1");
	look_at(g, 0, 100);
	id = jobrig_add(g, REQ_MIGRATE, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	tell_at(g, RUN_ENDED, 0, 120);
	jobrig_said(g);
	for (int64_t s = 121; s < 124; s++)
		look_at(g, 0, s);
	assert_non_null(strstr(jobrig_said(g), "attach"));
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	tell_at(g, RUN_GONE, 1, 5040);
	look_at(g, 1, 5039); /* on its way since then */
	look_at(g, 1, 5041);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	look_at(g, 1, 5042);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

/* A migration may be broken off in its first round, and not later. */
static void
test_cancel_migration(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	jobrig_news(g, RUN_OUTPUT, 0,
	    "xc: progress: Frames iteration 0: 10/100   10%\n");
	assert_int_equal(step(g, id, 0)->progress_pm, 100);
	assert_int_equal(step(g, id, 0)->round, 0);
	jobs_cancel(g->jobs, id, g->w.now);
	jobrig_said(g);
	jobrig_turn(g);
	assert_string_equal(jobrig_said(g), "cancel k-1-1-1\n");
	jobrig_news(g, RUN_ENDED, 143, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(jobrig_job(g, id)->state, JOB_CANCELLED);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

static void
test_cancel_migration_late(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	jobrig_news(g, RUN_OUTPUT, 0,
	    "xc: progress: Frames iteration 1: 1/100   1%\n");
	jobs_cancel(g->jobs, id, g->w.now);
	jobrig_said(g);
	jobrig_pass(g, 5000);
	assert_string_equal(jobrig_said(g), "");
	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
}

/* From its last moment on a migration is not broken off; then the guest must not
 * be left standing still either. */
static void
test_cancel_handover(void **state)
{
	struct jobrig *g = *state;
	struct plan p;
	struct request r;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	plan_init(&p);
	jobrig_request(&r, REQ_MIGRATE, 0, 1, 7);
	r.flags = REQUEST_PAUSED;
	plan_add(&p, &r, NULL);
	jobrig_request(&r, REQ_UNPAUSE, 1, 1, REQUEST_LATER_DOMID);
	plan_add(&p, &r, NULL);
	plan_after(&p, 1, 0);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, g->wall_ms);
	plan_free(&p);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_OUTPUT, 0,
	    "xc: progress: Frames iteration 1: 1/100   1%\n");
	jobs_cancel(g->jobs, id, g->w.now);
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 1)->state, STEP_WAITING);
	world_undom(&g->w, 0, 7);
	world_dom(&g->w, 1, 3, 1, "web1")->flags = DOM_PAUSED;
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
	assert_string_equal(step(g, id, 0)->outcome,
	    "web1 has arrived on h1, paused");
	assert_string_equal(g->argv, "xl unpause 3");
	assert_int_equal(step(g, id, 1)->state, STEP_RUNNING);
}

/* --- Settling --------------------------------------------------------------- */

static void
test_migration_done(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	world_dom(&g->w, 1, 3, 1, "web1");
	jobrig_pass(g, 2000); /* still on both, as hosts are asked in turn */
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	world_undom(&g->w, 0, 7);
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
	assert_string_equal(step(g, id, 0)->outcome, "web1 runs on h1 now");
}

/* The hand-over is a step of its own: until then nothing runs there. */
static void
test_migration_done_paused(void **state)
{
	struct jobrig *g = *state;
	struct plan p;
	struct request r;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	plan_init(&p);
	jobrig_request(&r, REQ_MIGRATE, 0, 1, 7);
	r.flags = REQUEST_PAUSED;
	plan_add(&p, &r, NULL);
	id = jobs_add(g->jobs, &p, "alice", g->w.now, g->wall_ms);
	plan_free(&p);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	world_undom(&g->w, 0, 7);
	world_dom(&g->w, 1, 3, 1, "web1");
	jobrig_pass(g, 2000);
	assert_string_equal(step(g, id, 0)->outcome,
	    "web1 has arrived on h1, paused");
}

static void
test_migration_failed(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	jobrig_news(g, RUN_OUTPUT, 0,
	    "root@h1: Permission denied (publickey,password).\n"
	    "libxl: error: libxl_utils.c:510:libxl_read_exactly: file/stream "
	    "truncated\n");
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
	assert_string_equal(step(g, id, 0)->outcome,
	    "could not migrate web1 from h0 to h1: root of h0 may not log in "
	    "as root@h1 by key: on h0 run `ssh-copy-id root@h1` (after "
	    "`ssh-keygen` if it has no key); it is on h0 as before");
}

/* Both or none seen, or a broken handshake: nobody knows, whatever xl says. */
static void
test_migration_unknown(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	world_dom(&g->w, 1, 3, 1, "web1--incoming")->flags = DOM_PAUSED;
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_pass(g, 70000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	assert_int_equal(jobrig_job(g, id)->state, JOB_UNKNOWN);
	assert_non_null(strstr(step(g, id, 0)->outcome, "--incoming"));
	assert_non_null(strstr(step(g, id, 0)->outcome,
	    "xendeck repair web1"));
	/* Somebody clears the rest away: now it is known. */
	jobrig_said(g);
	world_undom(&g->w, 1, 3);
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
	assert_int_equal(jobrig_job(g, id)->state, JOB_FAILED);
	assert_string_equal(jobrig_said(g),
	    "write outcome 1: failed\n"
	    "tell: now it is known: could not migrate web1 from h0 to h1: the "
	    "command ended with 1; it is on h0 as before\n"
	    "write end: failed\n"
	    "forget k-1-1-1\n");
}

static void
test_handshake(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	migrate(g, &id);
	jobrig_news(g, RUN_OUTPUT, 0,
	    "** Migration failed during final handshake **\n");
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_pass(g, 70000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	jobrig_pass(g, 70000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
}

/* Acknowledged is not stopped. */
static void
test_shutdown(void **state)
{
	struct jobrig *g = *state;
	struct obs_dom *d = world_dom(&g->w, 0, 7, 1, "web1");
	uint64_t id;

	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 200000);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	jobrig_pass(g, 110000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	assert_non_null(strstr(step(g, id, 0)->outcome,
	    "h0 shows it running (domain 7)"));
	/* Its monitor is gone: it stays there, stopped. */
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_POWEROFF;
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
	assert_non_null(strstr(step(g, id, 0)->outcome, "kill it to clear"));
	assert_int_equal(jobrig_job(g, id)->state, JOB_DONE);
}

/* Its domain is gone, and another one has come: it has not shut down. */
static void
test_shutdown_comes_back(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	world_undom(&g->w, 0, 7);
	world_dom(&g->w, 0, 8, 1, "web1");
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	jobrig_pass(g, 300000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	assert_non_null(strstr(step(g, id, 0)->outcome, "(domain 8)"));
}

/* A later step about the same VM ends the looking: what is seen from then on is
 * not the first one's doing. */
static void
test_looking_ends(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 310000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	jobrig_add(g, REQ_DESTROY, 0, 1, 7);
	jobrig_turn(g);
	world_undom(&g->w, 0, 7);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(jobs_at(g->jobs, 1)->state, JOB_DONE);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
}

static void
test_reboot(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_REBOOT, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 3000);
	world_undom(&g->w, 0, 7);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_SETTLING);
	world_dom(&g->w, 0, 8, 1, "web1");
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
}

/* An exit code that lies either way. */
static void
test_exit_code_is_a_hint(void **state)
{
	struct jobrig *g = *state;
	uint64_t a = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID), b;

	jobrig_turn(g);
	world_dom(&g->w, 0, 7, 1, "web1");
	jobrig_news(g, RUN_ENDED, 6, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, a, 0)->state, STEP_DONE);
	assert_non_null(strstr(step(g, a, 0)->outcome,
	    "though the command failed: the command ended with 6"));
	b = jobrig_add(g, REQ_START, 0, 2, REQUEST_NO_DOMID);
	jobrig_turn(g);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 40000);
	assert_int_equal(step(g, b, 0)->state, STEP_UNKNOWN);
	assert_non_null(strstr(step(g, b, 0)->outcome,
	    "h0 does not show it"));
}

/* --- Links ------------------------------------------------------------------ */

static void
test_unheard(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_said(g);
	jobrig_news(g, RUN_UNHEARD, 0, "link lost");
	world_link(&g->w, 0, LINK_DOWN, "link lost");
	jobrig_pass(g, 60000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNHEARD);
	assert_string_equal(jobrig_said(g), "");
	world_link(&g->w, 0, LINK_LIVE, NULL);
	world_dom(&g->w, 0, 7, 1, "web1");
	jobrig_pass(g, 1000);
	assert_string_equal(jobrig_said(g), "attach k-1-1-1\n");
	jobrig_news(g, RUN_STARTED, 0, NULL);
	assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
	jobrig_news(g, RUN_ENDED, 0, NULL);
	jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
}

static void
test_unheard_for_too_long(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);

	jobrig_turn(g);
	jobrig_news(g, RUN_UNHEARD, 0, "link lost");
	world_link(&g->w, 0, LINK_DOWN, "link lost");
	jobrig_pass(g, 16 * 60000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	jobrig_said(g);
	/* It comes back after all, and knows. */
	world_link(&g->w, 0, LINK_LIVE, NULL);
	jobrig_pass(g, 1000);
	assert_string_equal(jobrig_said(g), "attach k-1-1-1\n");
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_ENDED, 1, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

static void
test_absent(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	char run[RUN_ID_MAX + 1];

	for (int i = 0; i < 3; i++) {
		jobrig_pass(g, 2000);
		assert_int_equal(step(g, id, 0)->state, STEP_RUNNING);
		snprintf(run, sizeof run, "k-1-1-%d", i + 1);
		assert_string_equal(g->run, run);
		jobrig_news(g, RUN_UNHEARD, 0, "link lost");
		jobrig_pass(g, 2000);
		jobrig_news(g, RUN_ABSENT, 0, NULL);
	}
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

/* The host was rebooted: what it shows then is what became of it. */
static void
test_gone(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_DESTROY, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_news(g, RUN_UNHEARD, 0, "link lost");
	g->w.obs[0].host.boot_id = "boot-c";
	world_undom(&g->w, 0, 7);
	jobrig_pass(g, 4000);
	assert_int_equal(step(g, id, 0)->state, STEP_DONE);
	assert_non_null(strstr(step(g, id, 0)->outcome, "rebooted"));
}

static void
test_hangs(void **state)
{
	struct jobrig *g = *state;
	uint64_t id;

	world_dom(&g->w, 0, 7, 1, "web1");
	world_send(&g->w, 0);
	id = jobrig_add(g, REQ_SHUTDOWN, 0, 1, 7);
	jobrig_turn(g);
	jobrig_news(g, RUN_STARTED, 0, NULL);
	jobrig_said(g);
	for (int i = 0; step(g, id, 0)->state == STEP_RUNNING && i < 4000; i++)
		jobrig_pass(g, 1000);
	assert_int_equal(step(g, id, 0)->state, STEP_UNKNOWN);
	assert_memory_equal(jobrig_said(g), "attach k-1-1-1\n"
	    "cancel k-1-1-1\n", 30);
	jobrig_news(g, RUN_ENDED, 9, NULL);
	jobrig_pass(g, 3000);
	assert_int_equal(step(g, id, 0)->state, STEP_FAILED);
}

/* --- Taken over ------------------------------------------------------------- */

static struct job *
left_job(int64_t made_ms)
{
	struct plan p;
	struct request r;
	struct job *job;

	plan_init(&p);
	for (unsigned i = 1; i <= 3; i++) {
		jobrig_request(&r, REQ_START, 0, i, REQUEST_NO_DOMID);
		r.boot_id = x_strdup("boot-a");
		plan_add(&p, &r, NULL);
	}
	job = job_new("old-4", &p, "bob", made_ms);
	plan_free(&p);
	job->steps[0].state = STEP_DONE;
	job->steps[1].state = STEP_RUNNING;
	job->steps[1].tries = 2;
	snprintf(job->steps[1].run_id, sizeof job->steps[1].run_id,
	    "old-4-2-2");
	return job;
}

static void
test_adopt(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobs_adopt(g->jobs, left_job(g->wall_ms - 60000),
	    g->w.now);

	jobrig_turn(g);
	assert_string_equal(jobrig_said(g),
	    "attach old-4-2-2\n"
	    "write intent 3: xl create /etc/xen/web3.cfg\n"
	    "start old-4-3-1\n");
	assert_true(jobrig_job(g, id)->adopted);
	snprintf(g->run, sizeof g->run, "old-4-2-2");
	jobrig_news(g, RUN_ABSENT, 0, NULL);
	jobrig_pass(g, 2000);
	assert_non_null(strstr(jobrig_said(g), "start old-4-2-3\n"));
}

static void
test_adopt_old(void **state)
{
	struct jobrig *g = *state;
	uint64_t id = jobs_adopt(g->jobs, left_job(g->wall_ms - 7200000),
	    g->w.now);

	jobrig_turn(g);
	assert_null(strstr(jobrig_said(g), "start k-"));
	assert_int_equal(step(g, id, 2)->state, STEP_SKIPPED);
	jobrig_news(g, RUN_ABSENT, 0, NULL);
	jobrig_pass(g, 2000);
	assert_int_equal(step(g, id, 1)->state, STEP_SKIPPED);
	assert_true(job_over(jobrig_job(g, id)));
}

static void
test_bounded(void **state)
{
	struct jobrig *g = *state;

	g->disk_full = "no";
	for (unsigned i = 0; i < 300; i++)
		jobrig_add(g, REQ_START, 0, 1, REQUEST_NO_DOMID);
	jobrig_turn(g);
	assert_int_equal(jobs_count(g->jobs), 200);
	assert_int_equal(jobs_at(g->jobs, 0)->id, 101);
	assert_null(jobs_find(g->jobs, 100));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_start),
		TEST(test_refused_by_journal),
		TEST(test_waits_for_intent),
		TEST(test_asked_again_before_start),
		TEST(test_intent_not_written),
		TEST(test_outcome_not_written),
		TEST(test_guard),
		TEST(test_rebooted_since),
		TEST(test_domid_later),
		TEST(test_kill_after_shutdown),
		TEST(test_kill_after_failed_shutdown),
		TEST(test_start_beside_nameless),
		TEST(test_host_not_connected),
		TEST(test_not_started),
		TEST(test_places),
		TEST(test_one_migration_at_once),
		TEST(test_one_vm_once),
		TEST(test_failed),
		TEST(test_guarded),
		TEST(test_skipped),
		TEST(test_cancel),
		TEST(test_cancel_migration),
		TEST(test_cancel_migration_late),
		TEST(test_cancel_handover),
		TEST(test_late_look),
		TEST(test_late_look_rebooted),
		TEST(test_late_look_there),
		TEST(test_migration_done),
		TEST(test_migration_done_paused),
		TEST(test_migration_failed),
		TEST(test_migration_unknown),
		TEST(test_handshake),
		TEST(test_shutdown),
		TEST(test_shutdown_comes_back),
		TEST(test_looking_ends),
		TEST(test_reboot),
		TEST(test_exit_code_is_a_hint),
		TEST(test_unheard),
		TEST(test_unheard_for_too_long),
		TEST(test_absent),
		TEST(test_gone),
		TEST(test_hangs),
		TEST(test_adopt),
		TEST(test_adopt_old),
		TEST(test_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
