/* The observer of the agent's stream, against a transport whose other end is
 * the test: how it starts, what it passes on, and every way to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/observer.h"
#include "backends/wire.h"
#include "core/mem.h"
#include "tests/lib/faketransport.h"

#define HELLO "{\"type\":\"hello\",\"v\":1,\"agent\":\"0.1\"," \
	"\"xen_built\":\"4.17\",\"xen_found\":\"4.17\",\"interval_ms\":1000}\n"
#define FULL "{\"type\":\"obs\",\"full\":true,\"seq\":1,\"doms\":[]}\n"

enum { NO_FAULT = -1 };

struct fixture {
	struct faketransport t;
	struct conf_host host;
	struct observer *o;
	struct mono now;
	int obs;
	int notes;
	char note[256];
	int fault;
	char why[512];
	int ndefs;
	char *defs; /* the first one's text, or the note */
	int answers;
	char answer[512]; /* the last one's text or error */
};

static void
on_obs(void *arg, const struct obs *o)
{
	struct fixture *f = arg;

	assert_int_equal(f->fault, NO_FAULT);
	assert_int_equal(o->seq, ++f->obs);
}

static void
on_defs(void *arg, const struct def_file *files, size_t n, const char *note)
{
	struct fixture *f = arg;

	f->ndefs++;
	x_replace(&f->defs, n > 0 ? files[0].text : note);
}

static void
on_note(void *arg, const char *text)
{
	struct fixture *f = arg;

	f->notes++;
	snprintf(f->note, sizeof f->note, "%s", text != NULL ? text : "(none)");
}

static void
on_failed(void *arg, enum observer_fault fault, const char *why)
{
	struct fixture *f = arg;

	assert_int_equal(f->fault, NO_FAULT); /* once only */
	f->fault = (int)fault;
	snprintf(f->why, sizeof f->why, "%s", why);
}

static void
on_answer(void *arg, enum backend_ask what, const char *text, size_t n,
    const char *error)
{
	struct fixture *f = arg;

	assert_int_equal(what, ASK_DMESG);
	assert_true((text != NULL) != (error != NULL));
	f->answers++;
	snprintf(f->answer, sizeof f->answer, "%.*s", text != NULL ? (int)n :
	    1000, text != NULL ? text : error);
}

static void
start(struct fixture *f, int refresh_ms)
{
	static const struct observer_cb cb = { .obs = on_obs, .defs = on_defs,
		.note = on_note, .failed = on_failed, .answer = on_answer };

	faketransport_init(&f->t);
	f->obs = f->notes = 0;
	f->fault = NO_FAULT;
	f->note[0] = f->why[0] = '\0';
	f->now = (struct mono){ 77000000000 };
	f->o = observer_agent.open(&f->t.transport, &f->host, refresh_ms, &cb,
	    f, f->now);
	assert_true(f->t.open);
	assert_int_equal(f->fault, NO_FAULT);
}

static void
stop(struct fixture *f)
{
	observer_agent.free(f->o);
	assert_false(f->t.open);
	f->o = NULL;
}

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	f->host.name = x_strdup("alpha");
	f->host.agent = x_strdup("xendeck-agent");
	f->host.sudo = TRI_AUTO;
	start(f, 1000);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	x_free(f->defs);
	if (f->o != NULL)
		stop(f);
	x_free(f->host.name);
	x_free(f->host.agent);
	x_free(f->host.user);
	x_free(f);
	return 0;
}

static void
failed(const struct fixture *f, enum observer_fault fault, const char *why)
{
	if (f->fault != (int)fault)
		fail_msg("fault %d: %s", f->fault, f->why);
	if (strstr(f->why, why) == NULL)
		fail_msg("'%s' is not in: %s", why, f->why);
	assert_non_null(strstr(f->why, "alpha"));
	assert_false(f->t.open);
}

/* Ticks like the loop does, at every deadline until ms have passed. */
static void
pass(struct fixture *f, int64_t ms)
{
	struct mono end = mono_add_ms(f->now, ms);

	observer_agent.tick(f->o, f->now);
	for (;;) {
		struct mono next = end;

		observer_agent.deadline(f->o, &next);
		if (mono_before(f->now, next))
			f->now = next;
		observer_agent.tick(f->o, f->now);
		if (mono_reached(end, f->now))
			return;
	}
}

/* --- Starting ------------------------------------------------------------- */

static void
expect_argv(struct fixture *f, const char *user, enum tristate sudo,
    const char *argv)
{
	stop(f);
	x_replace(&f->host.user, user);
	f->host.sudo = sudo;
	start(f, 750);
	assert_string_equal(f->t.argv, argv);
}

