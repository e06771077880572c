/* The tape of a simulated world with faults: what it plays is what was seen,
 * it stays within its bounds, and when it cannot go on it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <cmocka.h>

#include "backends/recording.h"
#include "backends/sim.h"
#include "backends/simgen.h"
#include "backends/tape.h"
#include "core/conf_check.h"
#include "core/mem.h"
#include "core/prng.h"
#include "core/reading.h"

enum { HOSTS = 4, VMS = 40, WALL_S = 1790000000, FAULT_S = 20 };

struct fixture {
	struct conf conf;
	struct backend *sim;
	struct model *model;
	struct tape *tape;
	struct err err;
	struct pollset ps;
	struct prng prng;
	struct mono start, now, fault;
};

static void
emit(void *arg, const struct event *e)
{
	struct fixture *f = arg;

	if (f->tape != NULL)
		tape_add(f->tape, e);
	model_apply(f->model, e);
}

static void
init(struct fixture *f, uint64_t seed, int64_t tape_kb)
{
	struct conf_generate g = { 1, HOSTS, VMS };
	struct event_sink sink = { emit, f };

	*f = (struct fixture){ .start = { 777000000000 } };
	conf_init(&f->conf);
	f->conf.sim.seed = seed;
	f->conf.tape_kb = tape_kb;
	simgen_add(&f->conf, &g, NULL, 0);
	conf_complete(&f->conf);
	prng_init(&f->prng, seed);
	f->now = f->fault = f->start;
	f->model = model_new(&f->conf);
	f->tape = tape_open(&f->conf, f->start, WALL_S * INT64_C(1000),
	    &f->err);
	f->sim = sim_new(&f->conf, &sink, f->start);
}

static void
fini(struct fixture *f)
{
	f->sim->ops->free(f->sim);
	tape_free(f->tape);
	model_free(f->model);
	pollset_free(&f->ps);
	conf_free(&f->conf);
}

static int64_t
wall(const struct fixture *f)
{
	return WALL_S * INT64_C(1000) + mono_diff_ms(f->now, f->start);
}

static void
hurt(struct fixture *f)
{
	static const enum backend_control what[] = { CONTROL_SIM_DIE,
		CONTROL_SIM_BREAK, CONTROL_SIM_SLOW, CONTROL_SIM_HEAL,
		CONTROL_SIM_HEAL, CONTROL_RECONNECT };

	f->sim->ops->control(f->sim, prng_below(&f->prng, HOSTS),
	    what[prng_below(&f->prng, sizeof what / sizeof what[0])], f->now);
	f->fault = mono_add_ms(f->now, prng_below(&f->prng, FAULT_S * 2000));
}

static void
run(struct fixture *f, int64_t ms)
{
	struct mono end = mono_add_ms(f->now, ms);

	while (mono_before(f->now, end)) {
		struct mono next = end;

		f->sim->ops->prepoll(f->sim, &f->ps, f->now, &next);
		model_tick(f->model, f->now, wall(f), &next);
		mono_lower(&next, f->fault);
		if (mono_before(f->now, next))
			f->now = next;
		if (mono_reached(f->fault, f->now))
			hurt(f);
		f->sim->ops->postpoll(f->sim, &f->ps, f->now, wall(f));
	}
	model_tick(f->model, f->now, wall(f), &(struct mono){ 0 });
}

/* --- What is on it ---------------------------------------------------------- */

static char *
dump(const struct model *m)
{
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	model_dump(m, &b);
	text = x_strdup(b.p);
	buf_free(&b);
	return text;
}

/* What the tape knows of a moment. */
static void
play(struct fixture *f, struct reading *r, struct mono at)
{
	size_t all = SIZE_MAX;

	reading_open(r, tape_reel(f->tape), &f->conf, tape_time(f->tape, at));
	reading_roll(r, tape_time(f->tape, at), &all);
}

