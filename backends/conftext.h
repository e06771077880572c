#ifndef BACKENDS_CONFTEXT_H
#define BACKENDS_CONFTEXT_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf_errors.h"

/* The text of a configuration, made safe for libconfig: one text with every
 * @include replaced by what it names, and a table that tells which line of
 * which file each of its lines was. */

enum {
	CONFTEXT_MAX = 4 << 20,   /* bytes, of all files together */
	CONFTEXT_FILES_MAX = 256,
	CONFTEXT_INCLUDES_MAX = 10, /* one within another */
	CONFTEXT_NESTING_MAX = 32,  /* of brackets */
	CONFTEXT_NAMES_MAX = 1000,  /* settings in one group */
};

/* Stands for a value that was complained of already. No file can contain it:
 * control characters in strings are refused. */
#define CONFTEXT_BAD "\001"

struct conftext_place {
	const char *file; /* owned by the conftext */
	int line;
};

struct conftext {
	struct buf text;
	struct conftext_place *lines; /* [0] is line 1 */
	size_t nlines, lines_cap;
	char **files;
	size_t nfiles, files_cap;
	size_t bytes; /* read so far */
};

void conftext_init(struct conftext *t);
void conftext_free(struct conftext *t);

/* 0, or -1 when there is no sense in parsing what came out. After 0 there may
 * still be errors, with CONFTEXT_BAD in the place of what they are about. */
int conftext_read(struct conftext *t, const char *path,
    struct conf_errors *errs);
/* The same with a text in memory; its includes are relative to name. */
int conftext_take(struct conftext *t, const char *name, const char *p,
    size_t n, struct conf_errors *errs);

/* Of a line of the text, from 1; the nearest there is for any other. */
struct conftext_place conftext_place(const struct conftext *t, int line);

/* That line, or the last one before it that is not blank, as clean text. */
void conftext_excerpt(const struct conftext *t, int line, char *dst,
    size_t size);

#endif
