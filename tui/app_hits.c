/* What was looked for once more: from hit to hit in the whole tree, and filters
 * that have names. */
#include "tui/app_cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"

enum { COUNT_MS = 1000 }; /* counting asks every VM everything */

/* --- Hits ------------------------------------------------------------------------- */

static bool
is_hit(const struct app *a, const struct filter *f, struct row_id id)
{
	const struct vm *vm;

	if (id.kind == ROW_HOST)
		return filter_host(f, a->model, model_host(a->model, id.id));
	vm = id.kind == ROW_VM ? model_vm(a->model, id.id) : NULL;
	return vm != NULL && filter_vm(f, a->model, vm, id.host,
	    vm_copy_on(vm, id.host));
}

/* All rows as if nothing were folded or filtered. */
static void
whole_tree(const struct app *a, struct rows *r)
{
	const struct model *m = a->model;
	size_t n = model_nhosts(m) + model_conf(m)->nclusters + 1;
	bool *open = x_calloc(n, sizeof *open);
	struct ui ui = a->ui;

	ui.host_folded = ui.cluster_folded = ui.dormant_folded = open;
	ui.filter.n = 0;
	rows_make(r, m, &ui);
	x_free(open);
}

struct hits {
	size_t n;     /* of all */
	size_t nth;   /* the one to go to, from 1 */
	struct row_id id;
	bool around;  /* past the end */
};

/* The next hit behind row `from`, or the one before it. */
static struct hits
find_hits(const struct app *a, const struct filter *f, const struct rows *r,
    size_t from, bool back)
{
	struct hits h = { .around = true };
	size_t first = r->n, last = r->n, nth = 0, lastnth = 0;
	bool found = false;

	for (size_t i = 0; i < r->n; i++) {
		if (!is_hit(a, f, r->v[i].id))
			continue;
		h.n++;
		if (first == r->n)
			first = i;
		if (back ? i < from : i > from && !found) {
			found = true;
			h.id = r->v[i].id;
			nth = h.n;
		}
		last = i;
		lastnth = h.n;
	}
	h.around = !found && h.n > 0;
	if (h.around)
		h.id = r->v[back ? last : first].id;
	h.nth = !h.around ? nth : back ? lastnth : 1;
	return h;
}

static void
to_hit(struct app *a, bool back)
{
	struct filter f = { .marks = &a->ui.marks, .alarms = a->alarms };
	struct rows r = { 0 };
	struct hits h;
	size_t from;

	if (a->ui.searched[0] == '\0') {
		app_say(a, STYLE_STATUS, "Nothing was looked for yet: / does.");
		return;
	}
	filter_set(&f, a->ui.searched, model_conf(a->model));
	whole_tree(a, &r);
	from = rows_find_moved(&r, a->ui.sel);
	/* A row that is not in it: its end is nowhere, begin anew. */
	h = find_hits(a, &f, &r, from == r.n && !back ? SIZE_MAX : from, back);
	rows_free(&r);
	filter_free(&f);
	if (h.n == 0) {
		app_say(a, STYLE_WARN, "Nothing matches %.120s any more.",
		    a->ui.searched);
		return;
	}
	app_reveal(a, h.id);
	app_say(a, STYLE_STATUS, "%zu of %zu for %.120s%s", h.nth, h.n,
	    a->ui.searched, !h.around ? "" : back ?
	    ", from the end again" : ", from the beginning again");
}

void
cmd_hit_next(struct app *a)
{
	to_hit(a, false);
}

void
cmd_hit_prev(struct app *a)
{
	to_hit(a, true);
}

/* --- Filters that have names -------------------------------------------------------- */

static void
count_saved(struct app *a)
{
	app_filter_facts(a);
	saved_count(&a->ui.saved, a->model, &a->ui.filter);
	a->counted = a->now;
	a->counted_generation = model_generation(a->model);
}

void
cmd_filters(struct app *a)
{
	struct ui *ui = &a->ui;

	count_saved(a);
	ui->menu = MENU_FILTERS;
	ui->menu_at = 0;
	for (size_t i = 0; i < ui->saved.n; i++)
		if (strcmp(ui->saved.v[i].query, ui->filter_text) == 0)
			ui->menu_at = i;
}

void
app_filters_follow(struct app *a)
{
	if (a->ui.menu == MENU_FILTERS &&
	    a->counted_generation != model_generation(a->model) &&
	    mono_reached(mono_add_ms(a->counted, COUNT_MS), a->now))
		count_saved(a);
}

void
app_filter_choose(struct app *a, size_t at)
{
	if (at < a->ui.saved.n)
		app_filter_set(a, a->ui.saved.v[at].query);
}

void
app_filter_named(struct app *a, const char *text)
{
	size_t at = saved_find(&a->ui.saved, text);

	app_filter_set(a, at < a->ui.saved.n ? a->ui.saved.v[at].query : text);
}

void
app_filter_save(struct app *a, const char *name)
{
	if (name[0] == '\0')
		app_say(a, STYLE_WARN, "Under what name? :save-filter NAME");
	else if (strlen(name) > SAVED_NAME_MAX || strstr(name, ": ") != NULL)
		app_say(a, STYLE_WARN, "A name has no \": \" and at most %d "
		    "bytes.", SAVED_NAME_MAX);
	else if (a->ui.filter.n == 0)
		app_say(a, STYLE_WARN, "There is no filter now: / sets one.");
	else if (!saved_add(&a->ui.saved, name, a->ui.filter_text))
		app_say(a, STYLE_WARN, "\"%.60s\" is a name of the "
		    "configuration or the program; take another.", name);
	else
		app_say(a, STYLE_STATUS, "f now has %.60s: %.120s", name,
		    a->ui.filter_text);
}
