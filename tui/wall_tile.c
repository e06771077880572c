/* One host as a tile: its name and how it is, how busy and full it is, how many
 * VMs run on it, and the worst thing about it. A tile that is larger tells the
 * same larger, then adds. Old figures are grey and say how old they are; colour
 * says nothing that a word does not say too. */
#include "tui/wall_int.h"

#include <stdio.h>
#include <string.h>

#include "core/history.h"
#include "core/utf8.h"
#include "tui/big.h"
#include "tui/text.h"

/* Where the next line goes. */
struct pen {
	struct canvas *c;
	struct rect r; /* what is left of the tile */
	bool old;
};

static bool
line(struct pen *p, int h)
{
	if (p->r.h < h)
		return false;
	p->r.y += h;
	p->r.h -= h;
	return true;
}

/* --- Bars ---------------------------------------------------------------------- */

enum { LABEL_W = 4, FIGURE_W = 10 };

static enum style
level_style(int64_t part, int64_t whole)
{
	return whole <= 0 || part < 0 ? STYLE_FAINT :
	    part / 9 >= whole / 10 ? STYLE_HIGH :
	    part / 7 >= whole / 10 ? STYLE_MID : STYLE_LOW;
}

static void
draw_bar(struct canvas *c, struct rect r, unsigned style, const char *label,
    int64_t part, int64_t whole, const char *figure, bool old)
{
	int w = r.w - LABEL_W - FIGURE_W, full = 0;
	enum style bar = old ? STYLE_STALE : level_style(part, whole);

	canvas_text(c, r.x, r.y, LABEL_W, STYLE_LABEL, label);
	if (w > 0 && whole > 0 && part > 0) {
		full = part >= whole ? w : (int)((double)part * w /
		    (double)whole + 0.5);
		full = full < 1 ? 1 : full; /* whatever is not nothing shows */
	}
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = 0; x < w; x++)
			canvas_put(c, r.x + LABEL_W + x, y,
			    x < full ? bar : STYLE_FAINT,
			    x < full ? 0x2588 : 0xb7);
	canvas_right(c, r.x + r.w - FIGURE_W, r.y, FIGURE_W, style, figure);
}

static void
draw_bars(struct pen *p, const struct host *h, int thick)
{
	const struct obs_host *o = &h->facts;
	int64_t cpu = h->cpu_pm >= 0 && o->cpus > 0 ? h->cpu_pm / o->cpus : -1;
	int64_t used = o->mem_kb > 0 && o->free_kb >= 0 ?
	    o->mem_kb - o->free_kb : -1;
	unsigned style = p->old ? STYLE_STALE : STYLE_NORMAL;
	char figure[TEXT_MAX], pc[TEXT_MAX];
	struct rect r = { p->r.x, p->r.y, p->r.w, thick };

	if (!line(p, thick))
		return;
	text_percent(pc, cpu);
	snprintf(figure, sizeof figure, cpu >= 0 ? "%.10s%%" : "%.10s", pc);
	draw_bar(p->c, r, style, "CPU", cpu, 1000, figure, p->old);
	r.y = p->r.y;
	if (!line(p, thick))
		return;
	if (used >= 0)
		text_of(figure, used, o->mem_kb);
	else
		snprintf(figure, sizeof figure, "-");
	draw_bar(p->c, r, style, "MEM", used, o->mem_kb, figure, p->old);
}

/* --- Words ----------------------------------------------------------------------- */

static void
state_text(char *out, size_t size, const struct wall *w, const struct host *h,
    enum style *style)
{
	struct mono fine = h->seen ? h->last : h->trouble_since;
	char age[TEXT_MAX] = "";

