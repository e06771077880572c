/* The simulator as the console sees it: through its events only, in virtual
 * time that these tests let pass as fast as they like. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backends/confread.h"
#include "backends/sim.h"
#include "backends/simload.h"
#include "backends/simtimer.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/pollset.h"
#include "core/prng.h"

enum { HOSTS_MAX = 16 };

struct seen {
	struct obs obs; /* the last */
	const struct defs *defs; /* a reference */
	int count;      /* of observations */
	int in_turn;    /* in the last turn */
	enum link_state link;
	struct mono at; /* of the last observation */
};

struct fixture {
	struct conf conf;
	struct backend *b;
	struct mono now;
	struct seen host[HOSTS_MAX];
	struct buf links, notes; /* as text */
	uint64_t sum;            /* of everything */
	long events;
	bool may_emit;
	char *answer; /* the last one */
};

static const int64_t wall = INT64_C(1700000000000);

static void
add(struct fixture *f, const void *p, size_t n)
{
	const unsigned char *c = p;

	for (size_t i = 0; i < n; i++)
		f->sum = (f->sum ^ c[i]) * UINT64_C(1099511628211);
}

static void
add_text(struct fixture *f, const char *s)
{
	if (s != NULL)
		add(f, s, strlen(s) + 1);
}

static void
add_obs(struct fixture *f, const struct obs *o)
{
	add(f, &o->seq, sizeof o->seq);
	add(f, &o->t_ns, sizeof o->t_ns);
	add(f, &o->wall_ms, sizeof o->wall_ms);
	add(f, &o->host.free_kb, sizeof o->host.free_kb);
	add(f, &o->host.load_pm, sizeof o->host.load_pm);
	add_text(f, o->host.boot_id);
	for (size_t i = 0; i < o->ndoms; i++) {
		const struct obs_dom *d = &o->doms[i];

		add(f, &d->domid, sizeof d->domid);
		add(f, &d->flags, sizeof d->flags);
		add(f, &d->cpu_ns, sizeof d->cpu_ns);
		add(f, &d->net_rx, sizeof d->net_rx);
		add(f, &d->disk_wr, sizeof d->disk_wr);
		add(f, &d->start_s, sizeof d->start_s);
		add(f, &d->uuid, sizeof d->uuid);
		add_text(f, d->name);
	}
}

static void
emit(void *arg, const struct event *e)
{
	struct fixture *f = arg;
	struct seen *s;

	assert_true(f->may_emit);
	assert_true(e->at.ns <= f->now.ns);
	assert_int_equal(e->wall_ms, wall + e->at.ns / 1000000);
	f->events++;
	add(f, &e->type, sizeof e->type);
	add(f, &e->host, sizeof e->host);
	add(f, &e->at, sizeof e->at);
	if (e->type == EVENT_NOTE) {
		buf_printf(&f->notes, "%s\n", e->u.note.text);
		add_text(f, e->u.note.text);
		return;
	}
	assert_true(e->host < f->conf.nhosts);
	s = &f->host[e->host % HOSTS_MAX];
	if (e->type == EVENT_DEFS) {
		defs_unref(s->defs);
		s->defs = defs_ref(e->u.defs);
		return;
	}
	if (e->type == EVENT_ANSWER) {
		assert_true((e->u.answer.text != NULL) !=
		    (e->u.answer.error != NULL));
		x_replace(&f->answer, e->u.answer.text != NULL ?
		    e->u.answer.text : e->u.answer.error);
		return;
	}
	if (e->type == EVENT_LINK) {
		buf_printf(&f->links, "%s %s\n", f->conf.hosts[e->host].name,
		    link_state_name(e->u.link.state));
		add_text(f, e->u.link.reason);
		add(f, &e->u.link.retry, sizeof e->u.link.retry);
		assert_true((e->u.link.state == LINK_DOWN) ==
		    (e->u.link.reason != NULL));
		s->link = e->u.link.state;
		return;
	}
	add_obs(f, e->u.obs);
	if (f->conf.nhosts > HOSTS_MAX)
		return; /* not followed one by one */
	assert_int_equal(s->link, LINK_LIVE);
	obs_copy(&s->obs, e->u.obs);
	s->at = e->at;
	s->count++;
	s->in_turn++;
}