static void
test_same(void **state)
{
	struct fixture f;

	(void)state;
	init(&f, 1, 4096);
	for (int i = 0; i < 40; i++) {
		struct reading r;
		char *want, *got;

		run(&f, 500 + prng_below(&f.prng, 20000));
		tape_sync(f.tape, f.now);
		play(&f, &r, f.now);
		want = dump(f.model);
		got = dump(r.model);
		assert_string_equal(got, want);
		reading_close(&r);
		x_free(want);
		x_free(got);
	}
	fini(&f);
}

/* Where every VM is and how it is: no figures. */
static char *
states(const struct model *m)
{
	struct buf b;
	char *text;

	buf_init(&b, 1 << 20);
	for (uint32_t i = 0; i < model_nhosts(m); i++)
		buf_printf(&b, "%s %s %d\n", model_host(m, i)->name,
		    link_state_name(model_host(m, i)->link),
		    model_host(m, i)->health);
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		buf_printf(&b, "%s %s", vm->name, vm_state_name(vm->state));
		for (size_t c = 0; c < vm->ncopies; c++)
			buf_printf(&b, " %u/%u", vm->copies[c].host,
			    vm->copies[c].domid);
		buf_puts(&b, "\n");
	}
	text = x_strdup(b.p);
	buf_free(&b);
	return text;
}

static char *
sorted(char *text)
{
	char *lines[HOSTS + 4 * VMS], *out = x_strdup(text), *at = out;
	size_t n = 0;

	for (char *s = strtok(text, "\n"); s != NULL; s = strtok(NULL, "\n")) {
		size_t i = n++;

		assert_in_range(n, 1, sizeof lines / sizeof lines[0]);
		for (; i > 0 && strcmp(lines[i - 1], s) > 0; i--)
			lines[i] = lines[i - 1];
		lines[i] = s;
	}
	for (size_t i = 0; i < n; i++)
		at += sprintf(at, "%s\n", lines[i]);
	x_free(text);
	return out;
}

/* Nobody looked: of the figures, only some are on it. */
static void
check_thinned(int interval_ms)
{
	enum { SECONDS = 500 };
	char *was[SECONDS];
	size_t all = SIZE_MAX, changes = 0;
	struct reading r;
	struct fixture f;

	init(&f, 2, 16384);
	f.conf.tape_interval_ms = interval_ms;
	for (int i = 0; i < SECONDS; i++) {
		run(&f, 1000);
		was[i] = sorted(states(f.model));
	}
	reading_open(&r, tape_reel(f.tape), &f.conf, MONO_ZERO);
	for (int i = 0; i < SECONDS; i++) {
		struct mono at = mono_add_ms(f.start, (i + 1) * 1000);
		char *got;

		reading_roll(&r, tape_time(f.tape, at), &all);
		got = sorted(states(r.model));
		if (strcmp(got, was[i]) != 0)
			fail_msg("after %d s:\n%s\ninstead of\n%s", i + 1, got,
			    was[i]);
		x_free(got);
		changes += i > 0 && strcmp(was[i], was[i - 1]) != 0;
	}
	assert_in_range(changes, 20, SECONDS);
	for (int i = 0; i < SECONDS; i++)
		x_free(was[i]);
	reading_close(&r);
	fini(&f);
}

static void
test_thinned(void **state)
{
	(void)state;
	check_thinned(5000);
}

/* However few figures are wanted, nobody seems silent who was not. */
static void
test_thin(void **state)
{
	(void)state;
	check_thinned(120000);
}

static size_t
observations(struct fixture *f)
{
	struct reel *reel = tape_reel(f->tape);
	struct reel_pass *p = reel->ops->begin(reel, MONO_ZERO);
	enum reel_got got;
	struct event e;
	size_t cost, n = 0;

	while ((got = reel->ops->next(p, &e, &cost)) != REEL_END)
		n += got == REEL_EVENT && e.type == EVENT_OBS;
	reel->ops->end(p);
	return n;
}

static void
test_thins(void **state)
{
	enum { SECONDS = 100 };
	struct fixture f;

	(void)state;
	init(&f, 3, 16384);
	f.fault = MONO_NEVER;
	run(&f, SECONDS * 1000);
	/* One in five is wanted; migrations and the like come on top. */
	assert_in_range(observations(&f), SECONDS * HOSTS / 5 - HOSTS,
	    SECONDS * HOSTS / 2);
	fini(&f);
}

