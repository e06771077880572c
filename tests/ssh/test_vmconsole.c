/* A VM's console on a real host's link: this machine as a dom0, over every
 * transport, with a false xenconsole that takes the lock as the real one does. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/consremote.h"
#include "backends/remote.h"
#include "core/buf.h"
#include "core/mem.h"
#include "tests/lib/sshcase.h"

static const char uuid_text[] = "11111111-2222-3333-4444-555555555555";

struct rig {
	struct conf conf;
	struct backend *b;
};

/* One reader, and what it heard. */
struct reader {
	struct vmconsole *c;
	bool open, closed;
	enum vmconsole_end end;
	char why[600];
	struct buf out;
};

static struct sshcase the;
static struct sshd server;
static char *dir;
static unsigned domid; /* of this process alone: the lock's name has it */

/* --- The rig ---------------------------------------------------------------- */

static void
on_event(void *arg, const struct event *e)
{
	(void)arg;
	(void)e;
}

static void
on_news(void *arg, const struct vmconsole_news *n)
{
	struct reader *r = arg;

	assert_false(r->closed);
	switch (n->what) {
	case VMCONSOLE_OPENED:
		assert_false(r->open);
		r->open = true;
		break;
	case VMCONSOLE_DATA:
		assert_true(r->open);
		assert_int_equal(buf_add(&r->out, n->data, n->n), 0);
		break;
	case VMCONSOLE_CLOSED:
		r->closed = true;
		r->end = n->end;
		snprintf(r->why, sizeof r->why, "%s", n->why);
		break;
	}
}

static void
turn(struct rig *g, struct reader *r)
{
	struct pollset ps = { 0 };
	struct mono now = drive_now(), deadline = mono_add_ms(now, 20);
	int64_t wait;

	g->b->ops->prepoll(g->b, &ps, now, &deadline);
	wait = mono_diff_ms(deadline, now) + 1;
	poll(ps.v, (nfds_t)ps.n, wait < 0 ? 0 : wait > 20 ? 20 : (int)wait);
	now = drive_now();
	g->b->ops->postpoll(g->b, &ps, now, 0);
	if (r != NULL && r->c != NULL)
		r->c->ops->tick(r->c, now, &deadline);
	pollset_free(&ps);
}

#define UNTIL(g, r, cond) do { \
	struct mono end_ = mono_add_ms(drive_now(), SSHCASE_WAIT); \
	while (!(cond)) { \
		if (!mono_before(drive_now(), end_)) \
			fail_msg("in vain: %s", #cond); \
		turn(g, r); \
	} \
} while (0)

static bool
is_up(struct rig *g)
{
	uint64_t connection;

	return remote_transport(g->b, 0, &connection) != NULL;
}

static void
rig_open(struct rig *g, enum transport_kind kind)
{
	struct event_sink events = { on_event, g };

	memset(g, 0, sizeof *g);
	sshcase_conf(&g->conf, &the, &server, kind, dir);
	signal(SIGPIPE, SIG_IGN);
	g->b = remote_new(&g->conf, &events, 1);
	UNTIL(g, NULL, is_up(g));
}

static void
rig_close(struct rig *g)
{
	g->b->ops->free(g->b);
	conf_free(&g->conf);
}

static struct vmconsole_want
a_want(const char *who)
{
	struct vmconsole_want w = { .domid = domid, .type = VM_TYPE_PV,
		.name = "web", .reader = who };

	uuid_parse(&w.uuid, uuid_text);
	return w;
}

static void
begin(struct rig *g, struct reader *r, const struct vmconsole_want *w)
{
	const struct vmconsole_sink sink = { on_news, r };

	*r = (struct reader){ 0 };
	buf_init(&r->out, 1 << 24);
	buf_puts(&r->out, "");
	r->c = consremote_open(g->b, &g->conf, w, &sink);
	assert_non_null(r->c);
}

static void
end(struct reader *r)
{
	r->c->ops->close(r->c);
	r->c = NULL;
	buf_free(&r->out);
}

/* The lock of whoever had it before may take a moment to go. */
static void
begin_free(struct rig *g, struct reader *r, const char *who)
{
	const struct vmconsole_want w = a_want(who);

	for (;;) {
		begin(g, r, &w);
		UNTIL(g, r, r->open || r->closed);
		if (r->open)
			return;
		assert_int_equal(r->end, VMCONSOLE_LOCKED);
		end(r);
	}
}

