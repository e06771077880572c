#ifndef CORE_CONF_PRINT_H
#define CORE_CONF_PRINT_H

#include <stdbool.h>

#include "core/buf.h"
#include "core/conf.h"

/* The configuration in effect, as a file that reads back to the same: the
 * settings for everything in full, of the rest what differs from the default.
 * 0, or -1 when out is full. */
int conf_print(const struct conf *c, struct buf *out);

/* Whether both say the same, wherever they were read from. */
bool conf_equal(const struct conf *a, const struct conf *b);

#endif
