#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/uuid.h"

/* Numbers and texts as bytes, and back from bytes that nobody vouches for: a
 * reader that has met something wrong gives zeroes and NULL from then on, and
 * says so at the end. */

struct bytes_in {
	const unsigned char *p;
	size_t n;   /* that are left */
	bool bad;
};

/* What does not fit makes the buffer refuse: compare buf.len's growth, or look
 * at what these return. 0 or -1. */
int bytes_put_u32(struct buf *b, uint32_t v);
int bytes_put_i64(struct buf *b, int64_t v);
int bytes_put_text(struct buf *b, const char *s); /* NULL stays NULL */
int bytes_put_uuid(struct buf *b, const struct uuid *u);

uint32_t bytes_u32(struct bytes_in *in);
int64_t bytes_i64(struct bytes_in *in);
/* To be freed; NULL is one of the values. No NUL is in it. */
char *bytes_text(struct bytes_in *in);
struct uuid bytes_uuid(struct bytes_in *in);
/* A count of things that take at least `each` bytes; no more than max. */
size_t bytes_count(struct bytes_in *in, size_t each, size_t max);

#endif
