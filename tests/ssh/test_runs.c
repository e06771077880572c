/* Runs on a real host's link: this machine as a dom0, over every transport,
 * with a few false tools. What breaks in the middle is really killed. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/remote.h"
#include "backends/runremote.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/request.h"
#include "tests/lib/sshcase.h"

enum { OUT_MAX = 4 * 1024 * 1024 };

static const char uuid_text[] = "11111111-2222-3333-4444-555555555555";

/* What was said of one run since it was last asked for. */
struct heard {
	char id[RUN_ID_MAX + 1];
	bool started;
	int nstarted;
	bool over;
	enum run_what what;
	int status;
	char why[800];
	struct buf out;
};

struct rig {
	struct conf conf;
	struct backend *b;
	struct runner *r;
	struct runscript_places at;
	struct heard h[16];
	size_t nh;
	int nobs, ndown;
};

static struct sshcase the;
static struct sshd server;
static char *dir; /* of the false tools and the records */
static char root_dir[128], user_dir[128], boot_file[128], records_dir[160];
static unsigned last_id;

/* --- The rig ---------------------------------------------------------------- */

static void
on_event(void *arg, const struct event *e)
{
	struct rig *g = arg;

	g->nobs += e->type == EVENT_OBS;
	g->ndown += e->type == EVENT_LINK && e->u.link.state == LINK_DOWN;
}

static struct heard *
heard(struct rig *g, const char *id)
{
	for (size_t i = 0; i < g->nh; i++)
		if (strcmp(g->h[i].id, id) == 0)
			return &g->h[i];
	assert_true(g->nh < sizeof g->h / sizeof *g->h);
	snprintf(g->h[g->nh].id, sizeof g->h[0].id, "%s", id);
	buf_init(&g->h[g->nh].out, OUT_MAX);
	buf_puts(&g->h[g->nh].out, "");
	return &g->h[g->nh++];
}

static void
on_news(void *arg, const struct run_news *n)
{
	struct heard *h = heard(arg, n->id);

	assert_int_equal(n->host, 0);
	if (h->over)
		fail_msg("%s: %s after %s", n->id, run_what_name(n->what),
		    run_what_name(h->what));
	switch (n->what) {
	case RUN_STARTED:
		h->nstarted++;
		h->started = true;
		break;
	case RUN_OUTPUT:
		assert_true(h->started);
		assert_int_equal(buf_add(&h->out, n->text, n->n), 0);
		break;
	case RUN_ENDED:
	case RUN_GUARDED:
	case RUN_ABSENT:
	case RUN_GONE:
	case RUN_UNHEARD:
		h->over = true;
		h->what = n->what;
		h->status = n->status;
		snprintf(h->why, sizeof h->why, "%s", n->why != NULL ? n->why :
		    "");
		break;
	}
}

static void
turn(struct rig *g, int ms)
{
	struct pollset ps = { 0 };
	struct mono now = drive_now(), deadline = mono_add_ms(now, ms);
	int64_t wait;

	g->b->ops->prepoll(g->b, &ps, now, &deadline);
	g->r->ops->tick(g->r, now, &deadline);
	wait = mono_diff_ms(deadline, now) + 1;
	poll(ps.v, (nfds_t)ps.n, wait < 0 ? 0 : wait > ms ? ms : (int)wait);
	now = drive_now();
	g->b->ops->postpoll(g->b, &ps, now, 0);
	g->r->ops->tick(g->r, now, &deadline);
	pollset_free(&ps);
}

