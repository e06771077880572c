#ifndef TUI_LINEEDIT_H
#define TUI_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/canvas.h"
#include "tui/words.h"

/* One line that is being typed: UTF-8 without control characters, a cursor,
 * history and completion. Pure. Which key does what is the keymap's business;
 * here are the operations. */

enum { LINEEDIT_MAX = 512 }; /* bytes, with the NUL */

enum lineedit_op {
	LINEEDIT_LEFT, LINEEDIT_RIGHT, LINEEDIT_HOME, LINEEDIT_END,
	LINEEDIT_ERASE,        /* the character before the cursor */
	LINEEDIT_DELETE,       /* the one at it */
	LINEEDIT_ERASE_WORD,   /* the word before it */
	LINEEDIT_ERASE_BEFORE, /* all before it, */
	LINEEDIT_ERASE_AFTER,  /* and all after it */
	LINEEDIT_OLDER,        /* what was typed before, beginning with what */
	LINEEDIT_NEWER,        /* stands before the cursor; and back again */
	LINEEDIT_COMPLETE, LINEEDIT_COMPLETE_BACK,
	LINEEDIT_NOPS,
};

struct lineedit {
	char text[LINEEDIT_MAX];
	size_t len, at;   /* bytes; the cursor is before the one at `at` */
	size_t max;       /* bytes that it may have, with the NUL */

	const struct words *history; /* the oldest first; borrowed, or NULL */
	size_t history_at;           /* history->n: not in it */
	char kept[LINEEDIT_MAX];     /* what was typed before going there */
	size_t prefix;               /* bytes of it that are looked for */

	/* Fills out with all that the text before the cursor may become from
	 * the returned byte on. NULL: nothing is completed. */
	size_t (*complete)(void *arg, const char *text, size_t at,
	    struct words *out);
	void *arg;
	struct words found;  /* the candidates on the screen */
	size_t found_from, found_at; /* found_at == found.n: none chosen */
};

/* Begins with that text, the cursor behind it; longer ones are cut. history,
 * complete and arg are set by the caller after it. */
void lineedit_start(struct lineedit *l, const char *text, size_t max);
void lineedit_free(struct lineedit *l);

/* Replaces the text. */
void lineedit_set(struct lineedit *l, const char *text);

/* Whether the text is another one now. */
bool lineedit_type(struct lineedit *l, uint32_t cp);
/* Several: line ends become a blank, those around it and what cannot be shown
 * are left out. False: it has no room for all, and takes none. */
bool lineedit_paste(struct lineedit *l, const char *text);
bool lineedit_do(struct lineedit *l, enum lineedit_op op);

/* Takes that candidate. */
bool lineedit_choose(struct lineedit *l, size_t i);

/* In one line, scrolled so that the cursor is seen, with the terminal's own
 * cursor at it. Returns the columns used, the cursor's included. */
int lineedit_draw(const struct lineedit *l, struct canvas *c, struct rect r,
    unsigned style);

/* Puts a text at the end, where an equal one goes away; the oldest are
 * forgotten so that at most `most` are left. Blank ones are not kept. */
void lineedit_remember(struct words *history, const char *text, size_t most);

#endif