static void
open_sim(struct fixture *f, const char *text)
{
	struct conf_errors errs;
	struct event_sink sink = { emit, f };

	conf_errors_init(&errs);
	if (confread_text("t", text, strlen(text), &f->conf, &errs) != 0)
		fail_msg("%s", errs.v[0].text);
	f->now = MONO_ZERO;
	f->b = sim_new(&f->conf, &sink, MONO_ZERO);
}

static void
close_sim(struct fixture *f)
{
	if (f->b != NULL)
		f->b->ops->free(f->b);
	f->b = NULL;
	for (size_t i = 0; i < HOSTS_MAX; i++) {
		obs_free(&f->host[i].obs);
		defs_unref(f->host[i].defs);
		f->host[i] = (struct seen){ 0 };
		obs_init(&f->host[i].obs);
	}
	conf_free(&f->conf);
	x_replace(&f->answer, NULL);
	buf_clear(&f->links);
	buf_clear(&f->notes);
	f->sum = 0;
	f->events = 0;
}

static int
setup(void **state)
{
	struct fixture *f = x_calloc(1, sizeof *f);

	conf_init(&f->conf);
	buf_init(&f->links, 1 << 20);
	buf_init(&f->notes, 1 << 20);
	buf_puts(&f->links, "");
	buf_puts(&f->notes, "");
	for (size_t i = 0; i < HOSTS_MAX; i++)
		obs_init(&f->host[i].obs);
	*state = f;
	return 0;
}

static int
teardown(void **state)
{
	struct fixture *f = *state;

	close_sim(f);
	buf_free(&f->links);
	buf_free(&f->notes);
	x_free(f);
	return 0;
}

/* Lets time pass to that second, in steps. */
static void
run_to(struct fixture *f, int64_t ms, int64_t step)
{
	while (f->now.ns < ms * 1000000) {
		f->now = mono_add_ms(f->now, step);
		if (f->now.ns > ms * 1000000)
			f->now.ns = ms * 1000000;
		for (size_t i = 0; i < HOSTS_MAX; i++)
			f->host[i].in_turn = 0;
		f->may_emit = true;
		f->b->ops->postpoll(f->b, NULL, f->now,
		    wall + f->now.ns / 1000000);
		f->may_emit = false;
	}
}

static int
control(struct fixture *f, uint32_t host, enum backend_control what)
{
	int rc;

	f->may_emit = true;
	rc = f->b->ops->control(f->b, host, what, f->now);
	f->may_emit = false;
	return rc;
}

static const struct obs_dom *
dom(const struct fixture *f, uint32_t host, const char *name)
{
	const struct obs *o = &f->host[host].obs;

	for (size_t i = 0; i < o->ndoms; i++)
		if (strcmp(o->doms[i].name, name) == 0)
			return &o->doms[i];
	return NULL;
}

#define WORLD(faults) "simulator = { seed = 3; hosts = (" \
	"{ name = \"a\"; memory = \"16 GiB\"; }," \
	"{ name = \"b\"; memory = \"16 GiB\"; }," \
	"{ name = \"c\"; memory = \"4 GiB\"; } );" \
	"vms = ( { name = \"web\"; host = \"a\"; memory = \"2 GiB\";" \
	" vcpus = 2; load = 40; }," \
	"{ name = \"db\"; host = \"a\"; memory = \"4 GiB\"; vcpus = 2; }," \
	"{ name = \"win\"; host = \"b\"; type = \"hvm\"; }," \
	"{ name = \"big\"; host = \"c\"; memory = \"8 GiB\"; dormant = true; },"\
	"{ name = \"spare\"; host = \"b\"; dormant = true; } );" \
	"faults = (" faults "); };"

