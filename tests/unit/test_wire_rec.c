/* Recordings: what is written is what is read, without the configuration that
 * it was made with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/wire.h"
#include "core/mem.h"
#include "tests/lib/obsgen.h"

struct fixture {
	struct conf conf, read;
	struct wire_writer *w;
	struct wire_reader *r;
	struct buf out;
	struct event e;
	struct err err;
	int64_t wall_ms;
};

static void
add_host(struct conf *c, const char *name, int64_t reserve_kb)
{
	struct conf_host *h = conf_add_host(c);

	x_replace(&h->name, name);
	x_replace(&h->address, "192.0.2.99");
	x_replace(&h->user, "secretuser");
	x_replace(&h->key, "/home/op/.ssh/secretkey");
	h->reserve_kb = reserve_kb;
}

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);
	struct conf_cluster *cl;
	struct conf_vm *vm;

	conf_init(&f->conf);
	conf_init(&f->read);
	cl = conf_add_cluster(&f->conf);
	x_replace(&cl->name, "office");
	cl->production = true;
	add_host(&f->conf, "alpha", 1024);
	add_host(&f->conf, "bet\"a", 0);
	cl = conf_add_cluster(&f->conf);
	x_replace(&cl->name, "lab");
	cl->read_only = true;
	add_host(&f->conf, "gamma", 7);
	vm = conf_add_vm(&f->conf);
	x_replace(&vm->match, "web*");
	vm->priority = 2;
	x_replace(&vm->home, "alpha");
	vm = conf_add_vm(&f->conf);
	x_replace(&vm->match, "*");
	vm->priority = 9;
	x_replace(&vm->description, "the rest");
	f->conf.refresh_ms = 1234;
	f->conf.stale_ms = 5678;
	f->w = wire_writer_new(&f->conf);
	f->r = wire_reader_new();
	buf_init(&f->out, 64u << 20);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	wire_writer_free(f->w);
	wire_reader_free(f->r);
	conf_free(&f->conf);
	conf_free(&f->read);
	buf_free(&f->out);
	x_free(f);
	return 0;
}

static int
head(struct fixture *f, const char *line)
{
	return wire_read_head(f->r, line, strlen(line), &f->read, &f->wall_ms,
	    &f->err);
}

static void
write_and_read_head(struct fixture *f)
{
	assert_int_equal(wire_write_head(f->w, &f->out, 1700000000000), 0);
	if (head(f, f->out.p) != 0)
		fail_msg("%s", f->err.msg);
	buf_clear(&f->out);
}

static int
event(struct fixture *f, const char *line)
{
	return wire_read_event(f->r, line, strlen(line), &f->e, &f->err);
}

/* Writes e, expects it as the next line, and reads it into f->e. */
static void
pass(struct fixture *f, const struct event *e)
{
	static const struct mono start = { 5000000000 };

	buf_clear(&f->out);
	assert_int_equal(wire_write_event(f->w, &f->out, e, start), 0);
	if (event(f, f->out.p) != 1)
		fail_msg("%s: %s", f->err.msg, f->out.p);
	assert_int_equal(f->e.type, e->type);
	assert_int_equal(f->e.host, e->host);
	assert_int_equal(mono_diff_ms(f->e.at, MONO_ZERO),
	    mono_diff_ms(e->at, start));
}

static void
test_head(void **state)
{
	struct fixture *f = *state;
	const struct conf *c = &f->read;

	assert_int_equal(wire_write_head(f->w, &f->out, 1700000000000), 0);
	assert_null(strstr(f->out.p, "secret"));
	assert_null(strstr(f->out.p, "192.0.2.99"));
	assert_int_equal(head(f, f->out.p), 0);
	assert_int_equal(f->wall_ms, 1700000000000);
	assert_int_equal(c->nclusters, 2);
	assert_string_equal(c->clusters[0].name, "office");
	assert_true(c->clusters[0].production);
	assert_false(c->clusters[0].read_only);
	assert_string_equal(c->clusters[1].name, "lab");
	assert_true(c->clusters[1].read_only);
	assert_int_equal(c->nhosts, 3);
	assert_string_equal(c->hosts[1].name, "bet\"a");
	assert_int_equal(c->hosts[1].cluster, 0);
	assert_int_equal(c->hosts[2].cluster, 1);
	assert_int_equal(c->hosts[0].reserve_kb, 1024);
	assert_int_equal(c->hosts[2].reserve_kb, 7);
	assert_int_equal(c->nvms, 2);
	assert_string_equal(c->vms[0].match, "web*");
	assert_int_equal(c->vms[0].priority, 2);
	assert_string_equal(c->vms[0].home, "alpha");
	assert_null(c->vms[0].description);
	assert_string_equal(c->vms[1].description, "the rest");
	assert_int_equal(c->refresh_ms, 1234);
	assert_int_equal(c->stale_ms, 5678);
}

