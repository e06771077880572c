#ifndef BACKENDS_JOURNAL_CHILD_H
#define BACKENDS_JOURNAL_CHILD_H

#include "core/conf.h"

/* The process that writes the journal; it ends when the console's side is
 * closed and all that came is written. */

struct journal_child {
	const struct conf *conf;
	const char *path, *key, *operator;
	int64_t began_ms;
	int32_t pid;       /* of the console */
	bool adopts;
	bool has_lock;     /* the descriptor after fd says that we live */
	/* For tests: it kills itself at the so-many-th point where a kill could
	 * make a difference; 0: never. The database's limit in pages. */
	unsigned die_at;
	int64_t max_pages;
};

/* arg: a struct journal_child. */
void journal_child_run(void *arg, int fd);

#endif
