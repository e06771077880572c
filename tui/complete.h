#ifndef TUI_COMPLETE_H
#define TUI_COMPLETE_H

#include <stddef.h>

#include "core/buf.h"
#include "core/conf.h"

/* What may stand at the end of a command line: appends each candidate that
 * begins with the last of the n words (which may be empty), a line each. The
 * words are those behind the program's name. Nothing: a file, or any text. */
void complete_words(struct buf *out, const struct conf *conf,
    const char *const *words, size_t n);

#endif
