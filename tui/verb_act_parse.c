/* The words of a verb that acts. A verb without an argument takes any number of
 * VMs; with one, the first word is the VM (or a pattern for many), and the rest
 * is the argument, so that nothing typed there is ever taken for a VM. */
#include <stdio.h>
#include <string.h>

#include "core/units.h"
#include "tui/verb_act.h"
#include "tui/verb.h"

enum { OPTION_FLAG, OPTION_WORD };

struct option_row {
	const char *name;
	size_t offset; /* in struct verb_act_args: a bool, or a const char * */
	int takes;
};

static const struct option_row options[] = {
	{ "--yes", offsetof(struct verb_act_args, yes), OPTION_FLAG },
	{ "--dry-run", offsetof(struct verb_act_args, dry_run), OPTION_FLAG },
	{ "--hard", offsetof(struct verb_act_args, hard), OPTION_FLAG },
	{ "--paused", offsetof(struct verb_act_args, paused), OPTION_FLAG },
	{ "--on", offsetof(struct verb_act_args, on), OPTION_WORD },
	{ "--to", offsetof(struct verb_act_args, to), OPTION_WORD },
	{ "--sworn", offsetof(struct verb_act_args, sworn), OPTION_WORD },
};

/* The verb has it when its usage shows it. */
static bool
has_option(const struct verb *v, const char *name)
{
	const char *s = strstr(v->args, name);
	char end = s != NULL ? s[strlen(name)] : '-';

	return end == ' ' || end == ']' || end == '\0';
}

static const struct option_row *
find_option(const struct verb *v, const char *word)
{
	for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
		if (strcmp(options[i].name, word) == 0 &&
		    has_option(v, word))
			return &options[i];
	return NULL;
}

static int
add_text(struct verb_act_args *a, const struct verb *v, const char *word)
{
	size_t n = strlen(a->text), room = sizeof a->text - n;

	if ((size_t)snprintf(a->text + n, room, "%s%s", n > 0 ? " " : "",
	    word) >= room)
		return verb_usage(v, "the argument is too long");
	return 0;
}

static int
take_option(struct verb_act_args *a, const struct verb *v, int argc, char **argv,
    int *i)
{
	const char *word = argv[*i];
	const struct option_row *o = find_option(v, word);
	bool time = strcmp(word, "--timeout") == 0;

	if (o == NULL && !time)
		return verb_usage(v, "'%s' is not understood", word);
	if (o != NULL && o->takes == OPTION_FLAG) {
		*(bool *)(void *)((char *)a + o->offset) = true;
		return 0;
	}
	if (++*i == argc)
		return verb_usage(v, "%s needs a value", word);
	if (o != NULL)
		*(const char **)(void *)((char *)a + o->offset) = argv[*i];
	else if (units_parse_ms(&a->timeout_ms, argv[*i]) != 0 ||
	    a->timeout_ms <= 0)
		return verb_usage(v, "'%s' is no time such as 90s", argv[*i]);
	return 0;
}

int
verb_act_parse(struct verb_act_args *a, const struct verb *v, enum action_kind kind,
    int argc, char **argv)
{
	/* A host to go to is an option here: --to. */
	bool one = action_infos[kind].arg != ARG_NONE &&
	    action_infos[kind].arg != ARG_HOST;
	bool words = false;
	int n = 0, rc = 0;

	*a = (struct verb_act_args){ .kind = kind, .names = argv + 1 };
	for (int i = 1; i < argc && rc == 0; i++) {
		if (!words && strcmp(argv[i], "--") == 0)
			words = true;
		else if (!words && argv[i][0] == '-')
			rc = take_option(a, v, argc, argv, &i);
		else if (!one || n == 0)
			argv[1 + n++] = argv[i];
		else
			rc = add_text(a, v, argv[i]);
	}
	a->nnames = (size_t)n;
	if (rc == 0 && n == 0)
		return verb_usage(v, "which VM is not said");
	return rc;
}
