/* The only file that knows curses, and of it only the half that turns a screen
 * into as few bytes as possible. Those bytes go into a file in memory, from
 * where tty.c sends them as the terminal takes them: curses itself would wait
 * in write(2) for a slow line, and keys would wait with it. Modes and keys are
 * not left to it for the same reason. */
#define _GNU_SOURCE /* memfd_create */
#include "tui/term.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "core/mem.h"
#include "tui/clip.h"
#include "tui/ground.h"
#include "tui/input.h"
#include "tui/line.h"

enum {
	PAIRS_MAX = 128,    /* of a theme */
	OWN_PAIRS_MAX = 512, /* of a guest's screen */
	SEQS_MAX = 32,
	RESCUE_MAX = 256,
};

struct terminal {
	struct line line;
	bool inside;       /* raw, on the alternate screen */
	bool xterm;        /* knows such modes as xterm has for the mouse */
	bool mouse;        /* to be reported while inside */
	int mem_fd;        /* where curses writes */
	FILE *mem, *null;
	SCREEN *screen;
	const struct conf *conf;
	char theme_name[80]; /* what was asked for; */
	struct theme theme;  /* what came of it */
	enum background ground;
	bool ground_asked;
	bool started;      /* curses knows of colours; */
	bool defaults;     /* and the terminal's own can be used */
	bool plain;        /* its font lacks the finer glyphs */
	struct {
		int16_t fg, bg;
	} pair[PAIRS_MAX];
	short npairs;
	struct {
		int16_t fg, bg;
	} own[OWN_PAIRS_MAX]; /* numbered after the theme's */
	short nown;
	bool *send;        /* lines of this frame */
	struct canvas shown;
	struct mono shown_at;
	bool all;          /* nothing of `shown` can be relied upon */
	struct input_seq seq[SEQS_MAX];
	size_t nseq;
	struct input input;
};

/* A string of the terminal's description, or NULL. */
static const char *
capability(const char *name)
{
	const char *s = tigetstr(name);

	return (intptr_t)s == -1 ? NULL : s;
}

/* Presses and the wheel, in decimals (xterm's 1000 and 1006). */
static const char mouse_on[] = "\033[?1000h\033[?1006h";
static const char mouse_off[] = "\033[?1006l\033[?1000l";
/* Marks around what is pasted (xterm's 2004). */
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

/* --- Sending --------------------------------------------------------------------- */

static void
put(struct terminal *t, const char *s)
{
	tty_put(&t->line.tty, s, strlen(s));
}

/* Takes over what curses has written. */
static void
collect(struct terminal *t)
{
	off_t n = lseek(t->mem_fd, 0, SEEK_CUR), at = 0;
	char chunk[4096];

	while (at < n) {
		ssize_t k = pread(t->mem_fd, chunk, sizeof chunk, at);

		if (k <= 0)
			break;
		tty_put(&t->line.tty, chunk, (size_t)k);
		at += k;
	}
	if (ftruncate(t->mem_fd, 0) != 0 || lseek(t->mem_fd, 0, SEEK_SET) != 0)
		t->line.tty.gone = true;
}

/* What puts the terminal back when there is no time for endwin. */
static void
arm_rescue(const struct terminal *t)
{
	static const char *const caps[] = { "sgr0", "op", "cnorm", "rmcup" };
	char bytes[RESCUE_MAX];
	size_t n = 0;

	/* Whatever is on its way to be turned on or off. */
	if (t->xterm)
		n = (size_t)snprintf(bytes, sizeof bytes, "%s%s", mouse_off,
		    paste_off);
	for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
		const char *s = capability(caps[i]);
		size_t len;

		/* Delays are for hardware long gone. */
		if (s == NULL || strchr(s, '$') != NULL)
			continue;
		len = strlen(s);
		if (n + len > sizeof bytes)
			continue;
		memcpy(bytes + n, s, len);
		n += len;
	}
	tty_arm(&t->line.tty, bytes, n);
}

bool
term_busy(struct terminal *t, struct mono now)
{
	return line_busy(&t->line, now);
}

/* --- Theme ------------------------------------------------------------------- */

