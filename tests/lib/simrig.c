/* See simrig.h. */
#include "tests/lib/simrig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/confread.h"
#include "backends/sim.h"
#include "backends/siminside.h"
#include "backends/simrun.h"
#include "core/mem.h"
#include "core/request.h"

enum { TURN_MS = 50, ARGS_MAX = 16 };

static const int64_t wall = INT64_C(1700000000000);

static void
on_event(void *arg, const struct event *e)
{
	struct simrig *g = arg;

	assert_true(g->in_turn);
	if (e->type == EVENT_OBS)
		obs_copy(&g->obs[e->host % SIMRIG_HOSTS], e->u.obs);
}

struct simrig_run *
simrig_run(struct simrig *g, const char *id)
{
	struct simrig_run *run;

	for (size_t i = 0; i < g->nruns; i++)
		if (strcmp(g->runs[i].id, id) == 0)
			return &g->runs[i];
	assert_true(g->nruns < SIMRIG_RUNS);
	run = &g->runs[g->nruns++];
	snprintf(run->id, sizeof run->id, "%s", id);
	buf_init(&run->news, 1 << 16);
	buf_init(&run->out, 1 << 20);
	buf_puts(&run->news, "");
	buf_puts(&run->out, "");
	return run;
}

const char *
simrig_news(struct simrig *g, const char *id)
{
	return simrig_run(g, id)->news.p;
}

static void
on_news(void *arg, const struct run_news *n)
{
	struct simrig *g = arg;
	struct simrig_run *run = simrig_run(g, n->id);

	assert_true(g->in_turn);
	if (n->what == RUN_OUTPUT) {
		buf_add(&run->out, n->text, n->n);
		return;
	}
	if (n->what == RUN_STARTED)
		buf_clear(&run->out);
	buf_printf(&run->news, "%s%s", run->news.len > 0 ? " " : "",
	    run_what_name(n->what));
	run->over = n->what != RUN_STARTED;
	run->status = n->status;
	if (n->what == RUN_ENDED)
		buf_printf(&run->news, " %d", n->status);
	assert_true((n->what == RUN_GUARDED || n->what == RUN_UNHEARD) ==
	    (n->why != NULL));
}

void
simrig_pass(struct simrig *g, int64_t ms)
{
	while (ms > 0) {
		int64_t step = ms < TURN_MS ? ms : TURN_MS;

		ms -= step;
		g->now = mono_add_ms(g->now, step);
		g->in_turn = true;
		g->b->ops->postpoll(g->b, NULL, g->now,
		    wall + g->now.ns / 1000000);
		g->in_turn = false;
	}
}

static void
make_runner(struct simrig *g)
{
	struct run_sink sink = { on_news, g };

	g->r = simrun_new(g->b, &sink);
}

void
simrig_new_console(struct simrig *g)
{
	g->r->ops->free(g->r);
	make_runner(g);
}

void
simrig_open(struct simrig *g, const char *conf)
{
	struct event_sink sink = { on_event, g };
	struct conf_errors errs;

	*g = (struct simrig){ 0 };
	conf_init(&g->conf);
	conf_errors_init(&errs);
	if (confread_text("test", conf, strlen(conf), &g->conf, &errs) != 0)
		fail_msg("the test's configuration is wrong");
	conf_errors_free(&errs);
	for (size_t i = 0; i < SIMRIG_HOSTS; i++)
		obs_init(&g->obs[i]);
	g->b = sim_new(&g->conf, &sink, g->now);
	g->w = sim_world(g->b);
	make_runner(g);
	simrig_pass(g, 3000);
}

void
simrig_close(struct simrig *g)
{
	g->r->ops->free(g->r);
	g->b->ops->free(g->b);
	for (size_t i = 0; i < SIMRIG_HOSTS; i++)
		obs_free(&g->obs[i]);
	for (size_t i = 0; i < g->nruns; i++) {
		buf_free(&g->runs[i].news);
		buf_free(&g->runs[i].out);
	}
	conf_free(&g->conf);
}

struct simdom *
simrig_dom(struct simrig *g, uint32_t host, const char *name)
{
	return simdom_named(&g->w->hosts[host], name);
}

int
simrig_start(struct simrig *g, uint32_t host, const char *id, const char *vm,
    const char *command)
{
	uint32_t at = vm[0] != '\0' ? simworld_vm(g->w, vm) : SIM_NONE;
	char *text = x_strdup(command), *save = NULL, number[16] = "";
	const char *argv[ARGS_MAX + 1] = { NULL };
	struct run run = {
		.id = id,
		.host = host,
		.argv = argv,
		.domid = REQUEST_NO_DOMID,
	};
	const struct simdom *d;
	size_t n = 0;
	int rc;

	if (at != SIM_NONE) {
		run.uuid = g->w->vms[at].uuid;
		d = simdom_of(&g->w->hosts[host], at, SIM_PLAIN);
		if (d != NULL) {
			run.domid = d->domid;
			snprintf(number, sizeof number, "%u", d->domid);
		}
	}
	for (char *t = strtok_r(text, " ", &save); t != NULL && n < ARGS_MAX;
	    t = strtok_r(NULL, " ", &save))
		argv[n++] = strcmp(t, "$VM") == 0 ? number : t;
	simrig_run(g, id)->over = false;
	rc = g->r->ops->start(g->r, &run, g->now);
	x_free(text);
	return rc;
}

int
simrig_attach(struct simrig *g, uint32_t host, const char *id,
    const char *boot_id)
{
	simrig_run(g, id)->over = false;
	return g->r->ops->attach(g->r, host, id, boot_id, g->now);
}

const char *
simrig_do(struct simrig *g, uint32_t host, const char *vm, const char *command,
    int64_t ms)
{
	struct simrig_run *run;
	char id[32], text[64];

	snprintf(id, sizeof id, "do-%zu", g->nruns);
	assert_int_equal(simrig_start(g, host, id, vm, command), 0);
	run = simrig_run(g, id);
	for (; ms > 0 && !run->over; ms -= TURN_MS)
		simrig_pass(g, TURN_MS);
	if (!run->over || strstr(run->news.p, "ended") == NULL)
		return run->over ? run->news.p : "it has not ended";
	snprintf(text, sizeof text, "%d: ", run->status);
	buf_clear(&run->news);
	buf_printf(&run->news, "%s%s", text, run->out.p);
	return run->news.p;
}
