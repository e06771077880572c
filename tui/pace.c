/* The line to the terminal may be a serial one, or a telephone. It is not known
 * how fast it is; but how long the terminal takes to answer after frames of
 * different lengths tells, whatever the way there and back takes by itself.
 *
 * On a slow line keys come first: a frame is never longer than a moment, since
 * the answer to a key may have to wait for it; figures that only changed take
 * turns; and two thirds of the time the line is left alone. On any other line
 * nothing of this is felt. */
#include "tui/pace.h"

#include <stdlib.h>
#include <string.h>

enum {
	ASK_BYTES = 256,        /* sent since the terminal was asked last */
	ANSWER_MS = 3000,       /* then the answer is late: no waiting for it */
	FIRST_ANSWER_MS = 1000, /* then it may be one that never answers */
	LOST_MS = 15000,        /* then it does not come any more */
	APART_BYTES = 128,      /* frames that tell something by comparison */
	APART_MS = 10,
	SLOW_RATE = 6000,       /* bytes in a second */
	LEAST_RATE = 100,
	FAST_BYTES = 3000,
	NO_BYTES = -1,
	MOMENT_MS = 300,        /* that a frame may take on the line */
	SHARE = 3,              /* of the time: one part for figures */
	REST_MAX_MS = 5000,
	RUN_BYTES = 8,          /* to move the cursor and change the style */
	NEAR_MS = 15,           /* a terminal that answers so soon is close by */
	NEAR_ESC_MS = 10,
	ESC_MS = 40,
	ESC_MOST_MS = 150,
	NAME_SHARE = 4,         /* the first part of a line says what it is */
};

/* --- How fast it is ------------------------------------------------------------ */

bool
pace_wants_answer(const struct pace *p, int64_t bytes)
{
	return !p->mute && bytes >= ASK_BYTES;
}

static void
forget_first(struct pace *p)
{
	if (p->nasked == 0)
		return;
	p->nasked--;
	memmove(p->asked, p->asked + 1, p->nasked * sizeof p->asked[0]);
}

void
pace_asked(struct pace *p, struct mono now, int64_t bytes, int64_t all)
{
	if (p->nasked == PACE_ASKED_MAX)
		forget_first(p);
	/* Behind a frame that has not been answered this one waits: both count
	 * from where the first began. What went before and was not asked about
	 * was little, and is long drawn. */
	if (p->nasked == 0) {
		p->busy_at = now;
		p->busy_from = all - bytes;
	}
	p->asked[p->nasked].at = now;
	p->asked[p->nasked].bytes = all - p->busy_from;
	/* Much went unasked: nobody knows how much of it is still to come. */
	if (p->nasked == 0 && p->busy_from - p->asked_all > 2 * ASK_BYTES)
		p->asked[0].bytes = NO_BYTES;
	p->nasked++;
	p->asked_all = all;
}

/* A line has buffers that swallow a short frame at once: only many bytes that
 * went quickly show that it is fast again. */
static void
seems_fast(struct pace *p, int64_t bytes)
{
	p->fast_bytes += bytes;
	if (p->fast_bytes >= FAST_BYTES)
		p->rate = 0;
}

/* For the same reason more bytes tell more truth than fewer. */
static void
seems_slow(struct pace *p, int64_t rate, int64_t bytes)
{
	p->fast_bytes = 0;
	p->weight -= p->weight / 256;
	if (p->rate != 0 && bytes < p->weight)
		return;
	p->rate = rate > LEAST_RATE ? rate : LEAST_RATE;
	p->weight = bytes;
}

/* From two answers: what more bytes took more time. */
static void
compare(struct pace *p, int64_t bytes, int64_t ms)
{
	int64_t db = bytes - p->quick_bytes, dt = ms - p->quick_ms;

	if (llabs(db) < APART_BYTES)
		return;
	if (llabs(dt) < APART_MS || (db < 0) != (dt < 0) ||
	    db * 1000 / dt > SLOW_RATE)
		seems_fast(p, bytes);
	else
		seems_slow(p, db * 1000 / dt, llabs(db));
}

