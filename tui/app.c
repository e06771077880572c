/* The console's state as it follows the model. The selection is a VM, host or
 * cluster, never a line: when rows are made anew, the selected one is found
 * again wherever it went, and the list is scrolled so that it stays on the
 * same line of the screen. */
#include "tui/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"
#include "tui/table.h"
#include "tui/view.h"

enum { MSG_MS = 6000 };

void
app_init(struct app *a, const struct model *m)
{
	size_t ndormant;
	char why[256];

	memset(a, 0, sizeof *a);
	a->model = m;
	a->ui.nlayers = 1;
	a->ui.time.seeking = -1;
	vmcon_init(&a->vmcon);
	a->ui.cluster_folded = x_calloc(model_conf(m)->nclusters + 1,
	    sizeof *a->ui.cluster_folded);
	a->ui.host_folded = x_calloc(model_nhosts(m) + 1,
	    sizeof *a->ui.host_folded);
	a->mouse = model_conf(m)->mouse;
	keymap_init(&a->keys, model_conf(m));
	ndormant = model_nhosts(m) + model_conf(m)->nclusters + 1;
	a->ui.dormant_folded = x_calloc(ndormant,
	    sizeof *a->ui.dormant_folded);
	for (size_t i = 0; i < ndormant; i++)
		a->ui.dormant_folded[i] = true;
	a->ui.kept = MODEL_NONE;
	saved_init(&a->ui.saved, model_conf(m));
	a->ui.clusters = model_conf(m)->nclusters;
	if (model_conf(m)->columns != NULL)
		colset_parse(&a->ui.columns_default, model_conf(m)->columns,
		    why, sizeof why);
	a->ui.columns = a->ui.columns_default;
	a->w = 80;
	a->h = 24;
	app_remake(a);
}

void
app_free(struct app *a)
{
	reader_free(&a->reader);
	vmcon_free(&a->vmcon);
	rows_free(&a->rows);
	x_free(a->astray);
	keymap_free(&a->keys);
	act_close(&a->ui.act);
	plan_free(&a->acted);
	lineedit_free(&a->ui.line);
	words_free(&a->history);
	x_free(a->clip);
	x_free(a->ui.output);
	x_free(a->ui.output_title);
	filter_free(&a->ui.filter);
	marks_free(&a->ui.marks);
	saved_free(&a->ui.saved);
	x_free(a->ui.cluster_folded);
	x_free(a->ui.host_folded);
	x_free(a->ui.dormant_folded);
	memset(a, 0, sizeof *a);
}

bool
app_home_top(const struct app *a)
{
	return a->ui.nlayers == 1;
}

struct frame
app_frame(const struct app *a)
{
	bool is_now = a->ui.time.mode == TIME_NOW;

	return (struct frame){
		.model = a->model,
		.ui = &a->ui,
		.rows = &a->rows,
		.keys = &a->keys,
		.alarms = a->alarms,
		.vmcon = &a->vmcon,
		.jobs = a->jobs,
		.probes = a->probes,
		.now = is_now ? a->now : a->ui.time.at,
		.wall_ms = is_now ? a->wall_ms : a->ui.time.wall_ms,
		.title = a->title,
		.demo = a->demo,
		.read_only = a->read_only,
	};
}

struct layout
app_layout(const struct app *a)
{
	struct layout l;

	layout_make(&l, &a->ui, a->w, a->h);
	return l;
}

static int
home_lines(const struct app *a)
{
	struct layout l;

	layout_home(&l, &a->ui, a->w, a->h);
	return l.body.h;
}

/* --- Selection and scroll ------------------------------------------------------ */

static void
clamp_top(struct app *a)
{
	int lines = home_lines(a), n = (int)a->rows.n;
	int sel = (int)a->ui.sel_row;

	if (a->ui.top > sel)
		a->ui.top = sel;
	if (a->ui.top < sel - lines + 1)
		a->ui.top = sel - lines + 1;
	if (a->ui.top > n - lines)
		a->ui.top = n - lines;
	if (a->ui.top < 0)
		a->ui.top = 0;
}

void
app_select(struct app *a, size_t row)
{
	if (a->rows.n == 0)
		return;
	a->ui.sel_row = row < a->rows.n ? row : a->rows.n - 1;
	a->ui.sel = a->ui.anchor = a->rows.v[a->ui.sel_row].id;
	a->ui.sel_set = true;
	clamp_top(a);
}

