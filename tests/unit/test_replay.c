/* Recordings as they are played: in time, and in spite of what is wrong with
 * the file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/recording.h"
#include "backends/wire.h"
#include "core/mem.h"
#include "core/player.h"
#include "core/reading.h"
#include "tests/lib/obsgen.h"

#define HEAD "{\"type\":\"recording\",\"v\":1,\"wall_ms\":1000000," \
	"\"clusters\":[{\"name\":\"c\",\"hosts\":[{\"name\":\"alpha\"}," \
	"{\"name\":\"beta\"}]}]}\n"
#define NOTE(at, text) "{\"at\":" #at ",\"on\":\"beta\",\"type\":\"note\"," \
	"\"text\":\"" text "\"}\n"

enum { SEEN_MAX = 2048 };

struct seen {
	enum event_type type;
	uint32_t host;
	struct mono at, retry;
	int64_t wall_ms;
	char text[256];
};

struct fixture {
	char dir[64], path[128];
	struct conf conf;
	struct reel *reel;
	struct reading reading;
	struct event_sink tee;
	struct mono now; /* of the recording */
	struct err err;
	struct seen seen[SEEN_MAX];
	size_t n;
	struct obs *expect; /* or NULL; one for each event */
};

static void
emit(void *arg, const struct event *e)
{
	struct fixture *f = arg;
	struct seen *s = &f->seen[f->n];

	assert_true(f->n < SEEN_MAX);
	*s = (struct seen){ .type = e->type, .host = e->host, .at = e->at,
		.wall_ms = e->wall_ms };
	if (e->type == EVENT_NOTE)
		snprintf(s->text, sizeof s->text, "%s", e->u.note.text);
	else if (e->type == EVENT_LINK)
		s->retry = e->u.link.retry;
	else if (f->expect != NULL)
		assert_true(obs_equal(e->u.obs, &f->expect[f->n]));
	f->n++;
}

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	snprintf(f->dir, sizeof f->dir, "/tmp/xendeck-replay-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof f->path, "%s/rec", f->dir);
	conf_init(&f->conf);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	reading_close(&f->reading);
	if (f->reel != NULL)
		f->reel->ops->free(f->reel);
	unlink(f->path);
	rmdir(f->dir);
	conf_free(&f->conf);
	x_free(f);
	return 0;
}

static void
save(struct fixture *f, const char *text, size_t n)
{
	FILE *fp = fopen(f->path, "w");

	assert_non_null(fp);
	assert_int_equal(fwrite(text, 1, n, fp), n);
	assert_int_equal(fclose(fp), 0);
}

static void
start(struct fixture *f, const char *text)
{
	save(f, text, strlen(text));
	f->reel = recording_open(f->path, &f->conf, &f->err);
	if (f->reel == NULL)
		fail_msg("%s", f->err.msg);
	reading_open(&f->reading, f->reel, &f->conf, MONO_ZERO);
	f->tee = (struct event_sink){ emit, f };
	f->reading.tee = &f->tee;
}

/* Lets ms of the recording's time pass. */
static enum rolled
pass(struct fixture *f, int64_t ms)
{
	size_t all = SIZE_MAX;

	f->now = mono_add_ms(f->now, ms);
	return reading_roll(&f->reading, f->now, &all);
}

static void
cannot(struct fixture *f, const char *why)
{
	assert_null(recording_open(f->path, &f->conf, &f->err));
	assert_int_equal(f->err.kind, ERR_FAILED);
	if (strstr(f->err.msg, why) == NULL ||
	    strstr(f->err.msg, f->path) == NULL)
		fail_msg("'%s' is not in: %s", why, f->err.msg);
	conf_free(&f->conf);
}

static void
check(const struct fixture *f, size_t i, int64_t at_ms, const char *text)
{
	assert_true(i < f->n);
	assert_string_equal(f->seen[i].text, text);
	assert_int_equal(mono_diff_ms(f->seen[i].at, MONO_ZERO), at_ms);
}

