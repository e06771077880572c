/* The rules, one by one: what is refused and in which words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/safety.h"
#include "tests/lib/world.h"

/* Two clusters of three: h0, h1, h2 and h3, h4, h5; all have answered, web1
 * (UUID 1) is domain 5 of h0. */
static void
open_world(struct world *w)
{
	world_init(w, 2, 3);
	world_dom(w, 0, 5, 1, "web1");
	for (uint32_t i = 0; i < 6; i++) {
		w->obs[i].host.boot_id = "boot-1";
		world_send(w, i);
	}
}

static void
send_all(struct world *w)
{
	for (uint32_t i = 0; i < 6; i++)
		world_send(w, i);
}

static struct request
make(enum request_op op, uint32_t host)
{
	struct request r;

	request_init(&r, op);
	r.host = host;
	r.cluster = 0;
	r.uuid = world_uuid(1);
	r.name = x_strdup("web1");
	if (op != REQ_START && op != REQ_RESTORE)
		r.domid = 5;
	return r;
}

/* why: NULL: it is allowed. Frees the request. */
static void
check(const struct world *w, struct request r, enum err_kind kind,
    const char *why)
{
	struct err err = { 0 };
	int rc = safety_check(w->model, &r, MONO_ZERO, &err);

	if (why == NULL && rc != 0)
		fail_msg("%s", err.msg);
	if (why != NULL) {
		assert_int_equal(rc, -1);
		assert_int_equal(err.kind, kind);
		if (strstr(err.msg, why) == NULL)
			fail_msg("%s", err.msg);
	}
	request_free(&r);
}

static void
allow(const struct world *w, struct request r)
{
	check(w, r, ERR_NONE, NULL);
}

static void
refuse(const struct world *w, struct request r, const char *why)
{
	check(w, r, ERR_REFUSED, why);
}

static struct request
sworn(struct request r)
{
	r.flags |= REQUEST_SWORN;
	return r;
}

static void
test_read_only(void **state)
{
	struct world w;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	w.conf.clusters[0].read_only = true;
	refuse(&w, make(REQ_PAUSE, 0), "cluster c0 is read-only");
	refuse(&w, make(REQ_PROBE, 0), "read-only");
	assert_int_equal(safety_writable(&w.conf, 1, &err), 0);
	w.conf.clusters[0].read_only = false;
	w.conf.read_only = true;
	refuse(&w, make(REQ_PAUSE, 0), "acts on nothing");
	assert_int_equal(safety_writable(&w.conf, 1, &err), -1);
	world_free(&w);
}

static void
test_start(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	refuse(&w, make(REQ_START, 1), "web1 has domain 5 on h0");
	refuse(&w, sworn(make(REQ_START, 1)), "web1 has domain 5 on h0");
	refuse(&w, make(REQ_START, 0), "web1 has domain 5 on h0");
	world_undom(&w, 0, 5);
	send_all(&w);
	world_pass(&w, 15000);
	send_all(&w);
	allow(&w, make(REQ_START, 1));
	/* A definition without a UUID: by the name alone. */
	world_dom(&w, 2, 9, 77, "web1");
	send_all(&w);
	refuse(&w, make(REQ_START, 1), "another VM by the name of web1");
	r = make(REQ_START, 1);
	r.uuid = (struct uuid){ { 0 } };
	refuse(&w, r, "web1 has domain 9 on h2");
	world_free(&w);
}

