/* Questions before a migration. What two targets want to know of the same host
 * is asked once, in as few runs as there is room for. */
#include "tui/preflight.h"

#include <string.h>

#include "core/migrate.h"
#include "tui/loop.h"

enum { LINES_MAX = 64 * 1024, WAIT_MS = 20 * 1000 };

/* Of one host. */
struct questions {
	struct work *w;
	uint32_t host;
	struct buf lines; /* that are to be asked in one run, */
	size_t n;
	struct buf all;   /* and all so far */
};

static void
ask(struct questions *q)
{
	if (q->n > 0)
		work_probe(q->w, q->host, q->lines.p);
	buf_clear(&q->lines);
	q->n = 0;
}

static bool
has_line(const struct buf *b, const char *line, size_t n)
{
	const char *s = b->len > 0 ? b->p : "";

	while (*s != '\0') {
		size_t len = strcspn(s, "\n");

		if (len == n && memcmp(s, line, n) == 0)
			return true;
		s += len + (s[len] == '\n');
	}
	return false;
}

static void
add_line(struct questions *q, const char *line, size_t n)
{
	if (n == 0 || has_line(&q->all, line, n))
		return;
	if (buf_add(&q->all, line, n) != 0 || buf_puts(&q->all, "\n") != 0 ||
	    buf_add(&q->lines, line, n) != 0 || buf_puts(&q->lines, "\n") != 0)
		return; /* what is not asked is not known */
	if (++q->n == PROBE_QUESTIONS_MAX)
		ask(q);
}

static void
add_lines(struct questions *q, const struct buf *b)
{
	const char *s = b->len > 0 ? b->p : "";

	while (*s != '\0') {
		size_t n = strcspn(s, "\n");

		add_line(q, s, n);
		s += n + (s[n] == '\n');
	}
}

static void
ask_host(struct work *w, const struct action *a, const struct model *m,
    const struct migrate_targets *t, uint32_t host)
{
	struct questions q = { .w = w, .host = host };
	struct buf b;

	buf_init(&q.lines, LINES_MAX);
	buf_init(&q.all, LINES_MAX);
	buf_init(&b, LINES_MAX);
	for (size_t i = 0; i < t->n; i++) {
		if (a->to != MODEL_NONE && a->to != t->v[i].host)
			continue;
		buf_clear(&b);
		if (migrate_questions(&b, a, t->v[i].host, host, m,
		    NULL) == 0)
			add_lines(&q, &b);
	}
	ask(&q);
	buf_free(&b);
	buf_free(&q.all);
	buf_free(&q.lines);
}

void
preflight_ask(struct work *w, const struct action *a, const struct model *m)
{
	struct migrate_targets t;

	migrate_targets(&t, a, m);
	for (uint32_t i = 0; t.here.can && i < model_nhosts(m); i++)
		if (model_host(m, i)->health == HOST_LIVE)
			ask_host(w, a, m, &t, i);
	migrate_targets_free(&t);
}

void
preflight_wait(struct work *w, struct session *s)
{
	struct mono end = mono_add_ms(loop_now(), WAIT_MS);

	for (;;) {
		struct mono next = end;

		work_turn(w, &next);
		if (work_probing(w) == 0 || mono_reached(end, loop_now()))
			return;
		session_turn(s, next);
	}
}
