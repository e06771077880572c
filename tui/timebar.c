/* The past must never be taken for now: the word stands in the header whatever
 * the width, and how old it is as long as there is room. */
#include "tui/timebar.h"

#include <stdio.h>

#include "tui/text.h"
#include "tui/when.h"

static void
put_clock(char out[TEXT_MAX], const struct ui_time *t, int step)
{
	if (step < 2 && t->dated)
		text_date(out, t->wall_ms);
	else
		text_clock(out, t->wall_ms);
}

/* Where in the recording, or how long ago. */
static void
put_place(char *out, size_t size, const struct ui_time *t)
{
	char at[32], all[32];

	if (t->mode == TIME_PAST) {
		text_uptime(at, t->behind_ms / 1000);
		snprintf(out, size, " %s ago", at);
		return;
	}
	when_put_length(at, sizeof at, t->pos_ms);
	when_put_length(all, sizeof all, t->len_ms);
	snprintf(out, size, " %s/%s%s", at, all, t->searched ? "" : "+");
}

void
timebar_label(char *out, size_t size, const struct frame *f, int step)
{
	const struct ui_time *t = &f->ui->time;
	char clock[TEXT_MAX] = "", speed[16], place[80] = "";

	if (t->mode == TIME_NOW) {
		if (step < 3)
			text_clock(clock, f->wall_ms);
		snprintf(out, size, "%s", clock);
		return;
	}
	when_put_speed(speed, sizeof speed, t->speed);
	if (step < 2)
		put_place(place, sizeof place, t);
	if (step < 3)
		put_clock(clock, t, step);
	snprintf(out, size, "%s %s%s%s%s",
	    t->mode == TIME_PAST ? "PAST" : "REPLAY",
	    t->paused ? "PAUSED" : t->at_end ? "END" : speed,
	    clock[0] != '\0' ? " " : "", clock, place);
}

void
timebar_status(char *out, size_t size, const struct ui *ui)
{
	out[0] = '\0';
	if (ui->time.mode != TIME_NOW && ui->time.seeking >= 0)
		snprintf(out, size, "Seeking %d%%. Esc: stay here.",
		    ui->time.seeking);
}
