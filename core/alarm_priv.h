#ifndef CORE_ALARM_PRIV_H
#define CORE_ALARM_PRIV_H

/* What the alarms' own files share; nobody else includes this. */

#include "core/alarm.h"

struct alarms {
	const struct conf *conf;
	struct alarm **live; /* pending and active, by kind and subject */
	size_t nlive, live_cap;
	struct alarm *ended[ALARMS_ENDED_MAX]; /* a ring */
	uint64_t nended;
	uint64_t last_id;
	size_t untold;
	bool looked;
	uint64_t model_generation; /* at the last look, */
	struct mono look;          /* which was then */
	struct mono awake;         /* since then there were no long gaps */
	/* Of the update under way. */
	struct mono now;
	int64_t wall_ms;
};

enum alarm_truth {
	TRUTH_NO,
	TRUTH_YES,
	TRUTH_UNKNOWN, /* nothing new: what is told goes on */
};

/* What is known of one possible alarm at this moment. */
struct finding {
	enum alarm_kind kind;
	enum alarm_truth truth;
	enum note_level level;
	const struct host *host;
	const struct vm *vm; /* or NULL */
	struct mono since;
	int64_t value, limit;
};

/* Where in live it is, or would have to be put. */
size_t alarms_position(const struct alarms *a, enum alarm_kind kind,
    uint32_t subject);
/* Moves that live one to those that ended. */
void alarms_end(struct alarms *a, size_t i, struct mono when);

/* NULL when that alarm is neither pending nor active. */
struct alarm *alarms_live(const struct alarms *a, enum alarm_kind kind,
    uint32_t host, uint32_t vm);
void alarms_note(struct alarms *a, const struct finding *f);

/* alarm_judge.c: finds all that is wrong. */
void alarms_judge(struct alarms *a, const struct model *m);
/* How long a kind of trouble lasts before it is told. */
int64_t alarms_hold_ms(const struct alarms *a, enum alarm_kind kind);

#endif
