/* A frozen screen: what hosts say meanwhile is kept in little room, and handed
 * on in the order in which it came. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/scene.h"
#include "tui/gate.h"

static struct scene s;

static int
setup(void **state)
{
	(void)state;
	scene_init(&s);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	scene_free(&s);
	return 0;
}

static void
gate_holds_and_hands_on(void **state)
{
	struct gate *g = gate_new(s.model);
	struct event_sink sink = gate_sink(g);
	uint64_t was = model_generation(s.model);
	struct obs o;

	(void)state;
	gate_close(g);
	obs_init(&o);
	for (int i = 0; i < 100; i++) {
		obs_copy(&o, &s.obs[ALPHA]);
		o.t_ns += (int64_t)i * 1000000000;
		o.host.load_pm = i;
		sink.emit(sink.arg, &(struct event){ .type = EVENT_OBS,
			.host = ALPHA, .at = s.now, .u.obs = &o });
	}
	for (int i = 0; i < 100; i++)
		sink.emit(sink.arg, &(struct event){ .type = EVENT_LINK,
			.host = BETA, .at = s.now,
			.u.link = { .state = LINK_DOWN, .reason = "one",
			    .retry = MONO_NEVER } });
	sink.emit(sink.arg, &(struct event){ .type = EVENT_NOTE,
		.host = GAMMA, .at = s.now,
		.u.note = { NOTE_ALARM, "a note" } });
	obs_free(&o);
	assert_int_equal(model_generation(s.model), was);
	assert_int_equal(gate_waiting(g), 3);
	gate_open(g);
	assert_int_equal(model_host(s.model, ALPHA)->facts.load_pm, 99);
	assert_int_equal(model_host(s.model, BETA)->health, HOST_DOWN);
	assert_non_null(strstr(model_log(s.model, 0)->text, "a note"));
	assert_int_equal(gate_waiting(g), 0);
	/* What still waits when it ends is not lost memory. */
	gate_close(g);
	sink.emit(sink.arg, &(struct event){ .type = EVENT_OBS,
		.host = ALPHA, .at = s.now, .u.obs = &s.obs[ALPHA] });
	gate_free(g);
}

static void
gate_holds_answers(void **state)
{
	struct gate *g = gate_new(s.model);
	struct event_sink sink = gate_sink(g);
	const struct host_answer *a =
	    &model_host(s.model, ALPHA)->answer[ASK_DMESG];

	(void)state;
	gate_close(g);
	for (int i = 0; i < 3; i++)
		sink.emit(sink.arg, &(struct event){ .type = EVENT_ANSWER,
			.host = ALPHA, .at = s.now,
			.u.answer = { ASK_DMESG, i == 2 ? "last\n" : "first\n",
			    NULL } });
	assert_int_equal(gate_waiting(g), 1);
	assert_null(a->text);
	gate_open(g);
	assert_string_equal(a->text, "last\n");
	gate_close(g);
	sink.emit(sink.arg, &(struct event){ .type = EVENT_ANSWER,
		.host = ALPHA, .at = s.now, .u.answer = { ASK_DMESG, NULL,
		"no" } });
	gate_free(g);
}

static void
hold_link(struct gate *g, enum link_state state, const char *reason)
{
	struct event_sink sink = gate_sink(g);

	sink.emit(sink.arg, &(struct event){ .type = EVENT_LINK,
		.host = BETA, .at = s.now, .u.link = { .state = state,
		.reason = reason, .retry = MONO_NEVER } });
}

static void
hold_obs(struct gate *g, uint32_t host)
{
	struct event_sink sink = gate_sink(g);

	sink.emit(sink.arg, &(struct event){ .type = EVENT_OBS, .host = host,
		.at = s.now, .u.obs = &s.obs[BETA] });
}

/* However a link flaps behind a closed gate, no more waits than its last word
 * and its last figures, in the order in which they came. */
static void
gate_does_not_grow(void **state)
{
	struct gate *g = gate_new(s.model);
	struct event_sink sink = gate_sink(g);

	(void)state;
	gate_close(g);
	for (int i = 0; i < 1000; i++) {
		hold_link(g, LINK_DOWN, "lost");
		hold_link(g, LINK_CONNECTING, NULL);
		hold_link(g, LINK_LIVE, NULL);
		hold_obs(g, BETA);
		hold_obs(g, EVENT_NO_HOST);
	}
	hold_link(g, LINK_DOWN, "gone for good");
	assert_int_equal(gate_waiting(g), 2);
	gate_open(g);
	assert_int_equal(model_host(s.model, BETA)->health, HOST_DOWN);
	assert_string_equal(model_host(s.model, BETA)->reason,
	    "gone for good");
	gate_close(g);
	hold_link(g, LINK_DOWN, "no route");
	hold_link(g, LINK_CONNECTING, NULL);
	gate_open(g);
	assert_string_equal(model_host(s.model, BETA)->reason, "no route");
	gate_close(g);
	hold_link(g, LINK_DOWN, "gone again");
	hold_obs(g, BETA);
	for (unsigned i = 0; i < 20000; i++) {
		char text[32];

		snprintf(text, sizeof text, "note %u", i);
		sink.emit(sink.arg, &(struct event){ .type = EVENT_NOTE,
			.host = EVENT_NO_HOST, .at = s.now,
			.u.note = { NOTE_INFO, text } });
	}
	assert_int_equal(gate_waiting(g), 2 + MODEL_LOG_LEN);
	gate_open(g);
	assert_int_equal(model_host(s.model, BETA)->health, HOST_LIVE);
	assert_string_equal(model_log(s.model, 0)->text, "note 19999");
	assert_string_equal(model_log(s.model, 1)->text, "note 19998");
	gate_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
		TEST(gate_holds_and_hands_on), TEST(gate_does_not_grow),
		TEST(gate_holds_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
