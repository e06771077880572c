/* Settings that hold until the console ends. "set" alone shows them all, a name
 * alone its value. */
#include "tui/setting.h"

#include <stdio.h>
#include <string.h>

#include "core/suggest.h"
#include "tui/app_cmd.h"

/* Each is on or off. */
struct setting {
	const char *name;
	const char *help;
	bool (*get)(const struct app *a);
	void (*set)(struct app *a, bool on);
};

static const char *const values[] = { "off", "on" };

/* --- Each of them ---------------------------------------------------------------- */

static bool
get_ascii(const struct app *a)
{
	return a->ascii;
}

static void
set_ascii(struct app *a, bool on)
{
	a->ascii = on;
	a->fx.repaint = true;
}

static bool
get_reader(const struct app *a)
{
	return a->ui.reader;
}

static bool
get_tree(const struct app *a)
{
	return !a->ui.flat;
}

static void
set_tree(struct app *a, bool on)
{
	if (a->ui.flat == on)
		cmd_tree(a);
}

static bool
get_mouse(const struct app *a)
{
	return a->mouse;
}

static void
set_mouse(struct app *a, bool on)
{
	a->mouse = on;
}

static const struct setting settings[] = {
	{ "ascii", "draw with ASCII characters only", get_ascii,
	    set_ascii },
	{ "mouse", "take the mouse; off: the terminal's own selection",
	    get_mouse, set_mouse },
	{ "reader", "words for a screen reader in place of a table",
	    get_reader, reader_set },
	{ "tree", "the tree, else all VMs as one list", get_tree,
	    set_tree },
};

enum { SETTINGS = sizeof settings / sizeof settings[0] };

/* --- The command ------------------------------------------------------------------- */

static const struct setting *
find(const char *name, size_t n)
{
	for (size_t i = 0; i < SETTINGS; i++)
		if (strlen(settings[i].name) == n &&
		    strncmp(settings[i].name, name, n) == 0)
			return &settings[i];
	return NULL;
}

static void
show_all(struct app *a)
{
	struct buf out;

	buf_init(&out, APP_OUTPUT_MAX);
	for (size_t i = 0; i < SETTINGS; i++) {
		const struct setting *s = &settings[i];

		buf_printf(&out, "%-10s %-8s %s\n", s->name,
		    values[s->get(a)], s->help);
	}
	app_output(a, "Settings", &out, false);
	buf_free(&out);
}

static void
put(struct app *a, const struct setting *s, const char *value)
{
	struct suggest guess;
	char hint[128];

	suggest_start(&guess, value);
	for (size_t i = 0; i < 2; i++) {
		if (strcmp(values[i], value) == 0) {
			s->set(a, i == 1);
			if (a->ui.msg[0] == '\0')
				app_say(a, STYLE_STATUS, "%s is %s.", s->name,
				    values[i]);
			return;
		}
		suggest_offer(&guess, values[i]);
	}
	app_say(a, STYLE_WARN, "%s cannot be \"%.40s\", Tab shows what it can%s",
	    s->name, value, suggest_text(&guess, hint, sizeof hint));
}

void
setting_run(struct app *a, const char *args)
{
	size_t n = strcspn(args, " =");
	const struct setting *s = find(args, n);
	const char *value = args + n + strspn(args + n, " =");
	struct suggest guess;
	char name[64], hint[128];

	if (args[0] == '\0') {
		show_all(a);
	} else if (s == NULL) {
		snprintf(name, sizeof name, "%.*s", (int)n, args);
		suggest_start(&guess, name);
		for (size_t i = 0; i < SETTINGS; i++)
			suggest_offer(&guess, settings[i].name);
		app_say(a, STYLE_WARN, "There is no setting \"%s\"%s", name,
		    suggest_text(&guess, hint, sizeof hint));
	} else if (value[0] == '\0') {
		app_say(a, STYLE_STATUS, "%s is %s.", s->name,
		    values[s->get(a)]);
	} else {
		put(a, s, value);
	}
}

size_t
setting_complete(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	size_t k = strcspn(args, " ="), from = k + strspn(args + k, " =");
	const struct setting *s = find(args, k);

	(void)a;
	if (n <= k) {
		for (size_t i = 0; i < SETTINGS; i++)
			words_offer(out, args, n, settings[i].name);
		return 0;
	}
	if (s == NULL || from > n)
		return n;
	for (size_t i = 0; i < 2; i++)
		words_offer(out, args + from, n - from, values[i]);
	return from;
}
