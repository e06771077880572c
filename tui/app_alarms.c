/* What an operator can do about alarms, and how they make themselves heard.
 * Who took care of what is kept in memory only: it ends with the console. */
#include <stdio.h>

#include "core/alarm.h"
#include "tui/alarms.h"
#include "tui/app_cmd.h"
#include "tui/view.h"

#define MINUTES INT64_C(60000)

const struct silence alarms_silences[] = {
	{ "10 minutes", 10 * MINUTES },
	{ "1 hour", 60 * MINUTES },
	{ "8 hours", 8 * 60 * MINUTES },
	{ "until it ends", 0 },
};

const size_t alarms_nsilences =
    sizeof alarms_silences / sizeof alarms_silences[0];

static const char by[] = "this console";

/* --- The selection --------------------------------------------------------------- */

static void
select_row(struct app *a, const struct alarm *const v[], size_t n, size_t at)
{
	struct layout l = app_layout(a);

	a->ui.alarm_row = at;
	a->ui.alarm_sel = at < n ? v[at]->id : 0;
	a->ui.alarm_top = (int)alarms_top(&a->ui, at, n, l.body.h);
}

/* The selected one, or NULL. */
static const struct alarm *
selected(struct app *a)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	struct frame f = app_frame(a);
	size_t n = alarms_shown(&f, v), at = alarms_row(&a->ui, v, n);

	select_row(a, v, n, at);
	return n > 0 ? v[at] : NULL;
}

void
app_alarms_move(struct app *a, long by_rows)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	struct frame f = app_frame(a);
	size_t n = alarms_shown(&f, v);
	long at = (long)alarms_row(&a->ui, v, n) + by_rows;

	at = at >= (long)n ? (long)n - 1 : at;
	select_row(a, v, n, at > 0 ? (size_t)at : 0);
}

bool
app_alarms_click(struct app *a, int line)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	struct frame f = app_frame(a);
	size_t n = alarms_shown(&f, v), at = alarms_row(&a->ui, v, n);

	at = alarms_top(&a->ui, at, n, app_layout(a).body.h) + (size_t)line;
	if (at >= n)
		return false;
	select_row(a, v, n, at);
	return true;
}

/* Where the selected one was, whatever is there now: the next one to care
 * for. */
static void
stay(struct app *a)
{
	a->ui.alarm_sel = 0;
	selected(a);
}

/* What is acknowledged then would go on now. */
static bool
in_the_past(struct app *a)
{
	char key[KEYMAP_NAME];

	if (a->ui.time.mode != TIME_PAST)
		return false;
	app_say(a, STYLE_WARN, "This is the past: %s goes to now, and to its "
	    "alarms.", keymap_first(key, &a->keys, "now"));
	return true;
}

/* --- Commands --------------------------------------------------------------------- */

void
cmd_alarm_ack(struct app *a)
{
	const struct alarm *x = selected(a);

	if (x == NULL || in_the_past(a))
		return;
	if (x->state == ALARM_ENDED || x->acked) {
		app_say(a, STYLE_STATUS, x->acked ? "Somebody took care of it "
		    "already." : "It has ended.");
		return;
	}
	alarms_ack(a->alarms, x->id, by, a->now, a->wall_ms);
	stay(a);
}

void
cmd_alarm_ack_all(struct app *a)
{
	size_t n;

	if (in_the_past(a))
		return;
	n = a->alarms != NULL ?
	    alarms_ack_all(a->alarms, by, a->now, a->wall_ms) : 0;
	app_say(a, STYLE_STATUS, "%zu alarm%s acknowledged.", n,
	    n == 1 ? "" : "s");
	selected(a);
}

void
cmd_alarm_silence(struct app *a)
{
	const struct alarm *x = selected(a);

	if (in_the_past(a))
		return;
	if (x == NULL || x->state == ALARM_ENDED) {
		app_say(a, STYLE_STATUS, "There is nothing to silence.");
		return;
	}
	a->ui.menu = MENU_SILENCE;
	a->ui.menu_at = 0;
	a->ui.menu_alarm = x->id;
}

void
app_silence(struct app *a, size_t choice)
{
	int64_t ms = alarms_silences[choice].ms;

	if (!alarms_silence(a->alarms, a->ui.menu_alarm, ms == 0 ? MONO_NEVER :
	    mono_add_ms(a->now, ms)))
		app_say(a, STYLE_STATUS, "It has ended meanwhile.");
	stay(a);
}

static struct row_id
row_of(const struct model *m, const struct alarm *x)
{
	struct row_id id = { ROW_HOST, x->host, x->host };
	const struct vm *vm;

	if (x->vm == MODEL_NONE)
		return id;
	vm = model_vm(m, x->vm);
	if (vm == NULL)
		vm = model_vm_alike(m, x->cluster, &x->uuid, x->name);
	if (vm != NULL)
		id = (struct row_id){ ROW_VM, vm->id, vm->host };
	return id;
}

void
cmd_alarm_go(struct app *a)
{
	const struct alarm *x = selected(a);
	struct row_id id;

	if (x == NULL)
		return;
	id = row_of(a->model, x);
	a->ui.nlayers = 1;
	if (!app_show_row(a, id))
		app_say(a, STYLE_WARN, "%s has no row any more.", x->name);
	else if (x->vm != MODEL_NONE && id.kind == ROW_HOST)
		app_say(a, STYLE_WARN, "%s is not known any more; it was on "
		    "%s.", x->name, x->place);
}

/* --- New ones ---------------------------------------------------------------------- */

bool
app_alarm_news(struct app *a)
{
	const struct alarm *x;
	char text[256];

	x = a->alarms != NULL ? alarms_news(a->alarms, &a->alarms_told) : NULL;
	if (x == NULL)
		return false;
	alarm_sentence(x, text, sizeof text);
	app_say(a, x->level == NOTE_ALARM ? STYLE_ALARM : STYLE_WARN,
	    "%s%s %s", a->ui.time.mode == TIME_PAST ? "Now: " : "",
	    alarm_mark(x), text);
	return true;
}
