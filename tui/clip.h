#ifndef TUI_CLIP_H
#define TUI_CLIP_H

#include "core/buf.h"

/* The sequence that puts a text on a terminal's clipboard: OSC 52 of xterm's
 * control sequences, which most terminals know, and many only after they were
 * told to in their settings. */

enum { CLIP_MAX = 1 << 16 }; /* bytes of text; terminals take no more */

/* What is between the program and the terminal. */
enum clip_around { CLIP_PLAIN, CLIP_TMUX, CLIP_SCREEN };

/* What the environment says. */
enum clip_around clip_around(void);

/* Nothing for a text that is too long. */
void clip_sequence(struct buf *out, const char *text, enum clip_around around);

#endif