	*style = STYLE_ALARM;
	if (h->health != HOST_LIVE && fine.ns != MONO_NEVER.ns)
		text_age(age, mono_diff_ms(w->now, fine));
	switch (h->health) {
	case HOST_LIVE:
		*style = STYLE_GOOD;
		snprintf(out, size, "live");
		return;
	case HOST_WAITING:
		*style = h->reason != NULL ? STYLE_WARN : STYLE_BUSY;
		snprintf(out, size, "waiting");
		return;
	case HOST_STALE:
		if (h->reason == NULL)
			*style = STYLE_WARN;
		snprintf(out, size, "%s %s", h->reason == NULL ? "stale" :
		    "DOWN", age);
		return;
	case HOST_DOWN:
		snprintf(out, size, "DOWN %s", age);
		return;
	case HOST_REFUSED:
		snprintf(out, size, "REFUSED");
		return;
	}
}

static void
vms_text(char *out, size_t size, const struct wall_sum *s)
{
	size_t n = (size_t)snprintf(out, size, "%u VM%s", s->running,
	    s->running == 1 ? "" : "s");

	if (s->unsure > 0 && n < size)
		n += (size_t)snprintf(out + n, size - n, " +%u?", s->unsure);
	if (s->crashed > 0 && n < size)
		snprintf(out + n, size - n, ", %u CRASHED", s->crashed);
}

/* What is worst about it, shortly: the tile tells the host's name already. */
static bool
worst_text(char *out, size_t size, const struct wall_host *h,
    enum style *style)
{
	const struct alarm *x = h->alarm;

	if (x == NULL) {
		const char *why = h->host->health == HOST_LIVE ? NULL :
		    h->host->reason;

		*style = STYLE_WARN;
		if (why != NULL)
			snprintf(out, size, "%s", why);
		return why != NULL;
	}
	*style = x->level == NOTE_ALARM ? STYLE_ALARM : STYLE_WARN;
	if (x->vm != MODEL_NONE)
		snprintf(out, size, "%s %s %s", x->level == NOTE_ALARM ? "!!" :
		    "!", alarm_word(x->kind), x->name);
	else if (alarm_has_percent(x->kind))
		snprintf(out, size, "! %s %d%%, limit %d%%",
		    alarm_word(x->kind), (int)(x->last / 10),
		    (int)(x->limit / 10));
	else
		snprintf(out, size, "!! %s%s%s", alarm_word(x->kind),
		    x->why != NULL ? ": " : "", x->why != NULL ? x->why : "");
	return true;
}

/* --- Lines ------------------------------------------------------------------------ */

/* The name as large as there is room, the state at its right end. */
static void
draw_head(struct pen *p, const struct wall *w, const struct wall_host *h)
{
	enum style style, name = h->rank >= 3 ? STYLE_ALARM : p->old ?
	    STYLE_STALE : STYLE_HOST;
	char state[64];
	int sw;

	state_text(state, sizeof state, w, h->host, &style);
	sw = utf8_columns(state);
	if (h->rank == 3)
		name = STYLE_WARN;
	if (p->r.h >= 15 && big_can(h->host->name) &&
	    big_width(h->host->name, 1) + sw + 2 <= p->r.w) {
		big_text(p->c, p->r.x, p->r.y, 1, name == STYLE_ALARM ?
		    STYLE_HIGH : name, h->host->name);
		canvas_right(p->c, p->r.x, p->r.y, p->r.w, style, state);
		line(p, BIG_ROWS + 1);
		return;
	}
	canvas_text(p->c, p->r.x, p->r.y, p->r.w - sw - 1, name,
	    h->host->name);
	canvas_right(p->c, p->r.x, p->r.y, p->r.w, style, state);
	line(p, 1);
}

