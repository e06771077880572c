/* Recordings of worlds with faults, played in every way: what is shown of a
 * moment depends on the moment alone, not on the speed, on how turns of the
 * loop divide it, or on the way that led there. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/recording.h"
#include "core/mem.h"
#include "core/player.h"
#include "core/prng.h"
#include "core/reading.h"
#include "tests/lib/record.h"

enum { SECONDS = 600, SEEDS = 3, SEEKS = 25 };

struct fixture {
	struct record rec;
	struct conf conf;
	struct reel *reel;
	struct reading straight;
	struct prng prng;
	struct mono now; /* the clock of who watches */
};

static void
open_all(struct fixture *f, uint64_t seed)
{
	struct err err = { 0 };

	record_make(&f->rec, seed, 4, 40, SECONDS, 20);
	conf_init(&f->conf);
	f->reel = recording_open(f->rec.path, &f->conf, &err);
	if (f->reel == NULL)
		fail_msg("%s", err.msg);
	reading_open(&f->straight, f->reel, &f->conf, MONO_ZERO);
	prng_init(&f->prng, seed);
	f->now = (struct mono){ 5000000000 };
}

static void
close_all(struct fixture *f)
{
	reading_close(&f->straight);
	f->reel->ops->free(f->reel);
	conf_free(&f->conf);
	record_free(&f->rec);
}

static char *
dump(const struct model *m, bool with_log)
{
	const struct log_entry *e;
	struct buf b;
	char *text;

	buf_init(&b, 16 << 20);
	model_dump(m, &b);
	for (size_t i = 0; with_log && (e = model_log(m, i)) != NULL; i++)
		buf_printf(&b, "%llu %lld %s\n", (unsigned long long)e->seq,
		    (long long)e->wall_ms, e->text);
	text = x_strdup(b.p != NULL ? b.p : "");
	buf_free(&b);
	return text;
}

/* What straight play shows of that moment; never back. */
static char *
truth(struct fixture *f, struct mono at, bool with_log)
{
	size_t budget = SIZE_MAX;

	if (mono_before(at, f->straight.at)) {
		reading_close(&f->straight);
		reading_open(&f->straight, f->reel, &f->conf, MONO_ZERO);
	}
	reading_roll(&f->straight, at, &budget);
	return dump(f->straight.model, with_log);
}

static void
check(struct fixture *f, const struct player *p, bool with_log,
    const char *how)
{
	char *want = truth(f, player_at(p), with_log);
	char *got = dump(player_model(p), with_log);

	if (strcmp(want, got) != 0)
		fail_msg("%s, at %lld ms:\n%s\ninstead of\n%s", how,
		    (long long)(player_at(p).ns / 1000000), got, want);
	x_free(want);
	x_free(got);
}

static void
turn(struct fixture *f, struct player *p)
{
	struct mono next = mono_add_ms(f->now, 50);

	player_turn(p, f->now, &next);
	f->now = mono_before(f->now, next) ? next :
	    (struct mono){ f->now.ns + 100000 };
}

static void
until_there(struct fixture *f, struct player *p)
{
	for (int i = 0; player_state(p).seeking >= 0; i++) {
		assert_true(i < 100000);
		turn(f, p);
	}
}

/* In the middle of the events of one moment the model is ahead of the truth;
 * then nothing is compared. */
static void
test_speeds(void **state)
{
	static const int speeds[] = { 100, 6000, 100000, PLAYER_FULL };
	struct fixture f;

	(void)state;
	open_all(&f, 1);
	for (size_t i = 0; i < sizeof speeds / sizeof speeds[0]; i++) {
		struct player *p = player_new(f.reel, &f.conf, NULL);
		int compared = 0;

		until_there(&f, p);
		player_set_speed(p, speeds[i]);
		player_pause(p, false);
		for (int n = 0; n < 1500 && !player_state(p).at_end; n++) {
			struct mono next = mono_add_ms(f.now,
			    prng_below(&f.prng, 700));
			bool busy;

			player_turn(p, f.now, &next);
			busy = mono_reached(next, f.now);
			f.now = mono_add_ms(next, 0);
			if (busy)
				f.now.ns += 1000;
			else if (compared++ < 60)
				check(&f, p, true, "playing");
		}
		assert_true(speeds[i] == PLAYER_FULL || compared > 10);
		player_free(p);
	}
	close_all(&f);
}

