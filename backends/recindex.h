#ifndef BACKENDS_RECINDEX_H
#define BACKENDS_RECINDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/event.h"
#include "core/mono.h"

/* Where in a recording to begin reading. At some moments, the keys, it notes
 * for each host where the lines are that say all that was true of it. Offsets
 * are of lines, in bytes; -1: there is none. */

struct rectrack {
	int64_t full;    /* the last full frame, */
	int64_t last;    /* and the last frame */
	int64_t live;    /* link: when it was last live, */
	int64_t trouble; /* the first failure since, */
	int64_t told;    /* the last one with a reason, */
	int64_t link;    /* the last line of all */
	int64_t defs;    /* its definitions */
};

struct reckey {
	int64_t off;     /* of the first line after it */
	struct mono at;  /* of the last line before it */
	int64_t line;    /* its number */
	int bad;         /* lines before it that made no sense */
	struct rectrack *tracks;
};

struct recindex {
	size_t nhosts;
	struct rectrack *tracks; /* as of the last line */
	struct reckey *keys;     /* by off */
	size_t nkeys, cap;
	int64_t gap_bytes, gap_ms; /* between keys: either */
};

void recindex_init(struct recindex *x, size_t nhosts);
void recindex_free(struct recindex *x);

/* Before a line: makes a key when the last one is far behind. */
void recindex_mark(struct recindex *x, int64_t off, struct mono at,
    int64_t line, int bad);
/* After this, lines before off are not referred to; makes a key. */
void recindex_restart(struct recindex *x, int64_t off, struct mono at);
/* What the line at off was; full: a full frame. */
void recindex_note(struct recindex *x, int64_t off, const struct event *e,
    bool full);
/* Forgets the keys before off. */
void recindex_drop(struct recindex *x, int64_t off);

/* The key to begin at for what was at a moment, with warm_ms before it if that
 * is not too much to read; NULL: the beginning. */
const struct reckey *recindex_find(const struct recindex *x, struct mono at,
    int64_t warm_ms);

/* What lies before a key and must be read: the lines that begin in these
 * ranges, in order, not overlapping. To be freed with x_free. */
struct recrange {
	int64_t from, to;
};

struct recrange *recindex_ranges(const struct recindex *x,
    const struct reckey *k, size_t *n);

#endif
