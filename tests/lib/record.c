/* See record.h. */
#include "tests/lib/record.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backends/sim.h"
#include "backends/simgen.h"
#include "backends/wire.h"
#include "core/conf_check.h"
#include "core/prng.h"

enum { WALL_S = 1790000000 };

struct writer {
	struct record *r;
	struct wire_writer *w;
	struct buf line;
	FILE *f;
	struct mono start;
};

static void
emit(void *arg, const struct event *e)
{
	struct writer *w = arg;

	buf_clear(&w->line);
	if (wire_write_event(w->w, &w->line, e, w->start) == 0)
		fwrite(w->line.p, 1, w->line.len, w->f);
	w->r->events++;
}

static void
hurt(struct backend *b, struct prng *p, const struct conf *c, struct mono now)
{
	static const enum backend_control what[] = { CONTROL_SIM_DIE,
		CONTROL_SIM_BREAK, CONTROL_SIM_SLOW, CONTROL_SIM_HEAL,
		CONTROL_SIM_HEAL, CONTROL_RECONNECT };

	b->ops->control(b, prng_below(p, (uint32_t)c->nhosts),
	    what[prng_below(p, sizeof what / sizeof what[0])], now);
}

static void
run(struct writer *w, uint64_t seed, int64_t seconds, int64_t fault_s)
{
	struct event_sink sink = { emit, w };
	struct backend *b = sim_new(&w->r->conf, &sink, w->start);
	struct mono now = w->start, end = mono_add_ms(now, seconds * 1000);
	struct mono fault = now;
	struct pollset ps = { 0 };
	struct prng p;

	prng_init(&p, seed);
	while (mono_before(now, end)) {
		struct mono next = end;

		b->ops->prepoll(b, &ps, now, &next);
		if (fault_s > 0)
			mono_lower(&next, fault);
		if (mono_before(now, next))
			now = next;
		b->ops->postpoll(b, &ps, now, w->r->wall_ms +
		    mono_diff_ms(now, w->start));
		if (fault_s > 0 && mono_reached(fault, now)) {
			hurt(b, &p, &w->r->conf, now);
			fault = mono_add_ms(now,
			    prng_below(&p, (uint32_t)fault_s * 2000));
		}
	}
	pollset_free(&ps);
	b->ops->free(b);
	w->r->end = (struct mono){ end.ns - w->start.ns };
}

void
record_make(struct record *r, uint64_t seed, int hosts, int vms,
    int64_t seconds, int64_t fault_s)
{
	struct conf_generate g = { 1, hosts, vms };
	struct writer w = { .r = r, .start = { 777000000000 } };

	*r = (struct record){ .wall_ms = WALL_S * INT64_C(1000) };
	conf_init(&r->conf);
	r->conf.sim.seed = seed;
	simgen_add(&r->conf, &g, NULL, 0);
	conf_complete(&r->conf);
	snprintf(r->dir, sizeof r->dir, "/tmp/xendeck-record-XXXXXX");
	if (mkdtemp(r->dir) == NULL)
		abort();
	snprintf(r->path, sizeof r->path, "%s/rec", r->dir);
	w.f = fopen(r->path, "w");
	assert(w.f != NULL);
	buf_init(&w.line, WIRE_LINE_MAX + 1);
	w.w = wire_writer_new(&r->conf);
	wire_write_head(w.w, &w.line, r->wall_ms);
	fwrite(w.line.p, 1, w.line.len, w.f);
	run(&w, seed, seconds, fault_s);
	fclose(w.f);
	wire_writer_free(w.w);
	buf_free(&w.line);
}

void
record_free(struct record *r)
{
	unlink(r->path);
	rmdir(r->dir);
	conf_free(&r->conf);
}