/* In as many lines as it takes, up to h. */
static void
draw_wrapped(struct pen *p, int h, unsigned style, const char *text)
{
	const char *s = text;

	for (int i = 0; i < h && *s != '\0' && p->r.h > 0; i++) {
		size_t n = strlen(s), fit = 0, at = 0, step, brk = 0;
		uint32_t cp;
		int used = 0;

		while ((step = utf8_decode(&cp, s + at, n - at)) != 0) {
			int k = utf8_width(cp);

			if (used + (k > 0 ? k : 0) > p->r.w)
				break;
			used += k > 0 ? k : 0;
			at += step;
			if (s[at] == ' ' || s[at] == '\0')
				brk = at;
		}
		fit = s[at] == '\0' ? at : brk > 0 ? brk : at;
		if (fit == 0)
			return;
		if (i + 1 == h || p->r.h == 1)
			canvas_text(p->c, p->r.x, p->r.y, p->r.w, style, s);
		else
			canvas_printf(p->c, p->r.x, p->r.y, p->r.w, style,
			    "%.*s", (int)fit, s);
		s += fit;
		s += strspn(s, " ");
		line(p, 1);
	}
}

static void
draw_history(struct pen *p, const struct host *h)
{
	int n = p->r.w - LABEL_W;

	if (p->r.h < 4)
		return;
	canvas_text(p->c, p->r.x, p->r.y, LABEL_W, STYLE_LABEL, "was");
	for (int i = 0; i < n; i++) {
		uint32_t v = i < HISTORY_LEN ? history_get(&h->cpu,
		    (size_t)i) : HISTORY_GAP;

		for (int k = 0; k < 2 && v != HISTORY_GAP; k++)
			canvas_put(p->c, p->r.x + p->r.w - 1 - i,
			    p->r.y + 1 - k, p->old ? STYLE_STALE :
			    level_style(v, 1000),
			    text_spark((int64_t)v - 500 * k, 500));
	}
	line(p, 3);
}

static void
draw_facts(struct pen *p, const struct wall *w, const struct host *h)
{
	const struct obs_host *o = &h->facts;
	char up[TEXT_MAX], load[32] = "-";

	if (p->r.h < 1 || !h->seen)
		return;
	text_uptime(up, o->uptime_s);
	if (o->load_pm >= 0)
		snprintf(load, sizeof load, "%d.%02d", o->load_pm / 1000,
		    o->load_pm % 1000 / 10);
	canvas_printf(p->c, p->r.x, p->r.y, p->r.w, STYLE_FAINT,
	    "up %s  load %s  %s", up, load,
	    model_conf(w->model)->clusters[h->cluster].name);
	line(p, 1);
}

void
wall_tile(struct canvas *c, struct rect r, enum wall_size size,
    const struct wall *w, const struct wall_host *h)
{
	struct pen p = { .c = c, .old = h->host->health != HOST_LIVE };
	int thick = size == WALL_HUGE && r.h >= 22 ? 2 : 1;
	enum style style;
	char text[600];

	r.w--; /* the gap */
	p.r = r;
	if (size == WALL_SMALL) {
		p.r.h--;
	} else {
		canvas_box(c, r, h->rank >= 3 ? STYLE_HIGH : STYLE_BOX, NULL);
		p.r = (struct rect){ r.x + 2, r.y + 1, r.w - 4, r.h - 2 };
	}
	draw_head(&p, w, h);
	if (h->host->seen) {
		draw_bars(&p, h->host, thick);
		vms_text(text, sizeof text, &h->sum);
		/* Where one line is left, what is wrong says more. */
		if (p.r.h > 1 || h->alarm == NULL) {
			canvas_text(c, p.r.x, p.r.y, p.r.w, p.old ?
			    STYLE_STALE : STYLE_NORMAL, text);
			line(&p, 1);
		}
	}
	if (worst_text(text, sizeof text, h, &style))
		draw_wrapped(&p, size >= WALL_LARGE ? 3 : 1, style, text);
	if (size >= WALL_LARGE && h->host->seen) {
		if (p.r.h > 6)
			line(&p, 1);
		draw_history(&p, h->host);
		draw_facts(&p, w, h->host);
		if (p.r.h > 2)
			line(&p, 1);
		if (p.r.h >= 2)
			wall_vms(c, p.r, h);
	}
}
