#ifndef BACKENDS_SIMINSIDE_H
#define BACKENDS_SIMINSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "backends/simlink.h"
#include "backends/simworld.h"
#include "core/backend.h"

/* The inside of a backend that sim_new made, for who acts on it
 * (backends/simrun.c). The simulator knows nothing of them but one part that
 * has its turns in virtual time, so a program that only watches has no code
 * to act. */

struct sim_part;

struct sim_part_ops {
	int64_t (*next)(const struct sim_part *p); /* virtual ms */
	void (*run)(struct sim_part *p); /* does what is due at w->now */
	void (*free)(struct sim_part *p);
};

struct sim_part {
	const struct sim_part_ops *ops;
};

bool sim_is(const struct backend *b);
struct simworld *sim_world(struct backend *b);
struct simlinks *sim_links(struct backend *b);
/* Simulated host of an index in conf->hosts; SIM_NONE. */
uint32_t sim_host(struct backend *b, uint32_t conf_host);
/* Virtual ms, never before the world's. */
int64_t sim_now(struct backend *b, struct mono now);
/* One at most; the backend frees it with itself. */
struct sim_part *sim_part(struct backend *b);
void sim_set_part(struct backend *b, struct sim_part *part);

#endif
