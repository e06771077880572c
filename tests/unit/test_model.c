/* The model, one rule a test: what a VM is, and what its state is when its
 * domains disagree. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/model.h"
#include "tests/lib/world.h"

static struct world w;

static int
setup(void **state)
{
	(void)state;
	world_init(&w, 2, 3); /* clusters c0: h0 h1 h2, c1: h3 h4 h5 */
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	world_free(&w);
	return 0;
}

static void
expect(const char *vm, const char *text)
{
	char *line = world_dump_vm(&w, vm);

	if (strstr(line, text) == NULL)
		fail_msg("'%s' is not in: %s", text, line);
	x_free(line);
}

static const char *
last_log(void)
{
	const struct log_entry *e = model_log(w.model, 0);

	return e != NULL ? e->text : "";
}

static void
shows_running_vm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	expect("web1", "running h0/5");
	assert_int_equal(model_host(w.model, 0)->ncopies, 1);
}

static void
silence_keeps_vm(void **state)
{
	struct mono next = MONO_NEVER;

	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_pass(&w, 3600 * 1000);
	assert_int_equal(model_host(w.model, 0)->health, HOST_STALE);
	expect("web1", "running h0/5");
	assert_true(model_vm_stale(w.model, model_vm_at(w.model, 0)));
	world_link(&w, 0, LINK_DOWN, "h0: no route");
	world_pass(&w, 3600 * 1000);
	expect("web1", "running h0/5");
	model_tick(w.model, w.now, 0, &next);
	assert_int_equal(next.ns, INT64_MAX);
}

static void
reboot_keeps_identity(void **state)
{
	uint32_t id;

	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	id = model_vm_at(w.model, 0)->id;
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	expect("web1", "gone");
	world_pass(&w, 2000);
	world_dom(&w, 0, 9, 1, "web1");
	world_send(&w, 0);
	expect("web1", "running h0/9");
	assert_int_equal(model_vm_at(w.model, 0)->id, id);
	assert_int_equal(model_nvms(w.model), 1);
}

static void
gone_for_good_is_removed(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	world_pass(&w, 60 * 1000);
	assert_int_equal(model_nvms(w.model), 0);
}

static void
start_with_new_uuid_is_same_vm(void **state)
{
	uint32_t id;

	(void)state;
	world_def(&w, 0, "web1");
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	id = model_vm_at(w.model, 0)->id;
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	world_pass(&w, 60 * 1000);
	expect("web1", "dormant");
	world_dom(&w, 0, 6, 2, "web1");
	world_send(&w, 0);
	expect("web1", "running defined h0/6");
	assert_int_equal(model_vm_at(w.model, 0)->id, id);
	assert_int_equal(model_nvms(w.model), 1);
}

static void
migration_is_one_vm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	world_dom(&w, 1, 3, 1, "web1--incoming")->flags = DOM_PAUSED;
	world_send(&w, 1);
	expect("web1", "migrating h0->h1");
	assert_int_equal(model_nvms(w.model), 1);

	/* The source is suspended and renamed. */
	world_undom(&w, 0, 5);
	world_dom(&w, 0, 5, 1, "web1--migratedaway")->flags = DOM_SHUTDOWN;
	world_send(&w, 0);
	expect("web1", "migrating h1->h0");

	/* The target takes over; the source is destroyed a little later. */
	world_undom(&w, 1, 3);
	world_dom(&w, 1, 3, 1, "web1");
	world_send(&w, 1);
	expect("web1", "migrating h1->h0");
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	expect("web1", "running h1/3");
	assert_int_equal(model_nconflicts(w.model, CONFLICT_NONE), 1);
}

static void
one_end_of_a_migration_is_enough(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	world_dom(&w, 1, 3, 1, "web1--incoming")->flags = DOM_PAUSED;
	world_send(&w, 1);
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	expect("web1", "migrating h1/3:incoming");
	assert_null(strstr(last_log(), "paused"));
	assert_non_null(strstr(last_log(), "from h0 to h1"));
}

