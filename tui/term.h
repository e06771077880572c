#ifndef TUI_TERM_H
#define TUI_TERM_H

#include <stdbool.h>
#include <stdint.h>

#include "core/err.h"
#include "core/mono.h"
#include "tui/canvas.h"
#include "tui/input.h"

/* The terminal: carries canvases to it and keys from it, never waits for it,
 * and puts it back as it was. There is one at a time. */

struct terminal;
struct conf;

struct term_opts {
	int in, out;  /* descriptors of one terminal */
	const struct conf *conf; /* for themes of one's own; NULL: none.
	                          * Borrowed. */
	const char *theme;       /* its name; NULL: auto */
};

/* NULL and *e when it cannot be used. */
struct terminal *term_open(const struct term_opts *o, struct err *e);
/* Puts everything back; waits at most a second for a slow terminal. */
void term_close(struct terminal *t);

/* What to poll, and what to call with the answer. False: it is gone. */
int term_fd(const struct terminal *t);
short term_events(const struct terminal *t);
bool term_serve(struct terminal *t, short revents, struct mono now);
/* When to call term_key again though nothing comes. */
void term_deadline(const struct terminal *t, struct mono *deadline);

uint32_t term_key(struct terminal *t, struct mono now); /* KEYC_NONE: no more */

/* What the last KEYC_MOUSE was about. */
struct mouse term_mouse(const struct terminal *t);
/* And the last KEYC_PASTE; until the next key. */
const struct paste *term_pasted(const struct terminal *t);
/* As input_set_literal. */
void term_set_literal(struct terminal *t, bool on);

/* From now on the mouse is reported, or the terminal's own again. */
void term_set_mouse(struct terminal *t, bool on);

/* Puts a text on the clipboard of whoever looks at the terminal, as far as that
 * terminal lets programs do so; see tui/clip.h. */
void term_copy(struct terminal *t, const char *text);

/* Asks for the present size and makes the screen fit it. */
void term_measure(struct terminal *t, int *w, int *h);

/* The last frame has not been drawn yet, as far as the terminal can tell:
 * another one would only queue behind it, and so would the answer to a key. */
bool term_busy(struct terminal *t, struct mono now);
/* key: it is the answer to a key. Over a slow line figures may be left out then,
 * or some of them at any time: they are owed, and go with the next frame. */
void term_show(struct terminal *t, const struct canvas *c, bool key,
    struct mono now);
bool term_owes(const struct terminal *t);
/* How long after a frame the line should be left alone by mere figures. */
int64_t term_rest_ms(const struct terminal *t);
void term_bell(struct terminal *t);
void term_repaint(struct terminal *t); /* the next frame is sent whole */
/* It waits for a frame though nothing changed. */
bool term_wants_frame(const struct terminal *t);
/* Changes to that theme with the next frame. -1: there is none of that name. */
int term_theme(struct terminal *t, const char *name);

/* Out to the shell and back in; the modes as they were and as needed. */
void term_leave(struct terminal *t);
void term_enter(struct terminal *t);

uint64_t term_sent(const struct terminal *t); /* bytes so far */

/* Puts the terminal back from inside a signal handler or when memory is out:
 * safe at any moment, and harmless when no terminal is open. */
void term_rescue(void);

#endif
