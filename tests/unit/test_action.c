/* From what an operator asks for to the command: which host, which domain, and
 * what is said when it cannot be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/action.h"
#include "core/mem.h"
#include "tests/lib/world.h"

/* h0, h1, h2 of one cluster; web1 (UUID 1) is domain 5 of h0 and defined on all
 * of them, db1 is defined on h1 and h2. */
static void
open_world(struct world *w)
{
	world_init(w, 1, 3);
	world_dom(w, 0, 5, 1, "web1");
	for (uint32_t i = 0; i < 3; i++) {
		world_def(w, i, "web1");
		if (i > 0)
			world_def(w, i, "db1");
		w->obs[i].host.boot_id = "boot-1";
		w->obs[i].host.scheduler = "credit";
		world_send(w, i);
	}
	world_pass(w, 100);
}

static uint32_t
vm_id(const struct world *w, const char *name)
{
	const struct vm *vm = model_find_vm(w->model, 0,
	    &(struct uuid){ { 0 } }, name);

	assert_non_null(vm);
	return vm->id;
}

static struct action
make(const struct world *w, enum action_kind kind, const char *vm,
    const char *arg)
{
	struct action a;
	struct err err = { 0 };

	action_init(&a, kind, vm_id(w, vm));
	if (action_set_arg(&a, w->model, arg, &err) != 0)
		fail_msg("%s", err.msg);
	return a;
}

static void
check(const struct world *w, const struct action *a, const char *want)
{
	struct plan p;
	struct err err = { 0 };
	struct buf out;

	plan_init(&p);
	if (action_plan(&p, a, w->model, &err) != 0)
		fail_msg("%s", err.msg);
	buf_init(&out, 1 << 16);
	assert_int_equal(plan_text(&out, &p, &w->conf), 0);
	assert_string_equal(out.p, want);
	assert_non_null(p.title);
	buf_free(&out);
	plan_free(&p);
}

static void
check_bad(const struct world *w, const struct action *a, enum err_kind kind,
    const char *why)
{
	struct plan p;
	struct err err = { 0 };

	plan_init(&p);
	assert_int_equal(action_plan(&p, a, w->model, &err), -1);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(err.kind, kind);
	assert_int_equal(p.n, 0);
	assert_null(p.title);
	plan_free(&p);
}

static void
test_domain(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	a = make(&w, ACTION_SHUTDOWN, "web1", NULL);
	check(&w, &a, "h0: xl shutdown 5\n");
	a = make(&w, ACTION_MEMORY, "web1", "2GiB");
	check(&w, &a, "h0: xl mem-set 5 2097152k\n");
	a = make(&w, ACTION_PIN, "web1", "1 0-3");
	check(&w, &a, "h0: xl vcpu-pin 5 1 0-3\n");
	a = make(&w, ACTION_PIN, "web1", "0-3");
	check(&w, &a, "h0: xl vcpu-pin 5 all 0-3\n");
	a = make(&w, ACTION_SCHED, "web1", "cap=50 weight=512");
	check(&w, &a, "h0: xl sched-credit -d 5 -w 512 -c 50\n");
	a = make(&w, ACTION_CD_INSERT, "web1", "hdc /srv/a b.iso");
	check(&w, &a, "h0: xl cd-insert 5 hdc '/srv/a b.iso'\n");
	a = make(&w, ACTION_SHUTDOWN, "db1", NULL);
	check_bad(&w, &a, ERR_FAILED, "db1 does not run");
	a = make(&w, ACTION_UNPAUSE, "web1", NULL);
	check_bad(&w, &a, ERR_FAILED, "not paused");
	a = make(&w, ACTION_VCPUS, "web1", "3");
	check_bad(&w, &a, ERR_FAILED, "with 2 vCPUs at most");
	a = make(&w, ACTION_PIN, "web1", "2 all");
	check_bad(&w, &a, ERR_USAGE, "has no vCPU 2");
	a = make(&w, ACTION_MEMORY, "web1", "40GiB");
	check_bad(&w, &a, ERR_FAILED, "web1 needs 39.0 GiB more on h0");
	world_free(&w);
}

