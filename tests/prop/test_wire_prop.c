/* What holds for the wire format whatever a host says: what is written is what
 * is read; a lost frame gives an error and then silence, never a host that was
 * not; and it does not matter where the stream is cut into pieces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/observer.h"
#include "backends/wire.h"
#include "core/mem.h"
#include "tests/lib/faketransport.h"
#include "tests/lib/obsgen.h"

enum { SEEDS = 12, STEPS = 150 };

/* A run: the observations, and the line of each. */
struct run {
	struct obs obs[STEPS];
	struct buf line[STEPS];
};

static void
run_make(struct run *r, uint64_t seed)
{
	struct wire_encoder *e = wire_encoder_new();
	struct obsgen g;
	struct obs o;

	obsgen_init(&g, seed);
	obs_init(&o);
	for (size_t i = 0; i < STEPS; i++) {
		obsgen_step(&g, &o);
		obs_init(&r->obs[i]);
		obs_copy(&r->obs[i], &o);
		buf_init(&r->line[i], WIRE_LINE_MAX + 1);
		if (obsgen_random(&g, 40) == 0)
			wire_encoder_restart(e);
		assert_int_equal(wire_put_obs(&r->line[i], e, &o), 0);
		assert_int_equal(r->line[i].p[r->line[i].len - 1], '\n');
	}
	obs_free(&o);
	wire_encoder_free(e);
}

static void
run_free(struct run *r)
{
	for (size_t i = 0; i < STEPS; i++) {
		obs_free(&r->obs[i]);
		buf_free(&r->line[i]);
	}
}

static int
get(struct wire_decoder *d, const struct buf *line, enum wire_type *type)
{
	struct err err;

	return wire_get(d, line->p, line->len - 1, type, &err);
}

static void
test_round_trip(void **state)
{
	struct run *r = x_malloc(sizeof *r);

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct wire_decoder *d = wire_decoder_new();
		size_t deltas = 0;

		run_make(r, seed);
		for (size_t i = 0; i < STEPS; i++) {
			enum wire_type type;

			assert_int_equal(get(d, &r->line[i], &type), 0);
			assert_int_equal(type, WIRE_OBS);
			assert_true(obs_equal(wire_obs(d), &r->obs[i]));
			assert_int_equal(wire_obs(d)->seq, i + 1);
			deltas += strstr(r->line[i].p, "\"full\"") == NULL;
		}
		assert_true(deltas > STEPS / 2);
		assert_true(deltas <= STEPS - STEPS / WIRE_FULL_EVERY);
		wire_decoder_free(d);
		run_free(r);
	}
	x_free(r);
}

/* Without frame `lost`: right before, errors after, right again from the next
 * full frame on. */
static void
lose(const struct run *r, size_t lost)
{
	struct wire_decoder *d = wire_decoder_new();
	bool waiting = false;

	for (size_t i = 0; i < STEPS; i++) {
		bool full = strstr(r->line[i].p, "\"full\":true") != NULL;
		enum wire_type type;
		int rc;

		if (i == lost) {
			waiting = true;
			continue;
		}
		if (full)
			waiting = false;
		rc = get(d, &r->line[i], &type);
		assert_int_equal(rc, waiting ? -1 : 0);
		if (rc == 0) {
			assert_int_equal(type, WIRE_OBS);
			assert_true(obs_equal(wire_obs(d), &r->obs[i]));
		}
	}
	assert_false(waiting && lost < STEPS - 1 - WIRE_FULL_EVERY);
	wire_decoder_free(d);
}

static void
test_lost_frame(void **state)
{
	struct run *r = x_malloc(sizeof *r);
	struct obsgen g;

	(void)state;
	obsgen_init(&g, 99);
	for (uint64_t seed = 1; seed <= 3; seed++) {
		run_make(r, seed);
		lose(r, 0);
		lose(r, STEPS - 1);
		for (int i = 0; i < 5; i++)
			lose(r, obsgen_random(&g, STEPS));
		run_free(r);
	}
	x_free(r);
}

