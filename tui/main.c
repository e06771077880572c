/* The xendeck program: options, then a verb. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/suggest.h"
#include "tui/options.h"
#include "tui/output.h"
#include "tui/verb.h"

static void
print_help(void)
{
	printf("usage: xendeck [OPTIONS] [VERB ...]\n\n"
	    "A console for clusters of plain Xen hosts.\n\n");
	options_print(stdout);
	printf("\n");
	for (size_t i = 0; verbs[i] != NULL; i++)
		if (verbs[i]->help != NULL)
			printf("  %s %s\n      %s\n", verbs[i]->name,
			    verbs[i]->args, verbs[i]->help);
	printf("\nExit codes: 0 ok, 1 failed, 2 usage, 3 configuration, "
	    "4 refused by a safety\nrule, 5 some host could not be reached, 6 there are alarms.\n");
}

static int
unknown_verb(const char *name)
{
	struct suggest s;
	char text[128];

	suggest_start(&s, name);
	for (size_t i = 0; verbs[i] != NULL; i++)
		if (verbs[i]->help != NULL)
			suggest_offer(&s, verbs[i]->name);
	fprintf(stderr, "xendeck: there is no verb '%s'%s (xendeck --help)\n",
	    name, suggest_text(&s, text, sizeof text));
	return ERR_USAGE;
}

/* Names hold UTF-8 whatever the locale says; without one that can show it,
 * the screen falls back to ASCII by itself. */
static void
set_locale(void)
{
	if (setlocale(LC_CTYPE, "") == NULL)
		setlocale(LC_CTYPE, "C");
}

/* Output that was lost is a failure, whatever the verb thinks. */
static int
finish(int rc)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return rc;
	fprintf(stderr, "xendeck: the output could not be written: %s\n",
	    strerror(errno));
	return rc != 0 ? rc : ERR_FAILED;
}

int
main(int argc, char **argv)
{
	static char console[] = "console";
	static struct output streams[2];
	char *no_verb[] = { console, NULL };
	struct verb_ctx ctx = { 0 };
	const struct verb *v;
	int first, n = 0;

	set_locale();
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a write tells, too */
	first = options_parse(&ctx, argc, argv);
	v = first >= 0 && first < argc ? verb_find(argv[first]) : NULL;
	output_start(streams, v != NULL && v->exact);
	if (first >= 0)
		n = argc - first;
	if (v != NULL && !v->raw)
		n = options_take(&ctx, n, argv + first);
	if (first < 0 || n < 0)
		return ERR_USAGE;
	if (ctx.show != SHOW_NOTHING) {
		if (ctx.show == SHOW_HELP)
			print_help();
		else
			printf("xendeck " XENDECK_VERSION "\n");
		return finish(0);
	}
	if (n == 0)
		return verb_console.run(&ctx, 1, no_verb);
	if (v == NULL)
		return unknown_verb(argv[first]);
	return finish(v->run(&ctx, n, argv + first));
}
