#ifndef TESTS_LIB_GOLDEN_H
#define TESTS_LIB_GOLDEN_H

#include <stdbool.h>

/* Whether golden files are to be written anew: GENERATE is set. */
bool golden_generates(void);

/* Fails the test unless the file holds just this text, a missing one being
 * empty; or writes it there. */
void golden_compare(const char *path, const char *text);

#endif
