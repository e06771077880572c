/* The full screen: what xendeck does without a verb. With the name of a VM it
 * is that one's console and nothing else. */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/safety.h"
#include "core/units.h"
#include "tui/background.h"
#include "tui/console.h"
#include "tui/onevm.h"
#include "tui/session.h"
#include "tui/statefile.h"
#include "tui/verb.h"
#include "tui/vmlines.h"
#include "tui/whoami.h"
#include "tui/work.h"

enum { TIMEOUT_MS = 30000 };

/* Jobs that are under way when the console is left go on in the background. The
 * simulator's end with it. */
static void
leave(const struct verb_ctx *ctx, const struct conf *conf, size_t njobs)
{
	if (njobs == 0 || ctx->demo)
		return;
	/* A terminal that is closed hangs up on whoever is still its. */
	signal(SIGHUP, SIG_IGN);
	if (background_carry_on(conf))
		fprintf(stderr, "xendeck: %zu job%s on in the background; "
		    "'xendeck history' tells of %s\n", njobs,
		    njobs == 1 ? " goes" : "s go", njobs == 1 ? "it" : "them");
	else
		fprintf(stderr, "xendeck: no process for the jobs that are "
		    "under way: the next xendeck takes them over\n");
}

static struct work *
open_work(const struct verb_ctx *ctx, struct session *s, struct err *why)
{
	if (s->conf.read_only) {
		safety_writable(&s->conf, 0, why);
		return NULL;
	}
	return work_open(s, !ctx->demo, NULL, why);
}

static int
run_screen(const struct verb_ctx *ctx, struct session *s, const struct vm *vm,
    bool log)
{
	/* The demo's hosts are nobody's: nothing of them is kept. */
	char *path = ctx->demo ? NULL : statefile_path("console.conf");
	char *history = ctx->demo ? NULL : statefile_path("history");
	char *reader = whoami_run();
	struct err err = { 0 }, no_work = { 0 };
	struct work *work = open_work(ctx, s, &no_work);
	size_t left = 0;
	struct console_opts opts = {
		.model = s->model,
		.loop = &s->wiring.loop,
		.tape = s->tape,
		.no_tape = s->tape == NULL ? s->tape_err.msg : NULL,
		.control = wiring_control,
		.ask = wiring_ask,
		.control_arg = &s->wiring,
		.work = work,
		.no_work = no_work.msg,
		.consoles = { wiring_vmconsole, &s->wiring, reader },
		.vm = vm != NULL ? vm->id : MODEL_NONE,
		.vm_alone = vm != NULL,
		.vm_log = log,
		.title = ctx->demo ? "demo" : NULL,
		.demo = ctx->demo,
		.read_only = s->conf.read_only,
		.state_path = path,
		.history_path = history,
		.state_writes = vm == NULL,
		.no_mouse = ctx->no_mouse,
	};
	int rc = verb_looks(ctx, &s->conf, &opts);

	if (rc == 0)
		rc = console_run(&opts, &err);
	if (work != NULL)
		left = jobs_running(work_jobs(work));
	work_close(work);
	leave(ctx, &s->conf, left);
	x_free(path);
	x_free(history);
	x_free(reader);
	return err.kind != ERR_NONE ? verb_fail(&err) : rc;
}

/* --- Of one VM --------------------------------------------------------------- */

struct args {
	const char *vm;     /* NULL: the full screen of everything */
	bool log;
	int64_t timeout_ms; /* for the hosts to answer */
	int64_t for_ms;
};

static int
parse(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .timeout_ms = TIMEOUT_MS };
	for (int i = 1; i < argc; i++) {
		bool time = strcmp(argv[i], "--timeout") == 0;

		if (time || strcmp(argv[i], "--for") == 0) {
			int64_t *to = time ? &a->timeout_ms : &a->for_ms;

			if (i + 1 == argc || units_parse_ms(to, argv[++i]) !=
			    0 || *to <= 0)
				return verb_usage(&verb_console, "%s needs a "
				    "time such as 90s", time ? "--timeout" :
				    "--for");
		} else if (strcmp(argv[i], "--log") == 0) {
			a->log = true;
		} else if (argv[i][0] == '-' || a->vm != NULL) {
			return verb_usage(&verb_console, "takes the name of "
			    "one VM, or nothing");
		} else {
			a->vm = argv[i];
		}
	}
	if (a->vm == NULL && argc > 1)
		return verb_usage(&verb_console, "which VM is not said");
	return 0;
}

/* With a terminal on both ends the full screen, else lines. */
static int
run_vm(const struct verb_ctx *ctx, struct session *s, const struct args *a,
    bool screen)
{
	struct vmlines lines = { .log = a->log, .for_ms = a->for_ms };
	const struct vm *vm = NULL;
	struct err err = { 0 };
	char *reader;
	int rc = onevm_find(s, a->vm, a->timeout_ms, &vm);

	if (rc != 0)
		return rc;
	if (safety_writable(&s->conf, vm->cluster, &err) != 0)
		return verb_fail(&err);
	if (screen)
		return run_screen(ctx, s, vm, a->log);
	reader = whoami_run();
	lines.reader = reader;
	rc = vmlines_run(s, vm, &lines);
	x_free(reader);
	return rc;
}

/* --- Both -------------------------------------------------------------------- */

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	bool screen = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO);
	struct session s;
	struct conf conf;
	struct args a;
	int rc = parse(&a, argc, argv);

	if (rc != 0)
		return rc;
	if (a.vm == NULL && !screen) {
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
	if (screen)
		session_keep_tape(&s);
	rc = a.vm != NULL ? run_vm(ctx, &s, &a, screen && a.for_ms == 0) :
	    run_screen(ctx, &s, NULL, false);
	session_close(&s);
	return rc;
}

const struct verb verb_console = {
	.name = "console",
	.args = "[VM [--log] [--for TIME] [--timeout TIME]]",
	.help = "the full screen (also without any verb); or the console of a "
	    "VM, as lines where there is no terminal",
	.run = run,
};
