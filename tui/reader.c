/* The screen for a screen reader (htop's issue 905 tells what is wanted). A
 * reader speaks whatever changes, so nothing changes but by a key or for an
 * event: the body is kept as it was when the last key was handled, the last
 * line tells new events and answers, and there is no clock. Only the selected
 * row tells figures. Views that are drawn with columns, boxes and graphs are
 * drawn unseen and turned into words with commas between them, so that each
 * view has its reader's form. */
#include "tui/reader.h"

#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/utf8.h"
#include "tui/app.h"
#include "tui/layout.h"
#include "tui/menu.h"
#include "tui/timebar.h"
#include "tui/view.h"
#include "tui/words_row.h"

enum { LINE_MAX_BYTES = 4096 };

void
reader_free(struct reader *r)
{
	canvas_free(&r->body);
}

void
reader_set(struct app *a, bool on)
{
	const struct log_entry *e = model_log(a->model, 0);

	a->ui.reader = on;
	a->reader.old = true;
	a->reader.told = e != NULL ? e->seq : 0;
	snprintf(a->reader.say, sizeof a->reader.say, "%s",
	    on ? "Screen-reader mode. Question mark for help." : "");
	app_resize(a, a->w, a->h);
}

void
reader_touch(struct app *a, bool key)
{
	a->reader.old = true;
	a->reader.in_use |= key;
}

/* --- Words out of what was drawn --------------------------------------------------- */

/* Lines, blocks and Braille: nothing that can be read. */
static bool
is_drawing(uint32_t cp)
{
	return (cp >= 0x2500 && cp <= 0x259f) || (cp >= 0x2800 && cp <= 0x28ff);
}

/* A line of a canvas: runs of blanks become commas. */
static void
line_words(const struct canvas *c, int y, char out[LINE_MAX_BYTES])
{
	int blanks = 2;
	size_t len = 0;

	for (int x = 0; x < c->w && len + 32 < LINE_MAX_BYTES; x++) {
		const struct cell *at = canvas_at(c, x, y);

		if (at->width == 0)
			continue;
		if (at->cp[0] == ' ' || is_drawing(at->cp[0])) {
			blanks += at->cp[0] == ' ' ? 1 : 2;
			continue;
		}
		if (len > 0 && blanks > 0)
			len += (size_t)snprintf(out + len, 4, "%s",
			    blanks == 1 || out[len - 1] == ',' ||
			    out[len - 1] == ':' ? " " : ", ");
		blanks = 0;
		for (int i = 0; i <= CELL_MARKS && at->cp[i] != 0; i++) {
			char enc[4];
			size_t n = utf8_encode(enc, at->cp[i]);

			memcpy(out + len, enc, n);
			len += n;
		}
	}
	out[len] = '\0';
}

/* Line by line from r of what was drawn into the body, from its line y on; the
 * cursor goes along. Empty lines stay where scrolling counts them. */
static void
copy_words(struct canvas *body, int y, const struct canvas *drawn,
    struct rect r, bool keep_empty)
{
	char text[LINE_MAX_BYTES];

	for (int i = 0; i < r.h && y < body->h; i++) {
		line_words(drawn, r.y + i, text);
		if (drawn->cursor_y == r.y + i) {
			body->cursor_y = y;
			body->cursor_x = 0;
		}
		if (text[0] == '\0' && !keep_empty)
			continue;
		canvas_text(body, 0, y++, body->w, STYLE_NORMAL, text);
	}
}

/* --- The body ------------------------------------------------------------------------ */

/* What every other screen has in its top line. */
static void
trouble_words(char *out, size_t size, const struct frame *f)
{
	struct header_trouble t[HEADER_TROUBLES];
	size_t n = header_troubles(t, f), len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < n && len < size; i++)
		len += (size_t)snprintf(out + len, size - len, ", %s",
		    t[i].text + strspn(t[i].text, "! "));
}

static void
home_words(struct canvas *c, const struct layout *l, const struct frame *f)
{
	const struct rows *rows = f->rows;
	size_t top = f->ui->top > 0 ? (size_t)f->ui->top : 0;
	char text[LINE_MAX_BYTES], moment[96] = "", trouble[320];
	bool now = f->ui->time.mode == TIME_NOW;

	/* A clock that goes on would be read out all the time. */
	if (!now)
		timebar_label(moment, sizeof moment, f,
		    f->ui->time.paused ? 2 : 3);
	trouble_words(trouble, sizeof trouble, f);
	canvas_printf(c, 0, l->titles.y, c->w, STYLE_NORMAL,
	    "%s%s%s%s%s, %zu line%s%s%s",
	    f->title != NULL ? f->title : "xendeck",
	    f->read_only ? ", read-only" : "", now ? "" : ", ", moment,
	    trouble, rows->n, rows->n == 1 ? "" : "s",
	    f->ui->filter.n > 0 ? ", filter " : "",
	    f->ui->filter.n > 0 ? f->ui->filter_text : "");
	c->cursor_y = l->body.y < c->h ? l->body.y : 0;
	for (size_t i = top; i < rows->n && i - top < (size_t)l->body.h; i++) {
		struct item it = row_item(f, &rows->v[i]);
		int y = l->body.y + (int)(i - top);
		bool selected = row_id_equal(rows->v[i].id, f->ui->sel);

		words_row(text, sizeof text, &it, selected);
		canvas_text(c, 0, y, c->w, STYLE_NORMAL, text);
		if (selected)
			c->cursor_y = y;
	}
	if (rows->n == 0)
		canvas_text(c, 0, l->body.y, c->w, STYLE_NORMAL,
		    f->ui->filter.n > 0 ? "Nothing fits the filter." :
		    "Nothing is known yet.");
}