void
pace_answered(struct pace *p, struct mono now)
{
	int64_t ms, bytes;

	p->answers = true;
	p->mute = false;
	if (p->nasked == 0)
		return;
	ms = mono_diff_ms(now, p->busy_at);
	bytes = p->asked[0].bytes;
	forget_first(p);
	if (bytes == NO_BYTES)
		return;
	if (p->knows)
		compare(p, bytes, ms);
	p->last_ms = p->knows && ms > p->quick_ms ? ms - p->quick_ms : 0;
	/* What is the quickest grows old, since lines change. */
	if (p->knows && ms > p->quick_ms) {
		p->quick_ms += (ms - p->quick_ms) / 128;
		return;
	}
	p->knows = true;
	p->quick_ms = ms;
	p->quick_bytes = bytes;
}

bool
pace_waits(struct pace *p, struct mono now)
{
	int64_t age, most = p->answers ? ANSWER_MS : FIRST_ANSWER_MS;

	while (p->nasked > 0 &&
	    mono_diff_ms(now, p->asked[0].at) >= LOST_MS)
		forget_first(p);
	if (p->nasked == 0)
		return false;
	age = mono_diff_ms(now, p->asked[p->nasked - 1].at);
	if (age < most)
		return true;
	p->mute = !p->answers;
	return false;
}

void
pace_sent(struct pace *p, int64_t bytes)
{
	p->last_bytes = bytes;
}

int64_t
pace_rest_ms(const struct pace *p)
{
	int64_t ms;

	if (p->rate == 0)
		return 0;
	ms = p->last_bytes * 1000 / p->rate;
	/* Buffers on the way make it look faster than it is in the long run:
	 * once they are full, this shows. */
	if (ms < p->last_ms)
		ms = p->last_ms;
	ms *= SHARE;
	return ms < REST_MAX_MS ? ms : REST_MAX_MS;
}

/* A near terminal sends a key in one piece, or at most a byte in a millisecond;
 * but serial consoles, modems and radio send when it suits them, and the longer
 * the way the less evenly. */
int64_t
pace_esc_ms(const struct pace *p)
{
	if (p->rate != 0 || p->mute)
		return ESC_MOST_MS;
	if (!p->knows)
		return ESC_MS;
	if (p->quick_ms <= NEAR_MS)
		return NEAR_ESC_MS;
	return p->quick_ms + ESC_MS < ESC_MOST_MS ? p->quick_ms + ESC_MS :
	    ESC_MOST_MS;
}

/* --- What goes first ------------------------------------------------------------ */

struct change {
	int cells, runs; /* that differ */
	int restyled;    /* of them, in style */
	bool name;       /* in the first part */
};

static struct change
change_of(const struct canvas *was, const struct canvas *c, int y)
{
	struct change ch = { 0 };
	bool in_run = false;

	for (int x = 0; x < c->w; x++) {
		const struct cell *a = canvas_at(was, x, y);
		const struct cell *b = canvas_at(c, x, y);
		bool differs = !cell_equal(a, b);

		if (differs) {
			ch.cells++;
			ch.runs += !in_run;
			ch.restyled += a->style != b->style;
			ch.name |= x < c->w / NAME_SHARE;
		}
		in_run = differs;
	}
	return ch;
}

/* A line that is another one now, or is selected, or is not any more. */
static bool
is_urgent(const struct change *ch, int w)
{
	return ch->name || ch->restyled * 2 > w || ch->cells * 2 > w;
}

void
pace_pick(struct pace *p, const struct canvas *was, const struct canvas *c,
    bool key, bool *send)
{
	int64_t room = key ? 0 : p->rate * MOMENT_MS / 1000;
	int first = p->next_line < c->h ? p->next_line : 0;

	p->left = false;
	for (int i = 0; i < c->h; i++) {
		int y = (first + i) % c->h;
		struct change ch;

		send[y] = true;
		if (p->rate == 0)
			continue;
		ch = change_of(was, c, y);
		if (ch.cells == 0 || is_urgent(&ch, c->w)) {
			room -= ch.cells + ch.runs * RUN_BYTES;
		} else if (room > 0) {
			room -= ch.cells + ch.runs * RUN_BYTES;
			p->next_line = y + 1;
		} else {
			send[y] = false;
			p->left = true;
		}
	}
}

bool
pace_left(const struct pace *p)
{
	return p->left;
}