static void
test_links_and_notes(void **state)
{
	struct fixture *f = *state;
	struct event e = {
		.type = EVENT_LINK, .host = 2, .at = { 6500000000 },
		.u.link = { LINK_DOWN, "no \"route\"", "libssh2", "agent",
		    "a note", { 8500000000 } },
	};

	write_and_read_head(f);
	pass(f, &e);
	assert_int_equal(f->e.wall_ms, 1700000001500);
	assert_int_equal(f->e.u.link.state, LINK_DOWN);
	assert_string_equal(f->e.u.link.reason, "no \"route\"");
	assert_string_equal(f->e.u.link.transport, "libssh2");
	assert_string_equal(f->e.u.link.observer, "agent");
	assert_string_equal(f->e.u.link.note, "a note");
	assert_true(f->e.u.link.retry.ns == 3500000000);
	e.u.link = (struct event_link){ .retry = MONO_NEVER };
	for (int i = LINK_IDLE; i <= LINK_REFUSED; i++) {
		e.u.link.state = (enum link_state)i;
		pass(f, &e);
		assert_int_equal(f->e.u.link.state, i);
		assert_null(f->e.u.link.reason);
		assert_true(f->e.u.link.retry.ns == MONO_NEVER.ns);
	}
	e = (struct event){
		.type = EVENT_NOTE, .host = EVENT_NO_HOST, .at = { 7000000000 },
		.u.note = { NOTE_ALARM, "two hosts claim web1" },
	};
	pass(f, &e);
	assert_int_equal(f->e.u.note.level, NOTE_ALARM);
	assert_string_equal(f->e.u.note.text, "two hosts claim web1");
}

static void
test_answers(void **state)
{
	struct fixture *f = *state;
	struct event e = {
		.type = EVENT_ANSWER, .host = 1, .at = { 6500000000 },
		.u.answer = { ASK_DMESG, "(XEN) one\n\n\"two\"\n", NULL },
	};

	write_and_read_head(f);
	pass(f, &e);
	assert_int_equal(f->e.u.answer.what, ASK_DMESG);
	assert_string_equal(f->e.u.answer.text, e.u.answer.text);
	assert_null(f->e.u.answer.error);
	e.u.answer.text = "";
	pass(f, &e);
	assert_string_equal(f->e.u.answer.text, "");
	e.u.answer = (struct event_answer){ ASK_DMESG, NULL, "it hangs" };
	pass(f, &e);
	assert_null(f->e.u.answer.text);
	assert_string_equal(f->e.u.answer.error, "it hangs");
}

/* Three hosts that take turns, each with a sequence of its own. */
static void
test_observations(void **state)
{
	struct fixture *f = *state;
	struct obs obs[3];
	struct obsgen g;

	write_and_read_head(f);
	obsgen_init(&g, 42);
	for (int i = 0; i < 3; i++)
		obs_init(&obs[i]);
	for (int i = 0; i < 300; i++) {
		uint32_t host = (uint32_t)obsgen_random(&g, 3);
		struct event e = {
			.type = EVENT_OBS, .host = host,
			.at = mono_add_ms((struct mono){ 5000000000 }, i),
			.u.obs = &obs[host],
		};

		obsgen_step(&g, &obs[host]);
		pass(f, &e);
		assert_true(obs_equal(f->e.u.obs, &obs[host]));
	}
	for (int i = 0; i < 3; i++)
		obs_free(&obs[i]);
}

/* One line lost costs that host's deltas up to the next full frame, and is
 * complained about once. */
static void
test_lost_line(void **state)
{
	struct fixture *f = *state;
	int errors = 0, silent = 0, right = 0;
	struct obs o;

	write_and_read_head(f);
	obs_init(&o);
	for (int i = 0; i < 2 * WIRE_FULL_EVERY; i++) {
		struct event e = {
			.type = EVENT_OBS, .host = 1, .at = { 5000000000 },
			.u.obs = &o,
		};

		o.t_ns++;
		buf_clear(&f->out);
		wire_write_event(f->w, &f->out, &e, e.at);
		if (i == 10)
			continue;
		switch (event(f, f->out.p)) {
		case 1:
			assert_true(obs_equal(f->e.u.obs, &o));
			right++;
			break;
		case 0:
			silent++;
			break;
		default:
			assert_non_null(strstr(f->err.msg, "bet\"a: "));
			errors++;
			break;
		}
	}
	assert_int_equal(errors, 1);
	assert_int_equal(silent, WIRE_FULL_EVERY - 12);
	assert_int_equal(right, WIRE_FULL_EVERY + 10);
	obs_free(&o);
}

