/* See asking.h. Few questions make a run: what hangs, as ssh to a host that is
 * down does, must not hold all others up, and yet nobody wants a channel for
 * each. */
#include "tui/asking.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/request.h"

enum {
	TOGETHER = 8,
	PATIENCE_MS = 40000,
	ARGV = 8 + PROBE_QUESTIONS_MAX,
};

struct asked {
	char id[RUN_ID_MAX + 1];
	uint32_t host;
	bool late; /* nobody waits for it any more; it was told to end */
	struct mono until;
	struct buf output;
};

void
asking_init(struct asking *q, const struct runners *runners, const char *key)
{
	*q = (struct asking){ .runners = runners, .key = key };
	probes_init(&q->probes);
}

void
asking_free(struct asking *q)
{
	for (size_t i = 0; i < q->n; i++)
		buf_free(&q->v[i].output);
	x_free(q->v);
	probes_free(&q->probes);
	*q = (struct asking){ 0 };
}

static struct asked *
find(struct asking *q, const char *id)
{
	for (size_t i = 0; i < q->n; i++)
		if (strcmp(q->v[i].id, id) == 0)
			return &q->v[i];
	return NULL;
}

/* --- Asking ----------------------------------------------------------------- */

static bool
start(struct asking *q, struct asked *a, const char *lines, struct mono now)
{
	char *argv[ARGV] = { NULL };
	bool valid = probe_argv(argv, ARGV, false, lines, NULL) > 0;
	const struct run run = { .id = a->id, .host = a->host,
		.argv = (const char *const *)argv, .domid = REQUEST_NO_DOMID };
	bool began = valid && runners_start(q->runners, &run, now) == 0;

	for (size_t i = 0; argv[i] != NULL; i++)
		x_free(argv[i]);
	return began;
}

static bool
ask(struct asking *q, uint32_t host, const char *lines, struct mono now)
{
	struct asked *a;

	q->v = x_grow(q->v, q->n, &q->cap, sizeof *q->v);
	a = &q->v[q->n];
	*a = (struct asked){ .host = host,
		.until = mono_add_ms(now, PATIENCE_MS) };
	snprintf(a->id, sizeof a->id, "%s-p%" PRIu64, q->key, ++q->last);
	buf_init(&a->output, RUN_OUTPUT_MAX);
	if (!start(q, a, lines, now))
		return false;
	q->n++;
	return true;
}

static size_t
length_of(const char *lines, size_t count)
{
	size_t n = 0;

	for (; count > 0 && lines[n] != '\0'; count--) {
		n += strcspn(lines + n, "\n");
		if (lines[n] != '\0')
			n++;
	}
	return n;
}

void
asking_ask(struct asking *q, uint32_t host, const char *lines,
    struct mono now)
{
	bool going = true;

	while (going && *lines != '\0') {
		size_t n = length_of(lines, TOGETHER);
		char *some = x_strndup(lines, n);

		going = ask(q, host, some, now);
		x_free(some);
		lines += n;
	}
}

/* --- Answers ---------------------------------------------------------------- */

static void
take_answers(struct asking *q, struct asked *a, struct mono now)
{
	if (a->output.len > 0)
		probes_add(&q->probes, a->host, a->output.p, a->output.len,
		    now);
	buf_clear(&a->output);
}

static void
end(struct asking *q, struct asked *a, struct mono now)
{
	const struct run run = { .id = a->id, .host = a->host };

	take_answers(q, a, now);
	runners_forget(q->runners, &run);
	buf_free(&a->output);
	*a = q->v[--q->n];
}

bool
asking_news(struct asking *q, const struct run_news *n, struct mono now)
{
	struct asked *a = find(q, n->id);

	if (a == NULL)
		return false;
	if (n->what == RUN_OUTPUT)
		buf_add(&a->output, n->text, n->n);
	else if (n->what != RUN_STARTED)
		end(q, a, now);
	return true;
}

static void
give_up(struct asking *q, struct asked *a, struct mono now)
{
	const struct run run = { .id = a->id, .host = a->host };

	take_answers(q, a, now);
	runners_cancel(q->runners, &run);
	a->late = true;
	a->until = mono_add_ms(now, PATIENCE_MS);
}

void
asking_turn(struct asking *q, struct mono now, struct mono *deadline)
{
	for (size_t i = q->n; i-- > 0;) {
		struct asked *a = &q->v[i];

		if (!mono_reached(a->until, now)) {
			mono_lower(deadline, a->until);
		} else if (a->late) {
			end(q, a, now);
		} else {
			give_up(q, a, now);
			mono_lower(deadline, a->until);
		}
	}
}

size_t
asking_count(const struct asking *q)
{
	size_t n = 0;

	for (size_t i = 0; i < q->n; i++)
		n += !q->v[i].late;
	return n;
}