static bool
has_doubles(const struct model *m)
{
	return model_nconflicts(m, CONFLICT_UUID) +
	    model_nconflicts(m, CONFLICT_MAYBE) > 0;
}

void
app_remake(struct app *a)
{
	app_filter_facts(a);
	rows_make(&a->rows, a->model, &a->ui);
	app_settle(a);
}

void
app_settle(struct app *a)
{
	struct ui *ui = &a->ui;
	size_t was = ui->sel_row, at;

	a->generation = model_generation(a->model);
	a->shape = model_shape(a->model);
	a->doubled = has_doubles(a->model);
	if (a->rows.n == 0) {
		ui->top = 0;
		return;
	}
	at = ui->sel_set ? rows_find_moved(&a->rows, ui->sel) : 0;
	if (at == a->rows.n)
		at = rows_find_around(&a->rows, a->model, ui->sel);
	if (at == a->rows.n)
		at = was < a->rows.n ? was : a->rows.n - 1;
	ui->top += (int)at - (int)was;
	ui->sel_row = at;
	ui->sel = a->rows.v[at].id;
	clamp_top(a);
}

void
app_resize(struct app *a, int w, int h)
{
	a->w = w;
	a->h = h;
	app_vmconsole_resize(a);
	reader_touch(a, false);
	clamp_top(a);
}

/* Follows the model. Ordered by name and without a filter, rows stay as they
 * are while only figures change, which is nearly always; conflicts come and go
 * without a change of shape, and split a VM over hosts. */
static void
refresh(struct app *a)
{
	if (a->generation == model_generation(a->model))
		return;
	if (a->shape != model_shape(a->model))
		app_marks_follow(a);
	if (a->shape != model_shape(a->model) || a->doubled ||
	    has_doubles(a->model) || a->ui.filter.n > 0 ||
	    a->ui.sort != table_find("name")) {
		a->ui.kept = a->ui.sel.kind == ROW_VM && a->ui.sel_set ?
		    a->ui.sel.id : MODEL_NONE;
		app_remake(a);
		return;
	}
	rows_sum(&a->rows, a->model);
	a->generation = model_generation(a->model);
}

/* --- Time ------------------------------------------------------------------------ */

/* New entries come in above: what is being read stays where it is, also when
 * as many old ones are forgotten below. */
static void
hold_log(struct app *a)
{
	struct layer *l = &a->ui.layer[a->ui.nlayers - 1];
	const struct log_entry *e = model_log(a->model, 0);
	struct frame f = app_frame(a);
	int most;

	if (l->view != VIEW_LOG || e == NULL || e->seq == a->log_seq)
		return;
	if (l->top > 0) {
		most = view_height(&f, l, a->w, a->ascii) -
		    app_layout(a).body.h;
		l->top += log_lines_since(&f, a->log_seq, a->w, a->ascii);
		if (l->top > most)
			l->top = most > 0 ? most : 0;
	}
	a->log_seq = e->seq;
}

void
app_ready(struct app *a, struct mono now, int64_t wall_ms)
{
	a->now = now;
	a->wall_ms = wall_ms;
	if (a->shape != model_shape(a->model) ||
	    a->doubled != has_doubles(a->model))
		refresh(a);
}

void
app_tick(struct app *a, struct mono now, int64_t wall_ms)
{
	a->now = now;
	a->wall_ms = wall_ms;
	if (a->ui.msg[0] != '\0' && mono_reached(a->ui.msg_until, now))
		a->ui.msg[0] = '\0';
	refresh(a);
	app_filters_follow(a);
	app_vmconsole_follow(a);
	hold_log(a);
	reader_tick(a);
}

void
app_draw(const struct app *a, struct canvas *c)
{
	struct frame f = app_frame(a);

	c->ascii = a->ascii;
	if (a->ui.reader && a->ui.layer[a->ui.nlayers - 1].view != VIEW_VMCONSOLE)
		reader_draw(a, c);
	else
		screen_draw(c, &f);
}

void
app_say(struct app *a, enum style style, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(a->ui.msg, sizeof a->ui.msg, fmt, ap);
	va_end(ap);
	a->ui.msg_style = style;
	a->ui.msg_until = mono_add_ms(a->now, MSG_MS);
}
