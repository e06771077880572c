/* replay: a recording on the same screens as the hosts themselves, or in place
 * of them for list and info. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/console.h"
#include "tui/session.h"
#include "tui/statefile.h"
#include "tui/verb.h"

/* "2x", "0.5x", "10": times as fast as it was; 0 on error. */
static int
parse_speed(const char *text)
{
	char *end;
	double times = strtod(text, &end);

	if (end == text || (strcmp(end, "") != 0 && strcmp(end, "x") != 0))
		return 0;
	return times >= 0.01 && times <= 10000 ? (int)(times * 100) : 0;
}

static int
watch(struct session *s, const struct verb_ctx *ctx)
{
	char *path = statefile_path("console.conf");
	struct console_opts opts = {
		.model = s->model,
		.loop = &s->wiring.loop,
		.gate = s->gate,
		.title = "replay",
		.read_only = true,
		.state_path = path, /* read only */
		.no_mouse = ctx->no_mouse,
	};
	struct err err = { 0 };
	int rc;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		x_free(path);
		return verb_usage(&verb_replay, "the full screen needs a "
		    "terminal; for scripts add list or info NAME");
	}
	rc = verb_looks(ctx, &s->conf, &opts);
	if (rc == 0)
		rc = console_run(&opts, &err);
	x_free(path);
	return err.kind != ERR_NONE ? verb_fail(&err) : rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct err err = { 0 };
	int speed = 100, i = 1, rc;
	struct session s;
	char **rest;

	if (argc > 2 && strcmp(argv[1], "--speed") == 0) {
		speed = parse_speed(argv[2]);
		if (speed == 0)
			return verb_usage(&verb_replay,
			    "'%s' is no speed such as 2x", argv[2]);
		i = 3;
	}
	if (i >= argc || argv[i][0] == '-')
		return verb_usage(&verb_replay, "one recording is wanted");
	rest = argv + i + 1;
	if (rest[0] != NULL && strcmp(rest[0], "list") != 0 &&
	    strcmp(rest[0], "info") != 0)
		return verb_usage(&verb_replay, "'%s' is not understood",
		    rest[0]);
	if (session_open_replay(&s, argv[i], rest[0] != NULL ? 0 : speed,
	    &err) != 0)
		return verb_fail(&err);
	if (rest[0] == NULL)
		rc = watch(&s, ctx);
	else if (strcmp(rest[0], "list") == 0)
		rc = list_session(&s, argc - i - 1, rest);
	else
		rc = info_session(&s, argc - i - 1, rest);
	session_close(&s);
	return rc;
}

const struct verb verb_replay = {
	.name = "replay",
	.args = "[--speed TIMES] FILE [list ... | info NAME]",
	.help = "show what was recorded, or list its end",
	.run = run,
};