static bool
ground_matters(const struct terminal *t)
{
	struct theme dark, light;

	return t->theme.colours > 0 &&
	    style_theme(&dark, t->conf, t->theme_name, BACKGROUND_DARK,
	    t->theme.colours) == 0 &&
	    style_theme(&light, t->conf, t->theme_name, BACKGROUND_LIGHT,
	    t->theme.colours) == 0 && dark.background != light.background;
}

/* Terminals of which the environment does not tell it are asked; the Linux
 * console would take the question for something else. What depends on it is painted anew then. */
static void
ask_ground(struct terminal *t, struct mono now)
{
	if (t->ground != BACKGROUND_UNKNOWN || t->ground_asked || t->plain ||
	    !line_may_ask(&t->line, now) || !ground_matters(t))
		return;
	t->ground_asked = true;
	line_question(&t->line, "\033]11;?\033\\", now);
}

int
term_theme(struct terminal *t, const char *name)
{
	int colours = tigetnum("colors");
	struct theme theme;

	if (style_theme(&theme, t->conf, name, t->ground, colours) != 0)
		return -1;
	if (theme.colours > 0 && !t->started) {
		t->started = start_color() == OK;
		t->defaults = t->started && use_default_colors() == OK;
		if (!t->started)
			style_theme(&theme, NULL, "mono", t->ground, 0);
	}
	snprintf(t->theme_name, sizeof t->theme_name, "%s", name);
	t->theme = theme;
	t->npairs = t->nown = 0;
	term_repaint(t);
	return 0;
}

static void
learn_ground(struct terminal *t, enum background ground)
{
	char name[sizeof t->theme_name];

	if (t->ground == ground)
		return;
	t->ground = ground;
	memcpy(name, t->theme_name, sizeof name);
	term_theme(t, name);
}

bool
term_wants_frame(const struct terminal *t)
{
	return t->inside && t->all;
}

/* --- Opening --------------------------------------------------------------------- */

static void
learn_keys(struct terminal *t)
{
	static const struct {
		const char *name;
		uint32_t key;
	} caps[] = {
		{ "kcuu1", KEYC_UP }, { "kcud1", KEYC_DOWN },
		{ "kcub1", KEYC_LEFT }, { "kcuf1", KEYC_RIGHT },
		{ "khome", KEYC_HOME }, { "kend", KEYC_END },
		{ "kpp", KEYC_PGUP }, { "knp", KEYC_PGDN },
		{ "kich1", KEYC_INSERT }, { "kdch1", KEYC_DELETE },
		{ "kcbt", KEYC_BACKTAB }, { "kf1", KEYC_F(1) },
		{ "kf2", KEYC_F(2) }, { "kf3", KEYC_F(3) },
		{ "kf4", KEYC_F(4) }, { "kf5", KEYC_F(5) },
		{ "kf6", KEYC_F(6) }, { "kf7", KEYC_F(7) },
		{ "kf8", KEYC_F(8) }, { "kf9", KEYC_F(9) },
		{ "kf10", KEYC_F(10) },
	};

	for (size_t i = 0; i < sizeof caps / sizeof caps[0]; i++) {
		const char *s = capability(caps[i].name);

		if (s != NULL && s[0] == '\033' && s[1] != '\0')
			t->seq[t->nseq++] = (struct input_seq){ s,
				caps[i].key };
	}
	input_init(&t->input, t->seq, t->nseq);
}

