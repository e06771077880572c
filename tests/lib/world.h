#ifndef TESTS_LIB_WORLD_H
#define TESTS_LIB_WORLD_H

#include "core/conf.h"
#include "core/model.h"
#include "core/mono.h"
#include "core/obs.h"
#include "tests/lib/defset.h"

/* A world for tests of the model: hosts h0, h1, ... whose next observation is
 * edited in place and then sent. UUIDs are small numbers. */

enum { WORLD_DOMS = 64 };

struct world {
	struct conf conf;
	struct model *model;
	struct obs *obs; /* one per host */
	struct defset *defs; /* one per host; sent with it */
	struct mono now;
};

void world_init(struct world *w, uint32_t nclusters, uint32_t hosts_each);
void world_free(struct world *w);

struct obs_dom *world_dom(struct world *w, uint32_t host, uint32_t domid,
    unsigned uuid, const char *name);
void world_undom(struct world *w, uint32_t host, uint32_t domid);
void world_def(struct world *w, uint32_t host, const char *name);
void world_undef(struct world *w, uint32_t host, const char *name);

/* Sends the host's observation; its clock has moved by 1 ns. */
void world_send(struct world *w, uint32_t host);
void world_link(struct world *w, uint32_t host, enum link_state state,
    const char *reason);
/* Time passes for everybody. */
void world_pass(struct world *w, int64_t ms);

struct uuid world_uuid(unsigned n);

/* The model's dump, or its line about one VM ("" when there is none); to be
 * freed with x_free. */
char *world_dump(const struct world *w);
char *world_dump_vm(const struct world *w, const char *vm);

#endif
