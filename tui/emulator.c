/* libvterm, wrapped. It does the cells; here is what surrounds them: the lines
 * that scrolled away, and the two filters that make a guest harmless.
 *
 * What goes in passes a filter first that takes out strings (ECMA-48, 5.6: OSC,
 * DCS, APC, PM, SOS), which is where terminals keep titles, clipboards,
 * palettes and everything else that is not a cell. The Linux console's two
 * unended ones are known to it, and a string that does not end is none, so that
 * a stray byte cannot hide the rest. What goes out as an answer passes another,
 * since a guest's program may have asked for something that the shell after it
 * will read as typed.
 *
 * Of size and history a guest decides nothing. */
#include "tui/emulator.h"

#include <stdio.h>
#include <string.h>

#include <vterm.h>

#include "core/mem.h"
#include "core/utf8.h"
#include "tui/input.h"

enum {
	STRING_MAX = 4096, /* a longer one was none */
	PIECE = 512,       /* of what passed the filter */
	DIGITS_MAX = 4,    /* of a number in a sequence */
};

/* What a cell of history needs; libvterm's own takes three times as much. */
struct past_cell {
	uint32_t cp[1 + CELL_MARKS]; /* 0: blank, ~0: right half */
	int16_t fg, bg;
	uint8_t attr;
};

struct past_line {
	struct past_cell *v;
	int n;
};

enum part { PART_TEXT, PART_ESC, PART_CONTROL, PART_STRING, PART_STRING_ESC, PART_PALETTE,
	PART_LINE };

struct emulator {
	VTerm *vt;
	VTermScreen *screen;
	int w, h;
	struct past_line past[EMULATOR_HISTORY]; /* a ring */
	int npast, first;
	enum part part;
	int nstring;       /* bytes of the string so far */
	int ndigits;       /* of a control sequence's number, which is */
	int number;
	char last;         /* what was printed last; 0: none of ASCII */
	int repeat;        /* that often, now */
	bool osc, feeding;
	bool alternate, cursor_hidden;
	VTermPos cursor;
	uint64_t changes;
	unsigned bells;
	struct buf out;
};

/* --- Colours ------------------------------------------------------------------- */

static int
cube_step(int v)
{
	return v < 48 ? 0 : v < 115 ? 1 : (v - 35) / 40;
}

/* The nearest of the 256. */
static int16_t
of_rgb(int r, int g, int b)
{
	int grey = (r + g + b) / 3;

	if (r == g && g == b && grey >= 8 && grey < 248)
		return (int16_t)(232 + (grey - 8) / 10);
	return (int16_t)(16 + 36 * cube_step(r) + 6 * cube_step(g) +
	    cube_step(b));
}

static int16_t
colour_of(const VTermColor *c)
{
	if (VTERM_COLOR_IS_DEFAULT_FG(c) || VTERM_COLOR_IS_DEFAULT_BG(c))
		return -1;
	if (VTERM_COLOR_IS_INDEXED(c))
		return c->indexed.idx;
	return of_rgb(c->rgb.red, c->rgb.green, c->rgb.blue);
}

static struct past_cell
cell_of(const VTermScreenCell *from)
{
	struct past_cell to = {
		.fg = colour_of(&from->fg),
		.bg = colour_of(&from->bg),
	};
	unsigned attr = 0;

	for (int i = 0; i <= CELL_MARKS && from->chars[i] != 0; i++)
		to.cp[i] = from->chars[i];
	if (from->attrs.bold)
		attr |= ATTR_BOLD;
	if (from->attrs.underline)
		attr |= ATTR_UNDERLINE;
	if (from->attrs.reverse)
		attr |= ATTR_REVERSE;
	to.attr = (uint8_t)attr;
	return to;
}

static bool
is_blank(const struct past_cell *c)
{
	return (c->cp[0] == 0 || c->cp[0] == ' ') && c->bg < 0 &&
	    c->attr == 0;
}

/* --- What libvterm calls --------------------------------------------------------- */

static struct past_line *
past_at(const struct emulator *e, int i)
{
	const struct past_line *l =
	    &e->past[(e->first + i) % EMULATOR_HISTORY];

	return (struct past_line *)(uintptr_t)l;
}

static int
on_push(int cols, const VTermScreenCell *cells, void *arg)
{
	struct emulator *e = arg;
	struct past_line *l;

	if (e->npast == EMULATOR_HISTORY) {
		x_free(past_at(e, 0)->v);
		e->first = (e->first + 1) % EMULATOR_HISTORY;
		e->npast--;
	}
	l = past_at(e, e->npast++);
	*l = (struct past_line){ .v = x_calloc((size_t)cols + 1,
	    sizeof *l->v) };
	for (int i = 0; i < cols; i++) {
		l->v[i] = cell_of(&cells[i]);
		if (!is_blank(&l->v[i]))
			l->n = i + 1;
	}
	l->v = x_reallocarray(l->v, (size_t)l->n + 1, sizeof *l->v);
	return 1;
}