static void
it_begins(void **state)
{
	struct fixture *f = *state;
	const struct obs *o = &f->host[0].obs;
	const struct obs_dom *d;
	uint64_t before;

	open_sim(f, WORLD(""));
	run_to(f, 2000, 10);
	assert_string_equal(f->notes.p, "");
	for (uint32_t i = 0; i < 3; i++)
		assert_int_equal(f->host[i].link, LINK_LIVE);
	assert_string_equal(o->host.hostname, "a");
	assert_int_equal(o->host.mem_kb, 16 << 20);
	assert_int_equal(o->ndoms, 3);
	assert_int_equal(o->doms[0].domid, 0);
	assert_string_equal(o->doms[0].name, "Domain-0");
	assert_int_equal(o->host.free_kb, (16 - 2 - 2 - 4) << 20);
	assert_int_equal(o->wall_ms, wall + f->host[0].at.ns / 1000000 - 2);
	assert_int_equal(f->host[0].defs->n, 5);
	assert_string_equal(f->host[0].defs->v[0]->name, "big");
	assert_string_equal(f->host[0].defs->v[4]->path, "/etc/xen/win.cfg");
	d = dom(f, 0, "web");
	assert_int_equal(d->vcpus, 2);
	assert_int_equal(d->mem_kb, 2 << 20);
	assert_int_equal(d->type, VM_TYPE_PVH);
	assert_int_equal(d->vnc_port, OBS_UNKNOWN);
	assert_string_equal(d->disks[0].target, "/dev/vgs/web");
	assert_memory_equal(d->nics[0].mac, "00:16:3e:", 9);
	assert_non_null(d->nics[0].ip);
	assert_true(d->start_s * 1000 < wall - 1000);
	before = (uint64_t)d->cpu_ns;
	assert_int_equal(dom(f, 1, "win")->vnc_port, 5900);
	assert_null(dom(f, 2, "big"));
	run_to(f, 62000, 10);
	d = dom(f, 0, "web");
	/* About 40 % of two vCPUs for a minute, give or take a wave. */
	assert_in_range((uint64_t)d->cpu_ns - before, 12 * UINT64_C(1000000000),
	    110 * UINT64_C(1000000000));
	assert_true(d->net_rx > 0 && d->disk_wr > 0);
}

static void
hosts_are_asked_in_turn(void **state)
{
	struct fixture *f = *state;
	char text[1500] = "refresh = \"1 s\"; simulator = { hosts = (";
	struct mono deadline = MONO_NEVER;
	int most = 0;

	for (int i = 0; i < 10; i++)
		snprintf(text + strlen(text), sizeof text - strlen(text),
		    "{ name = \"h%d\"; },", i);
	strcat(text, "); };");
	open_sim(f, text);
	run_to(f, 3000, 100);
	/* From here only when it asks for it. */
	for (int turn = 0; f->now.ns < INT64_C(13000000000); turn++) {
		int sum = 0;

		deadline = MONO_NEVER;
		f->b->ops->prepoll(f->b, NULL, f->now, &deadline);
		assert_true(deadline.ns > f->now.ns);
		assert_true(turn < 400);
		run_to(f, deadline.ns / 1000000, 1 << 20);
		for (int i = 0; i < 10; i++)
			sum += f->host[i].in_turn;
		most = sum > most ? sum : most;
	}
	for (int i = 0; i < 10; i++)
		assert_in_range(f->host[i].count, 12, 14);
	assert_in_range(most, 1, 2);
}

static void
a_host_dies_and_comes_back(void **state)
{
	struct fixture *f = *state;
	char boot_id[64];
	struct mono last;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"die\"; host = \"a\"; },"
	    "{ at = \"60 s\"; what = \"boot\"; host = \"a\"; }"));
	run_to(f, 14900, 50);
	snprintf(boot_id, sizeof boot_id, "%s", f->host[0].obs.host.boot_id);
	assert_int_equal(f->host[0].link, LINK_LIVE);
	last = f->host[0].at;
	assert_true(last.ns <= INT64_C(10000000000));
	run_to(f, 15100, 50);
	assert_int_equal(f->host[0].link, LINK_DOWN);
	run_to(f, 149000, 50);
	assert_int_equal(f->host[0].at.ns, last.ns);
	assert_true(f->host[0].link == LINK_DOWN ||
	    f->host[0].link == LINK_CONNECTING);
	run_to(f, 200000, 50);
	assert_int_equal(f->host[0].link, LINK_LIVE);
	assert_string_not_equal(f->host[0].obs.host.boot_id, boot_id);
	assert_int_equal(f->host[0].obs.ndoms, 1);
	assert_in_range(f->host[0].obs.host.uptime_s, 48, 50);
	assert_int_equal(f->host[0].obs.host.free_kb, 14 << 20);
	assert_int_equal(f->host[1].link, LINK_LIVE);
}

