/* The lines around a view: totals above, what is wrong or happened and the
 * keys below. The header gives up its parts as it gets narrow, from the right,
 * then the title and the clock, but never the trouble. */
#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "core/jobs.h"
#include "core/utf8.h"
#include "tui/alarms.h"
#include "tui/input.h"
#include "tui/rows.h"
#include "tui/text.h"
#include "tui/timebar.h"
#include "tui/view.h"

/* Draws one part when there is room, and moves on. */
static bool
part(struct canvas *c, struct rect *r, unsigned style, const char *text)
{
	int w = utf8_columns(text);

	if (w == 0)
		return true;
	if (w + 1 > r->w)
		return false;
	canvas_text(c, r->x, r->y, w, style, text);
	r->x += w + 2;
	r->w -= w + 2;
	return true;
}

static void
modes(char *out, size_t size, const struct frame *f)
{
	snprintf(out, size, "%s%s", f->read_only ? "read-only " : "",
	    f->ui->flat ? "list " : "");
	if (out[0] != '\0')
		out[strlen(out) - 1] = '\0';
}

/* Those kinds of trouble that have a word of their own here. */
static const struct {
	enum alarm_kind alarm;
	const char *mark, *what;
	enum style style;
} named[] = {
	{ ALARM_VM_TWICE, "!! ", "TWICE", STYLE_ALARM },
	{ ALARM_VM_CRASHED, "!! ", "CRASHED", STYLE_ALARM },
	{ ALARM_VM_MAYBE, "! ", "TWICE?", STYLE_HEADER_WARN },
	{ ALARM_VM_NAME, "! ", "SAME NAME", STYLE_HEADER_WARN },
};

enum { NAMED = sizeof named / sizeof named[0], NAMED_BAD = 2 };

/* What somebody took care of is told, but does not shout. */
static size_t
named_trouble(struct header_trouble *t, const struct frame *f, size_t i)
{
	const size_t n[NAMED] = {
		model_nconflicts(f->model, CONFLICT_UUID),
		f->rows->all.crashed,
		model_nconflicts(f->model, CONFLICT_MAYBE),
		model_nconflicts(f->model, CONFLICT_NAME),
	};
	bool known = f->alarms != NULL &&
	    alarms_count_kind(f->alarms, named[i].alarm).known >= n[i];

	if (n[i] == 0)
		return 0;
	snprintf(t->text, sizeof t->text, "%s%zu %s",
	    known ? "" : named[i].mark, n[i], named[i].what);
	t->style = known ? STYLE_HEADER : named[i].style;
	return 1;
}

/* All other alarms together. */
static struct alarm_kind_counts
count_others(const struct frame *f, enum note_level level)
{
	struct alarm_kind_counts all = { 0 };

	for (unsigned k = 0; f->alarms != NULL && k < ALARM_NKINDS; k++) {
		struct alarm_kind_counts n = alarms_count_kind(f->alarms, k);
		size_t i = 0;

		while (i < NAMED && named[i].alarm != k)
			i++;
		if (i < NAMED)
			continue;
		all.known += n.known;
		all.loud[level] += n.loud[level];
	}
	return all;
}

static size_t
other_trouble(struct header_trouble *t, const struct frame *f,
    enum note_level level)
{
	struct alarm_kind_counts n = count_others(f, level);
	size_t loud = n.loud[level];

	if (loud == 0 && (level == NOTE_ALARM || n.known == 0))
		return 0;
	if (loud == 0)
		snprintf(t->text, sizeof t->text, "%zu known", n.known);
	else
		snprintf(t->text, sizeof t->text, "%s %zu %s%s",
		    level == NOTE_ALARM ? "!!" : "!", loud,
		    level == NOTE_ALARM ? "ALARM" : "WARNING",
		    loud == 1 ? "" : "S");
	t->style = loud == 0 ? STYLE_HEADER : level == NOTE_ALARM ?
	    STYLE_ALARM : STYLE_HEADER_WARN;
	return 1;
}

size_t
header_troubles(struct header_trouble t[HEADER_TROUBLES],
    const struct frame *f)
{
	size_t n = 0;

	for (size_t i = 0; i < NAMED_BAD; i++)
		n += named_trouble(&t[n], f, i);
	n += other_trouble(&t[n], f, NOTE_ALARM);
	for (size_t i = NAMED_BAD; i < NAMED; i++)
		n += named_trouble(&t[n], f, i);
	n += other_trouble(&t[n], f, NOTE_WARNING);
	if (f->ui->time.news > 0) {
		snprintf(t[n].text, sizeof t[n].text, "! %u NEW NOW",
		    f->ui->time.news);
		t[n++].style = STYLE_HEADER_WARN;
	}
	return n;
}

