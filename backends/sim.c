/* The simulator as a backend: it lets the world, the links and the fault script
 * have their turns in the order of virtual time, and translates the console's
 * monotonic clock to it. */
#include "backends/sim.h"

#include <stdbool.h>
#include <string.h>

#include "backends/siminside.h"
#include "backends/simfault.h"
#include "backends/simlink.h"
#include "backends/simtimer.h"
#include "backends/simworld.h"
#include "core/mem.h"

/* Deadlines are rounded up to this, so that a thousand hosts do not wake the
 * loop a thousand times a second. */
enum { GRID_MS = 10 };

struct early_note {
	uint32_t host;
	char *text;
};

struct sim {
	struct backend base;
	const struct conf *conf;
	struct event_sink sink;
	struct mono start;
	bool has_wall;
	struct simworld *w;
	struct simlinks *l;
	struct simtimers script; /* what: index of the fault */
	struct sim_part *part; /* or NULL */
	/* From before the first turn, when nothing may be emitted. */
	struct early_note *early;
	size_t nearly, early_cap;
};

static struct sim *
self(struct backend *b)
{
	return (struct sim *)(void *)b;
}

static void
take_note(void *arg, uint32_t host, const char *text)
{
	struct sim *s = arg;

	if (s->has_wall) {
		simlinks_note(s->l, host, NOTE_WARNING, text);
		return;
	}
	s->early = x_grow(s->early, s->nearly, &s->early_cap,
	    sizeof *s->early);
	s->early[s->nearly++] = (struct early_note){ host, x_strdup(text) };
}

static int64_t
virtual_ms(const struct sim *s, struct mono now)
{
	int64_t ms = mono_diff_ms(now, s->start);

	return SIM_EPOCH + (ms > 0 ? ms : 0);
}

static int64_t
next_ms(const struct sim *s)
{
	int64_t t = simworld_next(s->w), x;

	if ((x = simtimer_next(&s->script)) < t)
		t = x;
	if ((x = simlinks_next(s->l)) < t)
		t = x;
	if (s->part != NULL && (x = s->part->ops->next(s->part)) < t)
		t = x;
	return t;
}

static void
run_script(struct sim *s)
{
	struct simtimer t;

	while (simtimer_take(&s->script, s->w->now, &t)) {
		const struct conf_sim_fault *f = &s->conf->sim.faults[t.what];

		simfault_apply(s->w, s->l, f);
		if (f->every_ms > 0)
			simtimer_set(&s->script, s->w->now + f->every_ms, 0,
			    t.what, 0);
	}
}

static void
run(struct sim *s, int64_t until)
{
	int64_t t;

	while ((t = next_ms(s)) <= until) {
		simworld_run(s->w, t > s->w->now ? t : s->w->now);
		run_script(s);
		simlinks_run(s->l, until);
		if (s->part != NULL)
			s->part->ops->run(s->part);
	}
	if (until > s->w->now)
		simworld_run(s->w, until);
}

static void
begin(struct sim *s, struct mono now, int64_t wall_ms)
{
	s->has_wall = true;
	simlinks_set_wall(s->l, wall_ms - (virtual_ms(s, now) - SIM_EPOCH));
	for (size_t i = 0; i < s->nearly; i++)
		simlinks_note(s->l, s->early[i].host, NOTE_WARNING,
		    s->early[i].text);
}

static void
prepoll(struct backend *b, struct pollset *ps, struct mono now,
    struct mono *deadline)
{
	const struct sim *s = self(b);
	int64_t t = next_ms(s);

	(void)ps;
	(void)now;
	if (t == INT64_MAX)
		return;
	t = (t - SIM_EPOCH + GRID_MS - 1) / GRID_MS * GRID_MS;
	mono_lower(deadline, mono_add_ms(s->start, t));
}

static void
postpoll(struct backend *b, const struct pollset *ps, struct mono now,
    int64_t wall_ms)
{
	struct sim *s = self(b);

	(void)ps;
	if (!s->has_wall)
		begin(s, now, wall_ms);
	run(s, virtual_ms(s, now));
}

