/* See travel.h. To freeze the screen is to be in the past at this very moment,
 * so there is one notion of it all: a player over the tape of what this session
 * has seen. It is there only while it is needed. */
#include "tui/travel.h"

#include <stdio.h>
#include <string.h>

#include "tui/text.h"
#include "tui/when.h"
#include "tui/wiring.h"

static const struct ui_time right_now = { .mode = TIME_NOW, .seeking = -1 };

void
travel_init(struct travel *t, struct app *a, struct model *live,
    struct player *player)
{
	*t = (struct travel){ .app = a, .live = live, .player = player };
	a->ui.time = right_now;
	if (player != NULL)
		a->ui.time.mode = TIME_REPLAY;
}

static bool
is_replay(const struct travel *t)
{
	return t->live == NULL;
}

void
travel_free(struct travel *t)
{
	if (!is_replay(t))
		player_free(t->player);
	chronicle_free(&t->chronicle);
}

/* --- Between now and then ----------------------------------------------------------- */

static bool
leave_now(struct travel *t, struct mono now)
{
	if (t->tape == NULL || wiring_tape_failure(t->tape) != NULL) {
		app_say(t->app, STYLE_WARN, "No going back in time: %s.",
		    t->tape != NULL ? wiring_tape_failure(t->tape) :
		    t->no_tape != NULL ? t->no_tape : "nothing is kept here");
		return false;
	}
	wiring_tape_sync(t->tape, now);
	t->player = player_new(wiring_tape_reel(t->tape), model_conf(t->live),
	    &t->chronicle);
	player_seek_end(t->player);
	t->leaving_now = true;
	t->moved = false;
	t->left = t->alarms != NULL ? alarms_last(t->alarms) : 0;
	t->app->ui.time.mode = TIME_PAST;
	return true;
}

static void
back_to_now(struct travel *t)
{
	app_rebind(t->app, t->live, t->alarms);
	player_free(t->player);
	t->player = NULL;
	t->leaving_now = false;
	t->app->ui.time = right_now;
	t->changes++;
}

/* --- Wishes -------------------------------------------------------------------------- */

static bool
is_about_past(enum time_wish w)
{
	return w == WISH_PAUSE || w == WISH_STEP_BACK || w == WISH_EVENT_BACK ||
	    w == WISH_GOTO;
}

static void
seek(struct travel *t, const char *text)
{
	struct player_state s = player_state(t->player);
	int64_t wall = player_wall_ms(t->player);
	int64_t zero = wall - s.at.ns / 1000000;
	struct when_span span = { zero + s.first.ns / 1000000,
		zero + s.last.ns / 1000000, wall };
	char why[200];
	int64_t to;

	/* What is still to come of a recording may be meant. */
	if (is_replay(t) && when_parse_share(text) >= 0) {
		player_seek_share(t->player, when_parse_share(text));
		return;
	}
	if (t->leaving_now)
		span.at = span.last;
	if (is_replay(t) && s.searched < 100)
		span.last += INT64_C(366) * 86400000;
	if (when_parse(&span, text, &to, why, sizeof why) != 0)
		app_say(t->app, STYLE_WARN, "%s", why);
	else
		player_seek(t->player, mono_add_ms(MONO_ZERO, to - zero));
}

static void
pause_or_go(struct travel *t)
{
	struct player_state s = player_state(t->player);

	/* Frozen, and never moved from there: who unfreezes wants now. */
	if (!is_replay(t) && s.paused && !t->moved)
		back_to_now(t);
	else
		player_pause(t->player, !s.paused);
}

static void
change_speed(struct travel *t, int direction)
{
	player_change_speed(t->player, direction);
	player_pause(t->player, false);
}

static void
obey(struct travel *t, enum time_wish w)
{
	struct player *p = t->player;

	if (w != WISH_PAUSE)
		t->moved = true;
	switch (w) {
	case WISH_PAUSE:
		pause_or_go(t);
		break;
	case WISH_NOW:
		if (is_replay(t))
			player_seek_end(p);
		else
			back_to_now(t);
		break;
	case WISH_STEP_BACK:
	case WISH_STEP_ON:
		player_step(p, w == WISH_STEP_ON ? 1 : -1);
		break;
	case WISH_EVENT_BACK:
	case WISH_EVENT_ON:
		player_event(p, w == WISH_EVENT_ON ? 1 : -1);
		break;
	case WISH_SLOWER:
	case WISH_FASTER:
		change_speed(t, w == WISH_FASTER ? 1 : -1);
		break;
	case WISH_SPEED:
		player_set_speed(p, t->app->fx.speed);
		player_pause(p, false);
		break;
	case WISH_GOTO:
		seek(t, t->app->fx.when);
		break;
	case WISH_CANCEL:
		if (t->leaving_now)
			back_to_now(t);
		else
			player_cancel(p);
		break;
	case WISH_NONE:
		break;
	}
}