static void
view_words(struct canvas *c, const struct layout *l, const struct frame *f,
    struct canvas *drawn)
{
	const struct layer *at = &f->ui->layer[f->ui->nlayers - 1];
	struct rect all = { 0, l->titles.y, c->w, l->titles.h + l->body.h };

	if (at->view == VIEW_HOME) {
		home_words(c, l, f);
		return;
	}
	view_draw(drawn, l, f);
	copy_words(c, 0, drawn, all, true);
}

static void
make_body(struct app *a)
{
	struct canvas *c = &a->reader.body, drawn;
	struct frame f = app_frame(a);
	struct layout l;

	canvas_resize(c, a->w, a->h > 1 ? a->h - 1 : 0);
	c->ascii = a->ascii;
	canvas_init(&drawn, a->w, a->h);
	layout_make(&l, &a->ui, a->w, a->h);
	if (a->ui.menu != MENU_NONE) {
		drawn.cursor_y = -1;
		menu_draw(&drawn, l.main, &f);
		copy_words(c, 0, &drawn, l.main, false);
	} else if (a->ui.act.stage != ACT_NONE) {
		drawn.cursor_y = -1;
		act_draw(&drawn, l.main, &f);
		copy_words(c, 0, &drawn, l.main, false);
	} else {
		view_words(c, &l, &f, &drawn);
	}
	canvas_free(&drawn);
	a->reader.old = false;
	a->reader.changed = true;
	a->reader.made = a->now;
}

/* --- The last line --------------------------------------------------------------------- */

static void
tell_events(struct app *a)
{
	const struct log_entry *e, *worst = NULL;
	struct reader *r = &a->reader;
	size_t n = 0;

	for (; (e = model_log(a->model, n)) != NULL && e->seq > r->told; n++)
		if (worst == NULL || e->level > worst->level)
			worst = e;
	if (worst == NULL)
		return;
	r->told = model_log(a->model, 0)->seq;
	r->changed = true;
	/* The hosts come in one after the other at the start. */
	r->old |= !r->in_use;
	n = n > 1 ? (size_t)snprintf(r->say, sizeof r->say, "%zu events, one: ",
	    n) : 0;
	snprintf(r->say + n, sizeof r->say - n, "%s%s",
	    worst->level == NOTE_ALARM ? "Alarm: " :
	    worst->level == NOTE_WARNING ? "Warning: " : "", worst->text);
}

static bool
refresh_due(const struct app *a, struct mono now)
{
	const struct reader *r = &a->reader;

	return r->refresh_ms > 0 &&
	    mono_reached(mono_add_ms(r->made, r->refresh_ms), now);
}

void
reader_tick(struct app *a)
{
	struct reader *r = &a->reader;

	/* A VM's console is its own screen, which a reader reads as such. */
	if (!a->ui.reader ||
	    a->ui.layer[a->ui.nlayers - 1].view == VIEW_VMCONSOLE)
		return;
	tell_events(a);
	if (a->ui.msg[0] != '\0') {
		snprintf(r->say, sizeof r->say, "%s", a->ui.msg);
		a->ui.msg[0] = '\0'; /* it stays until there is another */
		r->changed = true;
	}
	if (r->old || refresh_due(a, a->now) || r->body.w != a->w ||
	    r->body.ascii != a->ascii ||
	    r->body.h != (a->h > 1 ? a->h - 1 : 0))
		make_body(a);
}

bool
reader_due(const struct app *a, struct mono now)
{
	const struct log_entry *e = model_log(a->model, 0);

	return a->reader.old || a->reader.changed || a->ui.msg[0] != '\0' ||
	    (e != NULL && e->seq > a->reader.told) || refresh_due(a, now);
}

void
reader_shown(struct app *a)
{
	a->reader.changed = false;
}

void
reader_draw(const struct app *a, struct canvas *c)
{
	struct rect line = { 0, c->h - 1, c->w, 1 };
	struct frame f = app_frame(a);
	const struct canvas *body = &a->reader.body;

	canvas_clear(c);
	if (c->w < 1 || c->h < 1)
		return;
	if (body->w == c->w)
		canvas_blit(c, (struct rect){ 0, 0, c->w, c->h - 1 }, body, 0);
	c->cursor_x = 0;
	c->cursor_y = body->cursor_y < c->h ? body->cursor_y : 0;
	if (a->ui.command_typing)
		cmdline_draw(c, line, &f);
	else if (a->ui.filter_typing)
		status_draw(c, line, &f);
	else
		canvas_text(c, 0, line.y, c->w, STYLE_NORMAL, a->reader.say);
	if (c->cursor_x >= c->w)
		c->cursor_x = c->w - 1;
	c->cursor_shown = c->whole_lines = true;
}