/* --- Its bounds ------------------------------------------------------------- */

static int64_t
size(const struct fixture *f)
{
	const struct recording *r =
	    (const struct recording *)(const void *)tape_reel(f->tape);
	int64_t n = 0;

	for (size_t i = 0; i < r->npieces; i++)
		n += r->pieces[i].end - r->pieces[i].begin;
	return n;
}

/* The oldest goes, and what is left tells of its moments as before. */
static void
test_bounds(void **state)
{
	enum { KB = 512, SECONDS = 5000 };
	struct fixture f;
	struct reading r;
	struct mono first;
	char *want, *got;
	int64_t most = 0;

	(void)state;
	init(&f, 4, KB);
	for (int i = 0; i < SECONDS; i++) {
		run(&f, 1000);
		if (size(&f) > most)
			most = size(&f);
	}
	assert_int_equal(tape_err(f.tape)->kind, ERR_NONE);
	/* Five quarters, and what each begins with. */
	assert_in_range(most, KB * 1024 / 2, KB * 1024 * 2);
	first = tape_reel(f.tape)->first;
	assert_true(mono_before(MONO_ZERO, first));
	tape_sync(f.tape, f.now);
	play(&f, &r, f.now);
	want = dump(f.model);
	got = dump(r.model);
	assert_string_equal(got, want);
	reading_close(&r);
	x_free(want);
	x_free(got);
	/* Its first moment can be shown as well. */
	play(&f, &r, mono_add_ms(f.start, first.ns / 1000000 + 1));
	assert_true(model_nvms(r.model) > VMS / 2);
	reading_close(&r);
	fini(&f);
}

/* --- Trouble ---------------------------------------------------------------- */

static struct rlimit
lower(int what, rlim_t to)
{
	struct rlimit was, now;

	assert_int_equal(getrlimit(what, &was), 0);
	now = was;
	now.rlim_cur = to;
	assert_int_equal(setrlimit(what, &now), 0);
	return was;
}

/* A piece may not grow any more: as on a full disk. */
static void
test_full(void **state)
{
	struct fixture f;
	struct rlimit was;
	char told[sizeof f.err.msg];

	(void)state;
	init(&f, 5, 16384);
	signal(SIGXFSZ, SIG_IGN);
	was = lower(RLIMIT_FSIZE, 65536);
	run(&f, 300000);
	setrlimit(RLIMIT_FSIZE, &was);
	assert_int_equal(tape_err(f.tape)->kind, ERR_FAILED);
	assert_string_equal(tape_err(f.tape)->msg,
	    "what happens is not kept any more: File too large");
	snprintf(told, sizeof told, "%s", tape_err(f.tape)->msg);
	run(&f, 10000);
	tape_sync(f.tape, f.now);
	assert_string_equal(tape_err(f.tape)->msg, told);
	assert_in_range(size(&f), 1, 65536);
	assert_true(model_nvms(f.model) > VMS / 2);
	fini(&f);
}

/* Nowhere to make a file. */
static void
test_nowhere(void **state)
{
	struct fixture f;
	struct rlimit was = lower(RLIMIT_NOFILE, 3);

	(void)state;
	init(&f, 6, 16384);
	setrlimit(RLIMIT_NOFILE, &was);
	assert_null(f.tape);
	assert_int_equal(f.err.kind, ERR_FAILED);
	assert_non_null(strstr(f.err.msg, "no room for what happened: "));
	assert_non_null(strstr(f.err.msg, "set TMPDIR to a directory"));
	run(&f, 5000);
	assert_true(model_nvms(f.model) > VMS / 2);
	fini(&f);

	init(&f, 6, 0);
	assert_null(f.tape);
	assert_non_null(strstr(f.err.msg, "tape = 0"));
	fini(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_thinned),
		cmocka_unit_test(test_thin),
		cmocka_unit_test(test_thins),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
