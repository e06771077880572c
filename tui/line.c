/* A line keeps some kilobytes, a network more: only the terminal itself knows
 * when it has drawn a frame, so it is asked. */
#include "tui/line.h"

#include <poll.h>
#include <string.h>

enum { LEAVE_MS = 1000 };

/* "Are you there?": Device Status Report (ECMA-48, 8.3.35). */
static const char there[] = "\033[5n";

static uint64_t
all_sent(const struct line *l)
{
	return l->tty.sent + l->tty.out.len;
}

static void
put_question(struct line *l, const char *text, struct mono now)
{
	tty_put(&l->tty, text, strlen(text));
	tty_put(&l->tty, there, sizeof there - 1);
	l->asked_sent = all_sent(l);
	pace_asked(&l->pace, now, (int64_t)l->tty.out.len,
	    (int64_t)l->asked_sent);
}

void
line_sent(struct line *l, size_t before)
{
	pace_sent(&l->pace, (int64_t)(l->tty.out.len - before));
}

void
line_ask(struct line *l, struct mono now)
{
	if (l->can_ask && !pace_waits(&l->pace, now) &&
	    pace_wants_answer(&l->pace,
	    (int64_t)(all_sent(l) - l->asked_sent)))
		put_question(l, "", now);
}

bool
line_may_ask(struct line *l, struct mono now)
{
	return l->can_ask && !l->pace.mute && !pace_waits(&l->pace, now);
}

void
line_question(struct line *l, const char *text, struct mono now)
{
	put_question(l, text, now);
}

bool
line_busy(struct line *l, struct mono now)
{
	return tty_busy(&l->tty) || pace_waits(&l->pace, now);
}

void
line_take_answers(struct line *l, struct mono now)
{
	struct pollfd p = { .fd = l->tty.fd, .events = POLLIN };
	char byte;

	if (l->pace.nasked > 0 && !l->pace.mute)
		tty_drain(&l->tty);
	while (l->pace.nasked > 0 && !l->pace.mute && !l->tty.gone &&
	    poll(&p, 1, LEAVE_MS) == 1 && tty_read(&l->tty, &byte, 1) == 1)
		if (byte == 'n')
			pace_answered(&l->pace, now);
	l->pace.nasked = 0;
}
