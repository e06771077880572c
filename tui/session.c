/* See session.h. Events take one way: backend, recorder, gate, model. */
#include "tui/session.h"

#include <stdio.h>

#include "core/mem.h"

static void
emit(void *arg, const struct event *e)
{
	struct session *s = arg;
	struct event_sink next = gate_sink(s->gate);

	if (s->recorder != NULL && s->recorder_err.kind == ERR_NONE)
		recorder_add(s->recorder, e, &s->recorder_err);
	if (e->type == EVENT_OBS && e->host < s->conf.nhosts) {
		s->nobs[e->host]++;
		if (s->last != NULL)
			obs_copy(&s->last[e->host], e->u.obs);
	}
	next.emit(next.arg, e);
}

static void
start(struct session *s)
{
	s->model = model_new(&s->conf);
	s->gate = gate_new(s->model);
	s->nobs = x_calloc(s->conf.nhosts, sizeof *s->nobs);
}

void
session_open(struct session *s, struct conf *conf)
{
	struct event_sink sink = { .emit = emit, .arg = s };

	*s = (struct session){ .conf = *conf };
	*conf = (struct conf){ 0 };
	start(s);
	wiring_open(&s->wiring, &s->conf, &sink);
}

int
session_open_replay(struct session *s, const char *path, int speed_percent,
    struct err *err)
{
	struct event_sink sink = { .emit = emit, .arg = s };

	*s = (struct session){ 0 };
	conf_init(&s->conf);
	if (wiring_open_replay(&s->wiring, path, speed_percent, &s->conf,
	    &sink, err) != 0) {
		conf_free(&s->conf);
		return -1;
	}
	start(s);
	return 0;
}

void
session_close(struct session *s)
{
	wiring_close(&s->wiring);
	for (size_t i = 0; s->last != NULL && i < s->conf.nhosts; i++)
		obs_free(&s->last[i]);
	x_free(s->last);
	x_free(s->nobs);
	gate_free(s->gate);
	model_free(s->model);
	conf_free(&s->conf);
}

void
session_keep_last(struct session *s)
{
	s->last = x_calloc(s->conf.nhosts, sizeof *s->last);
	for (size_t i = 0; i < s->conf.nhosts; i++)
		obs_init(&s->last[i]);
}

void
session_turn(struct session *s, struct mono deadline)
{
	struct mono next = deadline;

	model_tick(s->model, loop_now(), loop_wall_ms(), &next);
	loop_turn(&s->wiring.loop, -1, 0, next);
	model_tick(s->model, loop_now(), loop_wall_ms(), &next);
}

static bool
has_answered(const struct session *s, uint32_t host)
{
	const struct host *h = model_host(s->model, host);

	/* The second observation is the first one with rates. */
	return s->nobs[host] >= 2 || h->link == LINK_REFUSED ||
	    h->link == LINK_DOWN;
}

static bool
is_complete(const struct session *s)
{
	if (s->wiring.replay != NULL)
		return wiring_at_end(&s->wiring);
	for (uint32_t i = 0; i < s->conf.nhosts; i++)
		if (!has_answered(s, i))
			return false;
	return true;
}

/* A VM that seems to be on two hosts may be on its way between them, or run
 * twice: which of the two, the model knows a moment later. */
static bool
is_settled(const struct session *s)
{
	for (size_t i = 0; i < model_nvms(s->model); i++) {
		const struct vm *vm = model_vm_at(s->model, i);

		if (vm->ncopies > 1 && vm->conflict == CONFLICT_NONE)
			return false;
	}
	return true;
}

void
session_gather(struct session *s, int64_t timeout_ms)
{
	enum { SETTLE_MS = 3000 };
	/* A recording is played to its end, however long that takes. */
	struct mono end = s->wiring.replay != NULL ? MONO_NEVER :
	    mono_add_ms(loop_now(), timeout_ms);

	while (!is_complete(s) && mono_before(loop_now(), end))
		session_turn(s, end);
	if (s->wiring.replay != NULL)
		return;
	mono_lower(&end, mono_add_ms(loop_now(), SETTLE_MS));
	while (!is_settled(s) && mono_before(loop_now(), end))
		session_turn(s, end);
}

size_t
session_complain(const struct session *s)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);

		if (h->health == HOST_LIVE || (h->seen && s->wiring.replay))
			continue;
		fprintf(stderr, "xendeck: %s%s%s\n",
		    h->reason != NULL ? "" : h->name,
		    h->reason != NULL ? "" : ": ",
		    h->reason != NULL ? h->reason : "did not answer in time");
		n++;
	}
	return n;
}