static void
a_link_breaks_and_the_host_runs_on(void **state)
{
	struct fixture *f = *state;
	uint32_t domid;
	int64_t cpu;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"break\"; host = \"a\"; },"
	    "{ at = \"40 s\"; what = \"heal\"; host = \"a\"; }"));
	run_to(f, 9000, 50);
	domid = dom(f, 0, "web")->domid;
	cpu = dom(f, 0, "web")->cpu_ns;
	run_to(f, 30000, 50);
	assert_int_not_equal(f->host[0].link, LINK_LIVE);
	run_to(f, 80000, 50);
	assert_int_equal(f->host[0].link, LINK_LIVE);
	assert_int_equal(dom(f, 0, "web")->domid, domid);
	assert_true(dom(f, 0, "web")->cpu_ns > cpu + INT64_C(10000000000));
	assert_non_null(strstr(f->links.p, "a down\na connecting\na down\n"));
}

static void
a_short_break_is_not_noticed(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"break\"; host = \"a\"; },"
	    "{ at = \"14 s\"; what = \"heal\"; host = \"a\"; }"));
	run_to(f, 13900, 50);
	assert_in_range(f->host[0].at.ns, 9000000000, 10000000000);
	run_to(f, 16000, 50);
	assert_true(f->host[0].at.ns > INT64_C(14000000000));
	assert_null(strstr(f->links.p, "down"));
}

static int64_t
age_ms(const struct fixture *f, uint32_t host)
{
	return wall + f->host[host].at.ns / 1000000 -
	    f->host[host].obs.wall_ms;
}

static void
answers_come_late(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"slow\"; host = \"a\"; },"
	    "{ at = \"40 s\"; what = \"heal\"; host = \"a\"; }"));
	run_to(f, 9000, 50);
	assert_int_equal(age_ms(f, 0), 2);
	run_to(f, 39000, 50);
	assert_int_equal(age_ms(f, 0), 4002);
	assert_int_equal(f->host[0].link, LINK_LIVE);
	run_to(f, 50000, 50);
	assert_int_equal(age_ms(f, 0), 2);
}

static void
a_vm_reboots(void **state)
{
	struct fixture *f = *state;
	struct obs_dom before;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"reboot\"; vm = \"web\"; }"));
	run_to(f, 9900, 50);
	before = *dom(f, 0, "web");
	run_to(f, 11500, 50);
	assert_null(dom(f, 0, "web"));
	run_to(f, 14000, 50);
	assert_true(dom(f, 0, "web")->domid > before.domid);
	assert_true(dom(f, 0, "web")->cpu_ns < before.cpu_ns);
	assert_int_equal(dom(f, 0, "web")->start_s, wall / 1000 + 12);
	assert_null(dom(f, 0, "web")->nics[0].ip);
	run_to(f, 20000, 50);
	assert_non_null(dom(f, 0, "web")->nics[0].ip);
	assert_string_equal(f->notes.p, "");
}

static void
a_vm_crashes_pauses_stops_and_starts(void **state)
{
	struct fixture *f = *state;
	int64_t cpu;

	open_sim(f, WORLD(
	    "{ at = \"10 s\"; what = \"crash\"; vm = \"web\"; },"
	    "{ at = \"10 s\"; what = \"pause\"; vm = \"db\"; },"
	    "{ at = \"10 s\"; what = \"stop\"; vm = \"win\"; },"
	    "{ at = \"10 s\"; what = \"start\"; vm = \"spare\"; host = \"a\"; },"
	    "{ at = \"30 s\"; what = \"unpause\"; vm = \"db\"; },"
	    "{ at = \"30 s\"; what = \"reboot\"; vm = \"web\"; }"));
	run_to(f, 12000, 50);
	assert_int_equal(dom(f, 0, "web")->flags, DOM_SHUTDOWN);
	assert_int_equal(dom(f, 0, "web")->reason, REASON_CRASH);
	assert_int_equal(dom(f, 0, "db")->flags, DOM_PAUSED);
	cpu = dom(f, 0, "db")->cpu_ns;
	assert_non_null(dom(f, 1, "win"));
	assert_non_null(dom(f, 0, "spare"));
	run_to(f, 29000, 50);
	assert_int_equal(dom(f, 0, "db")->cpu_ns, cpu);
	assert_null(dom(f, 1, "win"));
	run_to(f, 40000, 50);
	assert_true(dom(f, 0, "db")->cpu_ns > cpu);
	assert_int_equal(dom(f, 0, "web")->reason, REASON_NONE);
	assert_string_equal(f->notes.p, "");
}

