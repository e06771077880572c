/* Questions before a migration. What several targets want to know of the VM's own
 * host is asked there once. */
#include "tui/preflight.h"

#include "core/migrate.h"
#include "tui/loop.h"

enum { LINES_MAX = 64 * 1024, WAIT_MS = 20 * 1000 };

static void
ask(struct work *w, const struct model *m, uint32_t host, struct buf *lines)
{
	if (lines->len > 0 && model_host(m, host)->health == HOST_LIVE)
		work_probe(w, host, lines->p);
	buf_clear(lines);
}

void
preflight_ask(struct work *w, const struct action *a, const struct model *m)
{
	struct migrate_targets t;
	struct buf there, here;

	buf_init(&there, LINES_MAX);
	buf_init(&here, LINES_MAX);
	migrate_targets(&t, a, m);
	for (size_t i = 0; t.here.can && i < t.n; i++) {
		uint32_t to = t.v[i].host;

		if (a->to != MODEL_NONE && a->to != to)
			continue;
		/* What is not asked is not known. */
		migrate_questions(&there, a, to, to, m, NULL);
		ask(w, m, to, &there);
		migrate_questions(&here, a, to, t.here.host, m, NULL);
	}
	ask(w, m, t.here.host, &here);
	migrate_targets_free(&t);
	buf_free(&there);
	buf_free(&here);
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