/* Whether all of them have room. */
static bool
totals(struct canvas *c, struct rect *r, const struct sum *s)
{
	char text[96], a[TEXT_MAX];
	bool all = true;

	if (s->unsure > 0)
		snprintf(text, sizeof text, "VMs %u+%u?/%u", s->running,
		    s->unsure, s->vms);
	else
		snprintf(text, sizeof text, "VMs %u/%u", s->running, s->vms);
	all &= part(c, r, STYLE_HEADER, text);
	if (s->cpus > 0) {
		text_percent(a, s->cpu_pm / s->cpus);
		snprintf(text, sizeof text, "CPU %s%%", a);
		all &= part(c, r, STYLE_HEADER, text);
	}
	if (s->mem_kb > 0) {
		text_of(a, s->used_kb, s->mem_kb);
		snprintf(text, sizeof text, "Mem %s", a);
		all &= part(c, r, STYLE_HEADER, text);
	}
	return all;
}

/* What wide screens have room for, named as in the columns. */
static void
more_totals(struct canvas *c, struct rect *r, const struct sum *s)
{
	char text[96], a[TEXT_MAX], b[TEXT_MAX];

	snprintf(text, sizeof text, "vCPUs %u", s->vcpus);
	part(c, r, STYLE_HEADER, text);
	text_rate(a, s->net_rx);
	text_rate(b, s->net_tx);
	snprintf(text, sizeof text, "rx %s tx %s", a + strspn(a, " "),
	    b + strspn(b, " "));
	part(c, r, STYLE_HEADER, text);
	text_rate(a, s->disk_rd);
	text_rate(b, s->disk_wr);
	snprintf(text, sizeof text, "rd %s wr %s", a + strspn(a, " "),
	    b + strspn(b, " "));
	part(c, r, STYLE_HEADER, text);
}

/* The parts that compete for the room of a narrow screen. */
struct head {
	const char *title;
	char marks[48], hosts[48], right[96], jobs[32];
};

/* How many are marked, and how many of them one does not see. */
static void
marks_text(char *out, size_t size, const struct frame *f, bool brief)
{
	const struct marks *k = &f->ui->marks;
	struct marks shown = { 0 };

	out[0] = '\0';
	if (k->n == 0)
		return;
	for (size_t i = 0; i < f->rows->n; i++)
		if (f->rows->v[i].id.kind == ROW_VM &&
		    marks_has(k, f->rows->v[i].id.id))
			marks_set(&shown, f->rows->v[i].id.id, true);
	if (shown.n == k->n || brief)
		snprintf(out, size, "%zu marked", k->n);
	else
		snprintf(out, size, "%zu marked, %zu not shown", k->n,
		    k->n - shown.n);
	marks_free(&shown);
}

static void
jobs_text(char *out, size_t size, const struct frame *f)
{
	size_t n = f->jobs != NULL ? jobs_running(f->jobs) : 0;

	out[0] = '\0';
	if (n > 0)
		snprintf(out, size, "%zu job%s", n, n == 1 ? "" : "s");
}

/* With each step less is left of what is no trouble. */
static void
make_head(struct head *h, const struct frame *f, int step)
{
	const struct sum *s = &f->rows->all;

	h->title = step > 0 ? "" : f->title != NULL ? f->title :
	    f->demo ? "xendeck demo" : "xendeck";
	marks_text(h->marks, sizeof h->marks, f, step > 1);
	jobs_text(h->jobs, sizeof h->jobs, f);
	snprintf(h->hosts, sizeof h->hosts, step < 2 ? "hosts %u/%u" :
	    "%u/%u", s->live, s->hosts);
	timebar_label(h->right, sizeof h->right, f, step);
}

static int
head_width(const struct head *h, const struct header_trouble *t, size_t n)
{
	int title = utf8_columns(h->title);
	int w = 2 + (int)strlen(h->hosts) + (int)strlen(h->right);

	w += title > 0 ? title + 2 : 0;
	w += h->marks[0] != '\0' ? (int)strlen(h->marks) + 2 : 0;
	w += h->jobs[0] != '\0' ? (int)strlen(h->jobs) + 2 : 0;
	w += h->right[0] != '\0' ? 2 : 0;
	for (size_t i = 0; i < n; i++)
		w += (int)strlen(t[i].text) + 2;
	return w;
}

void
header_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct sum *s = &f->rows->all;
	struct header_trouble t[HEADER_TROUBLES];
	size_t n = header_troubles(t, f);
	struct head h;
	char text[32];
	bool all;

	for (int step = 0; step < 4; step++) {
		make_head(&h, f, step);
		if (head_width(&h, t, n) <= r.w)
			break;
	}
	canvas_fill(c, r, STYLE_HEADER, ' ');
	canvas_right(c, r.x, r.y, r.w - 1,
	    f->ui->time.mode != TIME_NOW ? STYLE_HEADER_WARN : STYLE_HEADER,
	    h.right);
	r.w -= (int)strlen(h.right) + (h.right[0] != '\0' ? 3 : 1);
	r.x++;
	part(c, &r, STYLE_HEADER, h.title);
	for (size_t i = 0; i < n; i++)
		part(c, &r, t[i].style, t[i].text);
	part(c, &r, STYLE_HEADER_WARN, h.jobs);
	part(c, &r, STYLE_HEADER, h.marks);
	part(c, &r, s->live == s->hosts ? STYLE_HEADER : STYLE_HEADER_WARN,
	    h.hosts);
	all = totals(c, &r, s);
	modes(text, sizeof text, f);
	if (part(c, &r, STYLE_HEADER, text) && all)
		more_totals(c, &r, s);
}

