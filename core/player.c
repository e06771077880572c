/* See player.h. Three readings at most are under way: the one that is shown; a
 * scout, which runs ahead once through a file to find out what happened when;
 * and, when something earlier or far ahead is wanted, one that begins shortly
 * before it and takes the place of the first when it is there. Until then the
 * screen stays, and the wish can be taken back. */
#include "core/player.h"

#include "core/mem.h"
#include "core/reading.h"

enum {
	TURN_BYTES = 64 * 1024,  /* read in one turn for what is shown */
	SCOUT_BYTES = 48 * 1024,
	FRAME_MS = 200,  /* the clock on the screen moves this often */
	NEAR_MS = 60000, /* ahead: is played rather than sought */
};

static const int speeds[] = {
	25, 50, 100, 200, 400, 1000, 3000, 6000, 30000, 100000,
};

enum { NSPEEDS = sizeof speeds / sizeof speeds[0] };

enum goal { GOAL_NONE, GOAL_TIME, GOAL_EVENT, GOAL_SHARE };

enum { WHOLE_PPM = 1000000 };

struct player {
	struct reel *reel;
	const struct conf *conf;
	const struct chronicle *chronicle; /* own, or somebody's */
	struct chronicle own;
	struct reading shown, was, seek, scout;
	bool paused, at_end;
	int speed;
	struct mono anchor, anchor_at; /* this moment now is that one there */
	bool anchored;
	enum goal goal;
	struct mono goal_at;
	int goal_ppm;       /* GOAL_SHARE */
	enum player_answer answer;
	struct mono stop;   /* playing pauses there, */
	int stop_ppm;       /* which is so far; -1: stop is known */
};

struct player *
player_new(struct reel *reel, const struct conf *conf,
    const struct chronicle *chronicle)
{
	struct player *p = x_calloc(1, sizeof *p);

	p->reel = reel;
	p->conf = conf;
	p->chronicle = chronicle;
	p->paused = true;
	p->speed = 100;
	p->stop = MONO_NEVER;
	p->stop_ppm = -1;
	p->goal = GOAL_TIME; /* what is known from the first moment on */
	reading_open(&p->shown, reel, conf, MONO_ZERO);
	if (chronicle == NULL) {
		p->chronicle = &p->own;
		reading_open(&p->scout, reel, conf, MONO_ZERO);
		p->scout.chronicle = &p->own;
	}
	return p;
}

void
player_free(struct player *p)
{
	if (p == NULL)
		return;
	reading_close(&p->shown);
	reading_close(&p->was);
	reading_close(&p->seek);
	reading_close(&p->scout);
	chronicle_free(&p->own);
	x_free(p);
}

/* --- Wishes --------------------------------------------------------------- */

void
player_pause(struct player *p, bool paused)
{
	p->paused = paused;
	p->anchored = false;
}

void
player_set_speed(struct player *p, int percent)
{
	p->speed = percent;
	p->anchored = false;
}

void
player_change_speed(struct player *p, int direction)
{
	int i = 0;

	while (i < NSPEEDS - 1 && speeds[i] < p->speed)
		i++;
	if (direction > 0 && (speeds[i] == p->speed || speeds[i] < p->speed))
		i++;
	else if (direction < 0)
		i--;
	if (i >= 0 && i < NSPEEDS)
		player_set_speed(p, speeds[i]);
}

void
player_cancel(struct player *p)
{
	p->goal = GOAL_NONE;
	p->anchored = false;
	reading_close(&p->seek);
}

static void
want(struct player *p, enum goal goal, struct mono at)
{
	player_cancel(p);
	p->answer = PLAYER_OK;
	p->goal = goal;
	p->goal_at = at;
}

static struct mono
at_share(const struct reel *r, int ppm)
{
	if (ppm >= WHOLE_PPM)
		return r->last;
	return (struct mono){ r->first.ns + (r->last.ns - r->first.ns) /
		WHOLE_PPM * ppm };
}

/* Where the wishes so far lead. */
static struct mono
heading(const struct player *p)
{
	if (p->goal == GOAL_SHARE && p->reel->whole)
		return at_share(p->reel, p->goal_ppm);
	return p->goal == GOAL_TIME ? p->goal_at : p->shown.at;
}

static int64_t
step_ms(const struct player *p)
{
	return p->reel->step_ms > p->conf->refresh_ms ? p->reel->step_ms :
	    p->conf->refresh_ms;
}