static void
test_paused(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	w.obs[0].doms[1].flags = DOM_PAUSED;
	world_send(&w, 0);
	a = make(&w, ACTION_SHUTDOWN, "web1", NULL);
	check_bad(&w, &a, ERR_FAILED, "unpause it, or kill it");
	a = make(&w, ACTION_PAUSE, "web1", NULL);
	check_bad(&w, &a, ERR_FAILED, "paused already");
	a = make(&w, ACTION_UNPAUSE, "web1", NULL);
	check(&w, &a, "h0: xl unpause 5\n");
	w.obs[0].doms[1].flags = DOM_SHUTDOWN;
	w.obs[0].doms[1].reason = REASON_CRASH;
	world_send(&w, 0);
	a = make(&w, ACTION_REBOOT, "web1", NULL);
	check_bad(&w, &a, ERR_FAILED, "has crashed");
	a = make(&w, ACTION_KILL, "web1", NULL);
	check(&w, &a, "h0: xl destroy 5\n");
	/* All that is in its memory is still there: no word of killing it. */
	w.obs[0].doms[1].reason = REASON_SUSPEND;
	world_send(&w, 0);
	a = make(&w, ACTION_SHUTDOWN, "web1", NULL);
	check_bad(&w, &a, ERR_FAILED, "is suspended");
	check_bad(&w, &a, ERR_FAILED, "repair");
	a = make(&w, ACTION_START, "web1", NULL);
	check_bad(&w, &a, ERR_REFUSED, "which is suspended");
	assert_true(action_fits(ACTION_REPAIR, model_vm(w.model, a.vm)));
	world_free(&w);
}

/* The text of the script is test_command.c's. */
static void
test_hard(void **state)
{
	struct world w;
	struct action a;
	struct plan p;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	a = make(&w, ACTION_SHUTDOWN, "web1", NULL);
	a.hard = true;
	plan_init(&p);
	assert_int_equal(action_plan(&p, &a, w.model, &err), 0);
	assert_true((p.steps[0].req.flags & REQUEST_HARD) != 0);
	assert_int_equal(p.steps[0].req.value, 60);
	plan_free(&p);
	world_free(&w);
}

/* Paths that nobody gave are new ones, and fit for a file name. */
static void
test_paths(void **state)
{
	struct world w;
	struct action a;
	struct plan p;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	world_dom(&w, 0, 6, 2, "a/../b c=d");
	w.obs[0].wall_ms = INT64_C(1763713800000);
	world_send(&w, 0);
	a = make(&w, ACTION_SAVE, "a/../b c=d", NULL);
	plan_init(&p);
	if (action_plan(&p, &a, w.model, &err) != 0)
		fail_msg("%s", err.msg);
	assert_string_equal(p.steps[0].req.arg,
	    "/var/lib/xen/a_.._b_c_d-20251121-083000.save");
	plan_free(&p);
	world_free(&w);
}

static void
test_start(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	a = make(&w, ACTION_START, "web1", NULL);
	check_bad(&w, &a, ERR_REFUSED, "web1 has domain 5 on h0");
	a = make(&w, ACTION_START, "db1", NULL);
	check(&w, &a, "h1: xl create /etc/xen/db1.cfg\n");
	a.host = 2;
	a.paused = true;
	check(&w, &a, "h2: xl create -p /etc/xen/db1.cfg\n");
	a.host = 0;
	check_bad(&w, &a, ERR_FAILED, "h0 has no definition of db1; h1 has");
	/* Where there is no room, the operator is told who has. */
	w.obs[1].host.free_kb = 1024 * 1024;
	w.conf.hosts[1].reserve_kb = 512 * 1024;
	world_send(&w, 1);
	a = make(&w, ACTION_START, "db1", NULL);
	check_bad(&w, &a, ERR_FAILED, "db1 needs 1.0 GiB more on h1, where "
	    "512 MiB can be given away; h2 has room (--on h2)");
	world_link(&w, 2, LINK_DOWN, "no route");
	check_bad(&w, &a, ERR_FAILED, "on h1, where 512 MiB can be given");
	w.obs[1].host.free_kb = 9 * 1024 * 1024;
	world_send(&w, 1);
	check_bad(&w, &a, ERR_REFUSED, "h2 cannot be reached");
	a.sworn = true;
	check(&w, &a, "h1: xl create /etc/xen/db1.cfg\n");
	world_free(&w);
}

/* The host that ran it is dead, and somebody swears to it. */
static void
test_start_elsewhere(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	world_link(&w, 0, LINK_DOWN, "no route");
	a = make(&w, ACTION_START, "web1", NULL);
	check_bad(&w, &a, ERR_REFUSED, "h0 had it when it last answered");
	a.sworn = true;
	check(&w, &a, "h1: xl create /etc/xen/web1.cfg\n");
	world_free(&w);
}

