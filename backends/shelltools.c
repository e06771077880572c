/* The two tools that run on beside the shells: xenstore-watch, whose every line
 * asks for a list at once, and xentop. The observer does without either, and
 * says so. */
#include <string.h>

#include "backends/shellobs.h"
#include "core/mem.h"

enum { TOP_MIN_S = 3 }; /* each block costs a slow dom0 half a second */

/* xenstore-watch prints the path that fired. */
static void
on_watch(void *arg, const char *p, size_t n)
{
	struct shellobs *o = arg;

	if (memchr(p, '\n', n) != NULL)
		o->list_again = true;
}

static void
on_top(void *arg, const char *p, size_t n)
{
	struct shellobs *o = arg;

	o->top_fresh = true;
	if (!o->top_garbage && xentop_feed(o->xentop, p, n) != 0)
		o->top_garbage = true;
}

/* When the last two blocks came; a new xentop starts from nothing. */
static void
note_block(struct shellobs *o)
{
	uint64_t blocks = xentop_blocks(o->xentop);

	if (blocks < o->top_blocks)
		o->top_block[0] = MONO_ZERO;
	if (blocks != 0 && blocks != o->top_blocks) {
		o->top_block[1] = o->top_block[0];
		o->top_block[0] = o->now;
	}
	o->top_blocks = blocks;
}

static void
tick_top(struct shellobs *o)
{
	char *text;

	if (o->top_garbage) {
		follow_stop(&o->top, "xentop prints garbage", o->now);
		o->top_garbage = o->top_fresh = false;
	} else if (o->top.c != NULL && !o->top_fresh &&
	    mono_diff_ms(o->now, o->top_data) >
	    (SHELL_SLOW_S + o->top.seconds) * 1000) {
		follow_stop(&o->top, "xentop prints nothing", o->now);
	}
	if (o->top.c == NULL) {
		xentop_restart(o->xentop);
		o->top_data = o->now;
	}
	follow_tick(&o->top, o->now);
	if (o->top_fresh) {
		o->top_fresh = false;
		o->top_data = o->now;
	} else if (mono_diff_ms(o->now, o->top_data) >= SHELL_TOP_PAUSE_MS) {
		xentop_pause(o->xentop);
	}
	note_block(o);
	if (o->top.why == NULL) {
		shellobs_trouble(o, TROUBLE_TOP, NULL);
		return;
	}
	text = x_asprintf("%s: CPU figures are coarse", o->top.why);
	shellobs_trouble(o, TROUBLE_TOP, text);
	x_free(text);
}

static void
tick_watch(struct shellobs *o)
{
	char *text;

	follow_tick(&o->watch, o->now);
	if (o->watch.why == NULL) {
		shellobs_trouble(o, TROUBLE_WATCH, NULL);
		return;
	}
	text = x_asprintf("%s: the list is asked for every %.1f s",
	    o->watch.why, (double)SHELL_POLL_MS / 1000);
	shellobs_trouble(o, TROUBLE_WATCH, text);
	x_free(text);
}

void
shelltools_init(struct shellobs *o)
{
	enum tristate sudo = o->host->sudo;
	int seconds = (o->refresh_ms + 500) / 1000;

	if (seconds < TOP_MIN_S)
		seconds = TOP_MIN_S;
	o->xentop = xentop_new();
	o->top_data = o->now;
	follow_init(&o->watch, o->t, SCRIPT_WATCH, sudo, 0, on_watch, o);
	follow_init(&o->top, o->t, SCRIPT_TOP, sudo, seconds, on_top, o);
}

/* They wait for the shell: what keeps it from starting would keep them. */
void
shelltools_tick(struct shellobs *o)
{
	if (!o->ready)
		return;
	tick_top(o);
	tick_watch(o);
}

void
shelltools_deadline(const struct shellobs *o, struct mono *deadline)
{
	if (!o->ready)
		return;
	follow_deadline(&o->top, deadline);
	follow_deadline(&o->watch, deadline);
	if (xentop_waiting(o->xentop))
		mono_lower(deadline, mono_add_ms(o->top_data,
		    SHELL_TOP_PAUSE_MS));
}

void
shelltools_free(struct shellobs *o)
{
	follow_free(&o->watch);
	follow_free(&o->top);
	xentop_free(o->xentop);
}
