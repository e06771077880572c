#ifndef TUI_SESSION_H
#define TUI_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"
#include "core/model.h"
#include "core/player.h"
#include "core/reading.h"
#include "tui/wiring.h"

/* A configuration at work: its backends, the model they feed, and what listens
 * in between. The console and every verb that looks at hosts use one. */

struct session {
	struct conf conf;
	struct model *model;
	struct wiring wiring;
	struct tape *tape;          /* NULL: nothing is kept, */
	struct err tape_err;        /* because, if it was asked for */
	struct reel *reel;          /* a recording in place of hosts, or NULL */
	struct reading reading;     /* of it, for verbs; its model is ours */
	const char *at;             /* of it: the moment to list, or NULL */
	struct recorder *recorder;  /* borrowed; NULL: nothing is recorded */
	struct err recorder_err;    /* kind is set when it failed */
	/* Is told of every event, before the model is; emit NULL: nobody. */
	struct event_sink also;
	unsigned *nobs;             /* observations, per host */
	struct obs *last;           /* per host; NULL: not kept */
};

/* Takes conf over, whatever it returns. */
void session_open(struct session *s, struct conf *conf);
int session_open_replay(struct session *s, const char *path,
    struct err *err);
void session_close(struct session *s);

/* From now on keeps what is seen, to go back in time. */
void session_keep_tape(struct session *s);

/* Something that happened to a host, into the log; and wherever else its events
 * go. */
void session_note(struct session *s, uint32_t host, enum note_level level,
    const char *text);

/* From now on keeps each host's last observation in s->last. */
void session_keep_last(struct session *s);

/* One turn of the loop, at the longest until the deadline. */
void session_turn(struct session *s, struct mono deadline);

/* Turns until every host has said enough to be listed with its rates, or has
 * failed, or the time is over. A recording is played to its end, or to s->at;
 * -1 when that cannot be, told on stderr. */
int session_gather(struct session *s, int64_t timeout_ms);

/* What the wall clock showed at a moment of the model: a recording's own. */
int64_t session_wall_ms(const struct session *s, struct mono at);

/* How many hosts did not answer; a sentence about each on stderr. */
size_t session_complain(const struct session *s);
/* The same of one cluster. */
size_t session_complain_of(const struct session *s, uint32_t cluster);

#endif
