#ifndef BACKENDS_SIMLINK_H
#define BACKENDS_SIMLINK_H

#include <stdbool.h>
#include <stdint.h>

#include "backends/simworld.h"
#include "core/event.h"

/* The console's side of the simulator: links to the hosts, which connect, lose
 * their host, try again, and bring observations, late by the host's latency.
 * What is seen of the world comes from here only. */

struct simlinks;

/* Silence until a link counts as lost. */
enum { SIMLINK_DETECT_MS = 5000 };

/* World and sink are borrowed. start is virtual time SIM_EPOCH. */
struct simlinks *simlinks_new(struct simworld *w, const struct conf *conf,
    const struct event_sink *sink, struct mono start);
void simlinks_free(struct simlinks *l);

/* When something is due, in virtual ms. */
int64_t simlinks_next(const struct simlinks *l);
/* Does what is due at w->now. Observations that would be older than `until`
 * less a few seconds are left out: nobody was there to see them. */
void simlinks_run(struct simlinks *l, int64_t until);

/* Wall clock at virtual time SIM_EPOCH; once, before the first run. */
void simlinks_set_wall(struct simlinks *l, int64_t wall_ms);

/* To be called after the world's power or these flags have changed. */
void simlinks_check(struct simlinks *l, uint32_t host);
void simlinks_break(struct simlinks *l, uint32_t host, bool broken);
void simlinks_slow(struct simlinks *l, uint32_t host, bool slow);
/* The console's end is gone; another one connects. */
void simlinks_hang_up(struct simlinks *l, uint32_t host);
void simlinks_reconnect(struct simlinks *l, uint32_t host);

bool simlinks_live(const struct simlinks *l, uint32_t host);

/* As backend_ops.ask. */
int simlinks_ask(struct simlinks *l, uint32_t host, enum backend_ask what);

/* For who talks over them too. The session changes with every connection; 0:
 * not connected. Reachable: what is sent now arrives, after the latency. */
uint32_t simlinks_session(const struct simlinks *l, uint32_t host);
bool simlinks_reachable(const struct simlinks *l, uint32_t host);
int64_t simlinks_latency(const struct simlinks *l, uint32_t host);

void simlinks_note(struct simlinks *l, uint32_t host, enum note_level level,
    const char *text);

#endif