/* Whatever is left of a domain is one. */
static void
test_leftovers(void **state)
{
	static const struct {
		const char *name;
		unsigned flags;
		const char *why;
	} cases[] = {
		{ "web1", DOM_SHUTDOWN, "has shut down but was not cleared" },
		{ "web1", DOM_DYING, "is being torn down" },
		{ "web1", DOM_PAUSED, "is paused" },
		{ "web1--incoming", DOM_PAUSED, "web1--incoming has domain 6" },
		{ "web1--migratedaway", DOM_SHUTDOWN, "web1--migratedaway has" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct world w;

		open_world(&w);
		world_undom(&w, 0, 5);
		world_dom(&w, 2, 6, 1, cases[i].name)->flags = cases[i].flags;
		send_all(&w);
		refuse(&w, sworn(make(REQ_START, 1)), cases[i].why);
		world_free(&w);
	}
}

static void
test_gaps(void **state)
{
	struct world w;

	(void)state;
	/* Nobody has ever heard of h2. */
	world_init(&w, 1, 3);
	world_send(&w, 0);
	world_send(&w, 1);
	refuse(&w, make(REQ_START, 1), "nowhere else: h2 has not answered yet");
	allow(&w, sworn(make(REQ_START, 1)));
	world_free(&w);
	/* It had it, and is silent since. */
	open_world(&w);
	world_link(&w, 0, LINK_DOWN, "no route");
	refuse(&w, make(REQ_START, 1), "h0 had it when it last answered");
	allow(&w, sworn(make(REQ_START, 1)));
	check(&w, sworn(make(REQ_START, 0)), ERR_UNREACHABLE, "h0 gives no");
	/* What is going on in the other cluster is nothing to us. */
	world_undom(&w, 0, 5);
	send_all(&w);
	world_pass(&w, 15000);
	send_all(&w);
	world_link(&w, 4, LINK_DOWN, "no route");
	allow(&w, make(REQ_START, 1));
	/* A domain that is being made may be anybody's. */
	world_dom(&w, 2, 8, 55, NULL);
	send_all(&w);
	refuse(&w, make(REQ_START, 1), "h2 has a domain without a name yet");
	allow(&w, sworn(make(REQ_START, 1)));
	world_free(&w);
}

/* A guest that reboots has no domain for seconds, and its host makes the next
 * one by itself: then it would run twice, whatever was sworn. */
static void
test_comes_back(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	world_def(&w, 0, "web1");
	world_undom(&w, 0, 5);
	send_all(&w);
	refuse(&w, make(REQ_START, 1), "web1 vanished from h0");
	refuse(&w, sworn(make(REQ_START, 1)), "wait 15 s");
	/* There the two cannot both have the name. */
	allow(&w, make(REQ_START, 0));
	world_pass(&w, 10000);
	send_all(&w);
	refuse(&w, make(REQ_START, 1), "wait 5 s");
	/* What h0 has not said itself does not count. */
	world_pass(&w, 6000);
	for (uint32_t i = 1; i < 6; i++)
		world_send(&w, i);
	refuse(&w, make(REQ_START, 1), "wait 5 s");
	world_send(&w, 0);
	allow(&w, make(REQ_START, 1));
	world_free(&w);
	/* Its end was seen. */
	open_world(&w);
	w.obs[0].doms[1].flags = DOM_SHUTDOWN;
	w.obs[0].doms[1].reason = REASON_POWEROFF;
	world_send(&w, 0);
	world_undom(&w, 0, 5);
	send_all(&w);
	allow(&w, make(REQ_START, 1));
	world_free(&w);
}

/* It may have gone from there to a host that was asked just before. */
static void
test_went_unseen(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	world_pass(&w, 1000);
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	refuse(&w, make(REQ_START, 0), "h1 has not answered since");
	world_send(&w, 1);
	world_send(&w, 2);
	allow(&w, make(REQ_START, 0));
	world_free(&w);
}

/* A host that fell silent before the VM was last seen elsewhere does not have
 * it when it was seen to end there; else it may have left for that host. And one
 * that defines it may have been rebooted and have started it by itself. */
static void
test_known_better(void **state)
{
	static const struct {
		unsigned flags;
		enum shutdown_reason reason;
		bool ended;
	} cases[] = {
		{ DOM_SHUTDOWN, REASON_POWEROFF, true },
		{ DOM_DYING, REASON_NONE, true },
		{ DOM_SHUTDOWN | DOM_DYING, REASON_CRASH, true },
		{ DOM_SHUTDOWN, REASON_SUSPEND, false },
		{ DOM_SHUTDOWN | DOM_DYING, REASON_SUSPEND, false },
		{ DOM_RUNNING, REASON_NONE, false },
		{ DOM_PAUSED, REASON_NONE, false },
	};
	struct world w;

	(void)state;
	open_world(&w);
	world_def(&w, 2, "web1");
	world_send(&w, 2);
	world_link(&w, 2, LINK_DOWN, "no route");
	world_pass(&w, 1000);
	world_send(&w, 1);
	w.obs[0].doms[1].flags = DOM_SHUTDOWN;
	w.obs[0].doms[1].reason = REASON_POWEROFF;
	world_send(&w, 0);
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	refuse(&w, make(REQ_START, 1), "h2 cannot be reached");
	allow(&w, sworn(make(REQ_START, 1)));
	world_free(&w);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct obs_dom *d;

		open_world(&w);
		world_def(&w, 0, "web1");
		world_link(&w, 2, LINK_DOWN, "no route");
		world_pass(&w, 1000);
		world_send(&w, 1);
		d = &w.obs[0].doms[1];
		d->flags = cases[i].flags;
		d->reason = cases[i].reason;
		world_send(&w, 0);
		world_undom(&w, 0, 5);
		world_send(&w, 0);
		world_pass(&w, 15000);
		world_send(&w, 0);
		world_send(&w, 1);
		if (cases[i].ended)
			allow(&w, make(REQ_START, 1));
		else
			refuse(&w, make(REQ_START, 1), "h2 cannot be reached, "
			    "and may have got it from h0");
		allow(&w, sworn(make(REQ_START, 1)));
		world_free(&w);
	}
}