/* Only the dead host had its definition: that goes along. */
static void
test_start_known(void **state)
{
	struct world w;
	struct action a;
	struct plan p;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	world_def(&w, 0, "lone");
	world_send(&w, 0);
	world_pass(&w, 100);
	a = make(&w, ACTION_START, "lone", NULL);
	a.host = 1;
	a.sworn = true;
	check_bad(&w, &a, ERR_FAILED, "h1 has no definition of lone; h0 has");
	world_link(&w, 0, LINK_DOWN, "no route");
	a.sworn = false;
	check_bad(&w, &a, ERR_REFUSED, "h0 cannot be reached");
	a.sworn = true;
	plan_init(&p);
	assert_int_equal(action_plan(&p, &a, w.model, &err), 0);
	assert_int_equal(p.n, 3);
	assert_int_equal(p.steps[0].req.op, REQ_DEF_CHECK);
	assert_int_equal(p.steps[1].req.op, REQ_DEF_WRITE);
	assert_string_equal(p.steps[1].req.arg2, "-");
	assert_int_equal(p.steps[2].req.op, REQ_START);
	assert_int_equal(p.steps[2].nafter, 1);
	assert_int_equal(p.steps[2].after[0], 1);
	assert_string_equal(p.steps[2].req.arg, p.steps[1].req.arg);
	for (size_t i = 0; i < p.n; i++)
		assert_int_equal(p.steps[i].req.host, 1);
	assert_string_equal(p.title, "start lone on h1");
	plan_free(&p);
	a.host = MODEL_NONE; /* whoever lives */
	plan_init(&p);
	assert_int_equal(action_plan(&p, &a, w.model, &err), 0);
	assert_int_equal(p.n, 3);
	plan_free(&p);
	/* Too much for it: nothing of the plan stays. */
	w.obs[1].host.free_kb = 1024;
	world_send(&w, 1);
	a.host = 1;
	check_bad(&w, &a, ERR_FAILED, "needs");
	world_free(&w);
}

/* What one plan starts on a host has to fit there together. */
static void
test_room_together(void **state)
{
	struct world w;
	struct action a;
	struct plan p;
	struct err err = { 0 };

	(void)state;
	open_world(&w);
	world_def(&w, 1, "db2");
	w.obs[1].host.free_kb = 1536 * 1024;
	world_send(&w, 1);
	world_pass(&w, 100);
	plan_init(&p);
	a = make(&w, ACTION_START, "db1", NULL);
	a.host = 1;
	assert_int_equal(action_plan(&p, &a, w.model, &err), 0);
	a = make(&w, ACTION_START, "db2", NULL);
	assert_int_equal(action_plan(&p, &a, w.model, &err), -1);
	assert_non_null(strstr(err.msg, "where 512 MiB can be given away"));
	assert_int_equal(p.n, 1);
	assert_string_equal(p.title, "start db1 on h1");
	plan_free(&p);
	world_free(&w);
}

static void
test_several_copies(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	world_dom(&w, 1, 7, 1, "web1");
	for (int i = 0; i < 4; i++) {
		world_pass(&w, 1000);
		for (uint32_t h = 0; h < 3; h++)
			world_send(&w, h);
	}
	a = make(&w, ACTION_KILL, "web1", NULL);
	check_bad(&w, &a, ERR_USAGE, "domains on h0 and h1");
	a.host = 1;
	check(&w, &a, "h1: xl destroy 7\n");
	a.host = 2;
	check_bad(&w, &a, ERR_FAILED, "no domain on h2");
	a = make(&w, ACTION_SHUTDOWN, "web1", NULL);
	check_bad(&w, &a, ERR_REFUSED, "runs on h0 and h1 at once");
	world_free(&w);
}

static void
test_read_only(void **state)
{
	struct world w;
	struct action a;

	(void)state;
	open_world(&w);
	w.conf.read_only = true;
	for (int k = 0; k < ACTION_COUNT; k++) {
		action_init(&a, (enum action_kind)k, vm_id(&w, "web1"));
		check_bad(&w, &a, ERR_REFUSED, "read-only");
	}
	world_free(&w);
}

