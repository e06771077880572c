/* The full screen: what xendeck does without a verb. */
#include <stdio.h>
#include <unistd.h>

#include "core/mem.h"
#include "tui/console.h"
#include "tui/session.h"
#include "tui/statefile.h"
#include "tui/verb.h"

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	struct console_opts opts;
	struct err err = { 0 };
	struct session s;
	struct conf conf;
	char *path, *history;
	int rc;

	(void)argv;
	if (argc > 1)
		return verb_usage(&verb_console, "takes no arguments");
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		fprintf(stderr, "xendeck: the full screen needs a terminal; "
		    "for scripts there is xendeck list\n");
		return ERR_USAGE;
	}
	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	if (rc != 0) {
		conf_free(&conf);
		return rc;
	}
	session_open(&s, &conf);
	session_keep_tape(&s);
	/* The demo's hosts are nobody's: nothing of them is kept. */
	path = ctx->demo ? NULL : statefile_path("console.conf");
	history = ctx->demo ? NULL : statefile_path("history");
	opts = (struct console_opts){
		.model = s.model,
		.loop = &s.wiring.loop,
		.tape = s.tape,
		.no_tape = s.tape == NULL ? s.tape_err.msg : NULL,
		.control = wiring_control,
		.ask = wiring_ask,
		.control_arg = &s.wiring,
		.title = ctx->demo ? "demo" : NULL,
		.demo = ctx->demo,
		.read_only = s.conf.read_only,
		.state_path = path,
		.history_path = history,
		.state_writes = true,
		.no_mouse = ctx->no_mouse,
	};
	rc = verb_looks(ctx, &s.conf, &opts);
	if (rc == 0)
		rc = console_run(&opts, &err);
	session_close(&s);
	x_free(path);
	x_free(history);
	if (err.kind != ERR_NONE)
		return verb_fail(&err);
	return rc;
}

const struct verb verb_console = {
	.name = "console",
	.args = "",
	.help = "the full screen (also without any verb)",
	.run = run,
};