#define UNTIL(g, cond) do { \
	struct mono end_ = mono_add_ms(drive_now(), SSHCASE_WAIT); \
	while (!(cond)) { \
		if (!mono_before(drive_now(), end_)) \
			fail_msg("in vain: %s", #cond); \
		turn(g, 20); \
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
	struct run_sink news = { on_news, g };

	memset(g, 0, sizeof *g);
	sshcase_conf(&g->conf, &the, &server, kind, dir);
	signal(SIGPIPE, SIG_IGN);
	g->b = remote_new(&g->conf, &events, 1);
	g->at = (struct runscript_places){ root_dir, user_dir, boot_file };
	g->r = runremote_new_at(g->b, &g->conf, &news, &g->at);
	UNTIL(g, is_up(g));
}

static void
rig_close(struct rig *g)
{
	g->r->ops->free(g->r);
	g->b->ops->free(g->b);
	conf_free(&g->conf);
	for (size_t i = 0; i < g->nh; i++)
		buf_free(&g->h[i].out);
}

static struct run
a_run(char id[32], const char *const argv[])
{
	snprintf(id, 32, "t%d-%u", (int)getpid(), ++last_id);
	return (struct run){ .id = id, .host = 0, .argv = argv,
		.domid = REQUEST_NO_DOMID };
}

static int
start(struct rig *g, const struct run *run)
{
	return g->r->ops->start(g->r, run, drive_now());
}

static struct heard *
attach(struct rig *g, const char *id, const char *boot)
{
	struct heard *h = heard(g, id);

	h->over = h->started = false;
	buf_clear(&h->out);
	buf_puts(&h->out, "");
	assert_int_equal(g->r->ops->attach(g->r, 0, id, boot, drive_now()), 0);
	return h;
}

/* Runs it to its end. */
static struct heard *
all_of(struct rig *g, const struct run *run)
{
	struct heard *h = heard(g, run->id);

	assert_int_equal(start(g, run), 0);
	UNTIL(g, h->over);
	return h;
}

#define RUN_SH(g, id, script) \
	all_of(g, &(struct run){ .id = new_id(id), .host = 0, \
	    .argv = (const char *const[]){ "sh", "-c", script, NULL }, \
	    .domid = REQUEST_NO_DOMID })

static const char *
new_id(char id[32])
{
	snprintf(id, 32, "t%d-%u", (int)getpid(), ++last_id);
	return id;
}

static void
wants(const struct heard *h, enum run_what what, int status, const char *text)
{
	if (h->what != what || (what == RUN_ENDED && h->status != status) ||
	    (text != NULL && strstr(h->why, text) == NULL))
		fail_msg("%s: %s %d: %s", h->id, run_what_name(h->what),
		    h->status, h->why);
}

/* Whether the run has a record, or such a file in it. */
static bool
exists(const char *id, const char *name)
{
	char path[400];

	snprintf(path, sizeof path, "%s/%s/%s", records_dir, id, name);
	return access(path, F_OK) == 0;
}

static char *
current_boot(void)
{
	static char id[64];
	FILE *f = fopen(boot_file, "r");

	assert_non_null(f);
	assert_non_null(fgets(id, sizeof id, f));
	fclose(f);
	id[strcspn(id, "\n")] = '\0';
	return id;
}

/* --- What it must do over every transport ----------------------------------- */

static void
results(struct rig *g)
{
	char id[32];
	struct heard *h;

	h = RUN_SH(g, id, "echo out; echo err >&2; exit 3");
	wants(h, RUN_ENDED, 3, NULL);
	assert_int_equal(h->nstarted, 1);
	assert_string_equal(h->out.p, "out\nerr\n");
	wants(RUN_SH(g, id, ":"), RUN_ENDED, 0, NULL);
	wants(RUN_SH(g, id, "kill -9 $$"), RUN_ENDED, 137, NULL);
	h = all_of(g, &(struct run){ .id = new_id(id),
	    .argv = (const char *const[]){ "/no/such program", NULL },
	    .domid = REQUEST_NO_DOMID });
	wants(h, RUN_ENDED, 127, NULL);
	assert_non_null(strstr(h->out.p, "/no/such program"));
	/* Words arrive as they are. */
	h = all_of(g, &(struct run){ .id = new_id(id),
	    .argv = (const char *const[]){ "printf", "[%s]",
	    "a b", "", "$HOME `id` 'q' \"", "-n", "\n", NULL },
	    .domid = REQUEST_NO_DOMID });
	wants(h, RUN_ENDED, 0, NULL);
	assert_string_equal(h->out.p, "[a b][][$HOME `id` 'q' \"][-n][\n]");
}

static void
input(struct rig *g)
{
	static char bytes[300000];
	char id[32];
	const char *argv[] = { "cat", NULL };
	struct run run = a_run(id, argv);
	struct heard *h;

	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(i * 7 + i / 256);
	run.input = bytes;
	run.input_len = 40000;
	h = all_of(g, &run);
	wants(h, RUN_ENDED, 0, NULL);
	assert_int_equal(h->out.len, 40000);
	assert_memory_equal(h->out.p, bytes, 40000);
	/* And it is nowhere any more. */
	assert_false(exists(id, "input"));
	run = a_run(id, (const char *[]){ "sh", "-c", "wc -c", NULL });
	run.input = bytes;
	run.input_len = sizeof bytes;
	h = all_of(g, &run);
	assert_int_equal(atoi(h->out.p), 300000);
}

static void
much_output(struct rig *g)
{
	char id[32];
	struct heard *h = RUN_SH(g, id,
	    "i=0; while [ $i -lt 1024 ]; do printf '%01023d\\n' $i; "
	    "i=$((i + 1)); done; echo the end; exit 5");

	wants(h, RUN_ENDED, 5, NULL);
	assert_true(h->out.len <= RUN_OUTPUT_MAX);
	assert_true(h->out.len > RUN_OUTPUT_MAX / 2);
	assert_memory_equal(h->out.p, "000", 3);
	assert_non_null(strstr(h->out.p, "bytes left out]\n"));
	assert_string_equal(h->out.p + h->out.len - 8, "the end\n");
	/* A little over what is kept: nothing is lost. */
	h = RUN_SH(g, id, "i=0; while [ $i -lt 500 ]; do "
	    "printf '%099d\\n' $i; i=$((i + 1)); done");
	wants(h, RUN_ENDED, 0, NULL);
	assert_int_equal(h->out.len, 50000);
	for (int i = 0; i < 500; i++)
		assert_int_equal(atoi(h->out.p + i * 100), i);
}

/* --- The guard -------------------------------------------------------------- */

static void
guard(struct rig *g)
{
	char id[32], path[160];
	const char *argv[] = { "sh", "-c", "echo >>\"$0\"", NULL, NULL };
	struct run run;

	snprintf(path, sizeof path, "%s/acted", dir);
	unlink(path);
	argv[3] = path;
	run = a_run(id, argv);
	uuid_parse(&run.uuid, uuid_text);
	run.domid = 7;
	run.boot_id = current_boot();
	wants(all_of(g, &run), RUN_ENDED, 0, NULL);
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
	run = a_run(id, argv);
	uuid_parse(&run.uuid, "99999999-2222-3333-4444-555555555555");
	run.domid = 7;
	wants(all_of(g, &run), RUN_GUARDED, -1, "another VM");
	assert_false(exists(id, "."));
	run = a_run(id, argv);
	uuid_parse(&run.uuid, uuid_text);
	run.domid = 8;
	wants(all_of(g, &run), RUN_GUARDED, -1, "not there any more");
	run = a_run(id, argv);
	run.boot_id = "00000000-2222-3333-4444-555555555555";
	wants(all_of(g, &run), RUN_GUARDED, -1, "rebooted");
	assert_int_equal(access(path, F_OK), -1);
}

static void
lock(struct rig *g)
{
	char id[32], other[32], path[160], script[300];
	struct run run, again;
	struct heard *h;

	snprintf(path, sizeof path, "%s/go", dir);
	unlink(path);
	snprintf(script, sizeof script,
	    "until [ -e '%s' ]; do sleep 0.02; done; sleep 100 "
	    "</dev/null >/dev/null 2>&1 & echo $!", path);
	run = a_run(id, (const char *[]){ "sh", "-c", script, NULL });
	uuid_parse(&run.uuid, uuid_text);
	assert_int_equal(start(g, &run), 0);
	UNTIL(g, heard(g, id)->started);
	again = a_run(other, (const char *[]){ "true", NULL });
	again.uuid = run.uuid;
	h = all_of(g, &again);
	wants(h, RUN_GUARDED, -1, "acted upon by");
	assert_non_null(strstr(h->why, id));
	sshd_write(path, "");
	h = heard(g, id);
	UNTIL(g, h->over);
	wants(h, RUN_ENDED, 0, NULL);
	/* What it left behind has not the lock. */
	again = a_run(other, (const char *[]){ "true", NULL });
	again.uuid = run.uuid;
	wants(all_of(g, &again), RUN_ENDED, 0, NULL);
	kill(atoi(h->out.p), SIGKILL);
}

/* --- Records ------------------------------------------------------------------ */

static void
records(struct rig *g)
{
	char id[32], path[160], script[300];
	struct run run;
	struct heard *h;

	snprintf(path, sizeof path, "%s/times", dir);
	unlink(path);
	snprintf(script, sizeof script, "echo x >>'%s'; echo hello; exit 4",
	    path);
	h = attach(g, "never-began", current_boot());
	UNTIL(g, h->over);
	wants(h, RUN_ABSENT, 0, NULL);
	h = attach(g, "never-began-2", "other");
	UNTIL(g, h->over);
	wants(h, RUN_GONE, 0, NULL);
	/* What was said to be absent can never begin after that. */
	h = heard(g, "never-began");
	h->over = h->started = false;
	wants(all_of(g, &(struct run){ .id = "never-began", .host = 0,
	    .argv = (const char *[]){ "sh", "-c", script, NULL },
	    .domid = REQUEST_NO_DOMID }), RUN_GUARDED, 0, "given up");
	assert_int_equal(access(path, F_OK), -1);
	g->r->ops->forget(g->r, 0, "never-began");
	h = attach(g, "never-began", current_boot());
	UNTIL(g, h->over);
	wants(h, RUN_ABSENT, 0, NULL);
	run = a_run(id, (const char *[]){ "sh", "-c", script, NULL });
	wants(all_of(g, &run), RUN_ENDED, 4, NULL);
	/* The same id: what became of it, and never again. */
	h = heard(g, id);
	h->over = h->started = false;
	buf_clear(&h->out);
	wants(all_of(g, &run), RUN_ENDED, 4, NULL);
	assert_string_equal(h->out.p, "hello\n");
	h = attach(g, id, current_boot());
	UNTIL(g, h->over);
	wants(h, RUN_ENDED, 4, NULL);
	assert_string_equal(h->out.p, "hello\n");
	assert_int_equal(sshd_sh("[ $(wc -l <'%s') = 1 ]", path), 0);
	g->r->ops->forget(g->r, 0, id);
	UNTIL(g, !exists(id, "."));
	h = attach(g, id, current_boot());
	UNTIL(g, h->over);
	wants(h, RUN_ABSENT, 0, NULL);
}

/* Somebody asks while it is on its way: either it runs, and both hear so, or it
 * does not and both hear that. */
static void
asked_early(struct rig *g)
{
	enum { TIMES = 24 };
	struct rig other = { 0 };
	const struct run_sink sink = { on_news, &other };
	struct runner *r = runremote_new_at(g->b, &g->conf, &sink, &g->at);
	int ran = 0, absent = 0;

	for (int i = 0; i < TIMES; i++) {
		struct mono now = drive_now(), next = now;
		char id[32];
		struct run run = a_run(id, (const char *[]){ "true", NULL });
		struct heard *h = heard(g, "early"), *o = heard(&other, "early");

		h->over = h->started = o->over = o->started = false;
		snprintf(h->id, sizeof h->id, "%s", id);
		snprintf(o->id, sizeof o->id, "%s", id);
		/* Each is the first one now and then. */
		if (i % 3 == 0)
			assert_int_equal(r->ops->attach(r, 0, id,
			    current_boot(), now), 0);
		assert_int_equal(start(g, &run), 0);
		for (int k = 0; k < i % 3 * i; k++)
			turn(g, 1);
		if (i % 3 != 0)
			assert_int_equal(r->ops->attach(r, 0, id,
			    current_boot(), now), 0);
		UNTIL(g, (r->ops->tick(r, drive_now(), &next), h->over &&
		    o->over));
		if (o->what == RUN_ABSENT) {
			wants(h, RUN_GUARDED, 0, NULL);
			absent++;
		} else {
			wants(o, RUN_ENDED, 0, NULL);
			wants(h, RUN_ENDED, 0, NULL);
			ran++;
		}
		snprintf(h->id, sizeof h->id, "early");
		snprintf(o->id, sizeof o->id, "early");
	}
	assert_int_equal(ran + absent, TIMES);
	print_message("%d ran, %d were absent\n", ran, absent);
	r->ops->free(r);
	buf_free(&other.h[0].out);
}

static void
cancel(struct rig *g)
{
	char id[32], ids[8][32];
	struct run run = a_run(id, (const char *[]){ "sh", "-c",
	    "trap 'echo told; exit 9' TERM; echo up; "
	    "while :; do sleep 0.05; done", NULL });
	struct heard *h = heard(g, id);

	assert_int_equal(start(g, &run), 0);
	UNTIL(g, h->out.len > 0);
	assert_int_equal(g->r->ops->cancel(g->r, 0, id), 0);
	UNTIL(g, h->over);
	wants(h, RUN_ENDED, 9, NULL);
	assert_non_null(strstr(h->out.p, "told\n"));
	/* More than there are channels: the rest waits, and what waits can be
	 * cancelled without a trace. */
	for (size_t i = 0; i < 6; i++) {
		run = a_run(ids[i], (const char *[]){ "sleep", "60", NULL });
		assert_int_equal(start(g, &run), 0);
		heard(g, ids[i]);
	}
	UNTIL(g, heard(g, ids[3])->started);
	assert_false(heard(g, ids[4])->started);
	assert_int_equal(g->r->ops->cancel(g->r, 0, ids[5]), 0);
	UNTIL(g, heard(g, ids[5])->over);
	wants(heard(g, ids[5]), RUN_GUARDED, -1, "cancelled");
	assert_false(exists(ids[5], "."));
	for (size_t i = 0; i < 5; i++) {
		UNTIL(g, heard(g, ids[i])->started);
		assert_int_equal(g->r->ops->cancel(g->r, 0, ids[i]), 0);
		UNTIL(g, heard(g, ids[i])->over);
		wants(heard(g, ids[i]), RUN_ENDED, 143, NULL);
	}
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
OVER_ALL(results)
OVER_ALL(input)
OVER_ALL(much_output)
OVER_ALL(guard)
OVER_ALL(lock)
OVER_ALL(records)
OVER_ALL(asked_early)
OVER_ALL(cancel)

/* --- Breaking ----------------------------------------------------------------- */

static void
test_cut_link(void **state)
{
	static const enum transport_kind kinds[] = { TRANSPORT_LIBSSH2,
		TRANSPORT_OPENSSH };
	char id[32], path[160], script[400];

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		struct rig g;
		struct run run;
		struct heard *h;

		rig_open(&g, kinds[k]);
		snprintf(path, sizeof path, "%s/cut%zu", dir, k);
		snprintf(script, sizeof script, "echo one; until [ -e '%s' ]; "
		    "do echo talk >&2; sleep 0.02; done; echo last; exit 6",
		    path);
		run = a_run(id, (const char *[]){ "sh", "-c", script, NULL });
		h = heard(&g, id);
		assert_int_equal(start(&g, &run), 0);
		UNTIL(&g, h->out.len > 30);
		sshd_signal(&server, SIGKILL);
		UNTIL(&g, h->over);
		wants(h, RUN_UNHEARD, 0, "broke");
		assert_int_equal(start(&g, &run), -1);
		UNTIL(&g, is_up(&g));
		h = attach(&g, id, current_boot());
		UNTIL(&g, h->out.len > 30);
		sshd_write(path, "");
		UNTIL(&g, h->over);
		wants(h, RUN_ENDED, 6, NULL);
		assert_memory_equal(h->out.p, "one\ntalk\n", 9);
		assert_string_equal(h->out.p + h->out.len - 10, "talk\nlast\n");
		assert_int_equal((h->out.len - 9) % 5, 0);
		rig_close(&g);
	}
}

/* A console that dies in the middle, and another one. */
static void
test_killed_console(void **state)
{
	char id[32], path[160], script[300];
	struct run run;
	struct rig g;
	struct heard *h;
	pid_t pid;
	int wstatus;

	(void)state;
	snprintf(path, sizeof path, "%s/dead", dir);
	snprintf(script, sizeof script, "echo a; until [ -e '%s' ]; do sleep "
	    "0.02; done; echo b", path);
	run = a_run(id, (const char *[]){ "sh", "-c", script, NULL });
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		rig_open(&g, TRANSPORT_LIBSSH2);
		h = heard(&g, id);
		if (start(&g, &run) != 0)
			_exit(1);
		UNTIL(&g, h->out.len > 0);
		kill(getpid(), SIGKILL);
	}
	assert_int_equal(waitpid(pid, &wstatus, 0), pid);
	assert_true(WIFSIGNALED(wstatus) && WTERMSIG(wstatus) == SIGKILL);
	rig_open(&g, TRANSPORT_LOCAL);
	h = attach(&g, id, current_boot());
	UNTIL(&g, h->out.len > 0);
	assert_true(h->started);
	sshd_write(path, "");
	UNTIL(&g, h->over);
	wants(h, RUN_ENDED, 0, NULL);
	assert_string_equal(h->out.p, "a\nb\n");
	rig_close(&g);
}

