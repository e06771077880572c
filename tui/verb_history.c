/* history: what was done, out of the journal. It reads the database itself, so
 * that it works while a console runs and when none does, and asks no host. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/jsonout.h"
#include "tui/loop.h"
#include "tui/report.h"
#include "tui/verb.h"
#include "tui/when.h"
#include "tui/wiring.h"

enum { COUNT = 50, COUNT_MAX = 1000 };

struct args {
	struct ledger_filter filter;
	bool json;
};

/* --- JSON Lines ------------------------------------------------------------- */

static void
put_json_step(const struct ledger_step *s)
{
	char what[512], uuid[UUID_STR];

	report_step(what, sizeof what, s);
	printf("{ \"op\": ");
	jsonout_string(s->op != NULL ? s->op : "");
	jsonout_member("what", what);
	jsonout_member("host", s->host);
	jsonout_member("to", s->to);
	jsonout_member("cluster", s->cluster);
	jsonout_member("vm", s->vm);
	if (!uuid_is_nil(&s->uuid)) {
		uuid_format(uuid, &s->uuid);
		jsonout_member("uuid", uuid);
	}
	jsonout_member("why", s->why);
	jsonout_member("state", step_state_name(s->state));
	jsonout_member("run", s->run_id);
	jsonout_member("command", s->command);
	if (s->status >= 0)
		jsonout_number("status", s->status);
	jsonout_member("words", s->words);
	jsonout_member("outcome", s->outcome);
	jsonout_time("began", s->began_ms);
	jsonout_time("ended", s->ended_ms);
	printf(" }");
}

static void
put_json(const struct ledger_job *l)
{
	printf("{ \"job\": ");
	jsonout_string(l->key != NULL ? l->key : "");
	jsonout_member("title", l->title);
	jsonout_member("operator", l->operator);
	jsonout_member("state", report_job_state(l));
	jsonout_member("outcome", l->outcome);
	jsonout_time("made", l->made_ms);
	jsonout_time("ended", l->ended_ms);
	printf(", \"adopted\": %s, \"steps\": [",
	    l->adopted ? "true" : "false");
	for (size_t i = 0; i < l->nsteps; i++) {
		printf(i > 0 ? ", " : " ");
		put_json_step(&l->steps[i]);
	}
	printf(" ] }\n");
}

/* --- The command line -------------------------------------------------------- */

static int
take_since(struct args *a, const char *text)
{
	const struct when_span span = { .last = loop_wall_ms(),
		.at = loop_wall_ms() };
	char why[200], day[64];

	/* A date alone is its first minute. */
	snprintf(day, sizeof day, "%.32s 00:00", text);
	if (when_parse(&span, text, &a->filter.since_ms, why,
		sizeof why) != 0 && when_parse(&span, day,
		&a->filter.since_ms, (char[8]){ 0 }, 8) != 0)
		return verb_usage(&verb_history, "--since %s: %s", text, why);
	return 0;
}

static int
take_count(struct args *a, const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	if (end == text || *end != '\0' || n < 1 || n > COUNT_MAX)
		return verb_usage(&verb_history,
		    "-n wants a number from 1 to %d, not '%s'", COUNT_MAX,
		    text);
	a->filter.limit = (uint32_t)n;
	return 0;
}

static int
take_option(struct args *a, const char *option, char *value)
{
	if (value == NULL)
		return verb_usage(&verb_history, "%s wants a value", option);
	if (strcmp(option, "--since") == 0)
		return take_since(a, value);
	if (strcmp(option, "-n") == 0)
		return take_count(a, value);
	a->filter.key = value;
	return 0;
}

static int
parse(struct args *a, int argc, char **argv)
{
	int rc = 0;

	*a = (struct args){ .filter = { .limit = COUNT } };
	for (int i = 1; i < argc && rc == 0; i++) {
		char *w = argv[i];

		if (strcmp(w, "--json") == 0)
			a->json = true;
		else if (strcmp(w, "--job") == 0 || strcmp(w, "-n") == 0 ||
		    strcmp(w, "--since") == 0)
			rc = take_option(a, w, i + 1 < argc ? argv[++i] :
			    NULL);
		else if (w[0] == '-' || a->filter.word != NULL)
			rc = verb_usage(&verb_history,
			    "'%s' is not understood", w);
		else
			a->filter.word = w;
	}
	return rc;
}

/* --- The verb ---------------------------------------------------------------- */

static int
none(const struct args *a)
{
	struct err err;

	if (a->filter.key != NULL) {
		err_set(&err, ERR_FAILED, "there is no job %s in the journal%s",
		    a->filter.key, a->filter.word != NULL ||
		    a->filter.since_ms != 0 ? " that fits" : "");
		return verb_fail(&err);
	}
	if (!a->json)
		fprintf(stderr, "xendeck: the journal has no job%s\n",
		    a->filter.word != NULL || a->filter.since_ms != 0 ?
		    " that fits" : " yet");
	return 0;
}

static void
put(const struct args *a, const struct ledger_job *v, size_t n)
{
	struct buf out;

	buf_init(&out, REPORT_MAX);
	for (size_t i = n; i-- > 0 && a->json;)
		put_json(&v[i]);
	if (!a->json && a->filter.key != NULL)
		report_job(&out, &v[0], loop_wall_ms());
	else if (!a->json)
		report_jobs(&out, v, n);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct ledger_job *v = NULL;
	struct conf conf;
	struct args a;
	struct err err;
	size_t n = 0;
	int rc = parse(&a, argc, argv);

	if (rc != 0)
		return rc;
	conf_init(&conf);
	/* Where the journal is, is all that matters of the configuration. The
	 * demo has none that outlives it. */
	rc = ctx->demo ? 0 : verb_conf_console(ctx, &conf);
	if (rc == 0 && !ctx->demo && wiring_history(&conf, &a.filter, &v, &n, &err) != 0)
		rc = verb_fail(&err);
	else if (rc == 0 && n == 0)
		rc = none(&a);
	else if (rc == 0)
		put(&a, v, n);
	wiring_history_free(v, n);
	conf_free(&conf);
	return rc;
}

const struct verb verb_history = {
	.name = "history",
	.args = "[-n COUNT] [--since TIME] [--job KEY] [--json] [NAME]",
	.help = "what was done to that VM or host, by whom, and the outcome",
	.run = run,
};