static void
type(struct reader *r, const char *text)
{
	assert_int_equal(r->c->ops->write(r->c, text, strlen(text)), 0);
}

static void
wants_end(const struct reader *r, enum vmconsole_end as, const char *text)
{
	if (r->end != as || strstr(r->why, text) == NULL)
		fail_msg("%d: %s", (int)r->end, r->why);
}

static bool
has(const struct reader *r, const char *text)
{
	return memmem(r->out.p, r->out.len, text, strlen(text)) != NULL;
}

/* --- What it must do over every transport -------------------------------------- */

static void
there_and_back(struct rig *g)
{
	struct reader r;
	char args[80];

	begin_free(g, &r, "ann@desk:1");
	UNTIL(g, &r, has(&r, "up "));
	snprintf(args, sizeof args, "--interactive --num 0 --type pv %u\n",
	    domid);
	assert_true(has(&r, args));
	type(&r, "x\351\001\r");
	UNTIL(g, &r, has(&r, "78") && has(&r, "e9") && has(&r, "01") &&
	    has(&r, "0d"));
	/* A Ctrl-] alone would end the reader there: it never arrives. */
	type(&r, "\035");
	type(&r, "a\035");
	type(&r, "b");
	UNTIL(g, &r, has(&r, "61") && has(&r, "62"));
	assert_false(has(&r, "1d"));
	assert_false(r.closed);
	type(&r, "flood");
	UNTIL(g, &r, has(&r, "flood ends"));
	assert_true(r.out.len > 2000000);
	type(&r, "bye");
	UNTIL(g, &r, r.closed);
	wants_end(&r, VMCONSOLE_ENDED, "console of web has ended.");
	assert_int_equal(r.c->ops->write(r.c, "x", 1), -1);
	end(&r);
}

static void
one_reader(struct rig *g)
{
	const struct vmconsole_want other = a_want("bob@desk:2");
	struct reader a, b;

	begin_free(g, &a, "ann@desk:1");
	UNTIL(g, &a, has(&a, "up "));
	begin(g, &b, &other);
	UNTIL(g, &b, b.closed);
	assert_false(b.open);
	wants_end(&b, VMCONSOLE_LOCKED, "ann@desk, with xendeck");
	end(&b);
	type(&a, "x");
	UNTIL(g, &a, has(&a, "78"));
	/* Who closes it gives it back. */
	end(&a);
	begin_free(g, &b, "bob@desk:2");
	end(&b);
}

/* What an earlier connection of the same run left there is ended. */
static void
own_leftover(struct rig *g)
{
	const struct vmconsole_want w = a_want("ann@desk:1");
	struct reader a, b;

	begin_free(g, &a, "ann@desk:1");
	UNTIL(g, &a, has(&a, "up "));
	begin(g, &b, &w);
	UNTIL(g, &b, b.open || b.closed);
	assert_true(b.open);
	UNTIL(g, &b, has(&b, "up "));
	UNTIL(g, &a, a.closed);
	end(&a);
	end(&b);
}

static void
not_the_domain(struct rig *g)
{
	struct vmconsole_want w = a_want("ann@desk:1");
	struct reader r;

	w.domid = domid + 1;
	begin(g, &r, &w);
	UNTIL(g, &r, r.closed);
	wants_end(&r, VMCONSOLE_GUARDED, "no such domain");
	end(&r);
	w.domid = domid;
	w.uuid.b[3] ^= 1;
	begin(g, &r, &w);
	UNTIL(g, &r, r.closed);
	wants_end(&r, VMCONSOLE_GUARDED, "another VM");
	end(&r);
}

static void
it_breaks(struct rig *g)
{
	struct vmconsole_want w = a_want("ann@desk:1");
	struct reader r;

	begin_free(g, &r, "ann@desk:1");
	type(&r, "crash");
	UNTIL(g, &r, r.closed);
	/* Foreign words are cleaned. */
	wants_end(&r, VMCONSOLE_ENDED, "ended: it \357\277\275[31m broke");
	end(&r);
	w.log = true;
	w.name = "no/such";
	begin(g, &r, &w);
	UNTIL(g, &r, r.closed);
	wants_end(&r, VMCONSOLE_FAILED, "keeps no log");
	end(&r);
}

static void
over_all(void (*test)(struct rig *))
{
	static const enum transport_kind kinds[] = { TRANSPORT_LOCAL,
		TRANSPORT_LIBSSH2, TRANSPORT_OPENSSH };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct rig g;

		rig_open(&g, kinds[i]);
		test(&g);
		rig_close(&g);
	}
}