static int
start_curses(struct terminal *t, const struct term_opts *o, struct err *e)
{
	const char *type = getenv("TERM"), *cup = NULL;
	int found;

	t->mem_fd = memfd_create("screen", MFD_CLOEXEC);
	t->mem = t->mem_fd >= 0 ? fdopen(t->mem_fd, "w+") : NULL;
	t->null = fopen("/dev/null", "re");
	if (t->mem == NULL || t->null == NULL)
		return err_set(e, ERR_FAILED, "cannot prepare the screen: %s",
		    strerror(errno));
	/* Asked first, since a newterm that fails leaks. */
	if (type != NULL && setupterm(NULL, t->mem_fd, &found) == OK) {
		del_curterm(cur_term);
		t->screen = newterm(NULL, t->mem, t->null);
		cup = t->screen != NULL ? capability("cup") : NULL;
	}
	if (cup == NULL)
		return err_set(e, ERR_FAILED, "the terminal type \"%s\" is "
		    "not known here or cannot place its cursor: set TERM, for "
		    "example TERM=xterm, or use `xendeck list`",
		    type != NULL ? type : "(TERM is not set)");
	/* Terminals without a mouse might show the request. */
	t->xterm = capability("kmous") != NULL;
	t->line.can_ask = strncmp(cup, "\033[", 2) == 0;
	nonl();
	leaveok(stdscr, FALSE);
	t->plain = strncmp(type, "linux", 5) == 0;
	t->ground = ground_of_environment();
	t->conf = o->conf;
	if (term_theme(t, o->theme != NULL ? o->theme : "auto") != 0)
		return err_set(e, ERR_USAGE, "there is no theme \"%s\"",
		    o->theme);
	learn_keys(t);
	return 0;
}

struct terminal *
term_open(const struct term_opts *o, struct err *e)
{
	struct terminal *t = x_calloc(1, sizeof *t);

	t->mem_fd = -1;
	canvas_init(&t->shown, 0, 0);
	if (tty_open(&t->line.tty, o->in, o->out, e) != 0 ||
	    start_curses(t, o, e) != 0) {
		term_close(t);
		return NULL;
	}
	term_enter(t);
	return t;
}

void
term_enter(struct terminal *t)
{
	arm_rescue(t);
	tty_raw(&t->line.tty);
	t->inside = true;
	if (t->xterm)
		put(t, paste_on);
	if (t->mouse)
		put(t, mouse_on);
	term_repaint(t);
}

/* An answer still on its way would be typed into the shell. */
static void
take_answer(struct terminal *t)
{
	while (term_key(t, t->shown_at) != KEYC_NONE)
		; /* it may be here already */
	line_take_answers(&t->line, t->shown_at);
}

void
term_leave(struct terminal *t)
{
	if (!t->inside)
		return;
	t->inside = false;
	take_answer(t);
	buf_clear(&t->line.tty.out); /* half a frame nobody wants to see */
	tty_put(&t->line.tty, "\030", 1); /* CAN: ends half a sequence */
	if (t->mouse)
		put(t, mouse_off);
	if (t->xterm)
		put(t, paste_off);
	curs_set(1);
	endwin();
	collect(t);
	tty_drain(&t->line.tty);
	tty_cooked(&t->line.tty);
	tty_disarm();
}

void
term_close(struct terminal *t)
{
	if (t == NULL)
		return;
	term_leave(t);
	if (t->screen != NULL)
		delscreen(t->screen);
	if (t->mem != NULL)
		fclose(t->mem);
	else if (t->mem_fd >= 0)
		close(t->mem_fd);
	if (t->null != NULL)
		fclose(t->null);
	tty_close(&t->line.tty);
	canvas_free(&t->shown);
	x_free(t->send);
	x_free(t);
}

/* --- Events ---------------------------------------------------------------------- */

int
term_fd(const struct terminal *t)
{
	return t->line.tty.fd;
}

short
term_events(const struct terminal *t)
{
	short events = t->line.tty.out.len > 0 ? POLLOUT : 0;

	/* Keys that found no room wait in the kernel. */
	return (short)(input_room(&t->input) > 0 ? events | POLLIN : events);
}

bool
term_serve(struct terminal *t, short revents, struct mono now)
{
	char chunk[INPUT_BUF];

	if (revents & (POLLHUP | POLLERR | POLLNVAL))
		t->line.tty.gone = true;
	if ((revents & POLLIN) && input_room(&t->input) > 0)
		input_add(&t->input, chunk, tty_read(&t->line.tty, chunk,
		    input_room(&t->input)), now);
	if (revents & POLLOUT)
		tty_push(&t->line.tty);
	return !t->line.tty.gone;
}

void
term_deadline(const struct terminal *t, struct mono *deadline)
{
	input_deadline(&t->input, deadline);
}