static void
late_source_is_no_alarm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	/* h1 has it already, h0's figures are of just before. */
	world_dom(&w, 1, 3, 1, "web1");
	world_send(&w, 1);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 0);
	world_undom(&w, 0, 5);
	world_pass(&w, 900);
	world_send(&w, 0);
	expect("web1", "running h1/3");
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 0);
}

static void
two_claims_are_an_alarm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_dom(&w, 1, 3, 1, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	world_pass(&w, 2000);
	world_send(&w, 0);
	world_send(&w, 1);
	expect("web1", "TWICE");
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 1);
	assert_int_equal(model_vm_at(w.model, 0)->ncopies, 2);
	assert_non_null(strstr(last_log(), "RUNS TWICE"));
	world_undom(&w, 1, 3);
	world_send(&w, 1);
	expect("web1", "running h0/5");
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 0);
}

/* Somebody unpaused what a broken migration left behind. */
static void
running_leftover_is_an_alarm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_dom(&w, 1, 3, 1, "web1--incoming")->flags = DOM_PAUSED;
	for (int i = 0; i < 2; i++) {
		world_send(&w, 0);
		world_send(&w, 1);
		world_pass(&w, 2000);
	}
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 0);
	world_undom(&w, 1, 3);
	world_dom(&w, 1, 3, 1, "web1--incoming");
	world_send(&w, 0);
	world_send(&w, 1);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_UUID), 1);
}

/* Events that waited in between tell of then, not of now. */
static void
late_events_are_old(void **state)
{
	struct obs copy;
	struct event e = {
		.type = EVENT_OBS,
		.host = 0,
		.at = w.now,
		.u.obs = &copy,
	};

	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	obs_init(&copy);
	obs_copy(&copy, &w.obs[0]);
	obs_normalise(&copy);
	world_pass(&w, 3600 * 1000);
	world_send(&w, 1);
	model_apply(w.model, &e);
	obs_free(&copy);
	assert_int_equal(model_host(w.model, 0)->health, HOST_STALE);
	assert_int_equal(mono_diff_ms(model_now(w.model),
	    model_host(w.model, 0)->last), 3600 * 1000);
}

static void
nameless_domains_are_no_namesakes(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, NULL);
	world_dom(&w, 1, 5, 2, NULL);
	world_send(&w, 0);
	world_send(&w, 1);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_NAME), 0);
}

static void
claim_of_silent_host_may_be_true(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_link(&w, 0, LINK_DOWN, "h0: silent");
	world_dom(&w, 1, 3, 1, "web1");
	world_send(&w, 1);
	expect("web1", "MAYBE-TWICE");
	assert_int_equal(model_vm_at(w.model, 0)->host, 1);
}

static void
same_name_other_uuid(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_dom(&w, 1, 3, 2, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	assert_int_equal(model_nvms(w.model), 2);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_NAME), 2);
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_NAME), 0);
}

static void
other_cluster_is_another_vm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_dom(&w, 3, 5, 1, "web1");
	for (int i = 0; i < 3; i++) {
		world_send(&w, 0);
		world_send(&w, 3);
		world_pass(&w, 2000);
	}
	assert_int_equal(model_nvms(w.model), 2);
	assert_int_equal(model_nconflicts(w.model, CONFLICT_NONE), 2);
}

static void
rename_is_noticed(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_undom(&w, 0, 5);
	world_dom(&w, 0, 5, 1, "web2");
	world_send(&w, 0);
	expect("web2", "running h0/5");
	assert_int_equal(model_nvms(w.model), 1);
	assert_non_null(strstr(last_log(), "was renamed to web2"));
}

static void
nameless_domain_gets_its_name(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, NULL);
	world_send(&w, 0);
	expect("(unnamed)", "running h0/5");
	world_undom(&w, 0, 5);
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	expect("web1", "running h0/5");
	assert_int_equal(model_nvms(w.model), 1);
}

