#ifndef CORE_READING_H
#define CORE_READING_H

#include <stdbool.h>
#include <stddef.h>

#include "core/alarm.h"
#include "core/chronicle.h"
#include "core/event.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/reel.h"

/* One pass over a reel, and the model that it makes. */
struct reading {
	struct reel *reel;
	struct reel_pass *pass;
	struct model *model;
	struct alarms *alarms;       /* of that model */
	struct chronicle *chronicle; /* that follows it, or NULL */
	const struct event_sink *tee; /* sees the events as well, or NULL */
	struct event next;   /* borrowed from the pass, when loaded */
	bool loaded, ended;
	bool unsettled;      /* events of this moment, and no tick yet */
	struct mono at;      /* the model's time */
	struct mono heard;   /* of the last event */
	struct mono due;     /* when time alone changes the model */
};

enum rolled {
	ROLL_THERE,
	ROLL_BUSY, /* the budget is spent: call again */
	ROLL_END,  /* there is nothing more; time stands still at the last
	            * event */
};

/* Begins so that all is true at `at` once it has rolled there. */
void reading_open(struct reading *r, struct reel *reel,
    const struct conf *conf, struct mono at);
/* Also for one that is all zeros. */
void reading_close(struct reading *r);

/* Goes on to a moment, never back. *budget is how many bytes may be read. */
enum rolled reading_roll(struct reading *r, struct mono to, size_t *budget);

/* When something happens next, as far as that is known; MONO_NEVER. */
struct mono reading_next(const struct reading *r);

#endif
