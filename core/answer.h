#ifndef CORE_ANSWER_H
#define CORE_ANSWER_H

#include <stddef.h>

#include "core/buf.h"

/* Text that a host gave when it was asked for it (enum backend_ask). */

enum {
	ANSWER_MAX = 64 * 1024, /* bytes; of what is longer, the end is kept */
	ANSWER_LINES = 1500,
	ANSWER_LINE_MAX = 1023, /* bytes of a line; longer ones are cut */
};

/* Appends foreign text to out as lines that may be shown, each ended by a
 * newline: utf8_clean's rules within a line, tabs become blanks, a carriage
 * return before a newline goes. out holds at most ANSWER_MAX bytes then; it
 * should be empty before, with room for twice as much. */
void answer_clean(struct buf *out, const char *p, size_t n);

#endif
