/* The xendeck program: options, then a verb. */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/suggest.h"
#include "tui/verb.h"

static void
print_help(void)
{
	printf("usage: xendeck [OPTIONS] [VERB ...]\n\n"
	    "A console for clusters of plain Xen hosts.\n\n"
	    "  -c FILE      configuration (else ~/.config/xendeck/xendeck.conf,\n"
	    "               else " XENDECK_SYSCONFDIR "/xendeck/xendeck.conf)\n"
	    "  --demo       a simulated cluster instead of a configuration\n"
	    "  --read-only  refuse every action\n"
	    "  --ascii      draw with ASCII characters only\n"
	    "  --mono       no colours\n"
	    "  --version, --help\n\n");
	for (size_t i = 0; verbs[i] != NULL; i++)
		printf("  %s %s\n      %s\n", verbs[i]->name, verbs[i]->args,
		    verbs[i]->help);
	printf("\nExit codes: 0 ok, 1 failed, 2 usage, 3 configuration, "
	    "4 refused by a safety\nrule, 5 some host could not be reached.\n");
}

static int
unknown_verb(const char *name)
{
	struct suggest s;
	char text[128];

	suggest_start(&s, name);
	for (size_t i = 0; verbs[i] != NULL; i++)
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
	enum { OPT_DEMO = 256, OPT_READ_ONLY, OPT_ASCII, OPT_MONO,
		OPT_VERSION };
	static const struct option options[] = {
		{ "demo", no_argument, NULL, OPT_DEMO },
		{ "read-only", no_argument, NULL, OPT_READ_ONLY },
		{ "ascii", no_argument, NULL, OPT_ASCII },
		{ "mono", no_argument, NULL, OPT_MONO },
		{ "version", no_argument, NULL, OPT_VERSION },
		{ "help", no_argument, NULL, 'h' },
		{ NULL, 0, NULL, 0 },
	};
	static char console[] = "console";
	char *no_verb[] = { console, NULL };
	struct verb_ctx ctx = { 0 };
	const struct verb *v;
	int o;

	set_locale();
	signal(SIGPIPE, SIG_IGN);
	while ((o = getopt_long(argc, argv, "+c:h", options, NULL)) != -1) {
		switch (o) {
		case 'c': ctx.conf_path = optarg; break;
		case OPT_DEMO: ctx.demo = true; break;
		case OPT_READ_ONLY: ctx.read_only = true; break;
		case OPT_ASCII: ctx.ascii = true; break;
		case OPT_MONO: ctx.mono = true; break;
		case OPT_VERSION:
			printf("xendeck " XENDECK_VERSION "\n");
			return 0;
		case 'h':
			print_help();
			return 0;
		default:
			return ERR_USAGE;
		}
	}
	argc -= optind;
	argv += optind;
	if (argc == 0)
		return verb_console.run(&ctx, 1, no_verb);
	v = verb_find(argv[0]);
	if (v == NULL)
		return unknown_verb(argv[0]);
	return finish(v->run(&ctx, argc, argv));
}