static uint32_t
find_host(const struct sim *s, uint32_t conf_host)
{
	for (uint32_t i = 0; i < s->w->nhosts; i++)
		if (s->w->hosts[i].conf_host == conf_host)
			return i;
	return SIM_NONE;
}

static int
control(struct backend *b, uint32_t host, enum backend_control what,
    struct mono now)
{
	struct sim *s = self(b);
	uint32_t h = find_host(s, host);

	if (h == SIM_NONE || !s->has_wall)
		return -1;
	run(s, virtual_ms(s, now));
	switch (what) {
	case CONTROL_RECONNECT:
		simlinks_reconnect(s->l, h);
		break;
	case CONTROL_SIM_DIE:
		simworld_power_off(s->w, h);
		break;
	case CONTROL_SIM_BREAK:
		simlinks_break(s->l, h, true);
		break;
	case CONTROL_SIM_SLOW:
		simlinks_slow(s->l, h, true);
		break;
	case CONTROL_SIM_HEAL:
		simworld_power_on(s->w, h);
		simlinks_slow(s->l, h, false);
		simlinks_break(s->l, h, false);
		break;
	}
	simlinks_check(s->l, h);
	return 0;
}

static int
sim_ask(struct backend *b, uint32_t host, enum backend_ask what,
    struct mono now)
{
	struct sim *s = self(b);
	uint32_t h = find_host(s, host);

	if (h == SIM_NONE || !s->has_wall)
		return -1;
	run(s, virtual_ms(s, now));
	return simlinks_ask(s->l, h, what);
}

static void
sim_free(struct backend *b)
{
	struct sim *s = self(b);

	for (size_t i = 0; i < s->nearly; i++)
		x_free(s->early[i].text);
	x_free(s->early);
	if (s->part != NULL)
		s->part->ops->free(s->part);
	simtimer_free(&s->script);
	simlinks_free(s->l);
	simworld_free(s->w);
	x_free(s);
}

bool
sim_is(const struct backend *b)
{
	return b->ops->free == sim_free;
}

struct simworld *
sim_world(struct backend *b)
{
	return self(b)->w;
}

struct simlinks *
sim_links(struct backend *b)
{
	return self(b)->l;
}

uint32_t
sim_host(struct backend *b, uint32_t conf_host)
{
	return find_host(self(b), conf_host);
}

int64_t
sim_now(struct backend *b, struct mono now)
{
	const struct sim *s = self(b);
	int64_t t = virtual_ms(s, now);

	return t > s->w->now ? t : s->w->now;
}

struct sim_part *
sim_part(struct backend *b)
{
	return self(b)->part;
}

void
sim_set_part(struct backend *b, struct sim_part *part)
{
	self(b)->part = part;
}

static const struct backend_ops sim_ops = {
	.name = "sim",
	.prepoll = prepoll,
	.postpoll = postpoll,
	.control = control,
	.ask = sim_ask,
	.free = sim_free,
};

struct simworld *
sim_reach(struct backend *b, uint32_t host, uint32_t *simhost, bool *live)
{
	struct sim *s = self(b);

	if (b->ops != &sim_ops)
		return NULL;
	*simhost = find_host(s, host);
	if (*simhost == SIM_NONE)
		return NULL;
	*live = simlinks_live(s->l, *simhost);
	return s->w;
}

struct backend *
sim_new(const struct conf *conf, const struct event_sink *sink,
    struct mono start)
{
	struct sim *s = x_calloc(1, sizeof *s);

	s->base.ops = &sim_ops;
	s->conf = conf;
	s->sink = *sink;
	s->start = start;
	s->w = simworld_new(conf, take_note, s);
	s->l = simlinks_new(s->w, conf, &s->sink, start);
	for (size_t i = 0; i < conf->sim.nfaults; i++)
		simtimer_set(&s->script, SIM_EPOCH + conf->sim.faults[i].at_ms,
		    0, (uint32_t)i, 0);
	return &s->base;
}
