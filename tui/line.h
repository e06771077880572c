#ifndef TUI_LINE_H
#define TUI_LINE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/mono.h"
#include "tui/pace.h"
#include "tui/tty.h"

/* The line to a terminal that may be slow, and that is asked how far it has
 * come. */
struct line {
	struct tty tty;
	struct pace pace;
	bool can_ask;        /* it knows such questions */
	uint64_t asked_sent; /* bytes sent by the last one */
};

/* A frame went into the line; bytes it had before it. */
void line_sent(struct line *l, size_t before);
/* Asks whether it is there, when that is worth knowing. */
void line_ask(struct line *l, struct mono now);
/* Asks something else, and that with it, so that nobody leaves before the
 * answer; only while line_may_ask. */
bool line_may_ask(struct line *l, struct mono now);
void line_question(struct line *l, const char *text, struct mono now);

/* The last frame has not been drawn yet, as far as it can tell. */
bool line_busy(struct line *l, struct mono now);

/* Waits for answers that are on their way, a second at most each, and drops
 * them and all that comes before them. */
void line_take_answers(struct line *l, struct mono now);

#endif
