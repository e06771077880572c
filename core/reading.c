/* Time in a recording. The model is told the time only at moments that follow
 * from the recording: after all events of one moment, and when it has asked
 * for it. What it makes of a recording is thus the same at any speed and
 * however the reading is divided, and its waits (is that host late? is that VM
 * gone?) take as long as they took. */
#include "core/reading.h"

void
reading_open(struct reading *r, struct reel *reel, const struct conf *conf,
    struct mono at)
{
	*r = (struct reading){
		.reel = reel,
		.pass = reel->ops->begin(reel, at),
		.model = model_new(conf),
		.alarms = alarms_new(conf),
		.due = MONO_NEVER,
	};
}

void
reading_close(struct reading *r)
{
	if (r->pass != NULL)
		r->reel->ops->end(r->pass);
	model_free(r->model);
	alarms_free(r->alarms);
	*r = (struct reading){ 0 };
}

/* The next event, if the budget allows. */
static bool
load(struct reading *r, size_t *budget)
{
	while (!r->loaded && *budget > 0) {
		size_t cost = 0;

		switch (r->reel->ops->next(r->pass, &r->next, &cost)) {
		case REEL_EVENT:
			r->loaded = true;
			break;
		case REEL_NOTHING:
			break;
		case REEL_END:
			r->ended = true;
			return true;
		}
		*budget -= cost < *budget ? cost : *budget;
	}
	return r->loaded;
}

/* When the next event counts: what a host said last may be from long before. */
static struct mono
event_time(const struct reading *r)
{
	if (!r->loaded)
		return MONO_NEVER;
	return mono_before(r->next.at, r->at) ? r->at : r->next.at;
}

static void
tick(struct reading *r)
{
	int64_t wall_ms = r->reel->wall_ms + r->at.ns / 1000000;
	struct mono due = MONO_NEVER;

	model_tick(r->model, r->at, wall_ms, &due);
	alarms_update(r->alarms, r->model, r->at, wall_ms, &due);
	r->unsettled = false;
	/* A moment that has come is no reason to stand still. */
	r->due = mono_before(r->at, due) ? due : mono_add_ms(r->at, 1);
	if (r->chronicle != NULL)
		chronicle_follow(r->chronicle, r->model, r->at);
}

static void
apply(struct reading *r, struct mono at)
{
	r->at = r->heard = at;
	model_apply(r->model, &r->next);
	if (r->tee != NULL)
		r->tee->emit(r->tee->arg, &r->next);
	r->loaded = false;
	r->unsettled = true;
}

enum rolled
reading_roll(struct reading *r, struct mono to, size_t *budget)
{
	struct mono event;

	r->ended = false; /* a tape grows */
	for (;;) {
		if (!r->loaded && !r->ended && !load(r, budget))
			return ROLL_BUSY;
		event = event_time(r);
		if (r->unsettled && mono_before(r->at, event)) {
			tick(r);
		} else if (!r->ended && mono_before(r->due, event) &&
		    mono_reached(r->due, to)) {
			r->at = r->due;
			tick(r);
		} else if (r->loaded && mono_reached(event, to)) {
			apply(r, event);
		} else {
			break;
		}
	}
	if (r->ended)
		return mono_before(r->at, to) ? ROLL_END : ROLL_THERE;
	if (mono_before(r->at, to)) {
		r->at = to;
		tick(r); /* nothing is due: ages only */
	}
	return ROLL_THERE;
}

struct mono
reading_next(const struct reading *r)
{
	struct mono next = r->due;

	mono_lower(&next, event_time(r));
	return next;
}
