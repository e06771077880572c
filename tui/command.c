/* From a line to what it does: a command, something that has a key, or a name
 * to go to, in this order, so that no VM's name can take a command away. The
 * answer to anything else is one sentence. */
#include "tui/command.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/suggest.h"
#include "core/uuid.h"
#include "tui/app_cmd.h"
#include "tui/command_act.h"
#include "tui/target.h"
#include "tui/verb.h"

/* What fingers type elsewhere. */
static const struct {
	const char *typed, *means;
} aliases[] = {
	{ "q", "quit" }, { "q!", "quit" }, { "qa", "quit" }, { "h", "help" },
	{ "?", "help" }, { "x", "quit" }, { "exit", "quit" },
};

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " ");
}

/* --- Names ------------------------------------------------------------------- */

static bool
same(const char *a, const char *b, bool exact)
{
	return (exact ? strcmp(a, b) : strcasecmp(a, b)) == 0;
}

/* "prod/web1": the VM that is meant where a name is ambiguous. */
static bool
find_qualified(const struct model *m, const char *name, struct row_id *id)
{
	struct targets t = { 0 };
	bool many, found = strchr(name, '/') != NULL &&
	    targets_add(&t, m, name, &many, NULL) == 0 && !many;

	if (found)
		*id = (struct row_id){ ROW_VM, t.v[0],
			model_vm(m, t.v[0])->host };
	targets_free(&t);
	return found;
}

static bool
find(const struct model *m, const char *name, bool exact, struct row_id *id)
{
	const struct conf *c = model_conf(m);

	for (uint32_t i = 0; i < model_nhosts(m); i++)
		if (same(model_host(m, i)->name, name, exact)) {
			*id = (struct row_id){ ROW_HOST, i, MODEL_NONE };
			return true;
		}
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);
		char uuid[UUID_STR];

		uuid_format(uuid, &vm->uuid);
		if (same(vm->name, name, exact) || same(uuid, name, exact)) {
			*id = (struct row_id){ ROW_VM, vm->id, vm->host };
			return true;
		}
	}
	for (uint32_t i = 0; i < c->nclusters; i++)
		if (same(c->clusters[i].name, name, exact)) {
			*id = (struct row_id){ ROW_CLUSTER, i, MODEL_NONE };
			return true;
		}
	return false;
}

bool
name_find(const struct model *m, const char *name, struct row_id *id)
{
	return find(m, name, true, id) || find_qualified(m, name, id) ||
	    find(m, name, false, id);
}

void
name_offer(const struct model *m, const char *prefix, size_t n, bool vms,
    struct words *out)
{
	const struct conf *c = model_conf(m);

	for (uint32_t i = 0; i < model_nhosts(m); i++)
		words_offer(out, prefix, n, model_host(m, i)->name);
	if (!vms)
		return;
	for (uint32_t i = 0; i < c->nclusters; i++)
		words_offer(out, prefix, n, c->clusters[i].name);
	for (size_t i = 0; i < model_nvms(m); i++)
		words_offer(out, prefix, n, model_vm_at(m, i)->name);
}

const char *
name_suggest(const struct app *a, const char *word, char *text, size_t size)
{
	const struct model *m = a->model;
	struct suggest s;

	suggest_start(&s, word);
	for (uint32_t i = 0; i < model_nhosts(m); i++)
		suggest_offer(&s, model_host(m, i)->name);
	for (size_t i = 0; i < model_nvms(m); i++)
		suggest_offer(&s, model_vm_at(m, i)->name);
	return suggest_text(&s, text, size);
}

/* --- Finding a command --------------------------------------------------------- */

static size_t
name_length(const char *line)
{
	return strcspn(line, " ");
}

static const char *
unalias(const char *name)
{
	for (size_t i = 0; i < sizeof aliases / sizeof aliases[0]; i++)
		if (strcmp(aliases[i].typed, name) == 0)
			return aliases[i].means;
	return name;
}

static const struct console_command *
command_named(const char *name)
{
	for (size_t i = 0; i < command_count; i++)
		if (strcmp(command_table[i].name, name) == 0)
			return &command_table[i];
	return NULL;
}

const struct console_command *
command_of(const char *line)
{
	char name[64];
	size_t n;

	line = skip_blanks(line);
	n = name_length(line);
	if (n >= sizeof name)
		return NULL;
	memcpy(name, line, n);
	name[n] = '\0';
	return command_named(unalias(name));
}

