/* The wall screen as a whole: totals and clock above, what is wrong in words,
 * the hosts as tiles, what happened last. It must never lie by standing still:
 * a glyph and the seconds move, figures say how old they are, and when nobody
 * has said anything for a while the screen says that and nothing else. */
#include "tui/wall.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/big.h"
#include "tui/text.h"
#include "tui/wall_int.h"

void
wall_init(struct wall *w, const struct model *m, const struct alarms *a,
    struct mono now)
{
	*w = (struct wall){ .model = m, .alarms = a, .w = 80, .h = 24,
		.now = now, .started = now, .page_ms = WALL_PAGE_MS };
	w->turn = mono_add_ms(now, w->page_ms);
}

void
wall_resize(struct wall *w, int width, int height)
{
	w->w = width;
	w->h = height;
}

/* How long nobody may have said anything. */
static int64_t
silence_ms(const struct model *m)
{
	const struct conf *c = model_conf(m);
	int64_t ms = 3 * (int64_t)c->refresh_ms;

	return ms > c->stale_ms ? ms : c->stale_ms;
}

static size_t
count_bad(const struct wall_view *v)
{
	size_t n = 0;

	while (n < v->nhosts && v->hosts[n].rank >= 2)
		n++;
	return n;
}

void
wall_tick(struct wall *w, struct mono now, int64_t wall_ms)
{
	struct wall_layout l;
	struct wall_view v;
	size_t pages;

	w->now = now;
	w->wall_ms = wall_ms;
	wall_lay_out(&l, w);
	wall_look(&v, w);
	pages = wall_grid(l.tiles, v.nhosts, count_bad(&v)).pages;
	wall_view_free(&v);
	if (mono_reached(w->turn, now)) {
		w->page++;
		w->turn = mono_add_ms(now, w->page_ms);
	}
	if (w->page >= pages)
		w->page = 0;
}

/* --- Bands -------------------------------------------------------------------------- */

static void
draw_clusters(struct canvas *c, struct rect r, const struct wall *w,
    const struct wall_view *v)
{
	for (size_t i = 0; i < v->nclusters && (int)i < r.h; i++) {
		const struct wall_sum *s = &v->clusters[i];
		int y = r.y + (int)i, name = r.w / 5;
		char text[160];

		if ((int)i + 1 == r.h && i + 1 < v->nclusters) {
			canvas_printf(c, r.x + 1, y, r.w - 2, STYLE_FAINT,
			    "and %zu more clusters", v->nclusters - i);
			return;
		}
		wall_totals(text, sizeof text, s);
		canvas_text(c, r.x + 1, y, name - 1, STYLE_CLUSTER,
		    model_conf(w->model)->clusters[i].name);
		canvas_text(c, r.x + 1 + name, y, r.w - name - 2,
		    s->live == s->hosts ? STYLE_NORMAL : STYLE_WARN, text);
		if (s->crashed > 0)
			canvas_printf(c, r.x + 2 + name + (int)strlen(text), y,
			    r.w - name - (int)strlen(text) - 3, STYLE_ALARM,
			    " %u CRASHED", s->crashed);
	}
}

static void
draw_alarm(struct canvas *c, struct rect r, int y, const struct wall *w,
    const struct alarm *x)
{
	enum style style = x->level == NOTE_ALARM ? STYLE_ALARM : STYLE_WARN;
	char text[700], age[TEXT_MAX];
	int used;

	text_uptime(age, mono_diff_ms(w->now, x->since) / 1000);
	canvas_right(c, r.x, y, 7, STYLE_NORMAL, age);
	used = canvas_printf(c, r.x + 8, y, r.w - 8, style, "%s %s",
	    x->level == NOTE_ALARM ? "!!" : "! ", alarm_word(x->kind));
	used = used < 14 ? 14 : used;
	alarm_sentence(x, text, sizeof text);
	canvas_text(c, r.x + 9 + used, y, r.w - 10 - used, STYLE_NORMAL,
	    text);
}

/* The worst one in letters that are read from across the room; returns the
 * lines it took. */