static int
on_move(VTermPos pos, VTermPos old, int visible, void *arg)
{
	struct emulator *e = arg;

	(void)old;
	(void)visible;
	e->cursor = pos;
	return 1;
}

static int
on_prop(VTermProp prop, VTermValue *val, void *arg)
{
	struct emulator *e = arg;

	if (prop == VTERM_PROP_ALTSCREEN)
		e->alternate = val->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		e->cursor_hidden = !val->boolean;
	return 1;
}

static int
on_bell(void *arg)
{
	struct emulator *e = arg;

	e->bells++;
	return 1;
}

/* Device attributes, status and the cursor's place: CSI, digits, c n or R. */
static bool
harmless(const char *s, size_t n)
{
	if (n < 3 || s[0] != '\033' || s[1] != '[' ||
	    strchr("cnR", s[n - 1]) == NULL)
		return false;
	for (size_t i = 2; i + 1 < n; i++)
		if (strchr("0123456789;?>", s[i]) == NULL)
			return false;
	return true;
}

static void
on_output(const char *s, size_t n, void *arg)
{
	struct emulator *e = arg;

	/* A guest that asks without end gets no end of answers. */
	if (e->feeding && (!harmless(s, n) || e->out.len > PIECE))
		return;
	buf_add(&e->out, s, n);
}

/* --- Life ------------------------------------------------------------------------ */