/* What makes sense without a key: nothing that edits a line or is a menu's. */
static bool
callable(const struct app *a, const struct binding *b)
{
	return (b->contexts & CTX_VIEW) != 0 && (!b->demo || a->demo);
}

/* --- Running ------------------------------------------------------------------- */

static void
unknown(struct app *a, const char *name, const char *line)
{
	char hint[400] = "";
	struct suggest s;

	if (verb_find(name) != NULL) {
		app_say(a, STYLE_WARN, "That is for the shell: xendeck %s",
		    line);
		return;
	}
	suggest_start(&s, name);
	for (size_t i = 0; i < command_count; i++)
		suggest_offer(&s, command_table[i].name);
	for (size_t i = 0; i < a->keys.n; i++)
		if (callable(a, &a->keys.v[i]))
			suggest_offer(&s, a->keys.v[i].name);
	if (s.best != NULL)
		suggest_text(&s, hint, sizeof hint);
	else
		name_suggest(a, line, hint, sizeof hint);
	app_say(a, STYLE_WARN, "\"%.80s\" is no command, host or VM%s", line,
	    hint[0] != '\0' ? hint : "; Tab shows all.");
}

static bool
go_to_name(struct app *a, const char *name)
{
	struct row_id id;

	if (!name_find(a->model, name, &id))
		return false;
	app_reveal(a, id);
	return true;
}

void
command_run(struct app *a, const char *line)
{
	const struct console_command *c;
	const struct binding *b;
	char text[LINEEDIT_MAX], name[LINEEDIT_MAX];
	const char *args;
	size_t n;

	snprintf(text, sizeof text, "%s", skip_blanks(line));
	for (n = strlen(text); n > 0 && text[n - 1] == ' '; n--)
		text[n - 1] = '\0';
	if (text[0] == '\0')
		return;
	n = name_length(text);
	snprintf(name, sizeof name, "%.*s", (int)n, text);
	args = skip_blanks(text + n);
	c = command_named(unalias(name));
	b = keymap_named(&a->keys, unalias(name));
	if (c != NULL && (c->args[0] != '\0' || args[0] == '\0'))
		c->run(a, args);
	else if (c == NULL && b != NULL && callable(a, b) && args[0] == '\0')
		app_act(a, b);
	else if (command_act(a, unalias(name), args) || go_to_name(a, text))
		return;
	else if (c != NULL || (b != NULL && callable(a, b)))
		app_say(a, STYLE_WARN, "%s stands alone: nothing may follow "
		    "it.", name);
	else
		unknown(a, name, text);
}

/* --- Completion ---------------------------------------------------------------- */

static void
offer_all(const struct app *a, const char *prefix, size_t n,
    struct words *out)
{
	for (size_t i = 0; i < command_count; i++)
		words_offer(out, prefix, n, command_table[i].name);
	for (size_t i = 0; i < a->keys.n; i++)
		if (callable(a, &a->keys.v[i]))
			words_offer(out, prefix, n, a->keys.v[i].name);
	for (size_t i = 0; i < ACTION_COUNT; i++)
		words_offer(out, prefix, n, action_infos[i].verb);
	/* Names come in once something was typed: there may be thousands. */
	if (n > 0)
		name_offer(a->model, prefix, n, true, out);
}

size_t
command_complete(void *arg, const char *text, size_t at, struct words *out)
{
	const struct app *a = arg;
	const char *line = skip_blanks(text);
	size_t from = (size_t)(line - text), n = name_length(line), after;
	const struct console_command *c = command_of(line);
	const struct action_info *act;

	if (at <= from + n) {
		offer_all(a, line, at > from ? at - from : 0, out);
		return at > from ? from : at;
	}
	after = from + n;
	after += strspn(text + after, " ");
	if (after > at)
		after = at;
	act = command_act_find(line, n);
	if (act != NULL && (c == NULL || c->complete == NULL))
		return after + command_act_complete(a, act, text + after,
		    at - after, out);
	if (c == NULL) { /* a name with blanks in it? */
		name_offer(a->model, line, at - from, true, out);
		return from;
	}
	if (c->complete == NULL)
		return at;
	return after + c->complete(a, text + after, at - after, out);
}