static void
test_since(void **state)
{
	struct world w;
	struct err err = { 0 };
	struct uuid u = world_uuid(1);

	(void)state;
	open_world(&w);
	world_undom(&w, 0, 5);
	send_all(&w);
	world_pass(&w, 15000);
	send_all(&w);
	assert_int_equal(safety_runs_nowhere(w.model, 0, &u, "web1", MONO_ZERO,
	    &err), 0);
	assert_int_equal(safety_runs_nowhere(w.model, 0, &u, "web1",
	    model_host(w.model, 1)->last, &err), -1);
	assert_non_null(strstr(err.msg, "h1 has not answered since"));
	world_free(&w);
}

static void
test_guard(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	allow(&w, make(REQ_SHUTDOWN, 0));
	r = make(REQ_DESTROY, 0);
	r.domid = 6;
	refuse(&w, r, "no domain 6 any more on h0");
	r = make(REQ_DESTROY, 0);
	r.uuid = world_uuid(2);
	refuse(&w, r, "domain 5 on h0 is web1 by now");
	r = make(REQ_DESTROY, 0);
	r.boot_id = x_strdup("boot-0");
	refuse(&w, r, "h0 was rebooted");
	r = make(REQ_DESTROY, 0);
	r.boot_id = x_strdup("boot-1");
	allow(&w, r);
	r = make(REQ_DESTROY, 3);
	refuse(&w, r, "another cluster");
	world_link(&w, 0, LINK_DOWN, "no route");
	check(&w, make(REQ_DESTROY, 0), ERR_UNREACHABLE, "h0 gives no");
	world_free(&w);
}

static void
test_conflict(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	world_dom(&w, 1, 7, 1, "web1");
	for (int i = 0; i < 4; i++) {
		world_pass(&w, 1000);
		send_all(&w);
	}
	refuse(&w, make(REQ_SHUTDOWN, 0), "runs on h0 and h1 at once");
	refuse(&w, make(REQ_SAVE, 0), "at once");
	refuse(&w, make(REQ_UNPAUSE, 0), "at most one may run");
	allow(&w, make(REQ_PAUSE, 0));
	allow(&w, make(REQ_DESTROY, 0));
	r = make(REQ_MIGRATE, 0);
	r.to = 2;
	refuse(&w, r, "at once");
	world_free(&w);
}

static void
test_name_conflict(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	world_dom(&w, 1, 7, 9, "web1");
	world_dom(&w, 1, 8, 10, "db1");
	send_all(&w);
	allow(&w, make(REQ_SHUTDOWN, 0));
	refuse(&w, make(REQ_UNPAUSE, 0), "another VM by the name");
	r = make(REQ_MIGRATE, 0);
	r.to = 2;
	refuse(&w, r, "rename one of them");
	r = make(REQ_RENAME, 0);
	r.arg = x_strdup("db1");
	refuse(&w, r, "by the name of db1 already, on h1");
	r = make(REQ_RENAME, 0);
	r.arg = x_strdup("web2");
	allow(&w, r);
	world_free(&w);
}

