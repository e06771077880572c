/* What is being typed: the filter, which is at work from its first letter on,
 * or a command, which waits for Enter. */
#include "tui/app_cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/query.h"
#include "tui/command.h"
#include "tui/histfile.h"
#include "tui/view.h"

/* --- What Tab offers in the filter ---------------------------------------------- */

/* "state:", "cpu>": what its example begins with. */
static void
offer_fields(const char *prefix, size_t n, struct words *out)
{
	const char *example;

	for (size_t i = 0; (example = query_field_example(i)) != NULL; i++) {
		size_t len = strcspn(example, ":=<>");
		char word[40];

		len += strspn(example + len, ":=<>");
		snprintf(word, sizeof word, "%.*s", (int)len, example);
		words_offer(out, prefix, n, word);
	}
}

static bool
is_field(const char *s, size_t n, const char *name)
{
	return strlen(name) == n && strncmp(s, name, n) == 0;
}

static void
offer_values(const struct app *a, const char *field, size_t len,
    const char *prefix, size_t n, struct words *out)
{
	const struct conf *c = model_conf(a->model);
	const char *word;

	for (size_t i = 0; (word = query_field_word(field, len, i)) != NULL;
	     i++)
		words_offer(out, prefix, n, word);
	if (is_field(field, len, "host") || is_field(field, len, "home"))
		name_offer(a->model, prefix, n, false, out);
	if (is_field(field, len, "cluster"))
		for (size_t i = 0; i < c->nclusters; i++)
			words_offer(out, prefix, n, c->clusters[i].name);
}

static size_t
complete_filter(void *arg, const char *text, size_t at, struct words *out)
{
	size_t from = at, op;

	while (from > 0 && strchr(" (|!", text[from - 1]) == NULL)
		from--;
	op = from + strcspn(text + from, ":=");
	if (op >= at) {
		offer_fields(text + from, at - from, out);
		return from;
	}
	offer_values(arg, text + from, op - from, text + op + 1, at - op - 1,
	    out);
	return op + 1;
}

/* --- Opening and closing ----------------------------------------------------------- */

void
cmd_filter(struct app *a)
{
	a->ui.filter_typing = true;
	a->ui.anchor = a->ui.sel;
	a->ui.menu = MENU_NONE;
	lineedit_start(&a->ui.line, a->ui.filter_text,
	    sizeof a->ui.filter_text);
	a->ui.line.complete = complete_filter;
	a->ui.line.arg = a;
	a->ui.msg[0] = '\0';
}

void
app_command_line(struct app *a, const char *text)
{
	struct lineedit *l = &a->ui.line;

	a->ui.command_typing = true;
	a->ui.menu = MENU_NONE;
	a->ui.msg[0] = '\0';
	lineedit_start(l, text, sizeof l->text);
	l->history = &a->history;
	l->history_at = a->history.n;
	l->complete = command_complete;
	l->arg = a;
}

void
cmd_command(struct app *a)
{
	app_command_line(a, "");
}

void
app_line_close(struct app *a)
{
	a->ui.filter_typing = a->ui.command_typing = false;
	lineedit_free(&a->ui.line);
}

void
cmd_accept(struct app *a)
{
	bool command = a->ui.command_typing;
	char text[LINEEDIT_MAX];

	if (a->ui.act.stage != ACT_NONE) {
		app_action_accept(a);
		return;
	}
	snprintf(text, sizeof text, "%s", a->ui.line.text);
	app_line_close(a);
	if (!command) {
		app_filter_set(a, text);
		return;
	}
	lineedit_remember(&a->history, text, HISTFILE_MAX);
	a->history_ran++;
	command_run(a, text);
}

/* --- Typing --------------------------------------------------------------------------- */

static void
typed(struct app *a, bool changed)
{
	if (changed && a->ui.filter_typing)
		app_filter_set(a, a->ui.line.text);
	else if (changed)
		app_action_typed(a);
}

void
app_edit(struct app *a, enum command cmd)
{
	static const enum lineedit_op ops[CMD_COUNT] = {
		[CMD_EDIT_LEFT] = LINEEDIT_LEFT,
		[CMD_EDIT_RIGHT] = LINEEDIT_RIGHT,
		[CMD_EDIT_HOME] = LINEEDIT_HOME,
		[CMD_EDIT_END] = LINEEDIT_END,
		[CMD_EDIT_ERASE] = LINEEDIT_ERASE,
		[CMD_EDIT_DELETE] = LINEEDIT_DELETE,
		[CMD_EDIT_ERASE_WORD] = LINEEDIT_ERASE_WORD,
		[CMD_EDIT_ERASE_BEFORE] = LINEEDIT_ERASE_BEFORE,
		[CMD_EDIT_ERASE_AFTER] = LINEEDIT_ERASE_AFTER,
		[CMD_EDIT_OLDER] = LINEEDIT_OLDER,
		[CMD_EDIT_NEWER] = LINEEDIT_NEWER,
		[CMD_EDIT_COMPLETE] = LINEEDIT_COMPLETE,
		[CMD_EDIT_COMPLETE_BACK] = LINEEDIT_COMPLETE_BACK,
	};

	/* Nothing left to erase: done with it. */
	if (cmd == CMD_EDIT_ERASE && a->ui.line.len == 0)
		app_action_leave(a) ? (void)0 : app_line_close(a);
	else
		typed(a, lineedit_do(&a->ui.line, ops[cmd]));
}

void
app_found_choose(struct app *a, size_t i)
{
	typed(a, lineedit_choose(&a->ui.line, i));
}

void
app_type(struct app *a, uint32_t key)
{
	typed(a, lineedit_type(&a->ui.line, key));
}

/* Only a line that is open takes it; a newline in it carries nothing out. */
void
app_paste(struct app *a, const struct paste *p)
{
	memset(&a->fx, 0, sizeof a->fx);
	a->clicked = false;
	a->ui.msg[0] = '\0';
	if (app_vmconsole_paste(a, p))
		return;
	if ((ui_context(&a->ui) & CTX_LINE) == 0)
		app_say(a, STYLE_WARN, "What is pasted is not taken for keys; "
		    "a line that is open takes it.");
	else if (p->cut || !lineedit_paste(&a->ui.line, p->text))
		app_say(a, STYLE_WARN, "Too long to be pasted here.");
	else
		typed(a, true);
	reader_touch(a, true);
}