static void
crash_is_an_alarm(void **state)
{
	struct obs_dom *d;

	(void)state;
	d = world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	world_send(&w, 0);
	expect("web1", "crashed");
	assert_non_null(strstr(last_log(), "crashed on h0"));
}

static void
rates_come_from_the_hosts_clock(void **state)
{
	const struct vm_copy *c;
	struct obs_dom *d;

	(void)state;
	d = world_dom(&w, 0, 5, 1, "web1");
	d->cpu_ns = 1000000000;
	d->net_rx = 1000;
	world_send(&w, 0);
	c = vm_main(model_vm_at(w.model, 0));
	assert_int_equal(c->cpu_pm, -1);
	d->cpu_ns += 500000000;
	d->net_rx += 2000;
	w.obs[0].t_ns += 1000000000 - 1; /* world_send adds the one */
	w.obs[0].wall_ms = 1;            /* a wall clock that jumps */
	world_send(&w, 0);
	c = vm_main(model_vm_at(w.model, 0));
	assert_int_equal(c->cpu_pm, 500);
	assert_int_equal(c->net_rx, 2000);
	/* A frame right after an event changes nothing. */
	d->cpu_ns += 50000000;
	world_send(&w, 0);
	c = vm_main(model_vm_at(w.model, 0));
	assert_int_equal(c->cpu_pm, 500);
	/* Counters that fall say nothing. */
	d->cpu_ns = 0;
	d->net_rx = 0;
	w.obs[0].t_ns += 1000000000;
	world_send(&w, 0);
	c = vm_main(model_vm_at(w.model, 0));
	assert_int_equal(c->cpu_pm, -1);
	assert_int_equal(c->net_rx, -1);
}

static void
source_that_measures_is_believed(void **state)
{
	struct obs_dom *d;

	(void)state;
	d = world_dom(&w, 0, 5, 1, "web1");
	d->cpu_pm = 123;
	world_send(&w, 0);
	assert_int_equal(vm_main(model_vm_at(w.model, 0))->cpu_pm, 123);
	assert_int_equal(model_host(w.model, 0)->cpu_pm, 123);
}

static void
reused_domid_is_another_vm(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_undom(&w, 0, 5);
	world_dom(&w, 0, 5, 2, "db1"); /* the host was rebooted */
	world_send(&w, 0);
	expect("db1", "running h0/5");
	expect("web1", "gone");
}

static void
definitions_make_dormant_vms(void **state)
{
	(void)state;
	world_def(&w, 0, "web1");
	world_def(&w, 1, "web1");
	world_send(&w, 0);
	world_send(&w, 1);
	world_pass(&w, 1);
	assert_int_equal(model_nvms(w.model), 1);
	expect("web1", "dormant defined");
	world_undef(&w, 0, "web1");
	world_send(&w, 0);
	world_pass(&w, 1);
	expect("web1", "dormant defined");
	world_undef(&w, 1, "web1");
	world_send(&w, 1);
	world_pass(&w, 1);
	assert_int_equal(model_nvms(w.model), 0);
}

static void
reason_stays_while_retrying(void **state)
{
	(void)state;
	world_link(&w, 0, LINK_DOWN, "h0: no route");
	world_link(&w, 0, LINK_CONNECTING, NULL);
	assert_string_equal(model_host(w.model, 0)->reason, "h0: no route");
	world_link(&w, 0, LINK_LIVE, NULL);
	assert_null(model_host(w.model, 0)->reason);
}

static void
failure_is_told_once(void **state)
{
	uint64_t seq;

	(void)state;
	world_link(&w, 0, LINK_DOWN, "h0: no route");
	seq = model_log(w.model, 0)->seq;
	for (int i = 0; i < 10; i++) {
		world_pass(&w, 1000);
		world_link(&w, 0, LINK_CONNECTING, NULL);
		world_link(&w, 0, LINK_DOWN, "h0: no route");
	}
	assert_int_equal(model_log(w.model, 0)->seq, seq);
	world_link(&w, 0, LINK_DOWN, "h0: no key");
	assert_int_equal(model_log(w.model, 0)->seq, seq + 1);
}