static void
test_command(void **state)
{
	struct fixture *f = *state;
	const char *plain = "xendeck-agent --interval 750";
	const char *sudo = "sudo -n xendeck-agent --interval 750";

	expect_argv(f, NULL, TRI_AUTO, plain);
	expect_argv(f, "root", TRI_AUTO, plain);
	expect_argv(f, "admin", TRI_AUTO, sudo);
	expect_argv(f, "admin", TRI_NO, plain);
	expect_argv(f, NULL, TRI_YES, sudo);
	expect_argv(f, "root", TRI_YES, sudo);
	stop(f);
	start(f, 50); /* faster than the agent would take */
	assert_string_equal(f->t.argv, "sudo -n xendeck-agent --interval 200");
}

static void
test_stream(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, HELLO FULL "{\"type\":\"obs\",");
	assert_int_equal(f->obs, 1);
	faketransport_puts(&f->t, "\"seq\":2}\n{\"type\":\"weather\"}\n"
	    "{\"type\":\"note\",\"text\":\"no bridge\"}\n");
	assert_int_equal(f->obs, 2);
	assert_string_equal(f->note, "no bridge");
	faketransport_puts(&f->t, "{\"type\":\"note\",\"text\":null}\n");
	assert_string_equal(f->note, "(none)");
	assert_int_equal(f->notes, 2);
	assert_int_equal(f->fault, NO_FAULT);
	assert_true(f->t.open);
}

static void
test_noise_before_hello(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, "Welcome!\r\n\n{ oops\n{\"type\":\"obs\"}\n"
	    "[1]\n{\"type\":\"motd\"}\n");
	for (int i = 0; i < 94; i++)
		faketransport_puts(&f->t, "*\n");
	assert_int_equal(f->fault, NO_FAULT);
	faketransport_puts(&f->t, HELLO FULL);
	assert_int_equal(f->obs, 1);
	/* None of it is let through afterwards. */
	faketransport_puts(&f->t, "Welcome!\n");
	failed(f, OBSERVER_BROKEN, "JSON");
}

static void
test_too_much_noise(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < 101; i++)
		faketransport_puts(&f->t, "*\n");
	failed(f, OBSERVER_ABSENT, "is no agent");
	stop(f);
	start(f, 1000);
	for (int i = 0; i < 65 * 1024 && f->fault == NO_FAULT; i++)
		faketransport_puts(&f->t, "*");
	failed(f, OBSERVER_ABSENT, "is no agent");
}

static void
test_other_xen(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, "{\"type\":\"hello\",\"v\":1,\"agent\":\"0.1\","
	    "\"xen_built\":\"4.17\",\"xen_found\":\"4.20\"}\n" FULL);
	failed(f, OBSERVER_ABSENT, "built for Xen 4.17, but Xen 4.20 runs");
	assert_int_equal(f->obs, 0);
}

static void
test_newer_format(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, "{\"type\":\"hello\",\"v\":2,\"agent\":\"7\"}"
	    "\n" FULL);
	failed(f, OBSERVER_ABSENT, "update xendeck");
	assert_int_equal(f->obs, 0);
}

/* --- Ending --------------------------------------------------------------- */