#define OVER_ALL(name) \
	static void test_##name(void **state) { (void)state; over_all(name); }
OVER_ALL(there_and_back)
OVER_ALL(one_reader)
OVER_ALL(own_leftover)
OVER_ALL(not_the_domain)
OVER_ALL(it_breaks)

static void
test_lost_link(void **state)
{
	static const enum transport_kind kinds[] = { TRANSPORT_LIBSSH2,
		TRANSPORT_OPENSSH };

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct reader r;
		struct rig g;

		rig_open(&g, kinds[k]);
		begin_free(&g, &r, "ann@desk:1");
		UNTIL(&g, &r, has(&r, "up "));
		sshd_signal(&server, SIGKILL);
		UNTIL(&g, &r, r.closed);
		wants_end(&r, VMCONSOLE_LOST, "link to alpha broke");
		assert_int_equal(r.c->ops->write(r.c, "x", 1), -1);
		end(&r);
		UNTIL(&g, NULL, is_up(&g));
		begin_free(&g, &r, "ann@desk:1");
		type(&r, "x");
		UNTIL(&g, &r, has(&r, "78"));
		end(&r);
		rig_close(&g);
	}
}

/* --- main ----------------------------------------------------------------------- */

static const char xenconsole_pl[] =
    "#!/usr/bin/perl\n"
    "use Fcntl ':flock'; $| = 1;\n"
    "open(L, '>>', \"/var/lock/xenconsole.$ARGV[-1]\") or die;\n"
    "flock(L, LOCK_EX | LOCK_NB) or die \"Could not lock\";\n"
    "print \"up @ARGV\\n\";\n"
    "while (sysread(STDIN, $b, 4096)) {\n"
    "	exit 0 if $b eq \"\\x1d\" || $b =~ /bye/;\n"
    "	if ($b =~ /crash/) { print STDERR \"it \\e[31m broke\\n\"; exit 3 }\n"
    "	print 'y' x 2000000, \"flood ends\\n\" if $b =~ /flood/;\n"
    "	print unpack('H*', $_), \"\\n\" for split //, $b;\n"
    "}\n";

static void
make_tools(void)
{
	char path[256], text[1024];

	domid = 20000 + (unsigned)getpid() % 10000 * 2;
	dir = sshd_path(&the.dir, "dom0");
	assert_int_equal(sshd_sh("mkdir -p '%s/bin'", dir), 0);
	snprintf(path, sizeof path, "%s/bin/agent", dir);
	sshd_write(path, "#!/bin/sh\n"
	    "echo '{\"type\":\"hello\",\"v\":1,\"agent\":\"0\",\"xen_built\":"
	    "\"4.17\",\"xen_found\":\"4.17\",\"interval_ms\":1000}'\n"
	    "n=1\n"
	    "while echo '{\"type\":\"obs\",\"full\":true,\"seq\":'$n',"
	    "\"doms\":[]}'; do n=$((n + 1)); sleep 1; done\n");
	snprintf(path, sizeof path, "%s/bin/xenstore-read", dir);
	snprintf(text, sizeof text, "#!/bin/sh\n"
	    "[ \"$1\" = /local/domain/%u/vm ] && echo /vm/%s && exit\n"
	    "echo \"couldn't read path $1\" >&2\nexit 1\n", domid, uuid_text);
	sshd_write(path, text);
	snprintf(path, sizeof path, "%s/bin/xenconsole", dir);
	sshd_write(path, xenconsole_pl);
	assert_int_equal(sshd_sh("chmod 755 '%s'/bin/*", dir), 0);
	snprintf(text, sizeof text, "%s/bin:%s", dir, getenv("PATH"));
	setenv("PATH", text, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_there_and_back),
		cmocka_unit_test(test_one_reader),
		cmocka_unit_test(test_own_leftover),
		cmocka_unit_test(test_not_the_domain),
		cmocka_unit_test(test_it_breaks),
		cmocka_unit_test(test_lost_link),
	};
	char *config;
	int rc;

	sshcase_make(&the);
	make_tools();
	config = x_asprintf("SetEnv SHLVL=5 PATH=%s", getenv("PATH"));
	sshcase_start(&the, &server, "vmconsole", config);
	x_free(config);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshd_sh("rm -f /var/lock/xenconsole.%u", domid);
	sshd_stop(&server);
	sshcase_remove(&the);
	x_free(dir);
	return rc;
}
