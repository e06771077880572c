#ifndef CORE_XLWORDS_H
#define CORE_XLWORDS_H

#include <stdbool.h>
#include <stddef.h>

/* What a command said before it failed, as half a sentence for the operator:
 * why, and what to do. words: lines of clean text. When nothing in it is known,
 * its last line that tells something; false when there is none at all. */
bool xlwords_explain(char *out, size_t size, const char *words);

#endif