static void
a_vm_is_renamed(void **state)
{
	struct fixture *f = *state;
	struct uuid u;

	open_sim(f, WORLD("{ at = \"5 s\"; what = \"rename\"; vm = \"web\";"
	    " to = \"www\"; },"
	    "{ at = \"9 s\"; what = \"crash\"; vm = \"www\"; },"
	    "{ at = \"9 s\"; what = \"rename\"; vm = \"db\"; to = \"www\"; }"));
	run_to(f, 4000, 50);
	u = dom(f, 0, "web")->uuid;
	run_to(f, 10500, 50);
	assert_null(dom(f, 0, "web"));
	assert_memory_equal(&dom(f, 0, "www")->uuid, &u, sizeof u);
	assert_int_equal(dom(f, 0, "www")->reason, REASON_CRASH);
	assert_string_equal(f->host[0].defs->v[3]->name, "web");
	assert_non_null(strstr(f->notes.p, "the name www is taken"));
}

static void
a_vm_migrates(void **state)
{
	struct fixture *f = *state;
	struct uuid u;
	int64_t away = 0, both = 0;

	/* 2 s and 2 GiB at 200 KiB/ms: 12.4 s, and 1.2 s for the handover. */
	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate\"; vm = \"web\";"
	    " to = \"b\"; }"));
	run_to(f, 15000, 50);
	u = dom(f, 0, "web")->uuid;
	assert_int_equal(dom(f, 1, "web--incoming")->flags, DOM_PAUSED);
	assert_int_equal(dom(f, 1, "web--incoming")->mem_kb, 2 << 20);
	assert_memory_equal(&dom(f, 1, "web--incoming")->uuid, &u, sizeof u);
	for (int64_t t = 15000; t < 30000; t += 100) {
		run_to(f, t, 100);
		away += dom(f, 0, "web--migratedaway") != NULL;
		both += dom(f, 0, "web") != NULL && dom(f, 1, "web") != NULL;
	}
	assert_true(away > 5);
	assert_true(both <= 10); /* seen at different moments */
	assert_null(dom(f, 0, "web"));
	assert_null(dom(f, 0, "web--migratedaway"));
	assert_true(dom(f, 1, "web")->cpu_ns > 0);
	assert_true(dom(f, 1, "web")->start_s >= wall / 1000 + 10);
	assert_int_equal(f->host[0].obs.host.free_kb, 10 << 20);
	assert_string_equal(f->notes.p, "");
}

static void
a_migration_fails(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate-fail\";"
	    " vm = \"web\"; to = \"b\"; },"
	    "{ at = \"30 s\"; what = \"migrate\"; vm = \"web\"; to = \"b\"; }"));
	run_to(f, 29000, 50);
	assert_int_equal(dom(f, 1, "web--incoming")->mem_kb, 0);
	assert_int_equal(dom(f, 1, "web--incoming")->flags, DOM_PAUSED);
	assert_true((dom(f, 0, "web")->flags & (DOM_RUNNING | DOM_BLOCKED)) !=
	    0);
	assert_non_null(strstr(f->notes.p, "migration of web broke off"));
	run_to(f, 31000, 50);
	assert_non_null(strstr(f->notes.p, "b has web already"));
}

