/* record: every event of all hosts into a file, until interrupted. A bug
 * report is such a file, and replay shows it with the same screens. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/units.h"
#include "tui/session.h"
#include "tui/verb.h"

static volatile sig_atomic_t interrupted;

static void
on_signal(int sig)
{
	(void)sig;
	interrupted = 1;
}

static void
catch_signals(void)
{
	/* Without SA_RESTART: poll must return. */
	struct sigaction sa = { .sa_handler = on_signal };

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	/* Under nohup it stays ignored. */
	if (signal(SIGHUP, SIG_IGN) != SIG_IGN)
		sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static int
record(struct session *s, const char *path, int64_t duration_ms)
{
	struct mono start = loop_now();
	struct mono end = duration_ms > 0 ? mono_add_ms(start, duration_ms) :
	    MONO_NEVER;
	struct err err = { 0 };
	size_t missing;

	s->recorder = recorder_open(path, &s->conf, start, loop_wall_ms(),
	    &err);
	if (s->recorder == NULL)
		return verb_fail(&err);
	catch_signals();
	/* A signal between the test and poll is not lost for long. */
	while (!interrupted && mono_before(loop_now(), end) &&
	    s->recorder_err.kind == ERR_NONE) {
		struct mono turn = mono_add_ms(loop_now(), 500);

		mono_lower(&turn, end);
		session_turn(s, turn);
	}
	if (recorder_close(s->recorder, &err) != 0 &&
	    s->recorder_err.kind == ERR_NONE)
		s->recorder_err = err;
	s->recorder = NULL;
	if (s->recorder_err.kind != ERR_NONE)
		return verb_fail(&s->recorder_err);
	missing = session_complain(s);
	return missing != 0 ? ERR_UNREACHABLE : ERR_NONE;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	int64_t duration_ms = 0;
	struct session s;
	struct conf conf;
	int i = 1, rc;

	if (argc > 2 && strcmp(argv[1], "--for") == 0) {
		if (units_parse_ms(&duration_ms, argv[2]) != 0 ||
		    duration_ms <= 0)
			return verb_usage(&verb_record,
			    "'%s' is no time such as 10min", argv[2]);
		i = 3;
	}
	if (argc - i != 1 || (argv[i][0] == '-' && argv[i][1] != '\0'))
		return verb_usage(&verb_record, "one file is wanted");
	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	if (rc != 0) {
		conf_free(&conf);
		return rc;
	}
	session_open(&s, &conf);
	rc = record(&s, argv[i], duration_ms);
	session_close(&s);
	return rc;
}

const struct verb verb_record = {
	.name = "record",
	.args = "[--for TIME] FILE",
	.help = "write all that is seen to FILE (- is standard output) until ^C",
	.run = run,
};