static void
trouble_lasts_through_retries(void **state)
{
	const struct host *h = model_host(w.model, 0);
	struct mono then;

	(void)state;
	assert_int_equal(h->trouble_since.ns, MONO_NEVER.ns);
	world_link(&w, 0, LINK_DOWN, "h0: no route");
	then = w.now;
	for (int i = 0; i < 3; i++) {
		world_pass(&w, 60000);
		world_link(&w, 0, LINK_CONNECTING, NULL);
		world_link(&w, 0, LINK_DOWN, "h0: no route");
	}
	assert_int_equal(h->trouble_since.ns, then.ns);
	world_link(&w, 0, LINK_LIVE, NULL);
	world_send(&w, 0);
	assert_int_equal(h->trouble_since.ns, MONO_NEVER.ns);
}

static void
expect_log(const char *text)
{
	if (strcmp(last_log(), text) != 0)
		fail_msg("the log says '%s', not '%s'", last_log(), text);
}

static void
ends_of_trouble_tell_how_long(void **state)
{
	struct obs_dom *d;

	(void)state;
	world_link(&w, 0, LINK_LIVE, NULL);
	expect_log("h0: connected (test over test)");
	d = world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_link(&w, 0, LINK_DOWN, "no route");
	world_pass(&w, 192000);
	world_link(&w, 0, LINK_CONNECTING, NULL);
	world_link(&w, 0, LINK_LIVE, NULL);
	expect_log("h0: connected (test over test) after 3m12s");
	world_send(&w, 0);
	world_pass(&w, 60000);
	expect_log("h0: no figures for 60 s");
	world_pass(&w, 7200000 + 35 * 60000);
	world_send(&w, 0);
	expect_log("h0: figures again after 2h36m");
	d->flags = DOM_PAUSED;
	world_send(&w, 0);
	world_pass(&w, 1500);
	d->flags = DOM_BLOCKED;
	world_send(&w, 0);
	expect_log("web1: runs again on h0 after a pause of 1.5 s");
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	world_send(&w, 0);
	world_pass(&w, 3000);
	d->flags = DOM_BLOCKED;
	d->reason = REASON_NONE;
	world_send(&w, 0);
	expect_log("web1: runs again on h0, 3.0 s after its crash");
	world_undom(&w, 0, 5);
	world_send(&w, 0);
	world_pass(&w, 8000);
	world_dom(&w, 0, 6, 1, "web1");
	world_send(&w, 0);
	expect_log("web1: is back on h0 as domain 6 after 8.0 s");
}

static void
conflicts_tell_how_long(void **state)
{
	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_dom(&w, 1, 7, 1, "web1");
	for (int i = 0; i < 4; i++) {
		world_send(&w, 0);
		world_send(&w, 1);
		world_pass(&w, 2000);
	}
	assert_non_null(strstr(last_log(), "RUNS TWICE"));
	world_undom(&w, 1, 7);
	world_send(&w, 1);
	expect_log("web1: its conflict is over after 6.0 s");
}