static void
hosts_die_in_mid_migration(void **state)
{
	struct fixture *f = *state;

	/* Sender in the copying: lost. Receiver: it runs on. */
	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate\"; vm = \"web\";"
	    " to = \"b\"; }, { at = \"15 s\"; what = \"die\"; host = \"a\"; }"));
	run_to(f, 60000, 100);
	assert_null(dom(f, 1, "web"));
	assert_null(dom(f, 1, "web--incoming"));
	close_sim(f);
	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate\"; vm = \"web\";"
	    " to = \"b\"; }, { at = \"15 s\"; what = \"die\"; host = \"b\"; }"));
	run_to(f, 60000, 100);
	assert_non_null(dom(f, 0, "web"));
	close_sim(f);
	/* In the handover: the receiver goes on; the sender cannot know. */
	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate\"; vm = \"web\";"
	    " to = \"b\"; }, { at = \"23 s\"; what = \"die\"; host = \"a\"; }"));
	run_to(f, 60000, 100);
	assert_non_null(dom(f, 1, "web"));
	close_sim(f);
	open_sim(f, WORLD("{ at = \"10 s\"; what = \"migrate\"; vm = \"web\";"
	    " to = \"b\"; }, { at = \"23 s\"; what = \"die\"; host = \"b\"; }"));
	run_to(f, 60000, 100);
	assert_int_equal(dom(f, 0, "web--migratedaway")->reason,
	    REASON_SUSPEND);
}

static void
a_vm_is_started_twice(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD(
	    "{ at = \"5 s\"; what = \"start\"; vm = \"web\"; host = \"b\"; },"
	    "{ at = \"10 s\"; what = \"duplicate\"; vm = \"web\"; to = \"b\"; }"));
	run_to(f, 9000, 50);
	assert_null(dom(f, 1, "web"));
	assert_non_null(strstr(f->notes.p, "cannot start web: it runs on a"));
	run_to(f, 12000, 50);
	assert_memory_equal(&dom(f, 0, "web")->uuid, &dom(f, 1, "web")->uuid,
	    sizeof(struct uuid));
}

static void
memory_runs_out(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD("{ at = \"5 s\"; what = \"start\"; vm = \"big\"; },"
	    "{ at = \"5 s\"; what = \"migrate\"; vm = \"db\"; to = \"c\"; }"));
	run_to(f, 9000, 50);
	assert_non_null(strstr(f->notes.p,
	    "big needs 8192 MiB, c has 3584 MiB free"));
	assert_non_null(strstr(f->notes.p, "too little memory free for db"));
	assert_int_equal(f->host[2].obs.ndoms, 1);
	assert_non_null(dom(f, 0, "db"));
	close_sim(f);
	/* Already at the beginning: said in the first turn. */
	open_sim(f, "simulator = { hosts = ( { name = \"a\"; memory = \"4 GiB\""
	    " } ); vms = ( { name = \"x\"; host = \"a\"; memory = \"4 GiB\" } )"
	    "; };");
	run_to(f, 10, 10);
	assert_string_equal(f->notes.p, "x did not start: x needs 4096 MiB, a "
	    "has 3584 MiB free\n");
}

static void
the_operator_makes_faults(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD(""));
	assert_int_equal(control(f, 0, CONTROL_SIM_DIE), -1);
	run_to(f, 5000, 50);
	assert_int_equal(control(f, 99, CONTROL_SIM_DIE), -1);
	assert_int_equal(control(f, 0, CONTROL_SIM_BREAK), 0);
	run_to(f, 30000, 50);
	assert_int_not_equal(f->host[0].link, LINK_LIVE);
	assert_int_equal(control(f, 0, CONTROL_SIM_HEAL), 0);
	while (f->host[0].link != LINK_DOWN)
		run_to(f, f->now.ns / 1000000 + 50, 50);
	assert_int_equal(control(f, 0, CONTROL_RECONNECT), 0);
	assert_int_equal(f->host[0].link, LINK_CONNECTING);
	run_to(f, f->now.ns / 1000000 + 100, 50);
	assert_int_equal(f->host[0].link, LINK_LIVE);
	assert_int_equal(control(f, 1, CONTROL_SIM_SLOW), 0);
	run_to(f, f->now.ns / 1000000 + 20000, 50);
	assert_int_equal(age_ms(f, 1), 4002);
	assert_int_equal(control(f, 2, CONTROL_SIM_DIE), 0);
	assert_int_equal(control(f, 2, CONTROL_SIM_HEAL), 0);
	run_to(f, f->now.ns / 1000000 + 150000, 50);
	assert_int_equal(f->host[2].link, LINK_LIVE);
	assert_true(f->host[2].obs.host.uptime_s < 100);
}