void
player_step(struct player *p, int direction)
{
	struct mono from = heading(p), next = reading_next(&p->shown);
	struct mono to = mono_add_ms(from, direction * step_ms(p));

	p->paused = true;
	/* Over a time of silence at once. */
	if (p->goal == GOAL_NONE && direction > 0 && mono_before(to, next) &&
	    next.ns != MONO_NEVER.ns)
		to = next;
	if (p->goal == GOAL_NONE && direction < 0 &&
	    mono_before(p->shown.heard, to))
		to = p->shown.heard;
	if (direction < 0 && mono_reached(from, p->reel->first)) {
		p->answer = PLAYER_AT_START;
		return;
	}
	if (direction > 0 && p->reel->whole &&
	    mono_reached(p->reel->last, from)) {
		p->answer = PLAYER_AT_END;
		return;
	}
	want(p, GOAL_TIME, to);
}

void
player_event(struct player *p, int direction)
{
	const struct chronicle_entry *e;
	struct mono from = heading(p);

	p->paused = true;
	if (direction < 0) {
		e = chronicle_before(p->chronicle, from);
		if (e == NULL || mono_before(e->at, p->reel->first))
			p->answer = PLAYER_NO_EVENT_BEFORE;
		else
			want(p, GOAL_TIME, e->at);
		return;
	}
	want(p, GOAL_EVENT, from);
}

void
player_seek(struct player *p, struct mono at)
{
	want(p, GOAL_TIME, at);
}

void
player_seek_end(struct player *p)
{
	player_seek_share(p, WHOLE_PPM);
}

void
player_seek_share(struct player *p, int ppm)
{
	want(p, GOAL_SHARE, MONO_ZERO);
	p->goal_ppm = ppm;
}

void
player_stop_at(struct player *p, struct mono at)
{
	p->stop = at;
	p->stop_ppm = -1;
}

void
player_stop_at_share(struct player *p, int ppm)
{
	p->stop_ppm = ppm;
}

/* --- Going there ---------------------------------------------------------- */

/* Makes a goal a moment. False while that takes knowledge that is still being
 * gathered. */
static bool
resolve(struct player *p)
{
	const struct chronicle_entry *e;
	struct reel *r = p->reel;

	if (p->goal == GOAL_EVENT) {
		e = chronicle_after(p->chronicle, p->goal_at);
		if (e == NULL && !r->whole)
			return false;
		if (e == NULL) {
			p->answer = PLAYER_NO_EVENT_AFTER;
			p->goal = GOAL_NONE;
			return false;
		}
		p->goal = GOAL_TIME;
		p->goal_at = e->at;
	} else if (p->goal == GOAL_SHARE) {
		if (!r->whole)
			return false;
		p->goal = GOAL_TIME;
		p->goal_at = at_share(r, p->goal_ppm);
	}
	if (mono_before(p->goal_at, r->first))
		p->goal_at = r->first;
	if (mono_before(r->last, p->goal_at)) {
		if (!r->whole)
			return false;
		p->goal_at = r->last;
	}
	return true;
}

static bool
is_near(const struct player *p)
{
	return p->goal == GOAL_TIME &&
	    mono_reached(p->shown.at, p->goal_at) &&
	    mono_reached(p->goal_at, mono_add_ms(p->shown.at, NEAR_MS));
}

static void
arrive(struct player *p)
{
	p->goal = GOAL_NONE;
	p->anchored = false;
}

static void
take_over(struct player *p)
{
	chronicle_tell(p->chronicle, p->seek.model, p->seek.at);
	reading_close(&p->was);
	p->was = p->shown;
	p->shown = p->seek;
	p->seek = (struct reading){ 0 };
	arrive(p);
}

static void
note_end(struct player *p, enum rolled how)
{
	p->at_end = how == ROLL_END || (p->shown.ended && !p->shown.loaded);
}

/* Returns whether there is more to do at once. */
static bool
go(struct player *p, size_t *budget)
{
	enum rolled how;

	/* Before it is known, ahead may be beyond the end: rolling tells. */
	if (!is_near(p) && !resolve(p))
		return false; /* the scout's turn wakes us up */
	if (p->seek.pass == NULL && is_near(p)) {
		how = reading_roll(&p->shown, p->goal_at, budget);
		if (how == ROLL_BUSY)
			return true;
		note_end(p, how);
		arrive(p);
		return false;
	}
	if (p->seek.pass == NULL)
		reading_open(&p->seek, p->reel, p->conf, p->goal_at);
	how = reading_roll(&p->seek, p->goal_at, budget);
	if (how == ROLL_BUSY)
		return true;
	take_over(p);
	note_end(p, how);
	return false;
}

