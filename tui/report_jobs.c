/* What was done, by whom and when, as text. What hosts said is foreign: it is
 * made clean line by line, and bounded. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "core/utf8.h"
#include "tui/report.h"

enum { WORDS_MAX = 64 };  /* lines of a host's words */

static void
moment(char *out, size_t size, int64_t ms)
{
	time_t t = (time_t)(ms / 1000);
	struct tm tm;

	if (ms == 0 || localtime_r(&t, &tm) == NULL ||
	    strftime(out, size, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		snprintf(out, size, "-");
}

static const char *
clean(char out[512], const char *s)
{
	utf8_clean(out, 512, s != NULL ? s : "", s != NULL ? strlen(s) : 0);
	return out;
}

const char *
report_job_state(const struct ledger_job *l)
{
	if (l->ended_ms == 0)
		return l->live ? "running" : "left";
	return job_state_name(l->state);
}

/* --- A line each ------------------------------------------------------------ */

static void
put_line(struct buf *out, const struct ledger_job *l)
{
	char when[32], key[512], who[512], what[512], end[512];
	bool well = l->ended_ms == 0 || l->state == JOB_DONE;

	moment(when, sizeof when, l->made_ms);
	buf_printf(out, "%s  %-12s  %-10s  %-9s  %s%s%s\n", when,
	    clean(key, l->key), clean(who, l->operator), report_job_state(l),
	    clean(what, l->title), well || l->outcome == NULL ? "" : ": ",
	    well ? "" : clean(end, l->outcome));
}

void
report_jobs(struct buf *out, const struct ledger_job *v, size_t n)
{
	for (size_t i = n; i-- > 0;)
		put_line(out, &v[i]);
}

void
report_jobs_newest(struct buf *out, const struct ledger_job *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put_line(out, &v[i]);
}

/* --- One, with its steps ------------------------------------------------------ */

void
report_step(char *out, size_t size, const struct ledger_step *s)
{
	struct request r;
	char text[512];

	/* Borrowed: it is only read. */
	request_init(&r, s->op != NULL ? request_op_find(s->op) : REQ_NONE);
	r.name = s->vm;
	r.arg = s->arg;
	r.arg2 = s->arg2;
	r.value = s->value;
	r.cap = s->cap;
	r.flags = s->flags;
	if (r.op == REQ_NONE)
		snprintf(text, sizeof text, "%s", s->op != NULL ? s->op : "?");
	else
		request_text(text, sizeof text, &r);
	utf8_clean(out, size, text, strlen(text));
}

static void
put_words(struct buf *out, const char *s)
{
	char text[512];

	for (int i = 0; *s != '\0' && i < WORDS_MAX; i++) {
		size_t n = strcspn(s, "\n");

		utf8_clean(text, sizeof text, s, n);
		buf_printf(out, "      | %s\n", text);
		s += n + (s[n] == '\n');
	}
}

static const char *
step_state(const struct ledger_job *l, const struct ledger_step *s)
{
	if (s->ended_ms != 0 || l->ended_ms != 0)
		return step_state_name(s->state);
	if (s->run_id == NULL)
		return "waiting";
	return l->live ? "begun" : "begun, left";
}

static void
put_step(struct buf *out, const struct ledger_job *l, size_t i)
{
	const struct ledger_step *s = &l->steps[i];
	char what[512], when[32], text[512];

	report_step(what, sizeof what, s);
	buf_printf(out, "  %2zu  %s on %s", i + 1, what,
	    clean(text, s->host));
	if (s->to != NULL)
		buf_printf(out, " to %s", clean(text, s->to));
	if (s->why != NULL)
		buf_printf(out, ", %s", clean(text, s->why));
	moment(when, sizeof when, s->began_ms);
	buf_printf(out, ": %s", step_state(l, s));
	if (s->began_ms != 0)
		buf_printf(out, ", %s", when);
	if (s->began_ms != 0 && s->ended_ms >= s->began_ms)
		buf_printf(out, " to +%" PRId64 ".%" PRId64 " s",
		    (s->ended_ms - s->began_ms) / 1000,
		    (s->ended_ms - s->began_ms) / 100 % 10);
	buf_puts(out, "\n");
	if (s->command != NULL)
		buf_printf(out, "      $ %s\n", clean(text, s->command));
	if (s->status > 0)
		buf_printf(out, "      exit status %" PRId32 "\n", s->status);
	if (s->words != NULL)
		put_words(out, s->words);
	if (s->outcome != NULL)
		buf_printf(out, "      %s\n", clean(text, s->outcome));
}

void
report_job(struct buf *out, const struct ledger_job *l, int64_t wall_ms)
{
	char when[32], text[512];
	int64_t end = l->ended_ms != 0 ? l->ended_ms : wall_ms;

	buf_printf(out, "job       %s\n", clean(text, l->key));
	buf_printf(out, "what      %s\n", clean(text, l->title));
	buf_printf(out, "who       %s\n", clean(text, l->operator));
	moment(when, sizeof when, l->made_ms);
	buf_printf(out, "when      %s, for %" PRId64 " s\n", when,
	    end > l->made_ms ? (end - l->made_ms) / 1000 : 0);
	buf_printf(out, "state     %s%s\n", report_job_state(l), l->ended_ms ==
	    0 && !l->live ? ": its console is gone; the next that is started "
	    "takes it over" : l->adopted ? ", after its console was gone" :
	    "");
	if (l->outcome != NULL)
		buf_printf(out, "outcome   %s\n", clean(text, l->outcome));
	buf_puts(out, "steps\n");
	for (size_t i = 0; i < l->nsteps; i++)
		put_step(out, l, i);
}
