#ifndef CORE_PLAYER_H
#define CORE_PLAYER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/alarm.h"
#include "core/chronicle.h"
#include "core/conf.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/reel.h"

/* Plays a reel: at a speed, paused, in steps, or from any moment. It has a
 * model of its own, whose time is the recording's. Work is done in portions by
 * player_turn; nothing here takes longer than a few ms. */

struct player;

enum { PLAYER_FULL = 0 }; /* a speed: as fast as possible */

/* conf and reel must outlive it. chronicle: what happened on all of the reel,
 * kept by somebody else; NULL: the player searches the reel for it. Begins at
 * the beginning, paused. */
struct player *player_new(struct reel *reel, const struct conf *conf,
    const struct chronicle *chronicle);
void player_free(struct player *p);

/* Goes on. Lowers *deadline to when it wants to be called again. After this,
 * and only after this, the model may be another one; then the one before is
 * still valid until the next call. */
void player_turn(struct player *p, struct mono now, struct mono *deadline);

const struct model *player_model(const struct player *p);
struct alarms *player_alarms(const struct player *p);
/* The moment that the model shows. */
struct mono player_at(const struct player *p);
int64_t player_wall_ms(const struct player *p);

/* --- Wishes --------------------------------------------------------------- */

void player_pause(struct player *p, bool paused);
/* Per cent; 100 as it was. */
void player_set_speed(struct player *p, int percent);
/* The next slower or faster one of the usual speeds. */
void player_change_speed(struct player *p, int direction);

/* Steps and seeks pause, but a seek by time does not. Another wish before one
 * is fulfilled replaces it, and steps add up. */
void player_step(struct player *p, int direction); /* by one observation */
void player_event(struct player *p, int direction);
void player_seek(struct player *p, struct mono at);
void player_seek_end(struct player *p);
/* To so many millionths of the way from the first moment to the last one,
 * which may have to be found first. */
void player_seek_share(struct player *p, int ppm);
/* Playing pauses there; MONO_NEVER: at the end. */
void player_stop_at(struct player *p, struct mono at);
void player_stop_at_share(struct player *p, int ppm);
void player_cancel(struct player *p); /* stays where it is */

/* --- How it goes ---------------------------------------------------------- */

enum player_answer {
	PLAYER_OK,
	PLAYER_NO_EVENT_BEFORE,
	PLAYER_NO_EVENT_AFTER,
	PLAYER_AT_START,
	PLAYER_AT_END,
};

struct player_state {
	bool paused;
	bool at_end;
	int speed;        /* per cent */
	int seeking;      /* per cent of the way, or -1 */
	struct mono at, first, last;
	int searched;     /* per cent of the reel that is known */
};

struct player_state player_state(const struct player *p);
/* The answer to the last wish that came to nothing; then it is OK again. */
enum player_answer player_take_answer(struct player *p);

#endif
