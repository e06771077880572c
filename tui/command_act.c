/* The verbs that act, on the command line: ":shutdown web1", ":migrate web1
 * beta", ":mem-set web1 2GiB". They go the same way as the keys, through the box
 * in which it is agreed to; without a name they are about what is selected. */
#include "tui/command_act.h"

#include <stdio.h>
#include <string.h>

#include "tui/app_cmd.h"
#include "tui/target.h"

const struct action_info *
command_act_find(const char *name, size_t n)
{
	for (size_t i = 0; i < ACTION_COUNT; i++)
		if (strlen(action_infos[i].verb) == n &&
		    strncmp(action_infos[i].verb, name, n) == 0)
			return &action_infos[i];
	return NULL;
}

/* Names may have blanks in them: as many words as make one. Returns what
 * follows, or NULL. */
static const char *
find_vm(const struct model *m, const char *args, struct row_id *id)
{
	char name[OBS_NAME_MAX + 1];

	for (size_t n = strlen(args); n > 0; n--) {
		if (n >= sizeof name || (args[n] != '\0' && args[n] != ' '))
			continue;
		snprintf(name, sizeof name, "%.*s", (int)n, args);
		if (name_find(m, name, id) && id->kind == ROW_VM)
			return args + n + strspn(args + n, " ");
	}
	return NULL;
}

static bool
is_one(struct app *a, const char *args, const char *rest)
{
	char name[OBS_NAME_MAX + 1], hint[400];
	size_t n = (size_t)(rest - args);

	while (n > 0 && args[n - 1] == ' ')
		n--;
	snprintf(name, sizeof name, "%.*s", (int)n, args);
	if (target_count(a->model, name, hint, sizeof hint) <= 1)
		return true;
	app_say(a, STYLE_WARN, "\"%.80s\" may be %s: say which.", name, hint);
	return false;
}

bool
command_act(struct app *a, const char *name, const char *args)
{
	const struct action_info *i = command_act_find(name, strlen(name));
	enum action_kind kind;
	struct row_id id;
	const char *rest;
	char hint[400];

	if (i == NULL)
		return false;
	kind = (enum action_kind)(i - action_infos);
	if (args[0] == '\0') {
		app_action(a, kind);
		return true;
	}
	rest = find_vm(a->model, args, &id);
	if (rest == NULL)
		app_say(a, STYLE_WARN, "No VM is called \"%.80s\"%s", args,
		    name_suggest(a, args, hint, sizeof hint));
	else if (is_one(a, args, rest))
		app_action_on(a, kind, id, rest);
	return true;
}

static void
offer_vms(const struct app *a, const char *prefix, size_t n,
    struct words *out)
{
	for (size_t i = 0; i < model_nvms(a->model); i++)
		words_offer(out, prefix, n, model_vm_at(a->model, i)->name);
}

size_t
command_act_complete(const struct app *a, const struct action_info *i,
    const char *args, size_t n, struct words *out)
{
	char before[OBS_NAME_MAX + 1];
	struct row_id id;
	const char *rest;

	snprintf(before, sizeof before, "%.*s", (int)n, args);
	rest = find_vm(a->model, before, &id);
	if (rest == NULL || rest == before + strlen(before)) {
		if (rest == NULL || n == 0 || args[n - 1] != ' ') {
			offer_vms(a, args, n, out);
			return 0;
		}
	}
	if (i->arg == ARG_HOST)
		name_offer(a->model, args + (rest - before),
		    n - (size_t)(rest - before), false, out);
	return (size_t)(rest - before);
}
