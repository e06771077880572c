/* Commands that move the selection, scroll a view, fold and unfold. */
#include "core/alarm.h"
#include "tui/app_cmd.h"
#include "tui/menu.h"
#include "tui/view.h"

/* --- Moving ---------------------------------------------------------------------- */

static void
scroll(struct app *a, long by)
{
	struct layer *l = app_layer(a);
	struct frame f = app_frame(a);
	long most = view_height(&f, l, a->w, a->ascii) -
	    app_layout(a).body.h;
	long top = l->top < most ? l->top : most;

	top += by;
	l->top = (int)(top > most ? most : top);
	if (l->top < 0)
		l->top = 0;
}

void
app_move(struct app *a, long by)
{
	long n = (long)(a->ui.menu != MENU_NONE ? menu_count(&a->ui) :
	    a->rows.n);
	long at = a->ui.menu != MENU_NONE ? (long)a->ui.menu_at :
	    (long)a->ui.sel_row;

	if (a->ui.act.stage != ACT_NONE) {
		app_action_move(a, by);
		return;
	}
	if (a->ui.menu == MENU_NONE && app_layer(a)->view == VIEW_ALARMS) {
		app_alarms_move(a, by);
		return;
	}
	if (a->ui.menu == MENU_NONE && app_layer(a)->view == VIEW_JOBS) {
		app_jobs_move(a, by);
		return;
	}
	if (a->ui.menu == MENU_NONE && !app_home_top(a)) {
		scroll(a, by);
		return;
	}
	if (n == 0)
		return;
	at += by;
	at = at < 0 ? 0 : at >= n ? n - 1 : at;
	if (a->ui.menu != MENU_NONE)
		a->ui.menu_at = (size_t)at;
	else
		app_select(a, (size_t)at);
}

/* So far that the rest of a table is there after a key or two, and near enough
 * that the eye finds its column again. */
enum { SIDE = 20 };

static void
sideways(struct app *a, int by)
{
	struct layer *l = app_layer(a);
	int most = output_columns(&a->ui) - app_layout(a).body.w;

	l->left += by;
	if (l->left > most)
		l->left = most;
	if (l->left < 0)
		l->left = 0;
}

void
cmd_side_left(struct app *a)
{
	sideways(a, -SIDE);
}

void
cmd_side_right(struct app *a)
{
	sideways(a, SIDE);
}

enum { FAR = 1 << 20 };

static long
page(const struct app *a)
{
	int lines = app_layout(a).body.h;

	return lines > 2 ? lines - 1 : 1;
}

void
cmd_up(struct app *a)
{
	app_move(a, -1);
}

void
cmd_down(struct app *a)
{
	app_move(a, 1);
}

void
cmd_page_up(struct app *a)
{
	app_move(a, -page(a));
}

void
cmd_page_down(struct app *a)
{
	app_move(a, page(a));
}

void
cmd_first(struct app *a)
{
	app_move(a, -FAR);
}

void
cmd_last(struct app *a)
{
	app_move(a, FAR);
}

static bool
alarmed(const struct app *a, uint32_t host, uint32_t vm)
{
	const struct alarm *x = a->alarms == NULL ? NULL :
	    alarms_about(a->alarms, host, vm);

	return x != NULL && alarm_is_loud(x);
}

static size_t
count_troubled(const struct app *a)
{
	const struct model *m = a->model;
	size_t n = 0;

	for (uint32_t i = 0; i < model_nhosts(m); i++)
		n += host_troubled(model_host(m, i)) ||
		    alarmed(a, i, MODEL_NONE);
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		n += vm_troubled(vm) || alarmed(a, vm->host, vm->id);
	}
	return n;
}

/* That no row shows trouble does not mean that there is none. */
static void
say_hidden_trouble(struct app *a)
{
	size_t n = count_troubled(a);
	const char *are = n == 1 ? "is" : "are";
	char key[KEYMAP_NAME];

	if (n == 0)
		app_say(a, STYLE_GOOD, "No row is in trouble.");
	else if (a->ui.filter.n > 0)
		app_say(a, STYLE_WARN, "%zu in trouble %s filtered out; Esc "
		    "ends the filter.", n, are);
	else if (a->ui.flat)
		app_say(a, STYLE_WARN, "%zu in trouble %s not in this list of "
		    "VMs; %s shows the tree.", n, are,
		    keymap_first(key, &a->keys, "tree"));
	else
		app_say(a, STYLE_WARN, "%zu in trouble %s folded away; %s "
		    "unfolds everything.", n, are,
		    keymap_first(key, &a->keys, "unfold-all"));
}