static void
random_wish(struct fixture *f, struct player *p)
{
	int64_t ms = prng_below(&f->prng, SECONDS * 1000 + 5000);

	switch (prng_below(&f->prng, 9)) {
	case 8:
		player_seek_share(p, (int)prng_below(&f->prng, 1000001));
		break;
	case 0:
		player_step(p, 1);
		break;
	case 1:
		player_step(p, -1);
		break;
	case 2:
		player_event(p, 1);
		break;
	case 3:
		player_event(p, -1);
		break;
	case 4:
		player_seek(p, MONO_ZERO);
		turn(f, p); /* and think better of it */
		player_cancel(p);
		break;
	default:
		player_seek(p, mono_add_ms(MONO_ZERO, ms));
		break;
	}
}

static void
test_seeks(void **state)
{
	(void)state;
	for (uint64_t seed = 2; seed < 2 + SEEDS; seed++) {
		struct fixture f;
		struct player *p;

		open_all(&f, seed);
		p = player_new(f.reel, &f.conf, NULL);
		for (int i = 0; i < SEEKS; i++) {
			random_wish(&f, p);
			if (prng_below(&f.prng, 4) == 0)
				continue; /* before the last one is done */
			until_there(&f, p);
			player_take_answer(p);
			check(&f, p, true, "after seeks");
		}
		player_free(p);
		close_all(&f);
	}
}

/* Every event is come by, forwards and backwards. */
static void
test_events(void **state)
{
	struct fixture f;
	struct player *p;
	struct mono at[4096];
	size_t n = 0;

	(void)state;
	open_all(&f, 9);
	p = player_new(f.reel, &f.conf, NULL);
	until_there(&f, p);
	for (;;) {
		struct mono from = player_at(p);

		player_event(p, 1);
		until_there(&f, p);
		if (player_take_answer(p) == PLAYER_NO_EVENT_AFTER)
			break;
		assert_true(mono_before(from, player_at(p)) && n < 4096);
		at[n++] = player_at(p);
	}
	assert_true(n > 20);
	for (; n > 1; n--) {
		player_event(p, -1);
		until_there(&f, p);
		assert_int_equal(player_at(p).ns, at[n - 2].ns);
	}
	player_event(p, -1);
	assert_int_equal(player_take_answer(p), PLAYER_NO_EVENT_BEFORE);
	player_free(p);
	close_all(&f);
}

/* Half of the way is known only when the end is; playing waits for it. */
static void
test_shares(void **state)
{
	struct fixture f;
	struct player *p;
	int64_t half;

	(void)state;
	open_all(&f, 7);
	p = player_new(f.reel, &f.conf, NULL);
	player_set_speed(p, PLAYER_FULL);
	player_stop_at_share(p, 500000);
	player_seek_share(p, 250000);
	assert_int_equal(player_state(p).searched, 0);
	player_pause(p, false);
	until_there(&f, p);
	half = (f.reel->first.ns + f.reel->last.ns) / 2;
	assert_in_range(player_at(p).ns, half / 2 - 1000000,
	    half / 2 + 1000000);
	check(&f, p, true, "at a quarter");
	for (int i = 0; !player_state(p).paused; i++) {
		assert_true(i < 100000);
		turn(&f, p);
	}
	assert_in_range(player_at(p).ns, half - 1000000, half + 1000000);
	check(&f, p, true, "at half");
	player_free(p);
	close_all(&f);
}

/* A seek does not read the whole file. */
static void
test_seek_is_short(void **state)
{
	struct fixture f;
	struct player *p;
	size_t cost, bytes = 0;
	struct reel_pass *pass;
	struct event e;

	(void)state;
	open_all(&f, 5);
	p = player_new(f.reel, &f.conf, NULL);
	player_seek_end(p);
	until_there(&f, p);
	pass = f.reel->ops->begin(f.reel, player_at(p));
	while (f.reel->ops->next(pass, &e, &cost) != REEL_END)
		bytes += cost;
	f.reel->ops->end(pass);
	assert_in_range(bytes, 1, (uintmax_t)f.reel->size * 2 / 3);
	player_free(p);
	close_all(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_speeds),
		cmocka_unit_test(test_seeks),
		cmocka_unit_test(test_events),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_seek_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