static void
test_exits_before_hello(void **state)
{
	static const struct {
		const char *user, *err;
		int status;
		enum observer_fault fault;
		const char *why;
	} ends[] = {
		{ NULL, "bash: line 1: xendeck-agent: command not found\n", 127,
		    OBSERVER_ABSENT, "command not found" },
		{ NULL, "", 127, OBSERVER_ABSENT, "could not be started" },
		{ NULL, "bash: line 1: /x: Permission denied\n", 126,
		    OBSERVER_ABSENT, "Permission denied" },
		{ NULL, "xendeck-agent: error while loading shared libraries: "
		    "libxenlight.so.4.17: cannot open shared object file: No "
		    "such file or directory\n", 127, OBSERVER_ABSENT,
		    "libxenlight.so.4.17" },
		{ "admin", "sudo: xendeck-agent: command not found\n", 1,
		    OBSERVER_ABSENT, "command not found" },
		{ "admin", "Last login: never\nsudo: a password is required\n",
		    1, OBSERVER_DENIED, "without a password" },
		{ "admin", "bash: line 1: sudo: command not found\n", 127,
		    OBSERVER_DENIED, "sudo: command not found" },
		{ "admin", "admin is not in the sudoers file.\n\n", 1,
		    OBSERVER_DENIED, "sudoers" },
		{ NULL, "xendeck-agent: must be root\n", 1, OBSERVER_DENIED,
		    "connect as root" },
		{ NULL, "one\n\x1b[31mthis machine runs no Xen\r\n", 9,
		    OBSERVER_ABSENT, "(exit status 9): \xef\xbf\xbd[31mthis" },
		{ NULL, "", 0, OBSERVER_ABSENT, "(exit status 0)" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		stop(f);
		x_replace(&f->host.user, ends[i].user);
		start(f, 1000);
		faketransport_puts(&f->t, "some banner\n");
		faketransport_err(&f->t, ends[i].err);
		faketransport_exit(&f->t, ends[i].status, NULL);
		failed(f, ends[i].fault, ends[i].why);
		assert_null(strpbrk(f->why, "\n\r\x1b"));
	}
}

static void
test_channel_refused(void **state)
{
	struct fixture *f = *state;

	faketransport_exit(&f->t, -1, "the server allows no more channels");
	failed(f, OBSERVER_BROKEN, "no more channels");
}

static void
test_ends_later(void **state)
{
	struct fixture *f = *state;
	char flood[5000];

	faketransport_puts(&f->t, HELLO FULL);
	memset(flood, 'x', sizeof flood - 1);
	flood[sizeof flood - 1] = '\0';
	faketransport_err(&f->t, flood);
	faketransport_err(&f->t, "\nlibxl: lost xenstore");
	faketransport_exit(&f->t, 1, NULL);
	failed(f, OBSERVER_BROKEN, "ended with status 1: libxl: lost xenstore");
}

static void
test_says_why(void **state)
{
	static const struct {
		const char *out;
		int status;
		enum observer_fault fault;
		const char *why;
	} ends[] = {
		{ HELLO FULL "{\"type\":\"bye\",\"why\":\"killed by signal "
		    "15\"}\n" FULL, 0, OBSERVER_BROKEN,
		    "ended: killed by signal 15" },
		{ HELLO "{\"type\":\"bye\"}\n", 1, OBSERVER_BROKEN,
		    "did not say why" },
		{ HELLO "{\"type\":\"bye\",\"why\":\"only root\"}\n", 3,
		    OBSERVER_DENIED, "only root" },
		{ "{\"type\":\"bye\",\"why\":\"only root\"}\n", 3,
		    OBSERVER_DENIED, "only root" },
		{ "motd\n{\"type\":\"bye\",\"why\":\"built for 4.14\"}\n"
		    "trailing\n", 4, OBSERVER_ABSENT, "built for 4.14" },
		{ HELLO "{\"type\":\"bye\",\"why\":\"so\"}\n", -1,
		    OBSERVER_BROKEN, "ended: so" },
		{ "", 3, OBSERVER_DENIED, "may not run" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		stop(f);
		start(f, 1000);
		faketransport_puts(&f->t, ends[i].out);
		assert_int_equal(f->fault, NO_FAULT);
		faketransport_exit(&f->t, ends[i].status, "killed");
		failed(f, ends[i].fault, ends[i].why);
	}
	/* It may hang even after its last words. */
	stop(f);
	start(f, 1000);
	faketransport_puts(&f->t, HELLO "{\"type\":\"bye\",\"why\":\"so\"}"
	    "\n");
	pass(f, 1999);
	assert_int_equal(f->fault, NO_FAULT);
	pass(f, 1);
	failed(f, OBSERVER_BROKEN, "ended: so");
}

static void
test_breaks(void **state)
{
	static const struct {
		const char *line, *why;
	} breaks[] = {
		{ "garbage\n", "JSON" },
		{ "\n", "JSON" },
		{ "{\"type\":\"obs\",\"seq\":3}\n", "missing between 1 and 3" },
		{ HELLO, "greeted twice" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof breaks / sizeof breaks[0]; i++) {
		stop(f);
		start(f, 1000);
		faketransport_puts(&f->t, HELLO FULL);
		faketransport_puts(&f->t, breaks[i].line);
		failed(f, OBSERVER_BROKEN, breaks[i].why);
		assert_int_equal(f->obs, 1);
		pass(f, 60000); /* and that is all it says */
	}
}

static void
test_endless_line(void **state)
{
	struct fixture *f = *state;
	static char chunk[65536];
	size_t sent = 0;

	memset(chunk, ' ', sizeof chunk);
	faketransport_puts(&f->t, HELLO FULL);
	for (; f->fault == NO_FAULT && sent < 2 * WIRE_LINE_MAX;
	    sent += sizeof chunk)
		faketransport_out(&f->t, chunk, sizeof chunk);
	failed(f, OBSERVER_BROKEN, "endless");
	assert_true(sent <= WIRE_LINE_MAX + sizeof chunk);
}

static void
test_no_hello(void **state)
{
	struct fixture *f = *state;

	pass(f, 9999);
	assert_int_equal(f->fault, NO_FAULT);
	pass(f, 1);
	failed(f, OBSERVER_UNHEARD, "within 10 s");
}

static void
test_silence(void **state)
{
	struct fixture *f = *state;
	char line[64];

	faketransport_puts(&f->t, HELLO FULL);
	for (int i = 2; i < 8; i++) {
		pass(f, 11999);
		assert_int_equal(f->fault, NO_FAULT);
		snprintf(line, sizeof line, "{\"type\":\"obs\",\"seq\":%d}\n",
		    i);
		faketransport_puts(&f->t, line);
	}
	/* Notes alone are no figures. */
	pass(f, 3000);
	faketransport_puts(&f->t, "{\"type\":\"note\",\"text\":\"hm\"}\n");
	pass(f, 8999);
	assert_int_equal(f->fault, NO_FAULT);
	pass(f, 1);
	failed(f, OBSERVER_SILENT, "silent for 12 s");
}

static void
test_silence_of_slow_agents(void **state)
{
	struct fixture *f = *state;

	stop(f);
	start(f, 5000);
	faketransport_puts(&f->t, HELLO FULL);
	pass(f, 19999);
	assert_int_equal(f->fault, NO_FAULT);
	pass(f, 1);
	failed(f, OBSERVER_SILENT, "silent for 20 s");

	/* An agent may ask for more time, but not for ever. */
	stop(f);
	start(f, 1000);
	faketransport_puts(&f->t, "{\"type\":\"hello\",\"v\":1,"
	    "\"interval_ms\":2147483647}\n" FULL);
	pass(f, 239999);
	assert_int_equal(f->fault, NO_FAULT);
	pass(f, 1);
	failed(f, OBSERVER_SILENT, "silent");
}

/* --- Questions ------------------------------------------------------------ */

static void
test_asks(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, HELLO);
	observer_agent.ask(f->o, ASK_DMESG);
	assert_string_equal(f->t.written, "dmesg\n");
	faketransport_puts(&f->t, "{\"type\":\"answer\",\"what\":\"weather\","
	    "\"lines\":[\"rain\"]}\n");
	assert_int_equal(f->answers, 0);
	faketransport_puts(&f->t, "{\"type\":\"answer\",\"what\":\"dmesg\","
	    "\"lines\":[\"(XEN) one\",7,\"two\\u001b[2J\\nthree\"]}\n");
	assert_int_equal(f->answers, 1);
	assert_string_equal(f->answer, "(XEN) one\ntwo\xef\xbf\xbd[2J\n"
	    "three\n");
	faketransport_puts(&f->t, "{\"type\":\"answer\",\"what\":\"dmesg\","
	    "\"error\":\"Xen does not say\"}\n");
	assert_string_equal(f->answer, "agent on alpha: Xen does not say");
	faketransport_puts(&f->t, "{\"type\":\"answer\",\"what\":\"dmesg\"}\n");
	assert_int_equal(f->answers, 2);
	assert_int_equal(f->fault, NO_FAULT);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

static void
test_definitions(void **state)
{
	struct fixture *f = *state;

	faketransport_puts(&f->t, HELLO
	    "{\"type\":\"defs\",\"files\":[{\"path\":\"/etc/xen/a.cfg\","
	    "\"text\":\"name='a'\\n\"}]}\n");
	assert_int_equal(f->ndefs, 1);
	assert_string_equal(f->defs, "name='a'\n");
	faketransport_puts(&f->t,
	    "{\"type\":\"defs\",\"files\":[],\"note\":\"/etc/xen: no\"}\n");
	assert_int_equal(f->ndefs, 2);
	assert_string_equal(f->defs, "/etc/xen: no");
	assert_int_equal(f->fault, NO_FAULT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_asks),
		TEST(test_command),
		TEST(test_stream),
		TEST(test_noise_before_hello),
		TEST(test_too_much_noise),
		TEST(test_other_xen),
		TEST(test_newer_format),
		TEST(test_exits_before_hello),
		TEST(test_channel_refused),
		TEST(test_ends_later),
		TEST(test_says_why),
		TEST(test_breaks),
		TEST(test_endless_line),
		TEST(test_no_hello),
		TEST(test_definitions),
		TEST(test_silence),
		TEST(test_silence_of_slow_agents),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
