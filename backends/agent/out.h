#ifndef BACKENDS_AGENT_OUT_H
#define BACKENDS_AGENT_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/buf.h"

/* Lines on their way to one descriptor. */
struct out {
	int fd;
	int flags;      /* the descriptor's own, to put back; -1 */
	struct buf buf; /* add lines here while idle */
	size_t sent;    /* bytes of buf that are gone */
};

/* A pipe or socket becomes non-blocking. max: bytes that may wait. */
void out_init(struct out *o, int fd, size_t max);
void out_free(struct out *o);

/* Nothing waits: new lines may be added. */
bool out_idle(const struct out *o);

/* Writes what can be written now. 0, or -1: nobody reads any more. */
int out_flush(struct out *o);

/* The same, waiting for a slow reader; for last words. */
int out_drain(struct out *o, int timeout_ms);

#endif
