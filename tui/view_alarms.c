/* All alarms, a line each: those that go on, the worst first, then those that
 * ended. The selection is an alarm, never a line: it stays on it while others
 * come and go. */
#include <stdio.h>

#include "core/alarm.h"
#include "core/utf8.h"
#include "tui/alarms.h"
#include "tui/text.h"
#include "tui/view.h"

size_t
alarms_shown(const struct frame *f, const struct alarm *v[ALARMS_SHOWN_MAX])
{
	return f->alarms == NULL ? 0 :
	    alarms_list(f->alarms, v, ALARMS_SHOWN_MAX);
}

size_t
alarms_row(const struct ui *ui, const struct alarm *const v[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (v[i]->id == ui->alarm_sel)
			return i;
	return ui->alarm_row < n ? ui->alarm_row : n > 0 ? n - 1 : 0;
}

/* --- One line ------------------------------------------------------------------ */

/* Columns, from the left; 0: there is no room for it. */
struct columns {
	int state, since, lasted, worst, kind, what;
};

static struct columns
make_columns(int width)
{
	struct columns c = { .state = 3, .since = 12 };

	c.lasted = c.since + (width >= 70 ? 12 : 9);
	c.what = c.lasted + 7;
	if (width >= 70) {
		c.worst = c.what;
		c.what += 6;
	}
	if (width >= 110) {
		c.kind = c.what;
		c.what += 16;
	}
	return c;
}

enum style
alarm_style(const struct alarm *x)
{
	if (x->state == ALARM_ENDED)
		return STYLE_FAINT;
	if (!alarm_is_loud(x))
		return STYLE_NORMAL;
	return x->level == NOTE_ALARM ? STYLE_ALARM : STYLE_WARN;
}

const char *
alarm_mark(const struct alarm *x)
{
	if (!alarm_is_loud(x))
		return "  ";
	return x->level == NOTE_ALARM ? "!!" : "! ";
}

static void
draw_times(struct canvas *c, int y, struct rect r, const struct columns *col,
    const struct frame *f, const struct alarm *x)
{
	struct mono until = x->state == ALARM_ENDED ? x->ended : f->now;
	enum style style = x->state == ALARM_ENDED ? STYLE_FAINT :
	    STYLE_NORMAL;
	char text[TEXT_MAX];

	if (col->lasted - col->since > 10)
		text_when(text, x->since_wall_ms, f->wall_ms);
	else
		text_clock(text, x->since_wall_ms);
	canvas_text(c, r.x + col->since, y, 11, style, text);
	text_uptime(text, mono_diff_ms(until, x->since) / 1000);
	canvas_right(c, r.x + col->lasted - 1, y, 7, style, text);
	if (col->worst != 0 && x->worst >= 0) {
		snprintf(text, sizeof text, "%d%%", (int)(x->worst / 10));
		canvas_right(c, r.x + col->worst - 1, y, 6, style, text);
	}
}

static void
draw_alarm(struct canvas *c, int y, struct rect r, const struct columns *col,
    const struct frame *f, const struct alarm *x)
{
	enum style style = alarm_style(x);
	char text[700], when[TEXT_MAX];
	int at;

	canvas_text(c, r.x, y, 2, style, alarm_mark(x));
	canvas_text(c, r.x + col->state, y, 8, style, alarm_state_name(x));
	draw_times(c, y, r, col, f, x);
	if (col->kind != 0)
		canvas_text(c, r.x + col->kind, y, 15, style,
		    alarm_kind_name(x->kind));
	alarm_sentence(x, text, sizeof text);
	at = r.x + col->what;
	at += canvas_text(c, at, y, r.w - col->what, style, text);
	if (!x->acked)
		return;
	text_when(when, x->acked_wall_ms, f->wall_ms);
	snprintf(text, sizeof text, "acknowledged %s by %s", when,
	    x->acked_by);
	/* Else the status line has it, of the selected one. */
	if (utf8_columns(text) <= r.x + r.w - at - 2)
		canvas_text(c, at + 2, y, r.w, STYLE_FAINT, text);
}

static void
draw_titles(struct canvas *c, struct rect r, const struct columns *col,
    const struct frame *f)
{
	struct alarm_counts n = { 0 };
	char text[80];

	if (f->alarms != NULL)
		n = alarms_count(f->alarms);
	canvas_fill(c, r, STYLE_COLUMNS, ' ');
	canvas_text(c, r.x + col->state, r.y, 9, STYLE_COLUMNS, "ALARM");
	canvas_text(c, r.x + col->since, r.y, 9, STYLE_COLUMNS, "SINCE");
	canvas_right(c, r.x + col->lasted - 1, r.y, 7, STYLE_COLUMNS,
	    "LASTED");
	if (col->worst != 0)
		canvas_right(c, r.x + col->worst - 1, r.y, 6, STYLE_COLUMNS,
		    "WORST");
	if (col->kind != 0)
		canvas_text(c, r.x + col->kind, r.y, 15, STYLE_COLUMNS,
		    "KIND");
	snprintf(text, sizeof text, n.untold > 0 ? "%zu active, %zu more" :
	    "%zu active", n.active, n.untold);
	canvas_text(c, r.x + col->what, r.y, r.w - col->what, STYLE_COLUMNS,
	    "WHAT");
	if (r.w - col->what > 30)
		canvas_right(c, r.x + col->what + 5, r.y,
		    r.w - col->what - 6, STYLE_COLUMNS, text);
}

/* --- The view ------------------------------------------------------------------- */

static void
draw(struct canvas *c, const struct layout *l, const struct frame *f)
{
	const struct alarm *v[ALARMS_SHOWN_MAX];
	size_t n = alarms_shown(f, v), at = alarms_row(f->ui, v, n);
	struct columns col = make_columns(l->body.w);
	size_t top = alarms_top(f->ui, at, n, l->body.h);

	draw_titles(c, l->titles, &col, f);
	if (n == 0)
		canvas_text(c, l->body.x + 2, l->body.y + 1, l->body.w - 4,
		    STYLE_GOOD, "No alarm, and none that has ended.");
	for (size_t i = top; i < n && i - top < (size_t)l->body.h; i++) {
		int y = l->body.y + (int)(i - top);

		draw_alarm(c, y, l->body, &col, f, v[i]);
		if (i == at)
			canvas_select(c, (struct rect){ l->body.x, y,
			    l->body.w, 1 });
	}
}

size_t
alarms_top(const struct ui *ui, size_t at, size_t n, int lines)
{
	long top = ui->alarm_top, h = lines > 0 ? lines : 1;

	if (top > (long)at)
		top = (long)at;
	if (top < (long)at - h + 1)
		top = (long)at - h + 1;
	if (top > (long)n - h)
		top = (long)n - h;
	return top > 0 ? (size_t)top : 0;
}

bool
alarms_status(const struct frame *f, char *out, size_t size)
{
	const struct alarm *v[ALARMS_SHOWN_MAX], *x;
	size_t n = alarms_shown(f, v), len = 0;
	char when[TEXT_MAX];

	if (n == 0)
		return false;
	x = v[alarms_row(f->ui, v, n)];
	if (x->acked) {
		text_when(when, x->acked_wall_ms, f->wall_ms);
		len = (size_t)snprintf(out, size, "acknowledged %s by %s: ",
		    when, x->acked_by);
	} else if (x->silenced && x->silenced_until.ns != MONO_NEVER.ns) {
		text_clock(when, f->wall_ms +
		    mono_diff_ms(x->silenced_until, f->now));
		len = (size_t)snprintf(out, size, "silenced until %s: ", when);
	}
	if (len < size)
		alarm_sentence(x, out + len, size - len);
	return true;
}

const struct view view_alarms = {
	.name = "alarms",
	.ctx = CTX_ALARMS,
	.draw = draw,
};