/* The keeper is killed: nobody knows, and that is what is said. */
static void
test_killed_keeper(void **state)
{
	struct rig g;
	char id[32];
	struct run run = a_run(id, (const char *[]){ "sleep", "60", NULL });
	struct heard *h;

	(void)state;
	rig_open(&g, TRANSPORT_LIBSSH2);
	h = heard(&g, id);
	assert_int_equal(start(&g, &run), 0);
	UNTIL(&g, exists(id, "pid"));
	assert_int_equal(sshd_sh("p=$(cat %s/%s/pid); kill -9 $(ps -o ppid= "
	    "-p $p); kill -9 $p", records_dir, id), 0);
	UNTIL(&g, h->over);
	wants(h, RUN_UNHEARD, 0, "was killed");
	rig_close(&g);
}

static void
test_reboot(void **state)
{
	struct rig g;
	char id[32], old[64];
	struct heard *h;

	(void)state;
	rig_open(&g, TRANSPORT_LOCAL);
	h = RUN_SH(&g, id, "exit 2");
	wants(h, RUN_ENDED, 2, NULL);
	snprintf(old, sizeof old, "%s", current_boot());
	sshd_write(boot_file, "bbbbbbbb-0000-0000-0000-000000000002\n");
	h = attach(&g, id, old);
	UNTIL(&g, h->over);
	wants(h, RUN_GONE, 0, NULL);
	assert_false(exists(id, "."));
	sshd_write(boot_file, "bbbbbbbb-0000-0000-0000-000000000001\n");
	rig_close(&g);
}

