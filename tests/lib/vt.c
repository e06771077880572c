/* A terminal for programs that measure others: bytes to a screen. It knows the
 * sequences of terminfo's xterm-256color that curses sends; what it does not
 * know it steps over, as a terminal does. */
#include "tests/lib/vt.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

enum { TEXT, ESCAPE, CHARSET, CSI, STRING };

static struct vt_cell
blank(const struct vt *v)
{
	return (struct vt_cell){ .cp = ' ', .look = v->look };
}

void
vt_init(struct vt *v, int w, int h)
{
	memset(v, 0, sizeof *v);
	v->w = w < VT_W_MAX ? w : VT_W_MAX;
	v->h = h < VT_H_MAX ? h : VT_H_MAX;
	v->bottom = v->h - 1;
	for (int y = 0; y < v->h; y++)
		for (int x = 0; x < v->w; x++)
			v->cell[y][x] = blank(v);
}

static int
clamp(int n, int low, int high)
{
	return n < low ? low : n > high ? high : n;
}

static void
go(struct vt *v, int x, int y)
{
	v->x = clamp(x, 0, v->w - 1);
	v->y = clamp(y, 0, v->h - 1);
	v->wraps = false;
}

static void
fill(struct vt *v, int y, int from, int to)
{
	for (int x = clamp(from, 0, v->w); x < clamp(to, 0, v->w); x++)
		v->cell[y][x] = blank(v);
}

/* Lines top..bottom move up by n; down when it is negative. */
static void
scroll(struct vt *v, int top, int n)
{
	int lines = v->bottom - top + 1, k = clamp(n < 0 ? -n : n, 0, lines);

	if (n > 0)
		memmove(v->cell[top], v->cell[top + k],
		    (size_t)(lines - k) * sizeof v->cell[0]);
	else
		memmove(v->cell[top + k], v->cell[top],
		    (size_t)(lines - k) * sizeof v->cell[0]);
	for (int i = 0; i < k; i++)
		fill(v, n > 0 ? v->bottom - i : top + i, 0, v->w);
}

static void
line_feed(struct vt *v)
{
	if (v->y == v->bottom)
		scroll(v, v->top, 1);
	else
		go(v, v->x, v->y + 1);
}

static void
put(struct vt *v, uint32_t cp)
{
	if (v->wraps) {
		line_feed(v);
		go(v, 0, v->y);
	}
	v->cell[v->y][v->x] = (struct vt_cell){ cp, v->look };
	v->last = cp;
	if (v->x == v->w - 1)
		v->wraps = true;
	else
		v->x++;
}

/* --- Control sequences -------------------------------------------------------- */

static int
arg(const struct vt *v, int i, int otherwise)
{
	return i < v->nargs && v->args[i] > 0 ? v->args[i] : otherwise;
}

static void
erase_display(struct vt *v)
{
	int how = arg(v, 0, 0);

	for (int y = 0; y < v->h; y++)
		if (how == 2 || (how == 0 && y > v->y) ||
		    (how == 1 && y < v->y))
			fill(v, y, 0, v->w);
	fill(v, v->y, how == 0 ? v->x : 0, how == 1 ? v->x + 1 : v->w);
}

static void
erase_line(struct vt *v)
{
	int how = arg(v, 0, 0);

	fill(v, v->y, how == 0 ? v->x : 0, how == 1 ? v->x + 1 : v->w);
}

static void
shift(struct vt *v, int n)
{
	int k = clamp(n < 0 ? -n : n, 0, v->w - v->x);
	size_t rest = (size_t)(v->w - v->x - k) * sizeof v->cell[0][0];
	struct vt_cell *at = &v->cell[v->y][v->x];

	if (n > 0) {
		memmove(at + k, at, rest);
		fill(v, v->y, v->x, v->x + k);
	} else {
		memmove(at, at + k, rest);
		fill(v, v->y, v->w - k, v->w);
	}
}

/* Only whether two cells look the same is of interest: a sum that starts anew
 * where the terminal does. */
static void
set_look(struct vt *v)
{
	for (int i = 0; i < (v->nargs > 0 ? v->nargs : 1); i++) {
		uint32_t a = (uint32_t)arg(v, i, 0);

		v->look = a == 0 ? 0 : v->look * 31 + a;
	}
}