static int
draw_worst(struct canvas *c, struct rect r, const struct alarm *x)
{
	int scale = r.h >= 16 ? 2 : 1;
	char text[400];

	snprintf(text, sizeof text, "%s %s", x->name, alarm_word(x->kind));
	if (r.h < 9 || !big_can(text))
		return 0;
	if (big_width(text, scale) + 4 > r.w)
		scale = 1;
	if (big_width(text, scale) + 4 > r.w)
		return 0;
	big_text(c, r.x + 1, r.y + 1, scale, x->level == NOTE_ALARM ?
	    STYLE_HIGH : STYLE_WARN, text);
	return BIG_ROWS * scale + 2;
}

static void
draw_alarms(struct canvas *c, struct rect r, const struct wall *w,
    const struct wall_view *v)
{
	size_t room, shown;
	int taken;

	if (v->nalarms == 0) {
		if (r.h >= 8 && r.w >= 100)
			big_text(c, r.x + 2, r.y + 1, 1, STYLE_GOOD,
			    "NO ALARM");
		else
			canvas_text(c, r.x + 1, r.y, r.w - 2, STYLE_GOOD,
			    "No alarm.");
		return;
	}
	taken = draw_worst(c, r, v->alarms[0]);
	r.y += taken;
	r.h -= taken;
	room = r.h > 0 ? (size_t)r.h : 0;
	if (room == 1 && v->nalarms > 1) {
		int used = canvas_printf(c, r.x, r.y, r.w, STYLE_HEADER_WARN,
		    " +%zu ", v->nalarms - 1 +
		    alarms_count(w->alarms).untold);

		r.x += used + 1;
		r.w -= used + 1;
	}
	shown = v->nalarms <= room ? v->nalarms : room > 1 ? room - 1 : 1;
	for (size_t i = 0; i < shown && i < room; i++)
		draw_alarm(c, r, r.y + (int)i, w, v->alarms[i]);
	if (shown < v->nalarms && room > 1)
		canvas_printf(c, r.x + 8, r.y + r.h - 1, r.w - 8,
		    STYLE_HEADER_WARN, " and %zu more alarms ",
		    v->nalarms - shown + alarms_count(w->alarms).untold);
}

static void
draw_events(struct canvas *c, struct rect r, const struct wall *w)
{
	static const char *const marks[] = { "  ", "! ", "!!" };
	static const enum style styles[] = { STYLE_FAINT, STYLE_WARN,
		STYLE_HIGH };
	const struct log_entry *e;

	for (int i = 0; i < r.h &&
	     (e = model_log(w->model, (size_t)i)) != NULL; i++) {
		char when[TEXT_MAX];

		text_when(when, e->wall_ms, w->wall_ms);
		canvas_printf(c, r.x + 1, r.y + i, r.w - 2, styles[e->level],
		    "%-11s %s %s", when, marks[e->level], e->text);
	}
}

/* --- Tiles --------------------------------------------------------------------------- */

/* The host in a slot of the page, or NULL: the pinned ones come first. */
static const struct wall_host *
in_slot(const struct wall_view *v, const struct wall_grid *g, size_t page,
    size_t slot)
{
	size_t slots = (size_t)(g->columns * g->rows);
	size_t i = slot < g->pinned ? slot :
	    g->pinned + page * (slots - g->pinned) + (slot - g->pinned);

	return i < v->nhosts ? &v->hosts[i] : NULL;
}

static void
draw_tiles(struct canvas *c, struct rect r, const struct wall *w,
    const struct wall_view *v, const struct wall_grid *g)
{
	for (int i = 0; i < g->columns * g->rows; i++) {
		const struct wall_host *h = in_slot(v, g, w->page, (size_t)i);
		struct rect at = { r.x + i % g->columns * g->w,
			r.y + i / g->columns * g->h, g->w, g->h };
		struct rect old;

		if (h == NULL)
			break;
		if (g->size == WALL_SMALL) /* off the edge */
			at.x++, at.w--;
		old = canvas_clip(c, at);
		wall_tile(c, at, g->size, w, h);
		c->clip = old;
	}
}

static void
draw_footer(struct canvas *c, struct rect r, const struct wall *w,
    const struct wall_view *v, size_t pages)
{
	char age[TEXT_MAX];
	int used;

	canvas_fill(c, r, STYLE_STATUS, ' ');
	text_age(age, mono_diff_ms(w->now, v->newest));
	used = canvas_printf(c, r.x + 1, r.y, r.w - 2, STYLE_STATUS,
	    "%c newest figures %s old", wall_beat(w), age);
	if (pages > 1)
		canvas_printf(c, r.x + used + 4, r.y, r.w - used - 5,
		    STYLE_STATUS, "page %zu/%zu, the next in %llds",
		    w->page + 1, pages, (long long)(mono_diff_ms(w->turn,
		    w->now) + 999) / 1000);
	if (r.w >= 76)
		canvas_right(c, r.x, r.y, r.w - 1, STYLE_STATUS,
		    "read-only");
}