/* --- main ----------------------------------------------------------------------- */

static void
make_tools(void)
{
	char path[256], text[1024];

	dir = sshd_path(&the.dir, "dom0");
	assert_int_equal(sshd_sh("mkdir -p '%s/bin'", dir), 0);
	snprintf(root_dir, sizeof root_dir, "%s/run", dir);
	snprintf(user_dir, sizeof user_dir, "%s/tmp", dir);
	if (geteuid() == 0)
		snprintf(records_dir, sizeof records_dir, "%s", root_dir);
	else
		snprintf(records_dir, sizeof records_dir, "%s-%d", user_dir,
		    (int)geteuid());
	snprintf(boot_file, sizeof boot_file, "%s/boot_id", dir);
	sshd_write(boot_file, "bbbbbbbb-0000-0000-0000-000000000001\n");
	snprintf(path, sizeof path, "%s/bin/agent", dir);
	sshd_write(path, "#!/bin/sh\n"
	    "echo '{\"type\":\"hello\",\"v\":1,\"agent\":\"0\",\"xen_built\":"
	    "\"4.17\",\"xen_found\":\"4.17\",\"interval_ms\":1000}'\n"
	    "n=1\n"
	    "while echo '{\"type\":\"obs\",\"full\":true,\"seq\":'$n',"
	    "\"doms\":[]}'; do n=$((n + 1)); sleep 1; done\n");
	snprintf(path, sizeof path, "%s/bin/xenstore-read", dir);
	snprintf(text, sizeof text, "#!/bin/sh\n"
	    "[ \"$1\" = /local/domain/7/vm ] && echo /vm/%s && exit\n"
	    "echo \"couldn't read path $1\" >&2\nexit 1\n", uuid_text);
	sshd_write(path, text);
	assert_int_equal(sshd_sh("chmod 755 '%s'/bin/*", dir), 0);
	snprintf(text, sizeof text, "%s/bin:%s", dir, getenv("PATH"));
	setenv("PATH", text, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_input),
		cmocka_unit_test(test_much_output),
		cmocka_unit_test(test_guard),
		cmocka_unit_test(test_lock),
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_asked_early),
		cmocka_unit_test(test_cancel),
		cmocka_unit_test(test_cut_link),
		cmocka_unit_test(test_killed_console),
		cmocka_unit_test(test_killed_keeper),
		cmocka_unit_test(test_reboot),
	};
	char *config;
	int rc;

	sshcase_make(&the);
	make_tools();
	config = x_asprintf("SetEnv SHLVL=5 PATH=%s", getenv("PATH"));
	sshcase_start(&the, &server, "runs", config);
	x_free(config);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshd_stop(&server);
	sshcase_remove(&the);
	x_free(dir);
	return rc;
}