static void
to_trouble(struct app *a, size_t step)
{
	struct frame f = app_frame(a);
	size_t n = a->rows.n;

	for (size_t i = 1; i <= n; i++) {
		size_t at = (a->ui.sel_row + i * step) % n;
		struct item it = row_item(&f, &a->rows.v[at]);

		if (row_troubled(&it)) {
			app_select(a, at);
			return;
		}
	}
	say_hidden_trouble(a);
}

void
cmd_trouble_next(struct app *a)
{
	to_trouble(a, 1);
}

void
cmd_trouble_prev(struct app *a)
{
	to_trouble(a, a->rows.n > 0 ? a->rows.n - 1 : 0);
}

/* --- Folding --------------------------------------------------------------------- */

static bool *
fold_of(struct app *a, struct row_id id)
{
	return id.kind == ROW_CLUSTER ? &a->ui.cluster_folded[id.id] :
	    id.kind == ROW_HOST ? &a->ui.host_folded[id.id] :
	    id.kind == ROW_DORMANT ? &a->ui.dormant_folded[id.id] : NULL;
}

static void
say_unfolded(struct app *a)
{
	app_say(a, STYLE_STATUS, "Everything is unfolded while a filter is "
	    "set; Esc ends the filter.");
}

static bool
set_fold(struct app *a, bool folded)
{
	const struct row *row = app_selected(a);
	bool *fold = row != NULL ? fold_of(a, row->id) : NULL;

	if (fold == NULL)
		return false;
	if (a->ui.filter.n > 0) {
		say_unfolded(a);
		return false;
	}
	if (*fold == folded)
		return false;
	*fold = folded;
	app_remake(a);
	return true;
}

/* The row that this one is inside of. */
static void
to_parent(struct app *a)
{
	size_t i = a->ui.sel_row;
	uint8_t depth;

	if (i >= a->rows.n)
		return;
	depth = a->rows.v[i].depth;
	while (i > 0 && a->rows.v[i].depth >= depth && depth > 0)
		i--;
	app_select(a, i);
}

void
cmd_left(struct app *a)
{
	if (!set_fold(a, true) && !a->ui.flat)
		to_parent(a);
}

void
cmd_right(struct app *a)
{
	const struct row *row = app_selected(a);

	if (!set_fold(a, false) && row != NULL && row->folds && row->open)
		app_move(a, 1);
}

/* On a VM, the host that it is inside of is folded. */
void
cmd_fold(struct app *a)
{
	const struct row *row = app_selected(a);

	if (row != NULL && !row->folds)
		to_parent(a);
	set_fold(a, true);
}

void
cmd_unfold(struct app *a)
{
	set_fold(a, false);
}

static void
fold_all(struct app *a, bool folded)
{
	const struct row *row = app_selected(a);

	/* What is selected should not vanish: its host stays. */
	while (folded && row != NULL && row->depth >= 2) {
		to_parent(a);
		row = app_selected(a);
	}
	for (size_t i = 0; i < model_nhosts(a->model); i++)
		a->ui.host_folded[i] = folded;
	for (size_t i = 0; !folded && i < model_conf(a->model)->nclusters; i++)
		a->ui.cluster_folded[i] = false;
	app_remake(a);
}

void
cmd_fold_all(struct app *a)
{
	fold_all(a, true);
}

void
cmd_unfold_all(struct app *a)
{
	fold_all(a, false);
}

/* All of them, one way. */
void
cmd_dormant(struct app *a)
{
	size_t n = model_nhosts(a->model) + model_conf(a->model)->nclusters + 1;
	bool fold = false; /* unless some are seen */

	if (a->ui.filter.n > 0) {
		say_unfolded(a);
		return;
	}
	for (size_t i = 0; i < a->rows.n; i++)
		fold |= a->rows.v[i].id.kind == ROW_DORMANT &&
		    a->rows.v[i].open;
	for (size_t i = 0; i < n; i++)
		a->ui.dormant_folded[i] = fold;
	app_remake(a);
	app_say(a, STYLE_STATUS, fold ? "Dormant VMs are folded away." :
	    "Dormant VMs are shown.");
}