/* --- Playing -------------------------------------------------------------- */

static struct mono
scaled(struct mono from, int64_t ns, int64_t times, int64_t by)
{
	/* A year of ns times the speed would not fit. */
	double to = (double)from.ns + (double)ns / (double)by * (double)times;

	return to >= 9e18 ? MONO_NEVER : (struct mono){ (int64_t)to };
}

static void
anchor(struct player *p, struct mono now)
{
	p->anchored = true;
	p->anchor = now;
	p->anchor_at = p->shown.at;
}

static bool
play(struct player *p, struct mono now, size_t *budget, struct mono *deadline)
{
	struct mono to = MONO_NEVER, next;
	enum rolled how;
	bool stops;

	if (p->stop_ppm >= 0 && p->reel->whole)
		player_stop_at(p, at_share(p->reel, p->stop_ppm));
	if (p->stop_ppm >= 0)
		return false; /* the scout's turn wakes us up */
	if (!p->anchored)
		anchor(p, now);
	if (p->speed != PLAYER_FULL)
		to = scaled(p->anchor_at, now.ns - p->anchor.ns, p->speed, 100);
	stops = mono_before(p->shown.at, p->stop);
	if (stops)
		mono_lower(&to, p->stop);
	how = reading_roll(&p->shown, to, budget);
	note_end(p, how);
	if (stops && p->shown.at.ns == p->stop.ns) {
		player_pause(p, true);
		return false;
	}
	if (how != ROLL_THERE) {
		/* Slower than was wished; what is late stays late. */
		p->anchored = false;
		if (how == ROLL_END && !p->reel->whole)
			mono_lower(deadline, mono_add_ms(now, FRAME_MS));
		return how == ROLL_BUSY;
	}
	next = reading_next(&p->shown);
	if (next.ns != MONO_NEVER.ns) {
		next = scaled(p->anchor, next.ns - p->anchor_at.ns, 100,
		    p->speed);
		/* Rounded, it may be now: not to spin. */
		mono_lower(deadline, mono_before(now, next) ? next :
		    mono_add_ms(now, 1));
	}
	mono_lower(deadline, mono_add_ms(now, FRAME_MS));
	return false;
}

/* --- All of it ------------------------------------------------------------ */

static bool
scout(struct player *p)
{
	size_t budget = SCOUT_BYTES;

	if (p->scout.pass == NULL)
		return false;
	if (reading_roll(&p->scout, MONO_NEVER, &budget) != ROLL_END)
		return true;
	reading_close(&p->scout);
	return true; /* what waited for it can go on */
}

void
player_turn(struct player *p, struct mono now, struct mono *deadline)
{
	size_t budget = TURN_BYTES;
	bool more;

	reading_close(&p->was);
	more = scout(p);
	if (p->goal != GOAL_NONE)
		more |= go(p, &budget) || p->goal == GOAL_NONE;
	else if (!p->paused)
		more |= play(p, now, &budget, deadline);
	if (more)
		mono_lower(deadline, now);
}

const struct model *
player_model(const struct player *p)
{
	return p->shown.model;
}

struct alarms *
player_alarms(const struct player *p)
{
	return p->shown.alarms;
}

struct mono
player_at(const struct player *p)
{
	return p->shown.at;
}

int64_t
player_wall_ms(const struct player *p)
{
	return p->reel->wall_ms + p->shown.at.ns / 1000000;
}

static int
percent(int64_t part, int64_t whole)
{
	if (whole <= 0 || part >= whole)
		return 100;
	return part <= 0 ? 0 : (int)(part / (whole / 100 + 1));
}

static int
seeking(const struct player *p)
{
	if (p->goal == GOAL_NONE)
		return -1;
	if (p->seek.pass == NULL)
		return percent(p->reel->known, p->reel->size);
	/* It begins with what silent hosts said long ago. */
	return percent(p->seek.at.ns - p->goal_at.ns + 600000000000,
	    600000000000);
}

struct player_state
player_state(const struct player *p)
{
	return (struct player_state){
		.paused = p->paused,
		.at_end = p->at_end,
		.speed = p->speed,
		.seeking = seeking(p),
		.at = p->shown.at,
		.first = p->reel->first,
		.last = p->reel->last,
		.searched = p->reel->whole ? 100 :
		    percent(p->reel->known, p->reel->size),
	};
}

enum player_answer
player_take_answer(struct player *p)
{
	enum player_answer a = p->answer;

	p->answer = PLAYER_OK;
	return a;
}