static void
test_args(void **state)
{
	static const struct {
		enum action_kind kind;
		const char *text, *why;
	} bad[] = {
		{ ACTION_MEMORY, "512", "no amount of memory" },
		{ ACTION_MEMORY, "", "SIZE is wanted" },
		{ ACTION_MEMORY, "0M", "no amount of memory" },
		{ ACTION_VCPUS, "two", "no number" },
		{ ACTION_VCPUS, "0", "no number" },
		{ ACTION_VCPUS, "99999999999999999999", "no number" },
		{ ACTION_PIN, "", "is wanted" },
		{ ACTION_PIN, "x 0-3", "VCPU" },
		{ ACTION_SCHED, "", "is wanted" },
		{ ACTION_SCHED, "512", "weight=512" },
		{ ACTION_SCHED, "weight=", "weight=512" },
		{ ACTION_CD_INSERT, "hdc", "DEVICE PATH" },
		{ ACTION_RESTORE, "", "PATH is wanted" },
		{ ACTION_KILL, "now", "too much" },
		{ ACTION_MIGRATE, "h9", "no host 'h9'; did you mean" },
	};
	struct world w;

	(void)state;
	open_world(&w);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct action a;
		struct err err = { 0 };

		action_init(&a, bad[i].kind, 0);
		assert_int_equal(action_set_arg(&a, w.model, bad[i].text,
		    &err), -1);
		assert_int_equal(err.kind, ERR_USAGE);
		if (strstr(err.msg, bad[i].why) == NULL)
			fail_msg("%s", err.msg);
	}
	world_free(&w);
}

/* Every kind has its words, and what is lost is said of that VM. */
static void
test_table(void **state)
{
	struct world w;

	(void)state;
	open_world(&w);
	for (int k = 0; k < ACTION_COUNT; k++) {
		const struct action_info *info = &action_infos[k];
		struct action a;
		char text[400];

		assert_non_null(info->verb);
		assert_non_null(info->doing);
		assert_non_null(info->args);
		assert_non_null(info->help);
		assert_true((info->arg == ARG_NONE) == (info->args[0] == '\0'));
		assert_true((info->arg == ARG_NONE) ==
		    (info->arg_label == NULL));
		action_init(&a, (enum action_kind)k, vm_id(&w, "web1"));
		a.host = 1;
		a.to = 2;
		action_loss(text, sizeof text, &a, w.model);
		assert_non_null(strstr(text, "web1"));
		assert_true(k == ACTION_START || strstr(text, "h1") != NULL);
		assert_null(strchr(text, '%'));
		action_loss(text, 8, &a, w.model);
		assert_true(strlen(text) < 8);
	}
	world_free(&w);
}

static void
test_fits(void **state)
{
	struct world w;
	const struct vm *web, *db;

	(void)state;
	open_world(&w);
	web = model_vm(w.model, vm_id(&w, "web1"));
	db = model_vm(w.model, vm_id(&w, "db1"));
	assert_true(action_fits(ACTION_SHUTDOWN, web));
	assert_false(action_fits(ACTION_START, web));
	assert_false(action_fits(ACTION_UNPAUSE, web));
	assert_true(action_fits(ACTION_START, db));
	assert_false(action_fits(ACTION_KILL, db));
	world_free(&w);
}

/* Of a domain that a step before it makes. */
static void
test_domain_later(void **state)
{
	struct world w;
	struct request r;
	struct plan p;
	struct buf out;

	(void)state;
	open_world(&w);
	request_init(&r, REQ_UNPAUSE);
	r.host = 1;
	r.name = x_strdup("web1");
	r.domid = REQUEST_LATER_DOMID;
	plan_init(&p);
	plan_add(&p, &r, NULL);
	buf_init(&out, 1 << 16);
	assert_int_equal(plan_text(&out, &p, &w.conf), 0);
	assert_string_equal(out.p, "h1: xl unpause DOMID\n");
	buf_free(&out);
	plan_free(&p);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_domain),
		cmocka_unit_test(test_domain_later),
		cmocka_unit_test(test_paused),
		cmocka_unit_test(test_hard),
		cmocka_unit_test(test_paths),
		cmocka_unit_test(test_start),
		cmocka_unit_test(test_start_elsewhere),
		cmocka_unit_test(test_start_known),
		cmocka_unit_test(test_room_together),
		cmocka_unit_test(test_several_copies),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_args),
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
