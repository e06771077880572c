/* A month on the wall, in fast time: a simulated cluster with a full calendar
 * of faults, and a host that makes VMs with ever new UUIDs and names. What is
 * allocated must not grow after the first days, whatever happened. */
#include <locale.h>
#include <malloc.h>
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
#include "core/alarm.h"
#include "core/mem.h"
#include "core/pollset.h"
#include "tui/wall.h"

enum {
	DAYS = 30,
	WARM_DAYS = 6,
	STEP_MS = 30000,
	STEPS_PER_DAY = 86400000 / STEP_MS,
	DRAW_EVERY = 120,
	MILL_VMS = 3,        /* at a time; one is replaced every minute */
	/* Bytes, for logs of longer lines and fuller rings; the simulated Xens
	 * keep logs of their own, up to a limit. One per VM made is 43200. */
	SLACK = 128 * 1024,
};

static const char world[] =
"refresh = \"1 min\"; stale = \"150 s\";\n"
"clusters = (\n"
"  { name = \"c\"; hosts = ( { name = \"a1\"; }, { name = \"a2\"; },\n"
"    { name = \"a3\"; }, { name = \"a4\"; } ); },\n"
"  { name = \"m\"; hosts = ( { name = \"mill\"; transport = \"local\"; } ); }\n"
");\n"
"vms = ( { match = \"*\"; watch = \"yes\"; cpu_alarm = 90; } );\n"
"alarms = { host_cpu = 30; host_cpu_clear = 20; };\n"
"simulator = {\n"
"  hosts = ( { name = \"a1\"; }, { name = \"a2\"; }, { name = \"a3\"; },\n"
"    { name = \"a4\"; } );\n"
"  vms = ( { name = \"v1\"; host = \"a1\"; load = 80; },\n"
"    { name = \"v2\"; host = \"a1\"; load = 95; vcpus = 8; },\n"
"    { name = \"v3\"; host = \"a2\"; }, { name = \"v4\"; host = \"a2\"; },\n"
"    { name = \"v5\"; host = \"a3\"; }, { name = \"v6\"; host = \"a4\"; },\n"
"    { name = \"v7\"; host = \"a4\"; dormant = true; } );\n"
"  faults = (\n"
"    { at = \"1 h\"; every = \"7 h\"; what = \"die\"; host = \"a2\"; },\n"
"    { at = \"90 min\"; every = \"7 h\"; what = \"boot\"; host = \"a2\"; },\n"
"    { at = \"2 h\"; every = \"5 h\"; what = \"break\"; host = \"a3\"; },\n"
"    { at = \"3 h\"; every = \"5 h\"; what = \"heal\"; host = \"a3\"; },\n"
"    { at = \"11 min\"; every = \"50 min\"; what = \"crash\"; vm = \"v1\"; },\n"
"    { at = \"21 min\"; every = \"50 min\"; what = \"reboot\"; vm = \"v1\"; },\n"
"    { at = \"5 min\"; every = \"64 min\"; what = \"migrate\"; vm = \"v6\";\n"
"      to = \"a1\"; },\n"
"    { at = \"37 min\"; every = \"64 min\"; what = \"migrate\"; vm = \"v6\";\n"
"      to = \"a4\"; },\n"
"    { at = \"4 h\"; every = \"9 h\"; what = \"duplicate\"; vm = \"v5\";\n"
"      to = \"a4\"; },\n"
"    { at = \"260 min\"; every = \"9 h\"; what = \"stop\"; vm = \"v5\"; },\n"
"    { at = \"270 min\"; every = \"9 h\"; what = \"stop\"; vm = \"v5\"; },\n"
"    { at = \"275 min\"; every = \"9 h\"; what = \"start\"; vm = \"v5\"; },\n"
"    { at = \"6 h\"; every = \"11 h\"; what = \"rename\"; vm = \"v3\";\n"
"      to = \"w3\"; },\n"
"    { at = \"8 h\"; every = \"11 h\"; what = \"rename\"; vm = \"w3\";\n"
"      to = \"v3\"; }\n"
"  );\n"
"};\n";

struct month {
	struct conf conf;
	struct model *model;
	struct alarms *alarms;
	struct backend *sim;
	struct pollset ps;
	struct wall wall;
	struct canvas canvas;
	struct mono now;
	int64_t wall_ms;
	unsigned made;    /* by the mill */
	uint64_t raised, log; /* the highest seen */
};

/* Present in a sanitized build, where malloc keeps no books of its own. */
size_t __sanitizer_get_current_allocated_bytes(void) __attribute__((weak));

static size_t
allocated(void)
{
	if (__sanitizer_get_current_allocated_bytes != NULL)
		return __sanitizer_get_current_allocated_bytes();
	return mallinfo2().uordblks;
}

