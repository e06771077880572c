#ifndef BACKENDS_SHELLFACTS_H
#define BACKENDS_SHELLFACTS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"
#include "core/mono.h"
#include "core/obs.h"

/* What is asked once per domain, not at every tick: devices, addresses, start
 * time. Entries are known by domid and UUID together. */

struct facts;

struct facts *facts_new(void);
void facts_free(struct facts *f);

/* Takes over which domains there are: drops what is gone, opens an entry for
 * what is new. Returns whether the set changed. */
bool facts_sync(struct facts *f, const struct obs_dom *doms, size_t n,
    struct mono now);

enum facts_kind { FACTS_NOTHING, FACTS_CONFIG, FACTS_STORE, FACTS_ATTRS };

/* What should be asked next. FACTS_CONFIG and FACTS_STORE are about doms[0]
 * only. */
enum { FACTS_AT_ONCE = 16 };
struct facts_want {
	enum facts_kind kind;
	uint32_t doms[FACTS_AT_ONCE];
	size_t n;
	struct uuid uuid; /* of doms[0] */
};
struct facts_want facts_next(struct facts *f, struct mono now);
/* When facts_next will want something. */
void facts_deadline(const struct facts *f, struct mono *deadline);

/* That it was asked, whatever came of it: when to ask again. */
void facts_asked(struct facts *f, const struct facts_want *w,
    struct mono now);

/* Answers: of `xl list -l` as xljson_parse gives it, and of the xenstore
 * tools. attrs: the addresses of these domains are replaced. */
void facts_config(struct facts *f, const struct obs_dom *doms, size_t n);
void facts_store(struct facts *f, const struct facts_want *w, const char *p,
    size_t n);

/* How many device counters this domain has; another number than last time means
 * that devices were plugged in or out, and its configuration is read again. */
void facts_devices(struct facts *f, const struct obs_dom *d, unsigned count,
    struct mono now);

/* Puts into *d what is known of it. Strings and arrays are borrowed from f or
 * live in a. Returns whether its configuration is known. */
bool facts_fill(const struct facts *f, struct obs_dom *d, struct arena *a);

/* Since when this domain has been seen: MONO_ZERO if it was there at the first
 * sync, MONO_NEVER if it is not. */
struct mono facts_since(const struct facts *f, const struct obs_dom *d);

#endif
