/* Views come and go in layers over home; and the way to one row, wherever it
 * hides. */
#include "tui/app_cmd.h"

#include <string.h>

#include "core/mem.h"

void
app_push(struct app *a, enum view_id view, struct row_id about)
{
	const struct log_entry *newest = model_log(a->model, 0);
	struct layer *l;

	if (app_layer(a)->view == view) {
		app_layer(a)->about = about;
		app_layer(a)->top = 0;
		return;
	}
	if (a->ui.nlayers == UI_LAYERS)
		return;
	l = &a->ui.layer[a->ui.nlayers];
	*l = (struct layer){ .view = view, .about = about,
		.about_view = app_layer(a)->view };
	a->ui.nlayers++;
	if (view == VIEW_LOG && newest != NULL)
		a->log_seq = newest->seq;
}

void
app_home(struct app *a)
{
	a->ui.menu = MENU_NONE;
	a->ui.nlayers = 1;
}

/* There is one output: one that is open already shows the new text. */
void
app_output(struct app *a, const char *title, const struct buf *text,
    bool wraps)
{
	struct ui *ui = &a->ui;

	x_replace(&ui->output_title, title);
	x_replace(&ui->output, text->p != NULL ? text->p : "");
	ui->output_wraps = wraps;
	ui->output_wall_ms = app_frame(a).wall_ms;
	for (size_t i = 1; i < ui->nlayers; i++)
		if (ui->layer[i].view == VIEW_OUTPUT)
			ui->nlayers = i;
	if (ui->nlayers == UI_LAYERS)
		ui->nlayers--;
	app_push(a, VIEW_OUTPUT, ui->sel);
}

static void
unfold_dormant(struct app *a, const struct vm *vm)
{
	size_t nhosts = model_nhosts(a->model);
	size_t list = nhosts + model_conf(a->model)->nclusters;

	a->ui.dormant_folded[a->ui.flat ? list : vm->host < nhosts ? vm->host :
	    nhosts + vm->cluster] = false;
}

/* Folds open on the way to it. */
static void
unfold_for(struct app *a, struct row_id id)
{
	const struct vm *vm = id.kind == ROW_VM ? model_vm(a->model, id.id) :
	    NULL;
	uint32_t host = vm != NULL ? vm->host :
	    id.kind == ROW_CLUSTER ? MODEL_NONE : id.id;

	if (id.kind != ROW_VM)
		a->ui.flat = false;
	if (vm != NULL && vm->state == VM_DORMANT)
		unfold_dormant(a, vm);
	if (vm != NULL)
		a->ui.cluster_folded[vm->cluster] = false;
	if (host >= model_nhosts(a->model))
		return;
	if (id.kind != ROW_HOST)
		a->ui.host_folded[host] = false;
	a->ui.cluster_folded[model_host(a->model, host)->cluster] = false;
}

static bool
select_id(struct app *a, struct row_id id)
{
	size_t at = rows_find_moved(&a->rows, id);

	if (at < a->rows.n)
		app_select(a, at);
	return at < a->rows.n;
}

bool
app_show_row(struct app *a, struct row_id id)
{
	if (select_id(a, id))
		return true;
	unfold_for(a, id);
	app_remake(a);
	if (select_id(a, id))
		return true;
	if (a->ui.filter.n == 0)
		return false;
	app_filter_clear(a);
	app_say(a, STYLE_STATUS, "The filter hid it, and is gone.");
	return select_id(a, id);
}

void
app_reveal(struct app *a, struct row_id id)
{
	app_home(a);
	if (!app_show_row(a, id))
		app_say(a, STYLE_WARN, "It has no row now.");
}
