/* The full screen: what xendeck does without a verb. With the name of a VM it
 * is that one's console and nothing else. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/safety.h"
#include "tui/console.h"
#include "tui/session.h"
#include "tui/statefile.h"
#include "tui/verb.h"
#include "tui/whoami.h"
#include "tui/work.h"

enum { TIMEOUT_MS = 15000 };

/* Jobs that are under way when the console is left go on in the background. The
 * simulator's end with it. */
static void
leave(const struct verb_ctx *ctx, size_t njobs)
{
	pid_t pid;

	if (njobs == 0 || ctx->demo)
		return;
	pid = fork();
	if (pid > 0) {
		fprintf(stderr, "xendeck: %zu job%s on in the background; "
		    "'xendeck history' tells of %s\n", njobs,
		    njobs == 1 ? " goes" : "s go", njobs == 1 ? "it" : "them");
		return;
	}
	if (pid < 0) {
		fprintf(stderr, "xendeck: no process for the jobs that are "
		    "under way: the next xendeck takes them over\n");
		return;
	}
	setsid();
	for (int fd = 0; fd < 3; fd++) {
		close(fd);
		open("/dev/null", fd == 0 ? O_RDONLY : O_WRONLY);
	}
	if (ctx->conf_path != NULL)
		execl("/proc/self/exe", "xendeck", "-c", ctx->conf_path,
		    "carry-on", (char *)NULL);
	else
		execl("/proc/self/exe", "xendeck", "carry-on", (char *)NULL);
	_exit(127);
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
run_screen(const struct verb_ctx *ctx, struct session *s, const struct vm *vm)
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
	leave(ctx, left);
	x_free(path);
	x_free(history);
	x_free(reader);
	return err.kind != ERR_NONE ? verb_fail(&err) : rc;
}

/* --- Of one VM --------------------------------------------------------------- */

static bool
is_meant(const struct vm *vm, const struct uuid *uuid, const char *name)
{
	return uuid != NULL ? uuid_cmp(&vm->uuid, uuid) == 0 :
	    strcmp(vm->name, name) == 0;
}

/* The one VM of that name or UUID that runs; else of those that do not. */
static int
find(const struct session *s, const char *name, const struct vm **found,
    struct err *err)
{
	const struct model *m = s->model;
	struct uuid uuid;
	bool by_uuid = uuid_parse(&uuid, name) == 0;
	size_t running = 0;

	*found = NULL;
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		if (!is_meant(vm, by_uuid ? &uuid : NULL, name))
			continue;
		if (vm_main(vm) != NULL || *found == NULL)
			*found = vm;
		running += vm_main(vm) != NULL;
	}
	if (running > 1)
		return err_set(err, ERR_USAGE, "%zu VMs that run are called "
		    "'%s': say which by its UUID", running, name);
	return 0;
}

static int
choose(struct session *s, const char *name, const struct vm **vm)
{
	struct err err = { 0 };
	size_t missing;

	if (session_gather(s, TIMEOUT_MS) != 0)
		return ERR_USAGE;
	missing = session_complain(s);
	if (find(s, name, vm, &err) != 0)
		return verb_fail(&err);
	if (*vm == NULL && missing > 0) {
		fprintf(stderr, "xendeck: no VM is called '%s' on the hosts "
		    "that answered\n", name);
		return ERR_UNREACHABLE;
	}
	if (*vm == NULL) {
		fprintf(stderr, "xendeck: no VM is called '%s'\n", name);
		return ERR_USAGE;
	}
	if (safety_writable(&s->conf, (*vm)->cluster, &err) != 0)
		return verb_fail(&err);
	if (vm_main(*vm) == NULL) {
		fprintf(stderr, "xendeck: %s does not run%s: it has no "
		    "console\n", (*vm)->name, missing > 0 ?
		    " on the hosts that answered" : "");
		return missing > 0 ? ERR_UNREACHABLE : ERR_FAILED;
	}
	if (model_host(s->model, vm_main(*vm)->host)->health == HOST_LIVE)
		return 0;
	fprintf(stderr, "xendeck: %s was last seen on %s, which does not "
	    "answer now\n", (*vm)->name,
	    model_host(s->model, vm_main(*vm)->host)->name);
	return ERR_UNREACHABLE;
}

/* --- Both -------------------------------------------------------------------- */

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	const struct vm *vm = NULL;
	struct session s;
	struct conf conf;
	int rc;

	if (argc > 2 || (argc == 2 && argv[1][0] == '-'))
		return verb_usage(&verb_console, "takes the name of one VM, "
		    "or nothing");
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
	if (argc == 2)
		rc = choose(&s, argv[1], &vm);
	if (rc == 0)
		rc = run_screen(ctx, &s, vm);
	session_close(&s);
	return rc;
}

const struct verb verb_console = {
	.name = "console",
	.args = "[VM]",
	.help = "the full screen (also without any verb); or the console of a "
	    "VM",
	.run = run,
};