static void
test_in_time(void **state)
{
	struct fixture *f = *state;

	start(f, HEAD NOTE(0, "a") NOTE(1000, "b")
	    "{\"at\":1500,\"on\":\"alpha\",\"type\":\"link\","
	    "\"state\":\"down\",\"retry_ms\":600}\n" NOTE(1400, "c"));
	assert_int_equal(f->conf.nhosts, 2);
	assert_int_equal(pass(f, 0), ROLL_THERE);
	assert_int_equal(f->n, 1);
	check(f, 0, 0, "a");
	assert_int_equal(f->seen[0].host, 1);
	assert_int_equal(f->seen[0].wall_ms, 1000000);
	pass(f, 999);
	assert_int_equal(f->n, 1);
	pass(f, 1);
	assert_int_equal(f->n, 2);
	check(f, 1, 1000, "b");
	assert_int_equal(f->seen[1].wall_ms, 1001000);
	assert_false(f->reel->whole);
	pass(f, 500);
	assert_int_equal(f->seen[2].type, EVENT_LINK);
	assert_int_equal(f->seen[2].host, 0);
	assert_int_equal(mono_diff_ms(f->seen[2].retry, f->seen[2].at), 600);
	/* The file's times went back; ours do not. */
	check(f, 3, 1500, "c");
	check(f, 4, 1500, "end of recording");
	assert_int_equal(f->seen[4].host, EVENT_NO_HOST);
	assert_true(f->reel->whole);
	assert_int_equal(mono_diff_ms(f->reel->last, MONO_ZERO), 1500);
	assert_int_equal(pass(f, 100000), ROLL_END);
	assert_int_equal(f->n, 5);
	/* What comes to its end stands still. */
	assert_int_equal(mono_diff_ms(f->reading.at, MONO_ZERO), 1500);
}

static void
turns(struct fixture *f, struct player *p, struct mono *now, int64_t ms)
{
	struct mono end = mono_add_ms(*now, ms);

	(void)f;
	for (;;) {
		struct mono next = mono_add_ms(end, 1);

		player_turn(p, *now, &next);
		if (mono_before(end, next)) {
			*now = end;
			player_turn(p, end, &next);
			break;
		}
		if (mono_before(*now, next))
			*now = next;
	}
}

static int64_t
at_ms(const struct player *p)
{
	return mono_diff_ms(player_at(p), MONO_ZERO);
}

static void
test_player_speeds(void **state)
{
	struct fixture *f = *state;
	struct mono now = { 123000000000 };
	struct player *p;

	start(f, HEAD NOTE(0, "a") NOTE(1000, "b") NOTE(800000, "c"));
	p = player_new(f->reel, &f->conf, NULL);
	turns(f, p, &now, 500);
	assert_int_equal(at_ms(p), 0); /* begins paused */
	player_pause(p, false);
	turns(f, p, &now, 1200);
	assert_in_range(at_ms(p), 1199, 1200);
	player_set_speed(p, 400);
	turns(f, p, &now, 1000);
	assert_in_range(at_ms(p), 5190, 5200);
	player_change_speed(p, -1);
	assert_int_equal(player_state(p).speed, 200);
	player_change_speed(p, 1);
	player_change_speed(p, 1);
	assert_int_equal(player_state(p).speed, 1000);
	player_pause(p, true);
	turns(f, p, &now, 100000);
	assert_in_range(at_ms(p), 5190, 5200);
	/* A turn that comes late does not stretch the play. */
	player_set_speed(p, 100);
	player_pause(p, false);
	turns(f, p, &now, 0);
	now = mono_add_ms(now, 7000);
	turns(f, p, &now, 0);
	assert_in_range(at_ms(p), 12190, 12200);
	player_stop_at(p, mono_add_ms(MONO_ZERO, 15000));
	turns(f, p, &now, 60000);
	assert_int_equal(at_ms(p), 15000);
	assert_true(player_state(p).paused);
	player_set_speed(p, 100000);
	player_pause(p, false);
	turns(f, p, &now, 5000);
	assert_int_equal(at_ms(p), 800000);
	assert_true(player_state(p).at_end);
	player_free(p);
}

