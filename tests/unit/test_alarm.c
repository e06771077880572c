/* Alarms, one rule a test: what begins one, what ends it, what an operator can
 * do about it, and that there are never more than there is room for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/alarm.h"
#include "core/mem.h"
#include "tests/lib/world.h"

struct env {
	struct world w;
	struct alarms *a;
	unsigned silent; /* hosts that say nothing, by bit */
};

static void
add_rule(struct env *e, const char *match, int priority, enum tristate watch)
{
	struct conf_vm *v = conf_add_vm(&e->w.conf);

	v->match = x_strdup(match);
	v->priority = priority;
	v->watch = watch;
}

static void
step(struct env *e, int64_t ms)
{
	struct mono next = MONO_NEVER;

	world_pass(&e->w, ms);
	for (uint32_t h = 0; h < e->w.conf.nhosts; h++)
		if (h >= 32 || (e->silent & 1u << h) == 0)
			world_send(&e->w, h);
	world_pass(&e->w, 0);
	alarms_update(e->a, e->w.model, e->w.now, e->w.now.ns / 1000000,
	    &next);
}

static void
pass(struct env *e, int seconds)
{
	for (int i = 0; i < seconds; i++)
		step(e, 1000);
}

static void
set_up(struct env *e)
{
	*e = (struct env){ 0 };
	world_init(&e->w, 1, 2);
	e->w.conf.stale_ms = 5000;
	e->a = alarms_new(&e->w.conf);
	world_dom(&e->w, 0, 1, 1, "db1");
	world_dom(&e->w, 0, 2, 2, "web1");
	world_dom(&e->w, 1, 1, 3, "mail");
	add_rule(e, "db*", 1, TRI_AUTO);
	add_rule(e, "kept", 5, TRI_YES);
	add_rule(e, "loner", 1, TRI_NO);
	pass(e, 3);
}

static void
tear_down(struct env *e)
{
	alarms_free(e->a);
	world_free(&e->w);
}

/* The one alarm there is, or NULL; more than one is an error. */
static const struct alarm *
only(const struct env *e)
{
	const struct alarm *v[4];
	size_t n = alarms_list(e->a, v, 4);

	assert_true(n <= 1);
	return n == 1 ? v[0] : NULL;
}

static const struct alarm *
only_active(const struct env *e, enum alarm_kind kind)
{
	const struct alarm *x = only(e);

	assert_non_null(x);
	assert_int_equal(x->kind, kind);
	assert_int_equal(x->state, ALARM_ACTIVE);
	return x;
}

static void
all_is_well(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	pass(&e, 60);
	assert_null(only(&e));
	assert_int_equal(alarms_count(e.a).active, 0);
	tear_down(&e);
}

static void
host_down_after_its_time(void **state)
{
	const struct alarm *x;
	struct env e;
	char text[256];

	(void)state;
	set_up(&e);
	e.silent = 2;
	pass(&e, 29);
	assert_null(only(&e));
	pass(&e, 2);
	x = only_active(&e, ALARM_HOST_DOWN);
	assert_int_equal(x->host, 1);
	assert_int_equal(x->vm, MODEL_NONE);
	assert_int_equal(x->level, NOTE_ALARM);
	/* It began when it fell silent, not when it was told. */
	assert_in_range(mono_diff_ms(e.w.now, x->since), 30000, 32000);
	alarm_sentence(x, text, sizeof text);
	assert_string_equal(text, "h1 does not answer");

	/* Being tried again is not an answer. */
	world_link(&e.w, 1, LINK_DOWN, "no route to host");
	pass(&e, 10);
	world_link(&e.w, 1, LINK_CONNECTING, NULL);
	pass(&e, 10);
	x = only_active(&e, ALARM_HOST_DOWN);
	alarm_sentence(x, text, sizeof text);
	assert_string_equal(text, "h1 does not answer: no route to host");
	e.silent = 0;
	pass(&e, 1);
	only_active(&e, ALARM_HOST_DOWN);
	pass(&e, 8);
	x = only(&e);
	assert_int_equal(x->state, ALARM_ENDED);
	assert_in_range(mono_diff_ms(x->ended, x->since), 50000, 54000);
	tear_down(&e);
}

static void
host_never_reached(void **state)
{
	struct env e;

	(void)state;
	e = (struct env){ .silent = 3 };
	world_init(&e.w, 1, 2);
	e.a = alarms_new(&e.w.conf);
	pass(&e, 60);
	assert_null(only(&e)); /* nobody tried yet */
	world_link(&e.w, 0, LINK_DOWN, "no route to host");
	pass(&e, 31);
	only_active(&e, ALARM_HOST_DOWN);
	tear_down(&e);
}