static void
test_bad_heads(void **state)
{
	static const char *const bad[] = {
		"", "x", "{}", "[]", "{\"type\":\"hello\",\"v\":1}",
		"{\"type\":\"recording\"}",
		"{\"type\":\"recording\",\"v\":2,\"clusters\":[]}",
		"{\"type\":\"recording\",\"v\":1,\"clusters\":[5]}",
		"{\"type\":\"recording\",\"v\":1,\"clusters\":[{}]}",
		"{\"type\":\"recording\",\"v\":1,\"clusters\":["
		"{\"name\":\"a\",\"hosts\":[null]}]}",
		"{\"type\":\"recording\",\"v\":1,\"clusters\":["
		"{\"name\":\"a\",\"hosts\":[{\"name\":\"\"}]}]}",
		"{\"type\":\"recording\",\"v\":1,\"clusters\":["
		"{\"name\":\"a\",\"hosts\":[{\"name\":\"x\"}]},"
		"{\"name\":\"b\",\"hosts\":[{\"name\":\"x\"}]}]}",
		"{\"type\":\"recording\",\"v\":1,\"vms\":[{}]}",
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		f->err.msg[0] = '\0';
		if (head(f, bad[i]) == 0)
			fail_msg("taken: %s", bad[i]);
		assert_non_null(strstr(f->err.msg, "recording"));
		conf_free(&f->read);
		assert_int_equal(event(f, "{\"type\":\"note\",\"at\":1,"
		    "\"text\":\"x\"}"), -1);
	}
}

static void
test_foreign_lines(void **state)
{
	struct fixture *f = *state;

	write_and_read_head(f);
	assert_int_equal(event(f, "garbage"), -1);
	assert_int_equal(event(f, "{\"at\":1,\"on\":\"nobody\","
	    "\"type\":\"note\",\"text\":\"x\"}"), -1);
	assert_int_equal(event(f, "{\"at\":1,\"on\":null,\"type\":\"note\","
	    "\"text\":\"x\"}"), -1);
	assert_int_equal(event(f, "{\"on\":\"alpha\",\"type\":\"note\","
	    "\"text\":\"x\"}"), -1);
	assert_int_equal(event(f, "{\"at\":-1,\"on\":\"alpha\","
	    "\"type\":\"note\",\"text\":\"x\"}"), -1);
	assert_int_equal(event(f, "{\"at\":9223372036854775807,"
	    "\"type\":\"note\",\"text\":\"x\"}"), -1);
	/* Of use for a host only. */
	assert_int_equal(event(f, "{\"at\":1,\"type\":\"obs\",\"seq\":1,"
	    "\"full\":true,\"doms\":[]}"), 0);
	assert_int_equal(event(f, "{\"at\":1,\"type\":\"link\","
	    "\"state\":\"live\"}"), 0);
	/* Of a later version, or none of a recording's. */
	assert_int_equal(event(f, "{\"at\":1,\"type\":\"job\"}"), 0);
	assert_int_equal(event(f, "{\"at\":1,\"on\":\"alpha\","
	    "\"type\":\"bye\",\"why\":\"x\"}"), 0);
	/* The reader goes on as if nothing had been. */
	assert_int_equal(event(f, "{\"at\":1,\"on\":\"alpha\","
	    "\"type\":\"note\",\"text\":\"x\"}"), 1);
}

static void
test_full_buffer(void **state)
{
	struct fixture *f = *state;
	struct obs o;
	struct event e = {
		.type = EVENT_OBS, .host = 0, .at = { 5000000000 }, .u.obs = &o
	};
	struct buf tight;

	write_and_read_head(f);
	obs_init(&o);
	buf_init(&tight, 20);
	assert_int_equal(wire_write_head(f->w, &tight, 0), -1);
	assert_int_equal(wire_write_event(f->w, &tight, &e, e.at), -1);
	assert_int_equal(tight.len, 0);
	pass(f, &e); /* and is number 1 */
	assert_int_equal(f->e.u.obs->seq, 1);
	buf_free(&tight);
	obs_free(&o);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_head),
		TEST(test_links_and_notes),
		TEST(test_answers),
		TEST(test_observations),
		TEST(test_lost_line),
		TEST(test_bad_heads),
		TEST(test_foreign_lines),
		TEST(test_full_buffer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