static void
test_player_steps(void **state)
{
	struct fixture *f = *state;
	struct mono now = { 1 };
	struct player *p;

	start(f, HEAD NOTE(0, "a") NOTE(1000, "b") NOTE(800000, "c"));
	p = player_new(f->reel, &f->conf, NULL);
	turns(f, p, &now, 10);
	player_step(p, 1);
	turns(f, p, &now, 10);
	assert_int_equal(at_ms(p), 1000);
	player_step(p, 1); /* over the silence */
	turns(f, p, &now, 10);
	assert_int_equal(at_ms(p), 800000);
	player_step(p, 1);
	assert_int_equal(player_take_answer(p), PLAYER_AT_END);
	player_step(p, -1);
	turns(f, p, &now, 10);
	assert_int_equal(at_ms(p), 799000);
	player_step(p, -1); /* over it */
	turns(f, p, &now, 10);
	assert_int_equal(at_ms(p), 1000);
	player_step(p, -1);
	player_step(p, -1); /* before the first is done: no more than that */
	turns(f, p, &now, 10);
	assert_int_equal(at_ms(p), 0);
	player_step(p, -1);
	assert_int_equal(player_take_answer(p), PLAYER_AT_START);
	player_event(p, 1);
	player_event(p, 1);
	turns(f, p, &now, 10);
	assert_true(at_ms(p) == 1000 || at_ms(p) == 800000);
	player_free(p);
}

/* In portions, not to hold up the loop. */
static void
test_portions(void **state)
{
	struct fixture *f = *state;
	size_t budget = 20000;
	struct buf rec;

	buf_init(&rec, 1 << 20);
	buf_puts(&rec, HEAD);
	for (int i = 0; i < 1000; i++)
		buf_printf(&rec, "{\"at\":%d,\"type\":\"note\","
		    "\"text\":\"%d\"}\n", i * 1000, i);
	start(f, rec.p);
	assert_int_equal(reading_roll(&f->reading, MONO_NEVER, &budget),
	    ROLL_BUSY);
	assert_in_range(f->n, 1, 999);
	pass(f, 2000000);
	assert_int_equal(f->n, 1001);
	check(f, 999, 999000, "999");
	assert_int_equal(f->seen[999].wall_ms, 1000000 + 999000);
	assert_true(f->reel->whole);
	buf_free(&rec);
}

/* Through writer, file and replay. */
static void
test_observations(void **state)
{
	enum { STEPS = 100 };
	struct fixture *f = *state;
	struct obs *all = x_calloc(STEPS, sizeof *all), o;
	struct wire_writer *w;
	struct conf conf;
	struct obsgen g;
	struct buf rec;

	conf_init(&conf);
	x_replace(&conf_add_cluster(&conf)->name, "c");
	x_replace(&conf_add_host(&conf)->name, "h");
	w = wire_writer_new(&conf);
	buf_init(&rec, 64u << 20);
	wire_write_head(w, &rec, 0);
	obsgen_init(&g, 8);
	obs_init(&o);
	for (int i = 0; i < STEPS; i++) {
		struct event e = { .type = EVENT_OBS, .u.obs = &o,
			.at = mono_add_ms(MONO_ZERO, i * 100) };

		obsgen_step(&g, &o);
		obs_init(&all[i]);
		obs_copy(&all[i], &o);
		assert_int_equal(wire_write_event(w, &rec, &e, MONO_ZERO), 0);
	}
	f->expect = all;
	start(f, rec.p);
	pass(f, 5000);
	assert_int_equal(f->n, 51);
	pass(f, 5000);
	assert_int_equal(f->n, STEPS + 1);
	for (int i = 0; i < STEPS; i++)
		obs_free(&all[i]);
	obs_free(&o);
	x_free(all);
	wire_writer_free(w);
	conf_free(&conf);
	buf_free(&rec);
}