static void
emit(void *arg, const struct event *e)
{
	model_apply(((struct month *)arg)->model, e);
}

static void
set_up(struct month *m)
{
	struct event_sink sink = { .emit = emit, .arg = m };
	struct conf_errors errs;

	*m = (struct month){ .now = { 1000000000 },
		.wall_ms = 1790000000000 };
	conf_errors_init(&errs);
	conf_init(&m->conf);
	assert_int_equal(confread_text("world", world, strlen(world),
	    &m->conf, &errs), 0);
	conf_errors_free(&errs);
	m->model = model_new(&m->conf);
	m->alarms = alarms_new(&m->conf);
	m->sim = sim_new(&m->conf, &sink, m->now);
	wall_init(&m->wall, m->model, m->alarms, m->now);
	wall_resize(&m->wall, 132, 43);
	canvas_init(&m->canvas, 132, 43);
}

static void
tear_down(struct month *m)
{
	m->sim->ops->free(m->sim);
	alarms_free(m->alarms);
	model_free(m->model);
	conf_free(&m->conf);
	canvas_free(&m->canvas);
	pollset_free(&m->ps);
}

/* Each is there for MILL_VMS minutes, and never comes back. */
static void
turn_the_mill(struct month *m)
{
	struct obs o;

	obs_init(&o);
	m->made++;
	o.t_ns = m->now.ns;
	o.host.cpus = 4;
	o.host.mem_kb = 8 << 20;
	o.host.free_kb = 4 << 20;
	o.ndoms = MILL_VMS;
	o.doms = arena_array(&o.mem, o.ndoms, sizeof *o.doms);
	for (unsigned i = 0; i < MILL_VMS; i++) {
		struct obs_dom *d = &o.doms[i];
		unsigned n = m->made + i;
		char name[32];

		obs_dom_init(d);
		snprintf(name, sizeof name, "grain-%u", n);
		d->name = arena_strdup(&o.mem, name);
		d->domid = n;
		memcpy(d->uuid.b, &n, sizeof n);
		d->uuid.b[15] = 1;
		d->flags = DOM_BLOCKED;
		d->vcpus = 1;
		d->mem_kb = 1 << 20;
	}
	obs_normalise(&o);
	model_apply(m->model, &(struct event){ .type = EVENT_OBS,
	    .host = conf_find_host(&m->conf, "mill"), .at = m->now,
	    .wall_ms = m->wall_ms, .u.obs = &o });
	obs_free(&o);
}

static void
step(struct month *m, int i)
{
	struct mono next = MONO_NEVER;
	const struct log_entry *e;

	m->now = mono_add_ms(m->now, STEP_MS);
	m->wall_ms += STEP_MS;
	pollset_clear(&m->ps);
	m->sim->ops->prepoll(m->sim, &m->ps, m->now, &next);
	m->sim->ops->postpoll(m->sim, &m->ps, m->now, m->wall_ms);
	if (i % 2 == 0)
		turn_the_mill(m);
	model_tick(m->model, m->now, m->wall_ms, &next);
	alarms_update(m->alarms, m->model, m->now, m->wall_ms, &next);
	alarms_news(m->alarms, &m->raised);
	e = model_log(m->model, 0);
	m->log = e != NULL ? e->seq : 0;
	if (i % DRAW_EVERY == 0) {
		wall_tick(&m->wall, m->now, m->wall_ms);
		wall_draw(&m->wall, &m->canvas);
	}
}

static void
nothing_grows(void **state)
{
	size_t warm = 0, later = 0, most_vms = 0;
	struct month m;

	(void)state;
	set_up(&m);
	for (int day = 0; day < DAYS; day++) {
		size_t most = 0;

		for (int i = 0; i < STEPS_PER_DAY; i++) {
			size_t now;

			step(&m, i);
			now = allocated();
			most = now > most ? now : most;
		}
		if (day < WARM_DAYS)
			warm = most > warm ? most : warm;
		else
			later = most > later ? most : later;
		if (model_nvms(m.model) > most_vms)
			most_vms = model_nvms(m.model);
		if (getenv("VERBOSE") != NULL)
			printf("day %d: %zu bytes, %zu VMs, %zu alarms\n",
			    day + 1, most, model_nvms(m.model),
			    alarms_count(m.alarms).active);
	}
	/* It was a month in which much happened. */
	assert_true(m.made == DAYS * 24 * 60);
	assert_true(m.raised > m.made);
	assert_true(m.log > 2 * m.made);
	assert_true(alarms_count(m.alarms).active < ALARMS_LIVE_MAX);
	assert_true(most_vms < 40);
	if (later > warm + SLACK)
		fail_msg("%zu bytes at most in the first %d days, %zu later",
		    warm, WARM_DAYS, later);
	tear_down(&m);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_grows) };

	if (setlocale(LC_ALL, "C.UTF-8") == NULL)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
