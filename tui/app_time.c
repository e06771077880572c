/* Commands that go through time, and what the console needs to show another
 * model: the moment changes under the operator's eyes, and the selection, the
 * open views and the folds stay with what they are about. VMs have other ids
 * in another model; hosts and clusters are the configuration's. */
#include "tui/app_cmd.h"

#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "core/mem.h"
#include "tui/marks.h"
#include "tui/rows.h"
#include "tui/view.h"
#include "tui/when.h"

static void
wish(struct app *a, enum time_wish w)
{
	a->fx.time = w;
}

void
cmd_pause(struct app *a)
{
	wish(a, WISH_PAUSE);
}

void
cmd_now(struct app *a)
{
	wish(a, WISH_NOW);
}

void
cmd_step_back(struct app *a)
{
	wish(a, WISH_STEP_BACK);
}

void
cmd_step_on(struct app *a)
{
	wish(a, WISH_STEP_ON);
}

void
cmd_event_back(struct app *a)
{
	wish(a, WISH_EVENT_BACK);
}

void
cmd_event_on(struct app *a)
{
	wish(a, WISH_EVENT_ON);
}

void
cmd_slower(struct app *a)
{
	wish(a, WISH_SLOWER);
}

void
cmd_faster(struct app *a)
{
	wish(a, WISH_FASTER);
}

void
cmd_goto(struct app *a)
{
	app_command_line(a, "goto ");
}

void
app_goto(struct app *a, const char *text)
{
	if (text[0] == '\0') {
		cmd_goto(a);
		return;
	}
	wish(a, WISH_GOTO);
	snprintf(a->fx.when, sizeof a->fx.when, "%s", text);
}

void
app_speed(struct app *a, const char *text)
{
	int percent = when_parse_speed(text);

	if (percent < 0) {
		app_say(a, STYLE_WARN, "\"%.30s\" is no speed such as 4x or "
		    "1/2x.", text);
		return;
	}
	wish(a, WISH_SPEED);
	a->fx.speed = percent;
}

bool
app_seek_cancel(struct app *a)
{
	if (a->ui.time.mode == TIME_NOW || a->ui.time.seeking < 0)
		return false;
	wish(a, WISH_CANCEL);
	return true;
}

/* --- Another model ------------------------------------------------------------- */

static void
identify(struct app_ident *to, const struct vm *vm)
{
	to->set = true;
	to->cluster = vm->cluster;
	to->uuid = vm->uuid;
	snprintf(to->name, sizeof to->name, "%s", vm->name);
}

static uint32_t
find(const struct model *m, const struct app_ident *x)
{
	const struct vm *vm = model_find_vm(m, x->cluster, &x->uuid, x->name);

	return vm != NULL ? vm->id : MODEL_NONE;
}

/* What the row means in the other model. A VM that is not there now may be in
 * the next one: *keep remembers it until then. */
static struct row_id
carry(struct app_ident *keep, struct row_id id, const struct model *from,
    const struct model *to)
{
	const struct vm *vm;

	if (id.kind != ROW_VM)
		return id;
	vm = model_vm(from, id.id);
	if (vm != NULL)
		identify(keep, vm);
	if (keep->set)
		id.id = find(to, keep);
	return id;
}

static void
carry_selection(struct app *a, const struct model *to)
{
	struct ui *ui = &a->ui;

	/* Back to what was meant, unless another row was chosen since. */
	if (a->lost && row_id_equal(ui->sel, a->instead)) {
		ui->sel = (struct row_id){ ROW_VM, MODEL_NONE, MODEL_NONE };
		ui->sel_set = true;
	}
	ui->sel = carry(&a->keep[0], ui->sel, a->model, to);
}

static void
carry_marks(struct app *a, const struct model *to)
{
	struct marks *k = &a->ui.marks;
	size_t n = 0;

	for (size_t i = 0; i < k->nslots; i++) {
		const struct vm *vm = k->slot[i] != MODEL_NONE ?
		    model_vm(a->model, k->slot[i]) : NULL;

		if (vm == NULL)
			continue;
		a->astray = x_grow(a->astray, a->nastray, &a->astray_cap,
		    sizeof *a->astray);
		identify(&a->astray[a->nastray++], vm);
	}
	marks_free(k);
	for (size_t i = 0; i < a->nastray; i++) {
		uint32_t id = find(to, &a->astray[i]);

		if (id != MODEL_NONE)
			marks_set(k, id, true);
		else
			a->astray[n++] = a->astray[i];
	}
	a->nastray = n;
}

static bool
is_same_alarm(const void *arg, const struct alarm *x)
{
	const struct alarm *of = arg;

	return x->kind == of->kind && x->cluster == of->cluster &&
	    (x->vm == MODEL_NONE) == (of->vm == MODEL_NONE) &&
	    uuid_cmp(&x->uuid, &of->uuid) == 0 &&
	    strcmp(x->name, of->name) == 0;
}

/* 0: it does not go on there. */
static uint64_t
carry_alarm(uint64_t id, const struct alarms *from, const struct alarms *to)
{
	const struct alarm *x = from != NULL && to != NULL ?
	    alarms_find(from, id) : NULL;

	x = x != NULL ? alarms_worst(to, is_same_alarm, x) : NULL;
	return x != NULL ? x->id : 0;
}

/* Their ids are numbers of one history alone. */
static void
carry_alarms(struct app *a, const struct alarms *to)
{
	struct ui *ui = &a->ui;

	ui->alarm_sel = carry_alarm(ui->alarm_sel, a->alarms, to);
	ui->menu_alarm = carry_alarm(ui->menu_alarm, a->alarms, to);
	if (ui->menu == MENU_SILENCE && ui->menu_alarm == 0)
		ui->menu = MENU_NONE;
}

void
app_rebind(struct app *a, const struct model *to, struct alarms *alarms)
{
	const struct log_entry *newest = model_log(to, 0);
	struct ui *ui = &a->ui;

	if (to == a->model)
		return;
	carry_selection(a, to);
	carry_marks(a, to);
	carry_alarms(a, alarms);
	for (size_t i = 1; i < ui->nlayers; i++)
		ui->layer[i].about = carry(&a->keep[i], ui->layer[i].about,
		    a->model, to);
	ui->kept = MODEL_NONE;
	ui->anchor = ui->sel;
	a->model = to;
	a->alarms = alarms;
	a->log_seq = newest != NULL ? newest->seq : 0;
	a->lost = ui->sel.kind == ROW_VM && ui->sel.id == MODEL_NONE;
	app_filter_facts(a);
	app_remake(a);
	a->instead = ui->sel;
}