static void
host_down_can_be_off(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_down_ms = 0;
	e.silent = 2;
	pass(&e, 100);
	assert_null(only(&e));
	tear_down(&e);
}

static void
refused_at_once(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.silent = 1;
	world_link(&e.w, 0, LINK_REFUSED, "the host key changed");
	pass(&e, 1);
	only_active(&e, ALARM_HOST_REFUSED);
	pass(&e, 100);
	only_active(&e, ALARM_HOST_REFUSED);
	tear_down(&e);
}

static void
crash(struct env *e, uint32_t host, uint32_t domid)
{
	struct obs *o = &e->w.obs[host];

	for (size_t i = 0; i < o->ndoms; i++)
		if (o->doms[i].domid == domid) {
			o->doms[i].flags = DOM_SHUTDOWN;
			o->doms[i].reason = REASON_CRASH;
		}
}

/* on_crash = "restart" takes the crashed domain away at once. */
static void
short_crash_is_told(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	crash(&e, 0, 2);
	pass(&e, 1);
	x = only_active(&e, ALARM_VM_CRASHED);
	assert_string_equal(x->name, "web1");
	assert_string_equal(x->place, "h0");
	world_undom(&e.w, 0, 2);
	world_dom(&e.w, 0, 9, 2, "web1");
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
ignored_vm_may_crash(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	world_dom(&e.w, 0, 5, 5, "loner");
	pass(&e, 2);
	crash(&e, 0, 5);
	pass(&e, 10);
	world_undom(&e.w, 0, 5);
	pass(&e, 30);
	assert_null(only(&e));
	tear_down(&e);
}

static void
missing_when_it_was_watched(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	world_undom(&e.w, 0, 2); /* web1: nobody asked to watch it */
	world_undom(&e.w, 0, 1); /* db1: priority 1 */
	pass(&e, 14);
	assert_null(only(&e));
	pass(&e, 4);
	x = only_active(&e, ALARM_VM_MISSING);
	assert_string_equal(x->name, "db1");
	assert_int_equal(x->level, NOTE_ALARM);
	assert_in_range(mono_diff_ms(e.w.now, x->since), 15000, 18000);

	/* Back elsewhere, as another VM to the model. */
	world_dom(&e.w, 1, 7, 77, "db1");
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
missing_stays_though_dormant(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	world_dom(&e.w, 0, 6, 6, "kept");
	world_def(&e.w, 1, "kept");
	pass(&e, 3);
	world_undom(&e.w, 0, 6);
	pass(&e, 100);
	only_active(&e, ALARM_VM_MISSING);
	world_dom(&e.w, 1, 8, 6, "kept");
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
reboot_is_not_missing(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	world_undom(&e.w, 0, 1);
	pass(&e, 12);
	world_dom(&e.w, 0, 12, 1, "db1");
	pass(&e, 60);
	assert_null(only(&e));
	tear_down(&e);
}

static void
orderly_end_is_not_missing(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	crash(&e, 0, 1);
	e.w.obs[0].doms[1].reason = REASON_POWEROFF;
	assert_string_equal(e.w.obs[0].doms[1].name, "db1");
	pass(&e, 1);
	world_undom(&e.w, 0, 1);
	pass(&e, 60);
	assert_null(only(&e));
	tear_down(&e);
}

static void
silence_is_not_missing(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_down_ms = 0;
	world_undom(&e.w, 0, 1);
	e.silent = 1; /* nobody says so */
	pass(&e, 100);
	assert_null(only(&e));
	e.silent = 2;
	pass(&e, 20); /* said, but it may be on the other host */
	assert_int_equal(only_active(&e, ALARM_VM_MISSING)->level,
	    NOTE_WARNING);
	e.silent = 0;
	pass(&e, 1);
	assert_int_equal(only_active(&e, ALARM_VM_MISSING)->level, NOTE_ALARM);
	tear_down(&e);
}

static void
ack_of_missing_ends_it(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	world_undom(&e.w, 0, 1);
	pass(&e, 20);
	x = only_active(&e, ALARM_VM_MISSING);
	assert_true(alarms_ack(e.a, x->id, "me", e.w.now, 0));
	x = only(&e);
	assert_int_equal(x->state, ALARM_ENDED);
	assert_true(x->acked);
	assert_string_equal(x->acked_by, "me");
	pass(&e, 100);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

/* Nobody acknowledges on a wall. */
static void
missing_is_forgotten_at_last(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.vm_missing_ms = 600000;
	world_undom(&e.w, 0, 1);
	pass(&e, 595);
	only_active(&e, ALARM_VM_MISSING);
	pass(&e, 6);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	pass(&e, 600);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
runs_twice(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	world_dom(&e.w, 1, 30, 1, "db1");
	pass(&e, 4);
	only_active(&e, ALARM_VM_TWICE);
	world_undom(&e.w, 1, 30);
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
same_name(void **state)
{
	const struct alarm *v[4];
	struct env e;

	(void)state;
	set_up(&e);
	world_dom(&e.w, 1, 31, 31, "db1");
	pass(&e, 8);
	assert_int_equal(alarms_list(e.a, v, 4), 2); /* each of them */
	assert_int_equal(v[0]->kind, ALARM_VM_NAME);
	assert_int_equal(v[0]->level, NOTE_WARNING);
	tear_down(&e);
}

static void
use_memory(struct env *e, int percent)
{
	struct obs_host *h = &e->w.obs[0].host;

	h->free_kb = h->mem_kb / 100 * (100 - percent);
}

static void
memory_has_two_limits(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	use_memory(&e, 96);
	pass(&e, 60);
	assert_null(only(&e));
	pass(&e, 2);
	x = only_active(&e, ALARM_HOST_MEMORY);
	assert_int_equal(x->level, NOTE_WARNING);
	use_memory(&e, 98);
	pass(&e, 1);
	use_memory(&e, 91); /* between the two */
	pass(&e, 300);
	x = only_active(&e, ALARM_HOST_MEMORY);
	assert_in_range(x->worst, 978, 982);
	assert_in_range(x->last, 908, 912);
	use_memory(&e, 89);
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	use_memory(&e, 94);
	pass(&e, 300);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
host_has_its_own_limit(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.hosts[0].memory_alarm = 60;
	use_memory(&e, 61);
	pass(&e, 62);
	only_active(&e, ALARM_HOST_MEMORY);
	use_memory(&e, 56); /* 60 less the general distance, 5 */
	pass(&e, 62);
	only_active(&e, ALARM_HOST_MEMORY);
	use_memory(&e, 54);
	pass(&e, 8);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	e.w.conf.hosts[0].memory_alarm = 0;
	use_memory(&e, 99);
	pass(&e, 300);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

/* Old figures neither end an alarm nor begin one. */
static void
old_figures_prove_nothing(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_down_ms = 0;
	use_memory(&e, 97);
	pass(&e, 50);
	e.silent = 1;
	pass(&e, 60);
	assert_null(only(&e));
	e.silent = 0;
	pass(&e, 62);
	only_active(&e, ALARM_HOST_MEMORY);
	e.silent = 1;
	pass(&e, 100);
	only_active(&e, ALARM_HOST_MEMORY);
	tear_down(&e);
}

static void
burn(struct env *e, int seconds, int percent)
{
	for (int i = 0; i < seconds; i++) {
		e->w.obs[0].t_ns += 1000000000;
		for (size_t k = 0; k < e->w.obs[0].ndoms; k++)
			if (e->w.obs[0].doms[k].domid == 2)
				e->w.obs[0].doms[k].cpu_pm = percent * 10 * 2;
		step(e, 1000);
	}
}

static void
vm_cpu_is_off_until_asked_for(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	burn(&e, 400, 100);
	assert_null(only(&e));
	e.w.conf.alarms.vm_cpu = 90;
	burn(&e, 290, 100);
	assert_null(only(&e));
	burn(&e, 20, 100);
	x = only_active(&e, ALARM_VM_CPU);
	assert_string_equal(x->name, "web1");
	assert_int_equal(x->last, 1000);
	burn(&e, 60, 85);
	only_active(&e, ALARM_VM_CPU);
	burn(&e, 8, 50);
	assert_int_equal(only(&e)->state, ALARM_ENDED);
	tear_down(&e);
}

static void
short_troubles_are_not_told(void **state)
{
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_memory_for_ms = 0;
	for (int i = 0; i < 20; i++) {
		use_memory(&e, 97);
		pass(&e, 5);
		use_memory(&e, 50);
		pass(&e, 2);
	}
	assert_null(only(&e));
	tear_down(&e);
}

static void
flaps_are_one(void **state)
{
	const struct alarm *x;
	uint64_t seen = 0;
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_memory_for_ms = 0;
	use_memory(&e, 97);
	pass(&e, 8);
	x = only_active(&e, ALARM_HOST_MEMORY);
	assert_ptr_equal(alarms_news(e.a, &seen), x);
	assert_true(alarms_ack(e.a, x->id, "me", e.w.now, 0));
	for (int i = 0; i < 20; i++) {
		use_memory(&e, 50);
		pass(&e, 4);
		use_memory(&e, 97);
		pass(&e, 4);
	}
	x = only_active(&e, ALARM_HOST_MEMORY);
	assert_int_equal(x->merged, 20);
	assert_true(x->acked);
	assert_null(alarms_news(e.a, &seen));
	tear_down(&e);
}

static void
silence_ends(void **state)
{
	const struct alarm *x;
	uint64_t seen = 0;
	struct env e;

	(void)state;
	set_up(&e);
	crash(&e, 0, 2);
	pass(&e, 1);
	x = only(&e);
	assert_true(alarm_is_loud(x));
	assert_int_equal(alarms_count(e.a).loud[NOTE_ALARM], 1);
	assert_int_equal(alarms_count_since(e.a, x->id - 1), 1);
	assert_int_equal(alarms_last(e.a), x->id);
	assert_int_equal(alarms_count_since(e.a, alarms_last(e.a)), 0);
	assert_true(alarms_silence(e.a, x->id, mono_add_ms(e.w.now, 10000)));
	assert_int_equal(alarms_count_since(e.a, x->id - 1), 0);
	assert_int_equal(alarms_count(e.a).silenced, 1);
	assert_int_equal(alarms_count(e.a).loud[NOTE_ALARM], 0);
	assert_null(alarms_news(e.a, &seen));
	assert_string_equal(alarm_state_name(x), "silenced");
	pass(&e, 9);
	assert_false(alarm_is_loud(x));
	pass(&e, 2);
	assert_true(alarm_is_loud(x));
	assert_true(alarms_silence(e.a, x->id, MONO_NEVER));
	pass(&e, 10000);
	assert_false(alarm_is_loud(only(&e)));
	tear_down(&e);
}

static void
worst_come_first(void **state)
{
	const struct alarm *v[8];
	uint64_t seen = 0;
	struct env e;

	(void)state;
	set_up(&e);
	e.w.conf.alarms.host_memory_for_ms = 0;
	use_memory(&e, 97);
	pass(&e, 8);
	crash(&e, 0, 2);
	pass(&e, 1);
	crash(&e, 1, 1);
	pass(&e, 1);
	assert_int_equal(alarms_list(e.a, v, 8), 3);
	assert_string_equal(v[0]->name, "mail"); /* the newest */
	assert_string_equal(v[1]->name, "web1");
	assert_int_equal(v[2]->kind, ALARM_HOST_MEMORY);
	assert_ptr_equal(alarms_news(e.a, &seen), v[0]);
	alarms_ack(e.a, v[0]->id, "me", e.w.now, 0);
	assert_int_equal(alarms_list(e.a, v, 8), 3);
	assert_string_equal(v[0]->name, "web1");
	assert_string_equal(v[1]->name, "mail");
	assert_ptr_equal(alarms_about(e.a, 0, MODEL_NONE), v[2]);
	assert_ptr_equal(alarms_about(e.a, 0, v[0]->vm), v[0]);
	assert_null(alarms_about(e.a, 1, MODEL_NONE));
	assert_ptr_equal(alarms_find(e.a, v[1]->id), v[1]);
	assert_int_equal(alarms_ack_all(e.a, "me", e.w.now, 0), 2);
	assert_int_equal(alarms_count(e.a).acked, 3);
	tear_down(&e);
}

static void
there_is_an_end_to_them(void **state)
{
	const struct alarm *v[ALARMS_ENDED_MAX + 8];
	struct env e;

	(void)state;
	set_up(&e);
	for (unsigned i = 0; i < ALARMS_ENDED_MAX + 50; i++) {
		crash(&e, 0, 2);
		pass(&e, 1);
		world_undom(&e.w, 0, 2);
		world_dom(&e.w, 0, 2, 2, "web1");
		pass(&e, 8);
	}
	assert_int_equal(alarms_list(e.a, v, ALARMS_ENDED_MAX + 8),
	    ALARMS_ENDED_MAX);
	assert_int_equal(v[0]->id, ALARMS_ENDED_MAX + 50);
	assert_null(alarms_find(e.a, 1));
	tear_down(&e);
}

/* While the console was stopped, or the machine asleep, nobody listened: that
 * nothing was heard then is nobody's trouble. */
static void
a_nap_is_no_silence(void **state)
{
	const struct alarm *x;
	struct env e;

	(void)state;
	set_up(&e);
	e.silent = 3;
	step(&e, 600 * 1000);
	assert_null(only(&e));
	e.silent = 0;
	pass(&e, 60);
	assert_null(only(&e));
	/* One that was silent before gets its time again, and no more. */
	e.silent = 2;
	pass(&e, 10);
	step(&e, 3600 * 1000);
	assert_null(only(&e));
	e.silent = 2;
	pass(&e, 29);
	assert_null(only(&e));
	pass(&e, 2);
	x = only_active(&e, ALARM_HOST_DOWN);
	assert_in_range(mono_diff_ms(e.w.now, x->since), 30000, 32000);
	/* What was told before goes on. */
	step(&e, 3600 * 1000);
	assert_ptr_equal(only_active(&e, ALARM_HOST_DOWN), x);
	tear_down(&e);
}

/* Thousands of warnings leave no room, but for what is worse. */
static void
worse_ones_find_room(void **state)
{
	enum { HOSTS = ALARMS_LIVE_MAX / 60 + 2 };
	struct alarm_counts n;
	struct env e = { 0 };

	(void)state;
	world_init(&e.w, 1, HOSTS);
	e.w.conf.stale_ms = 5000;
	e.w.conf.alarms.vm_cpu = 50;
	e.a = alarms_new(&e.w.conf);
	for (unsigned h = 0; h < HOSTS; h++) {
		e.w.obs[h].host.cpus = 128;
		for (unsigned d = 1; d <= 60; d++) {
			char name[32];

			snprintf(name, sizeof name, "vm%u", h * 100 + d);
			world_dom(&e.w, h, d, h * 100 + d, name)->cpu_pm = 2000;
		}
	}
	for (int i = 0; i < 80; i++)
		step(&e, 5000);
	n = alarms_count(e.a);
	assert_int_equal(n.active, ALARMS_LIVE_MAX);
	assert_int_equal(n.untold, HOSTS * 60 - ALARMS_LIVE_MAX);
	assert_int_equal(n.loud[NOTE_ALARM], 0);
	e.silent = 1;
	for (int i = 0; i < 8; i++)
		step(&e, 5000);
	n = alarms_count(e.a);
	assert_int_equal(n.active, ALARMS_LIVE_MAX);
	assert_int_equal(n.loud[NOTE_ALARM], 1);
	assert_non_null(alarms_about(e.a, 0, MODEL_NONE));
	/* There is no room for a warning in place of another one. */
	assert_int_equal(alarms_count_kind(e.a, ALARM_VM_CPU).loud[
	    NOTE_WARNING], ALARMS_LIVE_MAX - 1);
	tear_down(&e);
}

/* No look at every answer of every host, and none when nothing changed. */
static void
looks_are_rare(void **state)
{
	struct mono next = MONO_NEVER;
	struct env e;

	(void)state;
	set_up(&e);
	pass(&e, 1);
	crash(&e, 0, 2);
	e.w.now = mono_add_ms(e.w.now, 100);
	world_send(&e.w, 0);
	alarms_update(e.a, e.w.model, e.w.now, 0, &next);
	assert_null(only(&e));
	assert_in_range(mono_diff_ms(next, e.w.now), 100, 200);
	e.w.now = next;
	next = MONO_NEVER;
	assert_true(alarms_update(e.a, e.w.model, e.w.now, 0, &next));
	only_active(&e, ALARM_VM_CRASHED);
	assert_int_equal(next.ns, INT64_MAX);
	tear_down(&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_is_well),
		cmocka_unit_test(host_down_after_its_time),
		cmocka_unit_test(host_never_reached),
		cmocka_unit_test(host_down_can_be_off),
		cmocka_unit_test(refused_at_once),
		cmocka_unit_test(short_crash_is_told),
		cmocka_unit_test(ignored_vm_may_crash),
		cmocka_unit_test(missing_when_it_was_watched),
		cmocka_unit_test(missing_stays_though_dormant),
		cmocka_unit_test(reboot_is_not_missing),
		cmocka_unit_test(orderly_end_is_not_missing),
		cmocka_unit_test(silence_is_not_missing),
		cmocka_unit_test(ack_of_missing_ends_it),
		cmocka_unit_test(missing_is_forgotten_at_last),
		cmocka_unit_test(runs_twice),
		cmocka_unit_test(same_name),
		cmocka_unit_test(memory_has_two_limits),
		cmocka_unit_test(host_has_its_own_limit),
		cmocka_unit_test(old_figures_prove_nothing),
		cmocka_unit_test(vm_cpu_is_off_until_asked_for),
		cmocka_unit_test(short_troubles_are_not_told),
		cmocka_unit_test(flaps_are_one),
		cmocka_unit_test(silence_ends),
		cmocka_unit_test(worst_come_first),
		cmocka_unit_test(there_is_an_end_to_them),
		cmocka_unit_test(a_nap_is_no_silence),
		cmocka_unit_test(worse_ones_find_room),
		cmocka_unit_test(looks_are_rare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
