/* The options of the program itself. */
#define _GNU_SOURCE
#include "tui/options.h"

#include <getopt.h>
#include <string.h>

static int
set_conf(struct verb_ctx *ctx, const char *value)
{
	ctx->conf_path = value;
	return 0;
}

static int
set_demo(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->demo = true;
	return 0;
}

static int
set_read_only(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->read_only = true;
	return 0;
}

static int
set_ascii(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->ascii = true;
	return 0;
}

static int
set_no_mouse(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->no_mouse = true;
	return 0;
}

static int
set_reader(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->reader = true;
	return 0;
}

static int
set_mono(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->theme = "mono";
	return 0;
}

static int
set_theme(struct verb_ctx *ctx, const char *value)
{
	ctx->theme = value;
	return 0;
}

static int
set_version(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->show = SHOW_VERSION;
	return 0;
}

static int
set_help(struct verb_ctx *ctx, const char *value)
{
	(void)value;
	ctx->show = SHOW_HELP;
	return 0;
}

const struct option_entry option_entries[] = {
	{ "config", 'c', "FILE", "configuration (else "
	    "~/.config/xendeck/xendeck.conf,\nelse " XENDECK_SYSCONFDIR
	    "/xendeck/xendeck.conf)", set_conf },
	{ "demo", 0, NULL, "a simulated cluster instead of a configuration",
	    set_demo },
	{ "read-only", 0, NULL, "refuse every action", set_read_only },
	{ "ascii", 0, NULL, "draw with ASCII characters only", set_ascii },
	{ "theme", 0, "NAME", "auto, dark, light, colour-blind, mono or one of "
	    "the\nconfiguration's", set_theme },
	{ "mono", 0, NULL, "no colours: --theme mono", set_mono },
	{ "no-mouse", 0, NULL, "leave the mouse to the terminal",
	    set_no_mouse },
	{ "reader", 0, NULL, "words for a screen reader in place of a table",
	    set_reader },
	{ "version", 0, NULL, "print the version", set_version },
	{ "help", 'h', NULL, "print a short help", set_help },
	{ .name = NULL },
};

enum { OPTIONS_MAX = 32, LONG = 256 };

int
options_parse(struct verb_ctx *ctx, int argc, char **argv)
{
	struct option longs[OPTIONS_MAX] = { { 0 } };
	char shorts[2 * OPTIONS_MAX + 2] = "+";
	const struct option_entry *e = option_entries;
	size_t n = 1;
	int o;

	for (int i = 0; e[i].name != NULL && i < OPTIONS_MAX - 1; i++) {
		longs[i] = (struct option){ e[i].name,
			e[i].value != NULL ? required_argument : no_argument,
			NULL, LONG + i };
		if (e[i].letter == 0)
			continue;
		shorts[n++] = e[i].letter;
		if (e[i].value != NULL)
			shorts[n++] = ':';
	}
	while ((o = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		int i = o - LONG;

		if (o < LONG)
			for (i = 0; e[i].name != NULL; i++)
				if (e[i].letter == o)
					break;
		if (e[i].name == NULL || e[i].set(ctx, optarg) != 0)
			return -1;
	}
	return optind;
}

/* The entry that arg is, exactly; its value when it is "--name=value". */
static const struct option_entry *
entry_of(const char *arg, const char **value)
{
	*value = NULL;
	for (const struct option_entry *e = option_entries; e->name != NULL;
	     e++) {
		size_t n = strlen(e->name);

		if (arg[0] == '-' && arg[1] == e->letter && e->letter != 0 &&
		    arg[2] == '\0')
			return e;
		if (strncmp(arg, "--", 2) != 0 ||
		    strncmp(arg + 2, e->name, n) != 0)
			continue;
		if (arg[2 + n] == '=' && e->value != NULL)
			*value = arg + 3 + n;
		if (*value != NULL || arg[2 + n] == '\0')
			return e;
	}
	return NULL;
}

int
options_take(struct verb_ctx *ctx, int argc, char **argv)
{
	int n = 1;

	for (int i = 1; i < argc; i++) {
		const char *value;
		const struct option_entry *e = entry_of(argv[i], &value);

		if (e == NULL) {
			argv[n++] = argv[i];
			continue;
		}
		if (e->value != NULL && value == NULL) {
			if (i + 1 == argc) {
				fprintf(stderr, "xendeck: --%s needs a value: "
				    "%s\n", e->name, e->value);
				return -1;
			}
			value = argv[++i];
		}
		if (e->set(ctx, value) != 0)
			return -1;
	}
	argv[n] = NULL;
	return n;
}

enum { HELP_COLUMN = 21 };

static void
print_entry(FILE *out, const struct option_entry *e)
{
	char head[64];
	const char *s = e->help;
	size_t n;

	if (e->letter != 0)
		snprintf(head, sizeof head, "-%c, --%s", e->letter, e->name);
	else
		snprintf(head, sizeof head, "--%s", e->name);
	n = strlen(head);
	if (e->value != NULL)
		snprintf(head + n, sizeof head - n, " %s", e->value);
	fprintf(out, "  %-*s", HELP_COLUMN - 2, head);
	for (bool first = true; first || *s != '\0'; first = false) {
		n = strcspn(s, "\n");
		fprintf(out, "%*s%.*s\n", first ? 0 : HELP_COLUMN, "", (int)n,
		    s);
		s += n + (s[n] == '\n');
	}
}

void
options_print(FILE *out)
{
	for (const struct option_entry *e = option_entries; e->name != NULL;
	     e++)
		print_entry(out, e);
}