uint32_t
term_key(struct terminal *t, struct mono now)
{
	uint32_t key;

	input_set_esc(&t->input, pace_esc_ms(&t->line.pace));
	while ((key = input_next(&t->input, now)) >= KEYC_REPORT &&
	    key < KEYC_END_OF_LIST) {
		if (key == KEYC_REPORT) {
			pace_answered(&t->line.pace, now);
		} else if (key == KEYC_GROUND_LIGHT) {
			learn_ground(t, BACKGROUND_LIGHT);
		} else if (key == KEYC_GROUND_DARK) {
			learn_ground(t, BACKGROUND_DARK);
		}
	}
	return key;
}

void
term_copy(struct terminal *t, const char *text)
{
	struct buf seq;

	if (!t->inside)
		return;
	buf_init(&seq, 8 * CLIP_MAX);
	clip_sequence(&seq, text, clip_around());
	tty_put(&t->line.tty, seq.p != NULL ? seq.p : "", seq.len);
	buf_free(&seq);
	tty_push(&t->line.tty);
}

struct mouse
term_mouse(const struct terminal *t)
{
	return t->input.mouse;
}

const struct paste *
term_pasted(const struct terminal *t)
{
	return &t->input.paste;
}

void
term_set_literal(struct terminal *t, bool on)
{
	input_set_literal(&t->input, on);
}

void
term_set_mouse(struct terminal *t, bool on)
{
	on = on && t->xterm;
	if (on == t->mouse)
		return;
	t->mouse = on;
	if (!t->inside)
		return;
	put(t, on ? mouse_on : mouse_off);
	tty_push(&t->line.tty);
}

void
term_measure(struct terminal *t, int *w, int *h)
{
	if (tty_size(&t->line.tty, w, h) == 0 && (*w != COLS || *h != LINES))
		resizeterm(*h, *w);
	*w = COLS;
	*h = LINES;
	term_repaint(t);
}

/* --- Frames ---------------------------------------------------------------------- */

/* The terminal's own colours where it has none to stand for them. */
static bool
wants_pair(const struct terminal *t, struct look *l)
{
	if (t->theme.colours == 0 || (l->fg < 0 && l->bg < 0))
		return false;
	if (!t->defaults) {
		l->fg = l->fg < 0 ? COLOR_WHITE : l->fg;
		l->bg = l->bg < 0 ? COLOR_BLACK : l->bg;
	}
	return true;
}

static short
pair_for(struct terminal *t, struct look l)
{
	if (!wants_pair(t, &l))
		return 0;
	for (short i = 0; i < t->npairs; i++)
		if (t->pair[i].fg == l.fg && t->pair[i].bg == l.bg)
			return (short)(i + 1);
	if (t->npairs == PAIRS_MAX || t->npairs + 1 >= COLOR_PAIRS ||
	    init_pair((short)(t->npairs + 1), l.fg, l.bg) == ERR)
		return 0;
	t->pair[t->npairs].fg = l.fg;
	t->pair[t->npairs].bg = l.bg;
	return ++t->npairs;
}

/* A guest may use up any number of them; those of the theme are its own. When
 * there are too many the oldest are given to others, and curses repaints what
 * had them. */
static short
own_pair_for(struct terminal *t, struct look l)
{
	int room = COLOR_PAIRS - PAIRS_MAX - 1;
	short at;

	if (!wants_pair(t, &l))
		return 0;
	for (short i = 0; i < t->nown; i++)
		if (t->own[i].fg == l.fg && t->own[i].bg == l.bg)
			return (short)(PAIRS_MAX + 1 + i);
	if (room <= 0) /* a terminal of few pairs shares them all */
		return pair_for(t, l);
	if (t->nown >= OWN_PAIRS_MAX || t->nown >= room)
		t->nown = 0;
	at = (short)(PAIRS_MAX + 1 + t->nown);
	if (init_pair(at, l.fg, l.bg) == ERR)
		return 0;
	t->own[t->nown].fg = l.fg;
	t->own[t->nown].bg = l.bg;
	t->nown++;
	return at;
}

static attr_t
attr_for(unsigned attr)
{
	attr_t a = A_NORMAL;

	if (attr & ATTR_BOLD)
		a |= A_BOLD;
	if (attr & ATTR_DIM)
		a |= A_DIM;
	if (attr & ATTR_UNDERLINE)
		a |= A_UNDERLINE;
	if (attr & ATTR_REVERSE)
		a |= A_REVERSE;
	return a;
}

