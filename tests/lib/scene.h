#ifndef TESTS_LIB_SCENE_H
#define TESTS_LIB_SCENE_H

#include "core/alarm.h"
#include "core/conf.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/obs.h"
#include "tests/lib/defset.h"
#include "tui/app.h"

/* A small believable cluster to draw screens of: prod with alpha, beta, gamma,
 * lab with delta. Everything is fixed, the clock too. */

enum { ALPHA, BETA, GAMMA, DELTA, SCENE_HOSTS };

struct scene {
	struct conf conf;
	struct model *model;
	struct app app;
	struct alarms *alarms;
	struct obs obs[SCENE_HOSTS];
	struct defset defs[SCENE_HOSTS];
	struct mono now;
	int64_t wall_ms;
	int64_t clock_ahead_ms; /* of the hosts' clocks */
	struct jobs *jobs; /* or NULL */
	struct event_sink tee; /* sees the events as well, if set */
};

/* All hosts live with a minute of history. */
void scene_init(struct scene *s);
/* Hosts are configured, and nothing was heard of them yet. */
void scene_init_empty(struct scene *s);
void scene_free(struct scene *s);

/* For tests that change what hosts say. */
struct obs_dom *scene_dom(struct scene *s, int host, uint32_t domid,
    unsigned uuid, const char *name);
/* A VM that the host could start. */
void scene_define(struct scene *s, int host, unsigned uuid, const char *name);
void scene_undefine(struct scene *s, int host, const char *name);
struct obs_dom *scene_find(struct scene *s, int host, const char *name);
void scene_drop(struct scene *s, int host, const char *name);
void scene_send(struct scene *s, int host);
void scene_link(struct scene *s, int host, enum link_state state,
    const char *reason, const char *note);
/* The host's answer to what it was asked: text, or NULL and an error. */
void scene_answer(struct scene *s, int host, const char *text,
    const char *error);
/* A log of Xen's as long as some, on that host. */
void scene_xenlog(struct scene *s, int host);
/* Time passes; the hosts of the mask answer each second. */
void scene_pass(struct scene *s, int seconds, unsigned hosts);

/* Jobs of every kind: one waits, a migration runs, one failed, one was refused
 * and one is only being noted. */
void scene_jobs(struct scene *s);

/* Keys by their code, 0 ends; each followed by a tick. */
void scene_keys(struct scene *s, const uint32_t *keys);
void scene_type(struct scene *s, const char *text);
/* Keys as people write them: "jj/web<Enter><Esc>G", with <Tab>, <S-Tab>, <Up>,
 * <PgDn>, <End>, <F5>, <^L> (tui/input.h's names) and <lt> for "<". */
void scene_press(struct scene *s, const char *keys);

#endif
