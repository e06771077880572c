#ifndef TUI_PACE_H
#define TUI_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/mono.h"
#include "tui/canvas.h"

/* How fast the line to the terminal is, from how long it takes to answer, and
 * what follows from that for frames. */

enum { PACE_ASKED_MAX = 4 };

struct pace {
	struct {
		struct mono at;
		int64_t bytes; /* since the line was last known to be empty */
	} asked[PACE_ASKED_MAX];
	unsigned nasked;
	struct mono busy_at;   /* the line has not been empty since then */
	int64_t busy_from;     /* and bytes that had been sent before */
	int64_t asked_all;     /* bytes when it was asked last */
	bool answers;          /* it has, once */
	bool mute;             /* it does not seem to */
	bool knows;            /* the quickest answer: */
	int64_t quick_ms, quick_bytes;
	int64_t rate;          /* bytes in a second; 0: fast, or not known */
	int64_t weight;        /* bytes that the rate was measured with */
	int64_t fast_bytes;    /* that went quickly, one after the other */
	int64_t last_bytes;    /* of the last frame */
	int64_t last_ms;       /* that the line took for what was asked last */
	int next_line;         /* whose turn it is */
	bool left;             /* some lines were left out */
};

/* Whether to ask, after so many bytes since it was asked last. */
bool pace_wants_answer(const struct pace *p, int64_t bytes);
/* Right after a frame of so many bytes, of so many that were ever sent. */
void pace_asked(struct pace *p, struct mono now, int64_t bytes, int64_t all);
void pace_answered(struct pace *p, struct mono now);
/* The answer may come any moment: nothing should be sent before it. */
bool pace_waits(struct pace *p, struct mono now);
/* A frame was sent, so many bytes. */
void pace_sent(struct pace *p, int64_t bytes);

/* For how long after a frame another one with nothing but new figures would
 * take too much of the line. */
int64_t pace_rest_ms(const struct pace *p);

/* How far apart the bytes of one key may come, from what is known. */
int64_t pace_esc_ms(const struct pace *p);

/* Says in send[] of which lines that differ between was and c the new ones
 * should go now: all of them, or on a slow line those that a key is likely to
 * have changed, and, unless it is the answer to a key, of the others as many as
 * the line takes in a moment, each in turn. What is left out is left for the
 * next frame: pace_left. */
void pace_pick(struct pace *p, const struct canvas *was,
    const struct canvas *c, bool key, bool *send);
bool pace_left(const struct pace *p);

#endif