static void
hosts_remember_their_traffic(void **state)
{
	const struct host *h = model_host(w.model, 0);
	struct obs_dom *a = world_dom(&w, 0, 5, 1, "web1");
	struct obs_dom *b = world_dom(&w, 0, 6, 2, "web2");
	struct mono now, then;

	(void)state;
	assert_int_equal(h->net_rx, -1);
	for (int i = 0; i < 3; i++) {
		a->net_rx = b->net_tx = i * 1000;
		a->net_tx = b->net_rx = i * 10;
		a->disk_rd = i * 500;
		w.obs[0].t_ns += 1000000000;
		world_pass(&w, 1000);
		world_send(&w, 0);
	}
	assert_in_range(h->net_rx, 1007, 1010);
	assert_in_range(h->net_tx, 1007, 1010);
	assert_in_range(history_get(&h->net, 0), 2014, 2020);
	assert_in_range(history_get(&h->disk, 0), 499, 500);
	assert_int_equal(history_get(&h->disk, 2), HISTORY_GAP);
	assert_true(moments_get(&h->when, 0, &now));
	assert_true(moments_get(&h->when, 2, &then));
	assert_int_equal(mono_diff_ms(now, then), 2000);
	assert_false(moments_get(&h->when, 3, &then));
	assert_int_equal(h->net.n, h->when.n);
}

/* A minute of silence is a hole in all graphs, not a step. */
static void
silence_is_a_gap(void **state)
{
	const struct host *h = model_host(w.model, 0);
	const struct vm *vm;

	(void)state;
	world_dom(&w, 0, 5, 1, "web1");
	world_send(&w, 0);
	world_pass(&w, 60000);
	world_send(&w, 0);
	vm = model_vm_at(w.model, 0);
	assert_int_equal(h->mem.n, 3);
	assert_int_equal(history_get(&h->mem, 1), HISTORY_GAP);
	assert_int_not_equal(history_get(&h->mem, 0), HISTORY_GAP);
	assert_int_equal(vm->mem.n, 3);
	assert_int_equal(history_get(&vm->mem, 1), HISTORY_GAP);
	world_pass(&w, 1000);
	world_send(&w, 0);
	assert_int_equal(h->mem.n, 4);
	assert_int_equal(vm->mem.n, h->when.n);
}

/* The host's clock is an hour ahead of the console's, or a day behind. */
static void
uptime_is_by_the_hosts_clock(void **state)
{
	const int64_t start_s = 1700000000;
	const struct vm_copy *c;

	(void)state;
	world_dom(&w, 0, 5, 1, "web1")->start_s = start_s;
	w.obs[0].wall_ms = (start_s + 3600) * 1000;
	world_send(&w, 0);
	c = vm_main(model_vm_at(w.model, 0));
	assert_int_equal(model_uptime_s(w.model, c, w.now), 3600);
	assert_int_equal(model_uptime_s(w.model, c,
	    mono_add_ms(w.now, 5000)), 3605);
	world_pass(&w, 3600000); /* silent: as of its last word */
	assert_int_equal(model_uptime_s(w.model, c, w.now), 3600);
	w.obs[0].wall_ms = (start_s - 86400) * 1000;
	world_send(&w, 0);
	assert_int_equal(model_uptime_s(w.model, c, w.now), 0);
	w.obs[0].doms[1].start_s = OBS_UNKNOWN;
	world_send(&w, 0);
	assert_int_equal(model_uptime_s(w.model, c, w.now), OBS_UNKNOWN);
}

static void
send_answer(const char *text, const char *error)
{
	model_apply(w.model, &(struct event){ .type = EVENT_ANSWER,
		.host = 1, .at = w.now, .wall_ms = w.now.ns / 1000000,
		.u.answer = { ASK_DMESG, text, error } });
}

static void
answers_are_kept(void **state)
{
	const struct host_answer *a = &model_host(w.model, 1)->answer[ASK_DMESG];
	uint64_t was = model_generation(w.model);
	int64_t wall_ms;

	(void)state;
	assert_null(a->text);
	send_answer("one\n", NULL);
	assert_string_equal(a->text, "one\n");
	assert_null(a->error);
	assert_true(model_generation(w.model) > was);
	wall_ms = a->wall_ms;
	world_pass(&w, 5000);
	send_answer(NULL, "it hangs");
	assert_string_equal(a->text, "one\n"); /* still worth reading */
	assert_string_equal(a->error, "it hangs");
	assert_int_equal(a->wall_ms, wall_ms);
	assert_int_equal(a->at.ns, w.now.ns);
	send_answer("two\n", NULL);
	assert_string_equal(a->text, "two\n");
	assert_null(a->error);
}