static int
ask(struct fixture *f, uint32_t host)
{
	int rc;

	x_replace(&f->answer, NULL);
	f->may_emit = true;
	rc = f->b->ops->ask(f->b, host, ASK_DMESG, f->now);
	f->may_emit = false;
	return rc;
}

static void
xen_tells_what_happened(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD(
	    "{ at = \"10 s\"; what = \"crash\"; vm = \"web\"; }"));
	assert_int_equal(ask(f, 0), -1); /* nobody is connected yet */
	run_to(f, 5000, 50);
	assert_int_equal(ask(f, 99), -1);
	assert_int_equal(ask(f, 0), 0);
	assert_null(f->answer);
	run_to(f, 5500, 50);
	assert_non_null(strstr(f->answer, "(XEN) [    0.000000] Xen version"));
	assert_null(strstr(f->answer, "crashed"));
	run_to(f, 12000, 50);
	assert_int_equal(ask(f, 0), 0);
	run_to(f, 12500, 50);
	assert_non_null(strstr(f->answer, "(vcpu#0) crashed on cpu#"));
	/* Out of reach before anybody knows: told when it is found out. */
	assert_int_equal(control(f, 0, CONTROL_SIM_BREAK), 0);
	assert_int_equal(ask(f, 0), 0);
	run_to(f, 14000, 50);
	assert_null(f->answer);
	run_to(f, 20000, 50);
	assert_string_equal(f->answer, "no answer for 5 s: connection lost");
	assert_int_equal(ask(f, 0), -1);
}

/* An answer that a short break holds up comes after it. */
static void
a_late_answer_comes(void **state)
{
	struct fixture *f = *state;

	open_sim(f, WORLD(""));
	run_to(f, 5000, 50);
	assert_int_equal(ask(f, 0), 0);
	assert_int_equal(control(f, 0, CONTROL_SIM_BREAK), 0);
	run_to(f, 7000, 50);
	assert_null(f->answer);
	assert_int_equal(control(f, 0, CONTROL_SIM_HEAL), 0);
	run_to(f, 8000, 50);
	assert_non_null(f->answer);
	assert_non_null(strstr(f->answer, "(XEN)"));
}

static void
the_topology_adds_up(void **state)
{
	struct fixture *f = *state;
	const struct obs_host *h = &f->host[0].obs.host;
	int64_t kb = 0;

	open_sim(f, WORLD(""));
	run_to(f, 5000, 50);
	assert_int_equal(h->nodes, (int32_t)h->nnuma);
	assert_int_equal(h->sockets * h->cores_per_socket *
	    h->threads_per_core, h->cpus);
	for (size_t i = 0; i < h->nnuma; i++)
		kb += h->numa[i].mem_kb;
	assert_in_range(kb, h->mem_kb - 1, h->mem_kb);
	assert_int_equal(h->npools, 1);
	assert_int_equal(h->pools[0].doms, (int32_t)f->host[0].obs.ndoms);
}

static void
demo_of(struct fixture *f)
{
	struct event_sink sink = { emit, f };

	assert_int_equal(sim_demo_conf(&f->conf), 0);
	f->now = MONO_ZERO;
	f->b = sim_new(&f->conf, &sink, MONO_ZERO);
}

/* Steps of any size up to the backlog show the same; and any size at all leads
 * to the same world. */
static void
the_same_in_steps_of_any_size(void **state)
{
	static const int64_t steps[] = { 10, 70, 1000, 4000 };
	struct fixture *f = *state;
	uint64_t sum = 0;

	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		demo_of(f);
		run_to(f, 400000, steps[i]);
		assert_true(f->events > 2000);
		if (i == 0)
			sum = f->sum;
		assert_true(f->sum == sum);
		close_sim(f);
	}
}