/* --- When there is nothing to show ----------------------------------------------------- */

/* Why each host says nothing, as far as there is room. */
static void
draw_reasons(struct canvas *c, struct rect r, const struct wall_view *v)
{
	for (size_t i = 0; i < v->nhosts && (int)i < r.h; i++) {
		const struct host *h = v->hosts[i].host;
		const char *why = h->reason != NULL ? h->reason :
		    h->link == LINK_IDLE ? "not tried yet" :
		    h->link == LINK_CONNECTING ? "is being tried" :
		    "is connected, but says nothing";

		canvas_printf(c, r.x + 2, r.y + (int)i, r.w - 4, STYLE_WARN,
		    "%s: %s", h->name, why);
	}
}

static void
draw_silence(struct canvas *c, const struct wall *w, const struct wall_view *v)
{
	int64_t ms = mono_diff_ms(w->now, v->any ? v->newest : w->started);
	int scale = c->w >= 300 && c->h >= 60 ? 2 : 1;
	const char *word = v->any ? "NO DATA" : "WAITING";
	char age[TEXT_MAX], clock[WALL_CLOCK];
	int y = 2;

	wall_clock(clock, w);
	canvas_fill(c, (struct rect){ 0, 0, c->w, 1 }, STYLE_HEADER_WARN, ' ');
	canvas_right(c, 0, 0, c->w - 1, STYLE_HEADER_WARN, clock);
	canvas_text(c, 1, 0, c->w - 14, STYLE_HEADER_WARN, v->any ?
	    "NO DATA: this is not how it is now" : "xendeck watch");
	if (c->h >= 16 && big_width(word, scale) + 4 <= c->w) {
		big_text(c, 2, y, scale, v->any ? STYLE_HIGH : STYLE_BUSY,
		    word);
		y += BIG_ROWS * scale + 1;
	}
	text_uptime(age, ms / 1000);
	canvas_printf(c, 2, y++, c->w - 4, v->any ? STYLE_ALARM : STYLE_NORMAL,
	    v->any ? "No host has said anything for %s." :
	    "No host has answered yet; %s since the start.", age);
	if (v->any)
		canvas_text(c, 2, y++, c->w - 4, STYLE_NORMAL,
		    "What runs is not known. Is it this machine's network?");
	y++;
	draw_reasons(c, (struct rect){ 0, y, c->w, c->h - y }, v);
}

/* --- All of it --------------------------------------------------------------------------- */

enum { LEAST_W = 24, LEAST_H = 4 };

static void
draw_tiny(struct canvas *c, const struct wall *w, const struct wall_view *v)
{
	struct alarm_counts n = alarms_count(w->alarms);
	char clock[WALL_CLOCK];

	wall_clock(clock, w);
	canvas_printf(c, 0, 0, c->w, n.active > 0 ? STYLE_ALARM : STYLE_GOOD,
	    "%zu!! %u/%u", n.active, v->all.live, v->all.hosts);
	canvas_text(c, 0, 1, c->w, STYLE_NORMAL, clock);
}

void
wall_draw(const struct wall *w, struct canvas *c)
{
	struct wall_layout l;
	struct wall_view v;
	struct wall_grid g;

	c->ascii = w->ascii;
	canvas_clear(c);
	wall_look(&v, w);
	wall_lay_out(&l, w);
	g = wall_grid(l.tiles, v.nhosts, count_bad(&v));
	if (c->w < LEAST_W || c->h < LEAST_H) {
		draw_tiny(c, w, &v);
	} else if (!v.any || mono_diff_ms(w->now, v.newest) >
	    silence_ms(w->model)) {
		draw_silence(c, w, &v);
	} else {
		wall_header(c, &l, w, &v);
		draw_clusters(c, l.clusters, w, &v);
		draw_alarms(c, l.alarms, w, &v);
		draw_tiles(c, l.tiles, w, &v, &g);
		draw_events(c, l.events, w);
		draw_footer(c, l.footer, w, &v, g.pages);
	}
	wall_view_free(&v);
}
