#ifndef TUI_TRAVEL_H
#define TUI_TRAVEL_H

#include <stdint.h>

#include "core/chronicle.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/player.h"
#include "tui/app.h"

/* Which moment the console shows: now, the past of this session, or a moment
 * of a recording; and the ways between them. The model of now goes on being
 * fed meanwhile. */

struct tape; /* tui/wiring.h */

struct travel {
	struct app *app;
	struct model *live;     /* NULL: a recording, there is no now */
	struct alarms *alarms;  /* of live */
	struct tape *tape;      /* of live, or NULL, and then */
	const char *no_tape;    /* why not */
	struct chronicle chronicle; /* of live */
	struct player *player;  /* what shows another moment than now, or NULL;
	                         * a recording's is borrowed */
	bool leaving_now;       /* it is not there yet */
	bool moved;             /* since the screen was frozen */
	uint64_t left;          /* newest of live's alarms when now was left */
	uint64_t changes;       /* grows when what is shown of it changes */
};

/* live or player; the other is NULL. */
void travel_init(struct travel *t, struct app *a, struct model *live,
    struct player *player);
void travel_free(struct travel *t);

/* Time passes. Lowers *deadline. */
void travel_turn(struct travel *t, struct mono now, int64_t wall_ms,
    struct mono *deadline);

/* Carries out app->fx.time. */
void travel_do(struct travel *t, struct mono now, int64_t wall_ms);

#endif