static void
csi(struct vt *v, char c)
{
	int n = arg(v, 0, 1);

	if (v->mark != 0)
		return; /* modes of the terminal */
	switch (c) {
	case 'H': case 'f': go(v, arg(v, 1, 1) - 1, n - 1); break;
	case 'A': go(v, v->x, v->y - n); break;
	case 'B': go(v, v->x, v->y + n); break;
	case 'C': go(v, v->x + n, v->y); break;
	case 'D': go(v, v->x - n, v->y); break;
	case 'G': go(v, n - 1, v->y); break;
	case 'd': go(v, v->x, n - 1); break;
	case 'J': erase_display(v); break;
	case 'K': erase_line(v); break;
	case 'X': fill(v, v->y, v->x, v->x + n); break;
	case '@': shift(v, n); break;
	case 'P': shift(v, -n); break;
	case 'L': scroll(v, v->y, -n); break;
	case 'M': scroll(v, v->y, n); break;
	case 'S': scroll(v, v->top, n); break;
	case 'T': scroll(v, v->top, -n); break;
	case 'Z': go(v, (v->x - 1) / 8 * 8, v->y); break;
	case 'm': set_look(v); break;
	case 'n': v->reports += n == 5; break;
	case 'b':
		for (int i = 0; i < clamp(n, 0, VT_W_MAX); i++)
			put(v, v->last);
		break;
	case 'r':
		v->top = clamp(n - 1, 0, v->h - 1);
		v->bottom = clamp(arg(v, 1, v->h) - 1, v->top, v->h - 1);
		go(v, 0, 0);
		break;
	default:
		break;
	}
}

static void
take_csi(struct vt *v, char c)
{
	if (c >= '0' && c <= '9') {
		if (v->nargs == 0)
			v->nargs = 1;
		if (v->nargs <= 16 && v->args[v->nargs - 1] < 10000)
			v->args[v->nargs - 1] =
			    v->args[v->nargs - 1] * 10 + (c - '0');
	} else if (c == ';' || c == ':') {
		if (v->nargs == 0)
			v->nargs = 1;
		if (v->nargs < 16)
			v->args[v->nargs++] = 0;
	} else if (c >= 0x40 && c <= 0x7e) {
		csi(v, c);
		v->state = TEXT;
	} else {
		v->mark = c;
	}
}

static void
take_escape(struct vt *v, char c)
{
	v->state = TEXT;
	if (c == '[') {
		v->state = CSI;
		v->nargs = 0;
		v->mark = 0;
		memset(v->args, 0, sizeof v->args);
	} else if (c == '(' || c == ')') {
		v->state = CHARSET;
	} else if (c == ']' || c == 'P') {
		v->state = STRING;
	} else if (c == 'M') {
		if (v->y == v->top)
			scroll(v, v->top, -1);
		else
			go(v, v->x, v->y - 1);
	}
}

/* --- Text --------------------------------------------------------------------- */

static void
take_text(struct vt *v, unsigned char c)
{
	if (c == 033)
		v->state = ESCAPE;
	else if (c == '\n')
		line_feed(v);
	else if (c == '\r')
		go(v, 0, v->y);
	else if (c == '\b')
		go(v, v->x - 1, v->y);
	else if (c == '\t')
		go(v, (v->x / 8 + 1) * 8, v->y);
	else if (c >= 0xc0) {
		v->more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
		v->cp = c & (0x3fu >> v->more);
	} else if (c >= 0x80) {
		v->cp = v->cp << 6 | (c & 0x3f);
		if (v->more > 0 && --v->more == 0)
			put(v, v->cp);
	} else if (c >= ' ' && c != 0x7f)
		put(v, c);
}

void
vt_feed(struct vt *v, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		char c = p[i];

		switch (v->state) {
		case TEXT: take_text(v, (unsigned char)c); break;
		case ESCAPE: take_escape(v, c); break;
		case CHARSET: v->state = TEXT; break;
		case CSI: take_csi(v, c); break;
		case STRING:
			if (c == '\a' || c == '\\')
				v->state = TEXT;
			break;
		default: break;
		}
	}
}

/* --- Looking at it -------------------------------------------------------------- */

void
vt_row(const struct vt *v, int y, char *out, size_t size)
{
	size_t n = 0, end = 0;

	for (int x = 0; x < v->w && n + 4 < size; x++) {
		n += utf8_encode(out + n, v->cell[y][x].cp);
		if (v->cell[y][x].cp != ' ')
			end = n;
	}
	out[end] = '\0';
}

int
vt_find(const struct vt *v, const char *text)
{
	char row[4 * VT_W_MAX + 5];

	for (int y = 0; y < v->h; y++) {
		vt_row(v, y, row, sizeof row);
		if (strstr(row, text) != NULL)
			return y;
	}
	return -1;
}