static void
test_garbage_is_skipped(void **state)
{
	struct fixture *f = *state;

	start(f, HEAD NOTE(0, "a") "garbage\n" NOTE(0, "b") "{\"at\":1,"
	    "\"on\":\"nobody\",\"type\":\"note\"}\n" NOTE(2, "c"));
	pass(f, 10);
	assert_int_equal(f->n, 6);
	check(f, 0, 0, "a");
	assert_non_null(strstr(f->seen[1].text, "rec, line 3 skipped: "));
	assert_int_equal(f->seen[1].host, EVENT_NO_HOST);
	check(f, 2, 0, "b");
	assert_non_null(strstr(f->seen[3].text, "line 5 skipped: "));
	check(f, 4, 2, "c");
	check(f, 5, 2, "end of recording");
}

static void
test_too_much_garbage(void **state)
{
	struct fixture *f = *state;
	struct buf rec;

	buf_init(&rec, 1 << 20);
	buf_puts(&rec, HEAD);
	for (int i = 0; i < 150; i++)
		buf_puts(&rec, "garbage\n");
	buf_puts(&rec, NOTE(0, "a"));
	start(f, rec.p);
	pass(f, 10);
	assert_int_equal(f->n, 101);
	assert_non_null(strstr(f->seen[100].text, "ends after line 102: too "
	    "many lines"));
	assert_true(f->reel->whole);
	buf_free(&rec);
}

static void
test_cut_off(void **state)
{
	struct fixture *f = *state;

	start(f, HEAD NOTE(0, "a") "{\"at\":1,\"on\":\"beta\",\"ty");
	pass(f, 10);
	assert_int_equal(f->n, 2);
	assert_non_null(strstr(f->seen[1].text, "end of recording, which was "
	    "cut off"));
}

static void
test_endless_line(void **state)
{
	struct fixture *f = *state;
	struct buf rec;

	buf_init(&rec, 32u << 20);
	buf_puts(&rec, HEAD NOTE(0, "a"));
	while (rec.len < 2 * WIRE_LINE_MAX)
		buf_puts(&rec, "                                ");
	buf_puts(&rec, "\n" NOTE(0, "b"));
	start(f, rec.p);
	pass(f, 10);
	assert_int_equal(f->n, 2);
	assert_non_null(strstr(f->seen[1].text, "ends after line 2: the next "
	    "line is endless"));
	assert_true(f->reel->whole);
	buf_free(&rec);
}

static void
test_no_recording(void **state)
{
	struct fixture *f = *state;
	char *spaces;

	cannot(f, "No such file");
	save(f, "", 0);
	cannot(f, "is empty");
	save(f, "Dear all,\n", 10);
	cannot(f, "not a recording of xendeck");
	save(f, "{\"type\":\"recording\",\"v\":99}\n", 29);
	cannot(f, "update xendeck");
	spaces = x_calloc(1, 9u << 20);
	memset(spaces, ' ', 9u << 20);
	save(f, spaces, 9u << 20);
	cannot(f, "endless");
	x_free(spaces);
	unlink(f->path);
	assert_int_equal(mkfifo(f->path, 0600), 0);
	cannot(f, "not a regular file");
}

/* A head and nothing else, not even a newline. */
static void
test_head_only(void **state)
{
	struct fixture *f = *state;

	start(f, "{\"type\":\"recording\",\"v\":1,\"clusters\":[]}");
	pass(f, 1);
	assert_int_equal(f->n, 1);
	check(f, 0, 0, "end of recording");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_in_time),
		TEST(test_player_speeds),
		TEST(test_player_steps),
		TEST(test_portions),
		TEST(test_observations),
		TEST(test_garbage_is_skipped),
		TEST(test_too_much_garbage),
		TEST(test_cut_off),
		TEST(test_endless_line),
		TEST(test_no_recording),
		TEST(test_head_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