static void
put_cell(struct terminal *t, int x, int y, const struct cell *cell)
{
	wchar_t text[CELL_MARKS + 2] = { 0 };
	bool own = (cell->style & 0x7fu) == STYLE_OWN;
	struct look l = own ? style_own(&t->theme, (struct look){ cell->fg,
	    cell->bg, cell->attr }) : style_look(&t->theme, cell->style);
	short pair = own ? own_pair_for(t, l) : pair_for(t, l);
	cchar_t cc;

	if (cell->width == 0)
		return; /* came with the left half */
	for (int i = 0; i <= CELL_MARKS; i++)
		text[i] = (wchar_t)cell->cp[i];
	if (t->plain)
		text[0] = (wchar_t)canvas_plain(cell->cp[0]);
	if (setcchar(&cc, text, attr_for(l.attr), pair, NULL) == OK)
		mvadd_wch(y, x, &cc);
}

/* Wide characters overlap their neighbours in curses' own grid, so a line that
 * has some, or had, is written as a whole. */
static bool
has_wide(const struct canvas *c, int y)
{
	for (int x = 0; x < c->w; x++)
		if (canvas_at(c, x, y)->width != 1)
			return true;
	return false;
}

static void
put_line(struct terminal *t, const struct canvas *c, int y)
{
	bool whole = t->all;
	int x = 0;

	while (x < c->w && !whole && cell_equal(canvas_at(c, x, y),
	    canvas_at(&t->shown, x, y)))
		x++;
	if (x == c->w)
		return;
	if (c->whole_lines)
		wredrawln(stdscr, y, 1);
	whole = whole || has_wide(c, y) || has_wide(&t->shown, y);
	for (x = 0; x < c->w; x++) {
		const struct cell *cell = canvas_at(c, x, y);

		if (whole || !cell_equal(cell, canvas_at(&t->shown, x, y)))
			put_cell(t, x, y, cell);
	}
}

/* Lines that are left out are still owed: they stay different from what is
 * shown. */
static void
put_lines(struct terminal *t, const struct canvas *c, bool key)
{
	size_t row = (size_t)c->w * sizeof *c->cell;

	t->send = x_reallocarray(t->send, (size_t)c->h, sizeof *t->send);
	if (t->all)
		memset(t->send, true, (size_t)c->h);
	else
		pace_pick(&t->line.pace, &t->shown, c, key, t->send);
	for (int y = 0; y < c->h; y++) {
		if (!t->send[y])
			continue;
		put_line(t, c, y);
		memcpy(t->shown.cell + (size_t)y * (size_t)c->w,
		    c->cell + (size_t)y * (size_t)c->w, row);
	}
}

void
term_show(struct terminal *t, const struct canvas *c, bool key,
    struct mono now)
{
	size_t before = t->line.tty.out.len;

	if (c->w == 0 || c->h == 0 || !t->inside)
		return;
	if (t->shown.w != c->w || t->shown.h != c->h) {
		canvas_resize(&t->shown, c->w, c->h);
		t->all = true;
	}
	if (t->all)
		erase();
	put_lines(t, c, key);
	t->all = false;
	t->shown_at = now;
	curs_set(c->cursor_shown ? 1 : 0);
	move(c->cursor_y, c->cursor_x);
	refresh();
	collect(t);
	line_sent(&t->line, before);
	ask_ground(t, now);
	line_ask(&t->line, now);
	tty_push(&t->line.tty);
}

bool
term_owes(const struct terminal *t)
{
	return t->line.pace.left;
}

int64_t
term_rest_ms(const struct terminal *t)
{
	return pace_rest_ms(&t->line.pace);
}

/* Between two frames, never inside a sequence: frames are put whole. */
void
term_bell(struct terminal *t)
{
	tty_put(&t->line.tty, "\a", 1);
}

void
term_repaint(struct terminal *t)
{
	t->all = true;
	clearok(curscr, TRUE);
}

uint64_t
term_sent(const struct terminal *t)
{
	return t->line.tty.sent;
}

void
term_rescue(void)
{
	tty_rescue();
}