/* --- Status ---------------------------------------------------------------------- */

enum { ROOM_FOUND = 10 }; /* for how many were found, at the least */

static bool
filter_line(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct ui *ui = f->ui;
	int used;

	if (!ui->filter_typing && ui->filter.n == 0)
		return false;
	canvas_fill(c, r, STYLE_INPUT, ' ');
	used = canvas_text(c, r.x, r.y, r.w, STYLE_INPUT,
	    ui->filter_typing ? "/" : "filter: ");
	if (ui->filter_typing)
		used += lineedit_draw(&ui->line, c, (struct rect){ r.x + used,
		    r.y, r.w - used - ROOM_FOUND, 1 }, STYLE_INPUT);
	else
		used += canvas_text(c, r.x + used, r.y,
		    r.w - used - ROOM_FOUND, STYLE_INPUT, ui->filter_text);
	used += canvas_printf(c, r.x + used + 2, r.y, r.w - used - 3,
	    STYLE_INPUT, "%zu VM%s", f->rows->matches,
	    f->rows->matches == 1 ? "" : "s");
	if (ui->msg[0] != '\0')
		canvas_printf(c, r.x + used + 2, r.y, r.w - used - 3,
		    ui->msg_style, "; %s", ui->msg);
	else if (ui->filter.note[0] != '\0')
		canvas_printf(c, r.x + used + 2, r.y, r.w - used - 3,
		    ui->filter.waits ? STYLE_INPUT : STYLE_WARN, "; %s",
		    ui->filter.note);
	else
		canvas_text(c, r.x + used + 2, r.y, r.w - used - 3,
		    STYLE_INPUT, ", Esc shows all");
	return true;
}

/* How long a warning is in front of what else the line could say, and how long
 * it looks like one. */
enum { FRESH_MS = 30000, LOUD_MS = 180000 };

/* What went wrong just now: the newest alarm, else the newest warning. */
static const struct log_entry *
fresh_trouble(const struct frame *f)
{
	const struct log_entry *e, *found = NULL;

	for (size_t i = 0; (e = model_log(f->model, i)) != NULL; i++) {
		int64_t age = f->wall_ms - e->wall_ms;

		/* A wall clock may have been set back. */
		if (e->level == NOTE_INFO || age >= FRESH_MS ||
		    age <= -FRESH_MS)
			continue;
		if (found == NULL || e->level > found->level)
			found = e;
	}
	return found;
}

static void
draw_event(struct canvas *c, struct rect r, const struct frame *f,
    const struct log_entry *e)
{
	enum style style = STYLE_STATUS;
	char when[TEXT_MAX];
	int used;

	if (e == NULL)
		return;
	if (f->wall_ms - e->wall_ms < LOUD_MS)
		style = e->level == NOTE_ALARM ? STYLE_ALARM :
		    e->level == NOTE_WARNING ? STYLE_WARN : STYLE_STATUS;
	text_when(when, e->wall_ms, f->wall_ms);
	used = canvas_printf(c, r.x + 1, r.y, r.w - 1, STYLE_STATUS, "%s ",
	    when);
	canvas_text(c, r.x + 1 + used, r.y, r.w - 1 - used, style, e->text);
}

/* A host that is fine but for a note. */
static bool
mere_note(const struct frame *f, struct row_id id)
{
	return (id.kind == ROW_HOST || id.kind == ROW_DOM0) &&
	    id.id < model_nhosts(f->model) &&
	    model_host(f->model, id.id)->health == HOST_LIVE;
}

static void
status_line(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct log_entry *fresh = fresh_trouble(f);
	char text[1600];

	if (f->ui->layer[f->ui->nlayers - 1].view == VIEW_ALARMS &&
	    alarms_status(f, text, sizeof text))
		canvas_text(c, r.x + 1, r.y, r.w - 2, STYLE_STATUS, text);
	else if (fresh != NULL && f->ui->filter.n > 0)
		draw_event(c, r, f, fresh);
	else if (filter_line(c, r, f))
		return;
	else if (trouble_sentence(f, f->ui->sel, text, sizeof text) &&
	    (fresh == NULL || !mere_note(f, f->ui->sel)))
		canvas_text(c, r.x + 1, r.y, r.w - 2, STYLE_WARN, text);
	else
		draw_event(c, r, f, fresh != NULL ? fresh :
		    model_log(f->model, 0));
}

void
status_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	const struct ui *ui = f->ui;
	char under_way[64];

	canvas_fill(c, r, STYLE_STATUS, ' ');
	timebar_status(under_way, sizeof under_way, ui);
	if (ui->filter_typing)
		filter_line(c, r, f);
	else if (under_way[0] != '\0')
		canvas_text(c, r.x + 1, r.y, r.w - 2, STYLE_STATUS, under_way);
	else if (ui->msg[0] != '\0') /* app_tick takes it away */
		canvas_text(c, r.x + 1, r.y, r.w - 2, ui->msg_style, ui->msg);
	else
		status_line(c, r, f);
}
