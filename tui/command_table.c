/* The commands that take arguments or have no key. One that another part of
 * the console needs is one entry here; what it does may be anywhere. */
#include "tui/command.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "core/suggest.h"
#include "tui/app_cmd.h"
#include "tui/report.h"
#include "tui/setting.h"
#include "tui/table.h"
#include "tui/target.h"

/* --- Completers ------------------------------------------------------------------ */

static size_t
complete_name(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	name_offer(a->model, args, n, true, out);
	return 0;
}

static size_t
complete_host(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	name_offer(a->model, args, n, false, out);
	return 0;
}

static size_t
complete_column(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	(void)a;
	for (size_t i = 0; i < table_ncolumns; i++)
		words_offer(out, args, n, table_columns[i].id);
	return 0;
}

/* Where the last of the words begins. */
static size_t
last_word(const char *args, size_t n)
{
	while (n > 0 && args[n - 1] != ' ')
		n--;
	return n;
}

static size_t
complete_theme(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	const struct conf *c = model_conf(a->model);

	for (size_t i = 0; i < CONF_THEMES; i++)
		words_offer(out, args, n, conf_theme_names[i]);
	for (size_t i = 0; i < c->nthemes; i++)
		words_offer(out, args, n, c->themes[i].name);
	return 0;
}

static size_t
complete_list(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	size_t from = last_word(args, n);

	if (from == 0) {
		words_offer(out, args, n, "hosts");
		words_offer(out, args, n, "vms");
	}
	name_offer(a->model, args + from, n - from, true, out);
	return from;
}

/* --- Order and filter -------------------------------------------------------------- */

static void
run_sort(struct app *a, const char *args)
{
	bool other = args[0] == '-';
	size_t column = table_find(args + other);
	struct suggest s;
	char hint[128];

	if (args[0] == '\0') {
		app_act(a, keymap_named(&a->keys, "sort"));
		return;
	}
	if (column == table_ncolumns) {
		suggest_start(&s, args + other);
		for (size_t i = 0; i < table_ncolumns; i++)
			suggest_offer(&s, table_columns[i].id);
		app_say(a, STYLE_WARN, "There is no column \"%.40s\"%s",
		    args + other, suggest_text(&s, hint, sizeof hint));
		return;
	}
	app_home(a);
	if (table_columns[column].key != NULL) {
		a->ui.sort = column;
		a->ui.invert = other;
	}
	app_sort_by(a, column);
}

static void
run_filter(struct app *a, const char *args)
{
	app_home(a);
	app_filter_named(a, args);
}

static size_t
complete_filter(const struct app *a, const char *args, size_t n,
    struct words *out)
{
	for (size_t i = 1; i < a->ui.saved.n; i++)
		words_offer(out, args, n, a->ui.saved.v[i].name);
	return complete_name(a, args, n, out);
}

/* --- Looks ------------------------------------------------------------------------- */

static void
run_theme(struct app *a, const char *args)
{
	struct words all = { 0 };
	struct theme t;
	char text[200];
	size_t len = 0;

	if (args[0] != '\0' && style_theme(&t, model_conf(a->model), args,
	    BACKGROUND_UNKNOWN, 0) == 0) {
		snprintf(a->fx.theme, sizeof a->fx.theme, "%s", args);
		return;
	}
	complete_theme(a, "", 0, &all);
	text[0] = '\0';
	for (size_t i = 0; i < all.n && len < sizeof text; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%s",
		    i > 0 ? ", " : "", all.v[i]);
	words_free(&all);
	app_say(a, STYLE_WARN, "The themes are %s.", text);
}

/* --- Hosts and VMs ------------------------------------------------------------------- */

static bool
named(struct app *a, const char *name, struct row_id *id)
{
	char hint[400];

	if (target_count(a->model, name, hint, sizeof hint) > 1) {
		app_say(a, STYLE_WARN, "\"%.80s\" may be %s: say which.", name,
		    hint);
		return false;
	}
	if (name_find(a->model, name, id))
		return true;
	app_say(a, STYLE_WARN, "No host or VM is called \"%.80s\"%s", name,
	    name_suggest(a, name, hint, sizeof hint));
	return false;
}

static void
run_open(struct app *a, const char *args)
{
	struct row_id id;

	if (args[0] == '\0') {
		app_act(a, keymap_named(&a->keys, "open"));
	} else if (named(a, args, &id)) {
		app_reveal(a, id);
		app_push(a, VIEW_DETAIL, id);
	}
}

