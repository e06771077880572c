#ifndef TESTS_LIB_DEFSET_H
#define TESTS_LIB_DEFSET_H

#include <stddef.h>

#include "core/defs.h"

/* The definitions of one host, for tests that change them one by one. Begin
 * with all zeros. */

enum { DEFSET_MAX = 64 };

struct defset {
	struct def_file v[DEFSET_MAX]; /* strings are its own */
	char *names[DEFSET_MAX];
	size_t n;
};

/* path NULL: /etc/xen/NAME.cfg. The file says what of d is known. */
void defset_add(struct defset *s, const struct def *d, const char *path);
void defset_drop(struct defset *s, const char *name);
void defset_free(struct defset *s);

/* A reference for the caller. */
const struct defs *defset_read(const struct defset *s);

#endif