static void
log_is_bounded(void **state)
{
	(void)state;
	for (int i = 0; i < 2 * MODEL_LOG_LEN; i++) {
		world_link(&w, 0, LINK_DOWN, i % 2 ? "a" : "b");
		world_link(&w, 0, LINK_LIVE, NULL);
	}
	assert_non_null(model_log(w.model, MODEL_LOG_LEN - 1));
	assert_null(model_log(w.model, MODEL_LOG_LEN));
	assert_int_equal(model_log(w.model, 0)->seq,
	    model_log(w.model, 1)->seq + 1);
}

/* A host may say whatever it likes: that thousands of its domains are one VM,
 * or have one name. That must not hold up the console; it took a minute. */
static void
crowds_are_quick(bool one_uuid)
{
	struct obs o;
	struct event e = { .type = EVENT_OBS, .u.obs = &o };
	clock_t begin = clock();

	obs_init(&o);
	o.ndoms = OBS_DOMS_MAX;
	o.doms = x_calloc(o.ndoms, sizeof *o.doms);
	for (uint32_t i = 0; i < o.ndoms; i++) {
		obs_dom_init(&o.doms[i]);
		o.doms[i].domid = i + 1;
		o.doms[i].name = "crowd";
		o.doms[i].uuid = world_uuid(one_uuid ? 1 : i + 1);
	}
	for (int i = 0; i < 4; i++) {
		world_pass(&w, 1000);
		e.at = w.now;
		o.t_ns++;
		model_apply(w.model, &e);
	}
	assert_int_equal(model_nconflicts(w.model, one_uuid ? CONFLICT_UUID :
	    CONFLICT_NAME), one_uuid ? 1 : OBS_DOMS_MAX);
	world_link(&w, 0, LINK_DOWN, "lost");
	assert_int_equal(model_nconflicts(w.model, one_uuid ? CONFLICT_MAYBE :
	    CONFLICT_NAME), one_uuid ? 1 : OBS_DOMS_MAX);
	x_free(o.doms);
	assert_in_range((clock() - begin) / CLOCKS_PER_SEC, 0, 9);
}

static void
crowd_of_one_uuid(void **state)
{
	(void)state;
	crowds_are_quick(true);
}

static void
crowd_of_one_name(void **state)
{
	(void)state;
	crowds_are_quick(false);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(shows_running_vm),
		T(silence_keeps_vm),
		T(reboot_keeps_identity),
		T(gone_for_good_is_removed),
		T(start_with_new_uuid_is_same_vm),
		T(migration_is_one_vm),
		T(one_end_of_a_migration_is_enough),
		T(late_source_is_no_alarm),
		T(two_claims_are_an_alarm),
		T(running_leftover_is_an_alarm),
		T(late_events_are_old),
		T(nameless_domains_are_no_namesakes),
		T(claim_of_silent_host_may_be_true),
		T(same_name_other_uuid),
		T(other_cluster_is_another_vm),
		T(rename_is_noticed),
		T(nameless_domain_gets_its_name),
		T(crash_is_an_alarm),
		T(rates_come_from_the_hosts_clock),
		T(source_that_measures_is_believed),
		T(reused_domid_is_another_vm),
		T(definitions_make_dormant_vms),
		T(reason_stays_while_retrying),
		T(failure_is_told_once),
		T(trouble_lasts_through_retries),
		T(ends_of_trouble_tell_how_long),
		T(conflicts_tell_how_long),
		T(hosts_remember_their_traffic),
		T(silence_is_a_gap),
		T(uptime_is_by_the_hosts_clock),
		T(answers_are_kept),
		T(log_is_bounded),
		T(crowd_of_one_uuid),
		T(crowd_of_one_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
