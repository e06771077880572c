#ifndef CORE_PROGRESS_H
#define CORE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* What a command prints, as it comes: how far it is, and its last words. */

enum {
	PROGRESS_WORDS = 2048, /* bytes of its words, the last ones */
	PROGRESS_LINE = 256,   /* a line that is longer is cut */
};

struct progress {
	int pm;         /* per mille of this round; -1: unknown */
	int round;      /* of a migration's copying, from 0; -1: unknown */
	bool handshake; /* a migration broke where nobody knows who has the VM */
	bool handing;   /* the target has all of it: a migration's last moment */
	char line[PROGRESS_LINE];
	size_t nline;
	char words[PROGRESS_WORDS + 1]; /* whole lines of clean text */
	size_t nwords;
};

void progress_init(struct progress *p);
/* Foreign bytes, in pieces of any size. */
void progress_feed(struct progress *p, const char *data, size_t n);
/* There is no more: what is left is a line, too. */
void progress_end(struct progress *p);

/* One line of libxc's (xc: progress: TEXT: DONE/TOTAL PERCENT), with `xl -t`,
 * `-T` or without. Returns whether it was one. */
bool progress_parse(const char *line, int *pm, int *round);

#endif