/* After a line that is no JSON any more the deltas on top of it are refused,
 * up to the next full frame. */
static void
test_damaged_frame(void **state)
{
	struct run *r = x_malloc(sizeof *r);
	struct obsgen g;

	(void)state;
	run_make(r, 5);
	obsgen_init(&g, 7);
	for (size_t hit = 1; hit < STEPS; hit += 11) {
		struct wire_decoder *d = wire_decoder_new();
		struct buf *line = &r->line[hit];
		size_t at = obsgen_random(&g, line->len - 1);
		bool waiting = false;

		for (size_t i = 0; i < STEPS; i++) {
			bool full = strstr(r->line[i].p, "\"full\":true") !=
			    NULL;
			enum wire_type type;
			int rc;

			if (i == hit) {
				char was = line->p[at];

				line->p[at] = '\0'; /* never valid JSON */
				assert_int_equal(get(d, line, &type), -1);
				line->p[at] = was;
				waiting = true;
				continue;
			}
			waiting = waiting && !full;
			rc = get(d, &r->line[i], &type);
			assert_int_equal(rc, waiting ? -1 : 0);
			assert_true(rc != 0 ||
			    obs_equal(wire_obs(d), &r->obs[i]));
		}
		wire_decoder_free(d);
	}
	run_free(r);
	x_free(r);
}

/* --- The same through the observer, in pieces ----------------------------- */

struct seen {
	const struct run *run;
	size_t n;
	size_t failures;
};

static void
on_obs(void *arg, const struct obs *o)
{
	struct seen *s = arg;

	assert_true(s->n < STEPS);
	assert_true(obs_equal(o, &s->run->obs[s->n]));
	s->n++;
}

static void
on_note(void *arg, const char *text)
{
	(void)arg;
	(void)text;
}

static void
on_failed(void *arg, enum observer_fault fault, const char *why)
{
	(void)fault;
	(void)why;
	((struct seen *)arg)->failures++;
}

static void
feed(const struct run *r, const struct buf *stream, struct obsgen *g,
    size_t most)
{
	static const struct observer_cb cb = { .obs = on_obs, .note = on_note,
		.failed = on_failed };
	struct conf_host host = { .sudo = TRI_AUTO };
	struct seen seen = { .run = r };
	struct faketransport t;
	struct observer *o;

	host.name = x_strdup("alpha");
	host.agent = x_strdup("xendeck-agent");
	faketransport_init(&t);
	o = observer_agent.open(&t.transport, &host, 1000, &cb, &seen,
	    MONO_ZERO);
	for (size_t at = 0; at < stream->len;) {
		size_t n = 1 + obsgen_random(g, most);

		if (n > stream->len - at)
			n = stream->len - at;
		faketransport_out(&t, stream->p + at, n);
		at += n;
	}
	assert_int_equal(seen.n, STEPS);
	assert_int_equal(seen.failures, 0);
	observer_agent.free(o);
	assert_false(t.open);
	x_free(host.name);
	x_free(host.agent);
}

static void
test_pieces(void **state)
{
	static const struct wire_hello hello = {
		WIRE_VERSION, "0", "4.17", "4.17", 1000
	};
	struct run *r = x_malloc(sizeof *r);
	struct buf stream;
	struct obsgen g;

	(void)state;
	run_make(r, 3);
	buf_init(&stream, 64u << 20);
	buf_puts(&stream, "Welcome to alpha\n\n");
	wire_put_hello(&stream, &hello);
	for (size_t i = 0; i < STEPS; i++)
		buf_add(&stream, r->line[i].p, r->line[i].len);
	obsgen_init(&g, 11);
	feed(r, &stream, &g, 1);
	feed(r, &stream, &g, 7);
	feed(r, &stream, &g, 1000);
	feed(r, &stream, &g, 100000);
	feed(r, &stream, &g, stream.len);
	buf_free(&stream);
	run_free(r);
	x_free(r);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_lost_frame),
		cmocka_unit_test(test_damaged_frame),
		cmocka_unit_test(test_pieces),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