static void
run_reconnect(struct app *a, const char *args)
{
	struct row_id id;

	if (args[0] == '\0')
		app_act(a, keymap_named(&a->keys, "reconnect"));
	else if (named(a, args, &id))
		app_reconnect(a, app_host_of(a, id));
}

static void
run_dmesg(struct app *a, const char *args)
{
	struct row_id id;

	if (args[0] == '\0')
		app_act(a, keymap_named(&a->keys, "xen-log"));
	else if (named(a, args, &id))
		app_xenlog(a, app_host_of(a, id));
}

/* --- The shell's verbs ----------------------------------------------------------------- */

static void
run_info(struct app *a, const char *args)
{
	struct row_id id;
	struct buf out;
	char title[200];

	if (args[0] == '\0') {
		app_say(a, STYLE_WARN, "Of which host or VM?");
		return;
	}
	buf_init(&out, APP_OUTPUT_MAX);
	if (report_info(&out, a->model, args) > 0) {
		snprintf(title, sizeof title, "info %s", args);
		app_output(a, title, &out, true);
	} else {
		named(a, args, &id); /* says that there is none */
		if (a->ui.msg[0] == '\0' && id.kind == ROW_CLUSTER)
			app_push(a, VIEW_DETAIL, id);
	}
	buf_free(&out);
}

static void
run_list(struct app *a, const char *args)
{
	size_t n = strcspn(args, " "), found;
	bool hosts = n == 5 && strncmp(args, "hosts", n) == 0;
	bool vms = n == 3 && strncmp(args, "vms", n) == 0;
	const char *text = hosts || vms ? args + n + strspn(args + n, " ") :
	    args;
	struct filter filter = { 0 };
	struct buf out;
	char title[200];

	filter_set(&filter, text, model_conf(a->model));
	if (filter.note[0] != '\0') {
		app_say(a, STYLE_WARN, "%.300s.", filter.note);
		filter_free(&filter);
		return;
	}
	buf_init(&out, APP_OUTPUT_MAX);
	found = hosts ? report_hosts(&out, a->model, filter.query) :
	    report_vms(&out, a->model, filter.query);
	filter_free(&filter);
	snprintf(title, sizeof title, "%zu %s%s%s%s", found,
	    hosts ? "host" : "VM", found == 1 ? "" : "s",
	    text[0] != '\0' ? ": " : "", text);
	app_output(a, title, &out, false);
	buf_free(&out);
}

static void
run_save(struct app *a, const char *args)
{
	(void)args;
	a->fx.save = true;
}

/* --- The table -------------------------------------------------------------------------- */

/* In the order of help. */
const struct console_command command_table[] = {
	{ "open", "[NAME]", "details of a host or VM", run_open,
	    complete_name },
	{ "info", "NAME", "the same as lines of text, as xendeck info does",
	    run_info, complete_name },
	{ "list", "[hosts|vms] [FILTER]", "a table as of now, as xendeck list "
	    "does", run_list, complete_list },
	{ "filter", "[NAME|QUERY]", "show only what is like it; without: all",
	    run_filter, complete_filter },
	{ "save-filter", "NAME", "keep the present filter in f's menu", app_filter_save, NULL },
	{ "sort", "[[-]COLUMN]", "sort by it; with - the other way round",
	    run_sort, complete_column },
	{ "reconnect", "[HOST]", "try the host again now", run_reconnect,
	    complete_host },
	{ "dmesg", "[HOST]", "Xen's own log on that host", run_dmesg,
	    complete_host },
	{ "history", "[NAME|KEY]", "what was done to that VM or host; or one "
	    "job in full", app_history, complete_name },
	{ "theme", "NAME", "other colours until the end", run_theme,
	    complete_theme },
	{ "save", "", "keep columns, order, folds and panes now, not only at "
	    "the end", run_save, NULL },
	{ "goto", "TIME", "to 14:05, -10min, +30s, 50%, start or end",
	    app_goto, NULL },
	{ "speed", "TIMES", "how fast time passes: 4x, 1/2x", app_speed, NULL },
	{ "set", "[NAME VALUE]", "change a setting until the end",
	    setting_run, setting_complete },
};

const size_t command_count = sizeof command_table / sizeof command_table[0];
