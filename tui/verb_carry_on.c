/* What a console leaves in the background: a process without a terminal that
 * takes its jobs over from the journal, as any console would, and ends with the
 * last of them. */
#include <signal.h>
#include <stdio.h>

#include "tui/session.h"
#include "tui/verb.h"
#include "tui/work.h"

/* Jobs are taken over a moment after the journal was opened. */
enum { ADOPT_MS = 10000 };

static int
carry_on(struct session *s, int argc, char **argv)
{
	struct err err = { 0 };
	struct work *w = work_open(s, true, NULL, &err);
	struct mono begin = loop_now();

	(void)argc;
	(void)argv;
	if (w == NULL)
		return verb_fail(&err);
	signal(SIGHUP, SIG_IGN);
	while (jobs_running(work_jobs(w)) > 0 ||
	    mono_diff_ms(loop_now(), begin) < ADOPT_MS) {
		struct mono next = mono_add_ms(loop_now(), 500);

		work_turn(w, &next);
		session_turn(s, next);
	}
	work_close(w);
	return ERR_NONE;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	if (argc > 1)
		return verb_usage(&verb_carry_on, "takes no arguments");
	return session_verb(ctx, argc, argv, carry_on);
}

const struct verb verb_carry_on = {
	.name = "carry-on",
	.args = "",
	.help = NULL,
	.run = run,
};
