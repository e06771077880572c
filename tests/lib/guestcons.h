#ifndef TESTS_LIB_GUESTCONS_H
#define TESTS_LIB_GUESTCONS_H

#include "core/buf.h"
#include "core/vmconsole.h"
#include "tests/lib/scene.h"

/* A console of a scene's VM that does what the test says. One at a time. */

struct guestcons {
	struct vmconsole base;
	struct vmconsole_sink sink;
	struct vmconsole_want want;
	int opened;       /* how often */
	bool there;       /* one is open */
	bool absent;      /* opening gives NULL */
	bool deaf;        /* takes nothing that is typed */
	struct buf typed;
};

/* From now on the scene's consoles are this one. */
void guestcons_join(struct guestcons *f, struct scene *s);
void guestcons_free(struct guestcons *f);

void guestcons_open(struct guestcons *f); /* it says that it is */
void guestcons_say(struct guestcons *f, const char *p, size_t n);
void guestcons_end(struct guestcons *f, enum vmconsole_end end,
    const char *why);

/* One turn of the scene's console. */
void guestcons_turn(struct scene *s);

#endif
