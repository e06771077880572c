/* def: the definition of a VM as it is on a host, and how those of the cluster's
 * hosts differ. */
#include <stdio.h>
#include <string.h>

#include "tui/deftext.h"
#include "tui/report.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000 };

struct args {
	const char *vm, *on;
	bool diff;
};

static int
parse_args(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .vm = NULL };
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--on") == 0 && i + 1 < argc)
			a->on = argv[++i];
		else if (strcmp(argv[i], "--diff") == 0)
			a->diff = true;
		else if (argv[i][0] == '-')
			return verb_usage(&verb_def, "'%s' is not understood",
			    argv[i]);
		else if (a->vm != NULL)
			return verb_usage(&verb_def, "one VM is wanted");
		else
			a->vm = argv[i];
	}
	if (a->vm == NULL)
		return verb_usage(&verb_def, "one VM is wanted");
	if (a->diff && a->on != NULL)
		return verb_usage(&verb_def,
		    "--diff is about all hosts, --on about one");
	return 0;
}

/* As diff(1): 1 where there are differences. */
static int
print_diff(const struct session *s, const struct vm *vm, struct err *err)
{
	struct buf out;
	size_t others;

	if (deftext_def(s->model, vm, MODEL_NONE, err) == NULL)
		return verb_fail(err);
	buf_init(&out, REPORT_MAX);
	others = deftext_spread(&out, s->model, vm);
	fputs(out.p != NULL ? out.p : "", stdout);
	buf_free(&out);
	return others != 0 ? ERR_FAILED : ERR_NONE;
}

static int
print_def(const struct session *s, const struct vm *vm, const char *on,
    struct err *err)
{
	uint32_t host = on != NULL ? deftext_host(s, on, err) : MODEL_NONE;
	const struct def *d;

	if (on != NULL && host == MODEL_NONE)
		return verb_fail(err);
	d = deftext_def(s->model, vm, host, err);
	if (d == NULL)
		return verb_fail(err);
	fwrite(d->text, 1, d->len, stdout);
	return ERR_NONE;
}

int
def_session(struct session *s, int argc, char **argv)
{
	struct err err = { .kind = ERR_NONE };
	size_t missing;
	struct args a;
	uint32_t id;
	int rc = parse_args(&a, argc, argv);

	if (rc != 0)
		return rc;
	if (session_gather(s, TIMEOUT_MS) != 0)
		return ERR_USAGE;
	deftext_await(s);
	missing = session_complain(s);
	id = deftext_vm(s->model, a.vm, &err);
	if (id == MODEL_NONE) {
		rc = verb_fail(&err);
		return missing != 0 ? ERR_UNREACHABLE : rc;
	}
	if (a.diff)
		return print_diff(s, model_vm(s->model, id), &err);
	return print_def(s, model_vm(s->model, id), a.on, &err);
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, def_session);
}

const struct verb verb_def = {
	.name = "def",
	.args = "VM [--on HOST] | --diff VM",
	.help = "a VM's definition (xl.cfg), or how the hosts' differ",
	.run = run,
	.exact = true,
};
