/* Jobs of the journal as text: what happened, in the host's own words, and
 * nothing that a terminal would take for its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tui/report.h"

static void
make(struct ledger_job *l)
{
	struct ledger_step *s = x_calloc(2, sizeof *s);

	*l = (struct ledger_job){
		.key = x_strdup("7f3a2c91-1"),
		.title = x_strdup("move web1 to beta"),
		.operator = x_strdup("alice"),
		.state = JOB_FAILED,
		.outcome = x_strdup("web1 did not \033[31mend"),
		.made_ms = 1790000000000,
		.ended_ms = 1790000012000,
		.steps = s,
		.nsteps = 2,
	};
	s[0] = (struct ledger_step){
		.op = x_strdup("shutdown"),
		.host = x_strdup("alpha"),
		.vm = x_strdup("web1"),
		.why = x_strdup("to make room"),
		.run_id = x_strdup("r-1"),
		.command = x_strdup("xl shutdown -F 12"),
		.state = STEP_FAILED,
		.status = 1,
		.words = x_strdup("libxl: error\n\033]0;evil\007"),
		.began_ms = 1790000001000,
		.ended_ms = 1790000005200,
	};
	s[1] = (struct ledger_step){
		.op = x_strdup("no-such-op"),
		.host = x_strdup("beta"),
		.state = STEP_SKIPPED,
		.ended_ms = 1790000012000,
	};
}

static void
has(const struct buf *b, const char *part)
{
	if (b->p == NULL || strstr(b->p, part) == NULL)
		fail_msg("lacks '%s':\n%s", part, b->p);
}

static void
one(void **state)
{
	struct ledger_job l;
	struct buf out;

	(void)state;
	make(&l);
	buf_init(&out, REPORT_MAX);
	report_job(&out, &l, 0);
	has(&out, "what      move web1 to beta\n");
	has(&out, "2026-09-21 14:13:20, for 12 s\n");
	has(&out, "state     failed\n");
	has(&out, "   1  shut web1 down on alpha, to make room: failed, "
	    "2026-09-21 14:13:21 to +4.2 s\n      $ xl shutdown -F 12\n"
	    "      exit status 1\n      | libxl: error\n      | ");
	has(&out, "   2  no-such-op on beta: skipped\n");
	assert_null(strchr(out.p, '\033'));
	assert_null(strchr(out.p, '\007'));
	buf_free(&out);
	ledger_job_free(&l);
}

/* The oldest first; what went well needs no words. */
static void
lines(void **state)
{
	struct ledger_job v[3];
	struct buf out;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		make(&v[i]);
	v[1].state = JOB_DONE;
	v[0].ended_ms = 0;
	buf_init(&out, REPORT_MAX);
	report_jobs(&out, v, 3);
	assert_string_equal(out.p,
	    "2026-09-21 14:13:20  7f3a2c91-1    alice       failed     "
	    "move web1 to beta: web1 did not \xef\xbf\xbd[31mend\n"
	    "2026-09-21 14:13:20  7f3a2c91-1    alice       done       "
	    "move web1 to beta\n"
	    "2026-09-21 14:13:20  7f3a2c91-1    alice       left       "
	    "move web1 to beta\n");
	v[0].live = true;
	assert_string_equal(report_job_state(&v[0]), "running");
	buf_free(&out);
	for (size_t i = 0; i < 3; i++)
		ledger_job_free(&v[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one),
		cmocka_unit_test(lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
