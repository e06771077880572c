/* The operator's own commands for a VM: who it is and where is found out, and
 * this process becomes the command, with the terminal and all. What is run is
 * said first: the address in it is what the guest tells. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/quote.h"
#include "core/safety.h"
#include "core/suggest.h"
#include "core/units.h"
#include "core/vmcommand.h"
#include "tui/onevm.h"
#include "tui/session.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 30000 };

struct args {
	const char *command, *vm;
	bool dry;
	int64_t timeout_ms;
};

static int
parse(struct args *a, int argc, char **argv)
{
	*a = (struct args){ .timeout_ms = TIMEOUT_MS };
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--dry-run") == 0)
			a->dry = true;
		else if (strcmp(argv[i], "--timeout") == 0) {
			if (i + 1 == argc || units_parse_ms(&a->timeout_ms,
			    argv[++i]) != 0 || a->timeout_ms <= 0)
				return verb_usage(&verb_run, "--timeout needs "
				    "a time such as 90s");
		} else if (argv[i][0] == '-' || a->vm != NULL)
			return verb_usage(&verb_run, "'%s' is not understood",
			    argv[i]);
		else if (a->command == NULL)
			a->command = argv[i];
		else
			a->vm = argv[i];
	}
	return a->vm != NULL ? 0 : verb_usage(&verb_run, "a command and a VM "
	    "are wanted");
}

static const struct conf_command *
find(const struct conf *conf, const char *name)
{
	const struct conf_command *c = vmcommand_find(conf, name);
	struct suggest s;
	char hint[200];

	if (c != NULL)
		return c;
	suggest_start(&s, name);
	for (size_t i = 0; i < conf->ncommands; i++)
		suggest_offer(&s, conf->commands[i].name);
	fprintf(stderr, "xendeck: \"commands\" in the configuration has no "
	    "\"%s\"%s\n", name, suggest_text(&s, hint, sizeof hint));
	return NULL;
}

static int
make(struct vmcommand *words, const struct session *s,
    const struct conf_command *c, const struct vm *vm)
{
	const struct conf_host *h = &s->conf.hosts[vm_main(vm)->host];
	const struct vmcommand_about about = { vm->name,
		h->address != NULL ? h->address : h->name, vmcommand_ip(vm) };
	struct err err = { 0 };

	if (vmcommand_make(words, c->command, &about, &err) == 0)
		return 0;
	err_prefix(&err, "%s, %.100s: ", c->name, vm->name);
	return verb_fail(&err);
}

static void
tell(FILE *to, const struct vmcommand *words)
{
	struct buf line;

	buf_init(&line, 16 * 1024);
	quote_argv(&line, words->argv);
	fprintf(to, "%s\n", line.p != NULL ? line.p : "");
	fflush(to);
	buf_free(&line);
}

static int
become(const struct vmcommand *words)
{
	char *argv[VMCOMMAND_WORDS + 1] = { NULL };

	for (size_t i = 0; i < words->n; i++)
		argv[i] = x_strdup(words->argv[i]);
	fputs("xendeck: ", stderr);
	tell(stderr, words);
	execvp(argv[0], argv);
	fprintf(stderr, "xendeck: %s cannot be run: %s\n", argv[0],
	    strerror(errno));
	for (size_t i = 0; i < words->n; i++)
		x_free(argv[i]);
	return ERR_FAILED;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	const struct conf_command *c;
	const struct vm *vm = NULL;
	struct vmcommand words;
	struct err err = { 0 };
	struct session s;
	struct conf conf;
	struct args a;
	int rc = parse(&a, argc, argv);

	if (rc != 0)
		return rc;
	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	c = rc == 0 ? find(&conf, a.command) : NULL;
	if (c == NULL) {
		conf_free(&conf);
		return rc != 0 ? rc : ERR_USAGE;
	}
	session_open(&s, &conf);
	rc = onevm_find(&s, a.vm, a.timeout_ms, &vm);
	/* What a command does to a VM nobody here knows. */
	if (rc == 0 && safety_writable(&s.conf, vm->cluster, &err) != 0)
		rc = verb_fail(&err);
	if (rc == 0)
		rc = make(&words, &s, c, vm);
	session_close(&s);
	if (rc != 0)
		return rc;
	if (!a.dry)
		return become(&words);
	tell(stdout, &words);
	return 0;
}

const struct verb verb_run = {
	.name = "run",
	.args = "COMMAND VM [--dry-run] [--timeout TIME]",
	.help = "one of the configuration's commands for a VM, such as ssh",
	.run = run,
};