static void
an_hour_at_once_is_cheap(void **state)
{
	struct fixture *f = *state;
	struct obs slow;

	demo_of(f);
	run_to(f, 7200000, 1000);
	assert_string_equal(f->notes.p, ""); /* the script fits the world */
	obs_init(&slow);
	obs_copy(&slow, &f->host[0].obs);
	close_sim(f);
	demo_of(f);
	run_to(f, 7200000, 3600000);
	assert_true(f->events < 1500);
	slow.seq = f->host[0].obs.seq;
	assert_true(obs_equal(&slow, &f->host[0].obs));
	obs_free(&slow);
}

static void
loads_keep_their_bounds(void **state)
{
	struct prng r;

	(void)state;
	prng_init(&r, 5);
	for (int i = 0; i < 200; i++) {
		struct simload l = { .seed = prng_next(&r) };
		int64_t from = prng_between(&r, 0, INT64_C(5184000000)), whole;

		l.cap = prng_between(&r, 1000, 64000000);
		l.mean = prng_between(&r, 1000, l.cap);
		for (int k = 0; k < 300; k++) {
			int64_t n = prng_between(&r, 1, 2000);
			int64_t ns = simload_ns(&l, from, from + n);

			assert_true(ns >= 0);
			assert_true(ns <= l.cap * n + 16);
			from += n;
		}
		whole = simload_ns(&l, 0, 7 * 86400000);
		assert_true(llabs(whole / (7 * 86400000) - l.mean) <=
		    l.mean / 50 + 1);
		assert_int_equal(whole, simload_ns(&l, 0, from) +
		    simload_ns(&l, from, 7 * 86400000));
	}
}

static void
loads_vary(void **state)
{
	struct simload l = { 77, 300000, 2000000 };
	int64_t least = INT64_MAX, most = 0;

	(void)state;
	for (int64_t t = 0; t < 86400000; t += 1000) {
		int64_t ppm = simload_ns(&l, t, t + 1000) / 1000;

		least = ppm < least ? ppm : least;
		most = ppm > most ? ppm : most;
	}
	assert_in_range(least, 10000, 150000);
	assert_in_range(most, 600000, 2000000);
}

static void
timers_keep_their_order(void **state)
{
	struct simtimers q = { 0 };
	struct simtimer t, last = { .t = -1 };
	struct prng r;
	int n = 0;

	(void)state;
	prng_init(&r, 9);
	for (uint32_t i = 0; i < 2000; i++)
		simtimer_set(&q, prng_between(&r, 0, 300), 0, i, 0);
	assert_false(simtimer_take(&q, -1, &t));
	while (simtimer_take(&q, 300, &t)) {
		assert_true(t.t > last.t ||
		    (t.t == last.t && t.what > last.what));
		last = t;
		n++;
	}
	assert_int_equal(n, 2000);
	assert_true(simtimer_next(&q) == INT64_MAX);
	simtimer_free(&q);
}

static void
a_thousand_hosts(void **state)
{
	struct fixture *f = *state;

	open_sim(f, "simulator = { generate = { clusters = 2; hosts = 1000; "
	    "vms = 20000; } };");
	run_to(f, 2000, 20);
	assert_true(f->events > 3000);
	assert_string_equal(f->notes.p, "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(it_begins),
		TEST(hosts_are_asked_in_turn),
		TEST(a_host_dies_and_comes_back),
		TEST(a_link_breaks_and_the_host_runs_on),
		TEST(a_short_break_is_not_noticed),
		TEST(answers_come_late),
		TEST(a_vm_reboots),
		TEST(a_vm_crashes_pauses_stops_and_starts),
		TEST(a_vm_is_renamed),
		TEST(a_vm_migrates),
		TEST(a_migration_fails),
		TEST(hosts_die_in_mid_migration),
		TEST(a_vm_is_started_twice),
		TEST(memory_runs_out),
		TEST(the_operator_makes_faults),
		TEST(xen_tells_what_happened),
		TEST(a_late_answer_comes),
		TEST(the_topology_adds_up),
		TEST(the_same_in_steps_of_any_size),
		TEST(an_hour_at_once_is_cheap),
		TEST(loads_keep_their_bounds),
		TEST(loads_vary),
		TEST(timers_keep_their_order),
		TEST(a_thousand_hosts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
