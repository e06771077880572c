#ifndef BACKENDS_RECORDING_H
#define BACKENDS_RECORDING_H

#include <stddef.h>
#include <stdint.h>

#include "backends/recindex.h"
#include "core/conf.h"
#include "core/err.h"
#include "core/reel.h"

/* A recording (share/doc/wire.md) as a reel. conf is initialised and empty;
 * the head of the file fills it, and it must outlive the reel. Returns NULL
 * and why. */
struct reel *recording_open(const char *path, struct conf *conf,
    struct err *err);

/* --- For the tape (tape.c), which is one that still grows ------------------- */

/* The bytes from begin to end of the whole are those of one file. It begins
 * with lines that say again what was known already, up to `fresh`; who comes
 * from the piece before does not need them. */
struct recpiece {
	int fd;
	int64_t begin, fresh, end;
};

struct recording {
	struct reel reel;
	const struct conf *conf;
	char *path;               /* NULL: a tape */
	struct recpiece *pieces;
	size_t npieces, cap;
	struct recindex index;
	int64_t begin;            /* of the first line that is no head */
	int64_t warm_ms;
};

/* One without pieces, whose size the caller keeps. */
struct recording *recording_new(const struct conf *conf, int64_t interval_ms,
    int64_t wall_ms);
void recording_add_piece(struct recording *r, int fd); /* at its end */
void recording_drop_piece(struct recording *r);        /* the first */

#endif