void
travel_do(struct travel *t, struct mono now, int64_t wall_ms)
{
	enum time_wish w = t->app->fx.time;
	struct mono ignored = MONO_NEVER;

	if (t->player == NULL && !is_about_past(w)) {
		app_say(t->app, STYLE_STATUS, "This is now. ( goes back, Z "
		    "stops, b goes to a time.");
		return;
	}
	if (t->player == NULL) {
		if (!leave_now(t, now))
			return;
		/* Frozen: that is all there is to it. */
		if (w == WISH_PAUSE)
			w = WISH_NONE;
	}
	if (w != WISH_NONE)
		obey(t, w);
	travel_turn(t, now, wall_ms, &ignored);
}

/* --- Time passes --------------------------------------------------------------------- */

static void
answer(struct travel *t)
{
	static const char *const texts[] = {
		[PLAYER_OK] = NULL,
		[PLAYER_NO_EVENT_BEFORE] = "Nothing happened before, as far "
		    "as is known.",
		[PLAYER_NO_EVENT_AFTER] = "Nothing happened after this.",
		[PLAYER_AT_START] = "This is as far back as it goes.",
		[PLAYER_AT_END] = "This is the end.",
	};
	enum player_answer a = player_take_answer(t->player);

	if (a == PLAYER_AT_END && !is_replay(t))
		app_say(t->app, STYLE_STATUS, "Nothing newer is known; z goes "
		    "to now.");
	else if (texts[a] != NULL)
		app_say(t->app, STYLE_STATUS, "%s", texts[a]);
}

/* What went wrong now, while the screen shows then, and goes on. */
static unsigned
news(const struct travel *t)
{
	return t->live != NULL && t->alarms != NULL ?
	    (unsigned)alarms_count_since(t->alarms, t->left) : 0;
}

static bool
other_day(int64_t a_ms, int64_t b_ms)
{
	char a[TEXT_MAX], b[TEXT_MAX];

	text_date(a, a_ms);
	text_date(b, b_ms);
	return strncmp(a, b, strlen("2026-11-20")) != 0;
}

static void
fill(struct travel *t, int64_t wall_ms)
{
	struct player_state s = player_state(t->player);
	struct ui_time was = t->app->ui.time, *to = &t->app->ui.time;

	*to = (struct ui_time){
		.mode = is_replay(t) ? TIME_REPLAY : TIME_PAST,
		.paused = s.paused,
		.at_end = s.at_end,
		.speed = s.speed,
		.seeking = s.seeking,
		.at = t->leaving_now ? was.at : s.at,
		.wall_ms = t->leaving_now ? was.wall_ms :
		    player_wall_ms(t->player),
		.pos_ms = mono_diff_ms(s.at, s.first),
		.len_ms = mono_diff_ms(s.last, s.first),
		.searched = s.searched == 100,
		.news = news(t),
	};
	if (t->leaving_now && to->wall_ms == 0) {
		to->at = t->app->now;
		to->wall_ms = wall_ms;
	}
	to->behind_ms = wall_ms - to->wall_ms;
	to->dated = other_day(to->wall_ms, wall_ms);
	if (was.paused != to->paused || was.seeking != to->seeking ||
	    was.news != to->news || was.speed != to->speed ||
	    was.at_end != to->at_end || was.searched != to->searched ||
	    (t->live != NULL && was.behind_ms / 1000 != to->behind_ms / 1000))
		t->changes++;
}

static bool
caught_up(const struct travel *t)
{
	struct player_state s = player_state(t->player);

	return !is_replay(t) && s.at_end && !s.paused && s.seeking < 0;
}

void
travel_turn(struct travel *t, struct mono now, int64_t wall_ms,
    struct mono *deadline)
{
	if (t->live != NULL)
		model_tick(t->live, now, wall_ms, deadline);
	if (t->tape != NULL)
		chronicle_follow(&t->chronicle, t->live,
		    wiring_tape_time(t->tape, now));
	if (t->player == NULL)
		return;
	player_turn(t->player, now, deadline);
	if (t->leaving_now && player_state(t->player).seeking < 0)
		t->leaving_now = false;
	if (!t->leaving_now)
		app_rebind(t->app, player_model(t->player),
		    player_alarms(t->player));
	answer(t);
	if (caught_up(t)) {
		back_to_now(t);
		app_say(t->app, STYLE_STATUS, "Back at now.");
		return;
	}
	fill(t, wall_ms);
}
