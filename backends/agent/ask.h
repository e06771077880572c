#ifndef BACKENDS_AGENT_ASK_H
#define BACKENDS_AGENT_ASK_H

#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"
#include "core/mono.h"

/* What is asked for on standard input: a word a line. Zeroed at first. */
struct ask {
	char word[16];      /* the line so far */
	size_t n;
	bool odd;           /* it is too long, or no text: nobody's word */
	bool wanted[ASK_COUNT];
	struct mono answer_from; /* no answer before */
	struct mono second; /* when the present one began */
	size_t heard;       /* bytes in it */
};

/* What came; anything may. */
void ask_take(struct ask *a, const char *p, size_t n, struct mono now);

/* Whether standard input should be read now: not when it said too much in this
 * second already. Else *next is lowered to when it should. */
bool ask_listens(const struct ask *a, struct mono now, struct mono *next);

/* Whether something wants an answer now: then it counts as answered. */
bool ask_next(struct ask *a, struct mono now, enum backend_ask *what);
/* Lowers *next to when ask_next will say so. */
void ask_deadline(const struct ask *a, struct mono *next);

#endif
