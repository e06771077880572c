/* Questions to a real host's backend, whose agent is a script on this machine:
 * they are answered by it, or by a sentence, and by one or the other always. */
#define _DEFAULT_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/remote.h"
#include "core/mem.h"

enum { PATIENCE_S = 20 };

#define GREETING \
	"#!/bin/sh\n" \
	"echo '{\"type\":\"hello\",\"v\":1,\"agent\":\"0\",\"xen_built\":" \
	"\"4.17\",\"xen_found\":\"4.17\",\"interval_ms\":1000}'\n" \
	"echo '{\"type\":\"obs\",\"full\":true,\"seq\":1,\"doms\":[]}'\n"

struct fixture {
	char script[64];
	struct conf conf;
	struct backend *b;
	int nobs, nanswers;
	char answer[512];
	bool error;
	int ndowns, nrefused; /* links */
	int64_t pause_ms; /* until the next try */
	int64_t ahead_ms; /* of the real clock */
};

static int64_t
real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static struct mono
now_of(const struct fixture *f)
{
	return (struct mono){ real_ns() + f->ahead_ms * 1000000 };
}

static void
emit(void *arg, const struct event *e)
{
	struct fixture *f = arg;

	f->nobs += e->type == EVENT_OBS;
	if (e->type == EVENT_LINK) {
		f->ndowns += e->u.link.state == LINK_DOWN;
		f->nrefused += e->u.link.state == LINK_REFUSED;
		f->pause_ms = mono_diff_ms(e->u.link.retry, e->at);
	}
	if (e->type != EVENT_ANSWER)
		return;
	assert_int_equal(e->host, 0);
	assert_int_equal(e->u.answer.what, ASK_DMESG);
	f->nanswers++;
	f->error = e->u.answer.error != NULL;
	snprintf(f->answer, sizeof f->answer, "%s", f->error ?
	    e->u.answer.error : e->u.answer.text);
}

static void
turn(struct fixture *f)
{
	struct pollset ps = { 0 };
	struct mono now = now_of(f), deadline = mono_add_ms(now, 100);
	int64_t ms;

	f->b->ops->prepoll(f->b, &ps, now, &deadline);
	ms = mono_diff_ms(deadline, now);
	poll(ps.v, (nfds_t)ps.n, ms < 0 ? 0 : (int)ms);
	f->b->ops->postpoll(f->b, &ps, now_of(f), 0);
	pollset_free(&ps);
}

static void
until(struct fixture *f, const int *counter, int n)
{
	int64_t end = real_ns() + (int64_t)PATIENCE_S * 1000000000;

	while (*counter < n) {
		assert_true(real_ns() < end);
		turn(f);
	}
}

static int
ask(struct fixture *f, uint32_t host)
{
	return f->b->ops->ask(f->b, host, ASK_DMESG, now_of(f));
}

/* The agent greets, sends a frame, and then does what the script says. */
static void
start(struct fixture *f, const char *script)
{
	struct event_sink sink = { emit, f };
	struct conf_host *h;
	FILE *file;

	memset(f, 0, sizeof *f);
	strcpy(f->script, "/tmp/xendeck-agent-XXXXXX");
	file = fdopen(mkstemp(f->script), "w");
	assert_non_null(file);
	fprintf(file, "%s%s", GREETING, script);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(f->script, 0700), 0);
	conf_init(&f->conf);
	x_replace(&conf_add_cluster(&f->conf)->name, "c");
	h = conf_add_host(&f->conf);
	x_replace(&h->name, "alpha");
	x_replace(&h->address, "localhost");
	x_replace(&h->agent, f->script);
	h->transport = TRANSPORT_LOCAL;
	h->observer = OBSERVER_AGENT;
	signal(SIGPIPE, SIG_IGN);
	f->b = remote_new(&f->conf, &sink, 1);
	assert_non_null(f->b);
}

static void
stop(struct fixture *f)
{
	f->b->ops->free(f->b);
	conf_free(&f->conf);
	unlink(f->script);
}

static void
an_answer(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "while read -r word; do\n"
	    "	[ \"$word\" = dmesg ] || exit 1\n"
	    "	echo '{\"type\":\"answer\",\"what\":\"dmesg\",\"lines\":"
	    "[\"(XEN) one\",\"two\"]}'\n"
	    "done\n");
	assert_int_equal(ask(&f, 0), -1); /* not connected yet */
	until(&f, &f.nobs, 1);
	assert_int_equal(ask(&f, 7), -1);
	assert_int_equal(ask(&f, 0), 0);
	assert_int_equal(ask(&f, 0), 0); /* one question, one answer */
	until(&f, &f.nanswers, 1);
	assert_false(f.error);
	assert_string_equal(f.answer, "(XEN) one\ntwo\n");
	assert_int_equal(ask(&f, 0), 0);
	until(&f, &f.nanswers, 2);
	stop(&f);
}

static void
an_agent_that_dies(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "read -r word\necho gone mad >&2\nexit 1\n");
	until(&f, &f.nobs, 1);
	assert_int_equal(ask(&f, 0), 0);
	until(&f, &f.nanswers, 1);
	assert_true(f.error);
	assert_non_null(strstr(f.answer, "gone mad"));
	assert_int_equal(ask(&f, 0), -1);
	stop(&f);
}

/* One of an older version sends frames, and knows no questions. */
static void
an_agent_that_does_not_know(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "n=2\n"
	    "while :; do\n"
	    "	echo '{\"type\":\"obs\",\"seq\":'$n'}'\n"
	    "	n=$((n + 1))\n"
	    "	sleep 0.1\n"
	    "done\n");
	until(&f, &f.nobs, 1);
	assert_int_equal(ask(&f, 0), 0);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(f.nanswers, 0);
		f.ahead_ms += 6000;
		until(&f, &f.nobs, f.nobs + 1);
	}
	f.ahead_ms += 6000;
	until(&f, &f.nanswers, 1);
	assert_true(f.error);
	assert_non_null(strstr(f.answer, "alpha did not answer within 25 s"));
	stop(&f);
}

static void
a_restart(void **state)
{
	struct fixture f;

	(void)state;
	start(&f, "read -r word\nsleep 60\n");
	until(&f, &f.nobs, 1);
	assert_int_equal(ask(&f, 0), 0);
	assert_int_equal(f.b->ops->control(f.b, 0, CONTROL_RECONNECT,
	    now_of(&f)), 0);
	assert_int_equal(f.nanswers, 1);
	assert_true(f.error);
	stop(&f);
}

/* One that is insisted upon and does not even greet may be on a host that is
 * busy: it is tried again soon, and then less often. */
static void
an_agent_that_does_not_greet(void **state)
{
	struct fixture f;
	FILE *file;

	(void)state;
	start(&f, "");
	file = fopen(f.script, "w");
	assert_non_null(file);
	fprintf(file, "#!/bin/sh\nexec sleep 60\n");
	assert_int_equal(fclose(file), 0);
	for (int i = 1; i <= 3; i++) {
		/* The moment that it is connected is not told: the clock goes
		 * on until the 10 s are over. */
		while (f.ndowns < i && f.nrefused == 0) {
			turn(&f);
			f.ahead_ms += 500;
		}
		assert_int_equal(f.nrefused, 0);
		assert_in_range(f.pause_ms, 750 << (i - 1), 1250 << (i - 1));
	}
	assert_int_equal(f.nobs, 0);
	stop(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer),
		cmocka_unit_test(an_agent_that_dies),
		cmocka_unit_test(an_agent_that_does_not_know),
		cmocka_unit_test(a_restart),
		cmocka_unit_test(an_agent_that_does_not_greet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
