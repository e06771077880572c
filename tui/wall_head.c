/* The head of the wall: totals, and the clock and the glyph that prove that it is
 * alive; in letters of blocks where there is room. */
#include <stdio.h>
#include <string.h>

#include "tui/big.h"
#include "tui/text.h"
#include "tui/wall_int.h"

/* ASCII, so that it turns everywhere. */
char
wall_beat(const struct wall *w)
{
	return "|/-\\"[(uint64_t)w->wall_ms / 1000 % 4];
}

void
wall_clock(char out[WALL_CLOCK], const struct wall *w)
{
	char clock[TEXT_MAX];

	text_clock(clock, w->wall_ms);
	snprintf(out, WALL_CLOCK, "%c %s", wall_beat(w), clock);
}

static void
title(char *out, size_t size, const struct wall *w)
{
	const struct conf *c = model_conf(w->model);

	snprintf(out, size, "%s", w->demo ? "demo" : c->nclusters == 1 ?
	    c->clusters[0].name : "xendeck watch");
}

void
wall_totals(char *out, size_t size, const struct wall_sum *s)
{
	char cpu[TEXT_MAX] = "-", mem[TEXT_MAX] = "-", vms[64];

	if (s->cpus > 0)
		text_percent(cpu, s->cpu_pm / s->cpus);
	if (s->mem_kb > 0)
		text_of(mem, s->used_kb, s->mem_kb);
	snprintf(vms, sizeof vms, s->unsure > 0 ? "%u+%u?" : "%u", s->running,
	    s->unsure);
	snprintf(out, size, "hosts %u/%u  VMs %s  CPU %s%s  Mem %s", s->live,
	    s->hosts, vms, cpu, s->cpus > 0 ? "%" : "", mem);
}

static void
draw_header(struct canvas *c, struct rect r, const struct wall *w,
    const struct wall_view *v)
{
	char clock[WALL_CLOCK], text[160];
	int used;

	wall_clock(clock, w);
	canvas_fill(c, r, STYLE_HEADER, ' ');
	canvas_right(c, r.x, r.y, r.w - 1, STYLE_HEADER, clock);
	r.w -= (int)strlen(clock) + 2;
	title(text, sizeof text, w);
	used = canvas_text(c, r.x + 1, r.y, r.w > 50 ? r.w - 50 : 0,
	    STYLE_HEADER, text);
	wall_totals(text, sizeof text, &v->all);
	canvas_text(c, r.x + 1 + used + (used > 0 ? 2 : 0), r.y,
	    r.w - used - 3, v->all.live == v->all.hosts ? STYLE_HEADER :
	    STYLE_HEADER_WARN, text);
}

static int
big_item(struct canvas *c, int x, int y, int scale, unsigned style,
    const char *label, const char *value)
{
	int w = big_width(value, scale);

	big_text(c, x, y, scale, style, value);
	canvas_text(c, x, y + BIG_ROWS * scale, w > 8 ? w : 8, STYLE_LABEL,
	    label);
	return x + (w > 8 ? w : 8) + 6 * scale;
}

static void
draw_big_header(struct canvas *c, const struct wall_layout *l,
    const struct wall *w, const struct wall_view *v)
{
	struct rect r = l->header;
	struct alarm_counts n = alarms_count(w->alarms);
	size_t loud = n.loud[NOTE_ALARM] + n.loud[NOTE_WARNING];
	char text[TEXT_MAX + 16];
	int x = r.x + 1, y = r.y + 1, end;

	draw_header(c, (struct rect){ r.x, r.y, r.w, 1 }, w, v);
	y++;
	text_clock(text, w->wall_ms);
	end = r.x + r.w - big_width(text, l->big) - 2;
	big_text(c, end, y, l->big, STYLE_HOST, text);
	snprintf(text, sizeof text, "%zu", loud);
	x = big_item(c, x, y, l->big, n.loud[NOTE_ALARM] > 0 ? STYLE_HIGH :
	    loud > 0 ? STYLE_WARN : STYLE_GOOD, loud == 1 ? "alarm" :
	    loud == 0 ? "no alarm" : "alarms", text);
	snprintf(text, sizeof text, "%u/%u", v->all.live, v->all.hosts);
	x = big_item(c, x, y, l->big, v->all.live == v->all.hosts ?
	    STYLE_GOOD : STYLE_WARN, "hosts live", text);
	snprintf(text, sizeof text, "%u", v->all.running);
	if (x + big_width(text, l->big) < end)
		x = big_item(c, x, y, l->big, STYLE_HOST, "VMs run", text);
	snprintf(text, sizeof text, "%d%%", v->all.cpus > 0 ?
	    (int)(v->all.cpu_pm / v->all.cpus + 5) / 10 : 0);
	if (x + big_width(text, l->big) < end && v->all.cpus > 0)
		x = big_item(c, x, y, l->big, STYLE_HOST, "CPU", text);
	snprintf(text, sizeof text, "%d%%", v->all.mem_kb > 0 ?
	    (int)(v->all.used_kb * 100 / v->all.mem_kb) : 0);
	if (x + big_width(text, l->big) < end && v->all.mem_kb > 0)
		big_item(c, x, y, l->big, STYLE_HOST, "memory", text);
}

void
wall_header(struct canvas *c, const struct wall_layout *l,
    const struct wall *w, const struct wall_view *v)
{
	if (l->big > 0)
		draw_big_header(c, l, w, v);
	else
		draw_header(c, l->header, w, v);
}
