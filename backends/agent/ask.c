/* The one thing that the agent reads: words on its standard input. Whoever may
 * start the agent may write there, also through a key that is tied to it, so
 * whatever comes must be harmless: a word that is not known, of whatever length,
 * is passed over; asking more often brings no more answers; and who writes
 * without end is listened to only so much in a second. */
#include "backends/agent/ask.h"

#include <string.h>

enum {
	GAP_MS = 1000,   /* between two answers */
	HEARD_MAX = 4096, /* bytes in a second */
};

static void
end_of_word(struct ask *a)
{
	int what;

	if (a->n > 0 && a->word[a->n - 1] == '\r')
		a->n--;
	a->word[a->n] = '\0';
	what = a->odd ? -1 : backend_ask_find(a->word);
	if (what >= 0)
		a->wanted[what] = true;
	a->n = 0;
	a->odd = false;
}

void
ask_take(struct ask *a, const char *p, size_t n, struct mono now)
{
	if (mono_diff_ms(now, a->second) >= 1000) {
		a->second = now;
		a->heard = 0;
	}
	a->heard += n;
	for (; n > 0; p++, n--) {
		if (*p == '\n')
			end_of_word(a);
		else if (*p == '\0' || a->n + 1 == sizeof a->word)
			a->odd = true;
		else
			a->word[a->n++] = *p;
	}
}

bool
ask_listens(const struct ask *a, struct mono now, struct mono *next)
{
	struct mono end = mono_add_ms(a->second, 1000);

	if (a->heard < HEARD_MAX || mono_reached(end, now))
		return true;
	mono_lower(next, end);
	return false;
}

bool
ask_next(struct ask *a, struct mono now, enum backend_ask *what)
{
	if (!mono_reached(a->answer_from, now))
		return false;
	for (int i = 0; i < ASK_COUNT; i++) {
		if (!a->wanted[i])
			continue;
		a->wanted[i] = false;
		a->answer_from = mono_add_ms(now, GAP_MS);
		*what = (enum backend_ask)i;
		return true;
	}
	return false;
}

void
ask_deadline(const struct ask *a, struct mono *next)
{
	for (int i = 0; i < ASK_COUNT; i++)
		if (a->wanted[i])
			mono_lower(next, a->answer_from);
}
