/* See session.h. Events take one way: backend, recorder and tape, model. */
#include "tui/session.h"

#include <stdint.h>
#include <stdio.h>

#include "core/mem.h"
#include "tui/when.h"

static void
emit(void *arg, const struct event *e)
{
	struct session *s = arg;

	if (s->recorder != NULL && s->recorder_err.kind == ERR_NONE)
		recorder_add(s->recorder, e, &s->recorder_err);
	if (s->tape != NULL)
		wiring_tape_add(s->tape, e);
	if (e->type == EVENT_OBS && e->host < s->conf.nhosts) {
		s->nobs[e->host]++;
		if (s->last != NULL)
			obs_copy(&s->last[e->host], e->u.obs);
	}
	if (s->also.emit != NULL)
		s->also.emit(s->also.arg, e);
	if (s->reel == NULL) /* else its reading has done it */
		model_apply(s->model, e);
}

void
session_open(struct session *s, struct conf *conf)
{
	struct event_sink sink = { .emit = emit, .arg = s };

	*s = (struct session){ .conf = *conf };
	*conf = (struct conf){ 0 };
	s->model = model_new(&s->conf);
	s->nobs = x_calloc(s->conf.nhosts, sizeof *s->nobs);
	wiring_open(&s->wiring, &s->conf, &sink);
}

int
session_open_replay(struct session *s, const char *path, struct err *err)
{
	*s = (struct session){ 0 };
	conf_init(&s->conf);
	s->reel = wiring_open_reel(path, &s->conf, err);
	if (s->reel == NULL) {
		conf_free(&s->conf);
		return -1;
	}
	s->nobs = x_calloc(s->conf.nhosts, sizeof *s->nobs);
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
	wiring_tape_free(s->tape);
	if (s->reel == NULL) {
		model_free(s->model);
	} else {
		reading_close(&s->reading);
		s->reel->ops->free(s->reel);
	}
	conf_free(&s->conf);
}

void
session_keep_tape(struct session *s)
{
	s->tape = wiring_tape_open(&s->conf, &s->tape_err);
}

void
session_keep_last(struct session *s)
{
	s->last = x_calloc(s->conf.nhosts, sizeof *s->last);
	for (size_t i = 0; i < s->conf.nhosts; i++)
		obs_init(&s->last[i]);
}

void
session_note(struct session *s, uint32_t host, enum note_level level,
    const char *text)
{
	const struct event e = {
		.type = EVENT_NOTE,
		.host = host,
		.at = loop_now(),
		.wall_ms = loop_wall_ms(),
		.u.note = { level, text },
	};

	emit(s, &e);
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

/* --- Recordings ------------------------------------------------------------- */

static void
play(struct session *s, struct mono to)
{
	size_t all = SIZE_MAX;

	reading_roll(&s->reading, to, &all);
}

static void
begin(struct session *s, const struct event_sink *tee)
{
	reading_close(&s->reading);
	reading_open(&s->reading, s->reel, &s->conf, MONO_ZERO);
	s->reading.tee = tee;
	s->model = s->reading.model;
}

/* The end must be known before a moment can be found. */
static int
find_moment(struct session *s, struct mono *to)
{
	struct reel *r = s->reel;
	struct when_span span;
	char why[200];
	int64_t wall;

	begin(s, NULL);
	play(s, MONO_NEVER);
	span = (struct when_span){
		.first = r->wall_ms + r->first.ns / 1000000,
		.last = r->wall_ms + r->last.ns / 1000000,
	};
	span.at = span.last;
	if (when_parse(&span, s->at, &wall, why, sizeof why) != 0) {
		fprintf(stderr, "xendeck: %s\n", why);
		return -1;
	}
	*to = mono_add_ms(MONO_ZERO, wall - r->wall_ms);
	return 0;
}

static int
gather_recorded(struct session *s)
{
	const struct event_sink tee = { .emit = emit, .arg = s };
	struct mono to = MONO_NEVER;

	if (s->at != NULL && find_moment(s, &to) != 0)
		return -1;
	begin(s, &tee);
	play(s, to);
	s->reading.tee = NULL;
	return 0;
}

int
session_gather(struct session *s, int64_t timeout_ms)
{
	enum { SETTLE_MS = 3000 };
	struct mono end = mono_add_ms(loop_now(), timeout_ms);

	if (s->reel != NULL)
		return gather_recorded(s);
	while (!is_complete(s) && mono_before(loop_now(), end))
		session_turn(s, end);
	mono_lower(&end, mono_add_ms(loop_now(), SETTLE_MS));
	while (!is_settled(s) && mono_before(loop_now(), end))
		session_turn(s, end);
	return 0;
}

int64_t
session_wall_ms(const struct session *s, struct mono at)
{
	if (s->reel != NULL)
		return s->reel->wall_ms + mono_diff_ms(at, MONO_ZERO);
	return loop_wall_ms() - mono_diff_ms(loop_now(), at);
}

size_t
session_complain_of(const struct session *s, uint32_t cluster)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);

		if (h->cluster != cluster || h->health == HOST_LIVE ||
		    (h->seen && s->reel != NULL))
			continue;
		fprintf(stderr, "xendeck: %s%s%s\n",
		    h->reason != NULL ? "" : h->name,
		    h->reason != NULL ? "" : ": ",
		    h->reason != NULL ? h->reason : "did not answer in time");
		n++;
	}
	return n;
}

size_t
session_complain(const struct session *s)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->conf.nclusters; i++)
		n += session_complain_of(s, i);
	return n;
}