static int
within(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

struct emulator *
emulator_new(int w, int h)
{
	static const VTermScreenCallbacks cb = {
		.movecursor = on_move,
		.settermprop = on_prop,
		.bell = on_bell,
		.sb_pushline = on_push,
	};
	struct emulator *e = x_calloc(1, sizeof *e);

	e->w = within(w, 2, EMULATOR_W_MAX);
	e->h = within(h, 2, EMULATOR_H_MAX);
	buf_init(&e->out, EMULATOR_OUT_MAX);
	e->vt = vterm_new(e->h, e->w);
	vterm_set_utf8(e->vt, 1);
	vterm_output_set_callback(e->vt, on_output, e);
	e->screen = vterm_obtain_screen(e->vt);
	vterm_screen_set_callbacks(e->screen, &cb, e);
	vterm_screen_enable_altscreen(e->screen, 1);
	vterm_screen_set_damage_merge(e->screen, VTERM_DAMAGE_SCREEN);
	vterm_screen_reset(e->screen, 1);
	return e;
}

void
emulator_free(struct emulator *e)
{
	if (e == NULL)
		return;
	for (int i = 0; i < e->npast; i++)
		x_free(past_at(e, i)->v);
	vterm_free(e->vt);
	buf_free(&e->out);
	x_free(e);
}

void
emulator_resize(struct emulator *e, int w, int h)
{
	char sane[64];
	int n;

	w = within(w, 2, EMULATOR_W_MAX);
	h = within(h, 2, EMULATOR_H_MAX);
	if (w == e->w && h == e->h)
		return;
	e->w = w;
	e->h = h;
	vterm_set_size(e->vt, h, w);
	vterm_state_get_cursorpos(vterm_obtain_state(e->vt), &e->cursor);
	/* The library may leave the cursor, the one that is kept and the lines
	 * that scroll outside, where there are no cells. */
	n = snprintf(sane, sizeof sane, "\030\033[?6l\033[?69l\033[r"
	    "\033[%d;%dH\0337", within(e->cursor.row, 0, h - 1) + 1,
	    within(e->cursor.col, 0, w - 1) + 1);
	vterm_input_write(e->vt, sane, (size_t)n);
	vterm_state_get_cursorpos(vterm_obtain_state(e->vt), &e->cursor);
	e->changes++;
}

/* --- Bytes of the guest ------------------------------------------------------------ */

/* What follows an Esc. Returns whether the byte goes on to libvterm. */
static bool
after_escape(struct emulator *e, char b)
{
	e->part = PART_TEXT;
	if (b == '\033') {
		e->part = PART_ESC;
		return false; /* the one before was nothing */
	}
	if (b == '[') {
		e->part = PART_CONTROL;
		e->ndigits = e->number = 0;
		return true;
	}
	if (b == '#') { /* lines of double size, which no cell can show */
		e->part = PART_LINE;
		return false;
	}
	if (strchr("]P^_X", b) == NULL || b == '\0')
		return true;
	e->part = PART_STRING;
	e->osc = b == ']';
	e->nstring = 0;
	return false;
}

/* Whether a byte of a control sequence (ECMA-48, 5.4) goes on. No number needs
 * more digits than a screen has lines; libvterm would be busy for minutes doing
 * something two milliard times. */
static bool
within_control(struct emulator *e, char b)
{
	if (b >= '0' && b <= '9') {
		if (++e->ndigits > DIGITS_MAX)
			return false;
		e->number = e->number * 10 + (b - '0');
		return true;
	}
	if (b == 'b' && e->last != 0)
		e->repeat = e->number < 1 ? 1 :
		    e->number > e->w ? e->w : e->number;
	e->ndigits = e->number = 0;
	if (b >= '@' || b < 0)
		e->part = PART_TEXT;
	return true;
}

/* console_codes(4): ESC ] R, and ESC ] P with seven digits, end by themselves. */
static void
within_string(struct emulator *e, char b)
{
	bool at_first = e->nstring++ == 0;

	if (b == '\007' || b == '\030' || b == '\032' ||
	    e->nstring > STRING_MAX) {
		e->part = PART_TEXT;
	} else if (b == '\033') {
		e->part = PART_STRING_ESC;
	} else if (at_first && e->osc && b == 'R') {
		e->part = PART_TEXT;
	} else if (at_first && e->osc && b == 'P') {
		e->part = PART_PALETTE;
	}
}

/* One byte on its way. 0: nothing goes on, else how many of out. */
static size_t
filter(struct emulator *e, char b, char out[2])
{
	out[0] = b;
	switch (e->part) {
	case PART_TEXT:
		if (b == '\033') {
			e->part = PART_ESC;
			return 0;
		}
		if (b >= ' ' || b < 0)
			e->last = b > 0 && b < 0x7f ? b : 0;
		return 1;
	case PART_ESC:
		if (!after_escape(e, b))
			return 0;
		out[0] = '\033';
		out[1] = b;
		return 2;
	case PART_CONTROL:
		if (b == '\033') {
			e->part = PART_ESC;
			return 0;
		}
		/* REP is done here: libvterm 0.1.4 never ends repeating what
		 * has no width. CAN takes it back. */
		if (b == 'b')
			out[0] = '\030';
		return within_control(e, b) ? 1 : 0;
	case PART_STRING:
		within_string(e, b);
		return 0;
	case PART_STRING_ESC: /* ST, or the Esc of something new */
		e->part = PART_TEXT;
		if (b == '\\' || !after_escape(e, b))
			return 0;
		out[0] = '\033';
		out[1] = b;
		return 2;
	case PART_LINE:
		e->part = PART_TEXT;
		return 0;
	case PART_PALETTE:
		if (e->nstring++ == 7)
			e->part = PART_TEXT;
		return 0;
	}
	return 0;
}

void
emulator_feed(struct emulator *e, const char *p, size_t n)
{
	char piece[2 * PIECE];
	size_t len = 0;

	e->feeding = true;
	for (size_t i = 0; i < n; i++) {
		len += filter(e, p[i], piece + len);
		for (; e->repeat > 0; e->repeat--)
			piece[len++] = e->last;
		e->repeat = 0;
		if (len >= PIECE || i + 1 == n) {
			vterm_input_write(e->vt, piece, len);
			len = 0;
		}
	}
	e->feeding = false;
	e->changes++;
}

/* Ends what the guest had begun, leaves its editor's screen and colours, and
 * starts a line. */
void
emulator_notice(struct emulator *e, const char *text)
{
	static const char sane[] = "\030\033[?1049l\033[!p\033[r\033[999;1H";
	char line[600];
	int n;

	e->part = PART_TEXT;
	emulator_feed(e, sane, sizeof sane - 1);
	n = snprintf(line, sizeof line, "\r\n\033[7m-- %.500s --\033[0m\r\n",
	    text);
	emulator_feed(e, line, (size_t)n);
}

/* --- Keys ---------------------------------------------------------------------------- */

static VTermModifier
modifiers(uint32_t key)
{
	return (VTermModifier)((key & KEYC_SHIFT ? VTERM_MOD_SHIFT : 0) |
	    (key & KEYC_ALT ? VTERM_MOD_ALT : 0) |
	    (key & KEYC_CTRLED ? VTERM_MOD_CTRL : 0));
}

static VTermKey
named(uint32_t key)
{
	static const struct {
		uint32_t key;
		VTermKey to;
	} keys[] = {
		{ KEYC_UP, VTERM_KEY_UP }, { KEYC_DOWN, VTERM_KEY_DOWN },
		{ KEYC_LEFT, VTERM_KEY_LEFT }, { KEYC_RIGHT, VTERM_KEY_RIGHT },
		{ KEYC_HOME, VTERM_KEY_HOME }, { KEYC_END, VTERM_KEY_END },
		{ KEYC_PGUP, VTERM_KEY_PAGEUP },
		{ KEYC_PGDN, VTERM_KEY_PAGEDOWN },
		{ KEYC_INSERT, VTERM_KEY_INS }, { KEYC_DELETE, VTERM_KEY_DEL },
	};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].key == key)
			return keys[i].to;
	if (key >= KEYC_F1 && key <= KEYC_F12)
		return (VTermKey)VTERM_KEY_FUNCTION(key - KEYC_F1 + 1);
	return VTERM_KEY_NONE;
}