static void
test_moving(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	world_dom(&w, 1, 7, 1, "web1--incoming")->flags = DOM_PAUSED;
	send_all(&w);
	refuse(&w, make(REQ_SHUTDOWN, 0), "on its way from h0 to h1");
	refuse(&w, make(REQ_UNPAUSE, 0), "another copy, domain 7 on h1");
	allow(&w, make(REQ_DESTROY, 0));
	r = make(REQ_UNPAUSE, 1);
	r.domid = 7;
	refuse(&w, r, "another copy, domain 5 on h0");
	/* Its other end is silent: then nobody can tell. */
	world_link(&w, 0, LINK_DOWN, "no route");
	r = make(REQ_UNPAUSE, 1);
	r.domid = 7;
	refuse(&w, r, "h0 had it");
	r = make(REQ_UNPAUSE, 1);
	r.domid = 7;
	allow(&w, sworn(r));
	/* The only copy there is. */
	world_undom(&w, 0, 5);
	send_all(&w);
	r = make(REQ_UNPAUSE, 1);
	r.domid = 7;
	allow(&w, r);
	r = make(REQ_RENAME, 1);
	r.domid = 7;
	r.arg = x_strdup("web1");
	allow(&w, r);
	world_free(&w);
}

/* What a repair removes must still be what it was: the migration that seemed to
 * be broken may have ended well meanwhile, and that domain be the VM. */
static void
test_left_by_migration(void **state)
{
	struct world w;
	struct request r, again;
	struct obs_dom *d;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	d = world_dom(&w, 1, 7, 1, "web1--incoming");
	d->flags = DOM_PAUSED;
	send_all(&w);
	r = make(REQ_DESTROY, 1);
	r.domid = 7;
	r.arg = x_strdup("web1--incoming");
	request_copy(&again, &r);
	allow(&w, again);
	/* What was asked before the step before has ended proves nothing. */
	assert_int_equal(safety_check(w.model, &r,
	    model_host(w.model, 1)->last, &err), -1);
	assert_non_null(strstr(err.msg, "has not answered since"));
	/* It was let run. */
	d->flags = DOM_BLOCKED;
	send_all(&w);
	request_copy(&again, &r);
	refuse(&w, again, "is not what a broken migration left any more");
	/* It has all of the memory: the source says so. */
	d->flags = DOM_PAUSED;
	w.obs[0].doms[1].name = "web1--migratedaway";
	w.obs[0].doms[1].flags = DOM_SHUTDOWN;
	w.obs[0].doms[1].reason = REASON_SUSPEND;
	send_all(&w);
	request_copy(&again, &r);
	refuse(&w, again, "repair it anew");
	/* It has arrived. */
	world_undom(&w, 0, 5);
	d->name = "web1";
	send_all(&w);
	request_copy(&again, &r);
	refuse(&w, again, "is not what a broken migration left any more");
	request_free(&r);
	world_free(&w);
}

static void
test_migrate(void **state)
{
	struct world w;
	struct request r;

	(void)state;
	open_world(&w);
	r = make(REQ_MIGRATE, 0);
	refuse(&w, r, "not said");
	r = make(REQ_MIGRATE, 0);
	r.to = 0;
	refuse(&w, r, "on h0 already");
	r = make(REQ_MIGRATE, 0);
	r.to = 3;
	refuse(&w, r, "another cluster");
	world_link(&w, 2, LINK_DOWN, "no route");
	r = make(REQ_MIGRATE, 0);
	r.to = 2;
	check(&w, r, ERR_UNREACHABLE, "nothing can go there");
	r = make(REQ_MIGRATE, 0);
	r.to = 1;
	allow(&w, r);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_leftovers),
		cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_comes_back),
		cmocka_unit_test(test_went_unseen),
		cmocka_unit_test(test_known_better),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_guard),
		cmocka_unit_test(test_conflict),
		cmocka_unit_test(test_name_conflict),
		cmocka_unit_test(test_moving),
		cmocka_unit_test(test_left_by_migration),
		cmocka_unit_test(test_migrate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