void
emulator_key(struct emulator *e, uint32_t key)
{
	uint32_t plain = key & ~(uint32_t)KEYC_MODS;
	char enc[4];

	if (plain == KEYC_NUL) {
		buf_add(&e->out, "", 1);
	} else if (plain == KEYC_BACKTAB) {
		buf_puts(&e->out, "\033[Z");
	} else if (named(plain) != VTERM_KEY_NONE) {
		vterm_keyboard_key(e->vt, named(plain), modifiers(key));
	} else if (plain <= 0x10ffff) {
		/* Control characters are themselves; Alt came as an Esc. */
		buf_add(&e->out, enc, utf8_encode(enc, plain));
	}
}

void
emulator_type(struct emulator *e, const char *text)
{
	buf_puts(&e->out, text);
}

/* Lines end as Enter would end them. What could end the marks early is left
 * out: an Esc in a paste is nobody's text. */
void
emulator_paste(struct emulator *e, const char *text, size_t n, bool first,
    bool last)
{
	if (first)
		vterm_keyboard_start_paste(e->vt);
	for (size_t i = 0; i < n; i++) {
		char b = text[i] == '\n' ? '\r' : text[i];

		if (b != '\033' && b != '\0' && !(text[i] == '\n' && i > 0 &&
		    text[i - 1] == '\r'))
			buf_add(&e->out, &b, 1);
	}
	if (last)
		vterm_keyboard_end_paste(e->vt);
}

struct buf *
emulator_out(struct emulator *e)
{
	return &e->out;
}

/* --- Looking ---------------------------------------------------------------------------- */

int
emulator_width(const struct emulator *e)
{
	return e->w;
}

int
emulator_height(const struct emulator *e)
{
	return e->h;
}

int
emulator_lines(const struct emulator *e)
{
	return e->npast;
}

bool
emulator_alternate(const struct emulator *e)
{
	return e->alternate;
}

uint64_t
emulator_changes(const struct emulator *e)
{
	return e->changes;
}

unsigned
emulator_bells(const struct emulator *e)
{
	return e->bells;
}

/* The cell of a line counted from the oldest; blank outside. */
static struct past_cell
cell_at(const struct emulator *e, int line, int col)
{
	struct past_cell blank = { .fg = -1, .bg = -1 };
	VTermScreenCell cell;
	const struct past_line *l;

	if (line < e->npast) {
		l = past_at(e, line);
		return col < l->n ? l->v[col] : blank;
	}
	if (line - e->npast >= e->h || col >= e->w || !vterm_screen_get_cell(
	    e->screen, (VTermPos){ line - e->npast, col }, &cell))
		return blank;
	return cell_of(&cell);
}

static void
draw_line(const struct emulator *e, struct canvas *c, struct rect r, int y,
    int line, int left)
{
	for (int x = 0; x < r.w; x++) {
		struct past_cell cell = cell_at(e, line, left + x);
		struct look look = { cell.fg, cell.bg, cell.attr };

		if (cell.cp[0] != UINT32_MAX)
			canvas_own(c, r.x + x, y, look, cell.cp,
			    1 + CELL_MARKS);
	}
}

void
emulator_draw(const struct emulator *e, struct canvas *c, struct rect r,
    int back)
{
	int top = e->cursor.row - r.h + 1, left = e->cursor.col - r.w + 1;
	int line, x, y;

	top = top > 0 && e->h > r.h ? top : 0;
	left = left > 0 && e->w > r.w ? left : 0;
	line = within(e->npast + top - back, 0, e->npast + e->h);
	for (int i = 0; i < r.h; i++)
		draw_line(e, c, r, r.y + i, line + i, left);
	x = r.x + e->cursor.col - left;
	y = r.y + e->npast + e->cursor.row - line;
	if (y >= r.y + r.h || x >= r.x + r.w || e->cursor_hidden) {
		c->cursor_x = r.x;
		c->cursor_y = r.y;
		return;
	}
	c->cursor_x = x;
	c->cursor_y = y;
	c->cursor_shown = true;
}
