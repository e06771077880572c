/* Bytes to keys. Not left to curses because curses waits inside its read for
 * the rest of a sequence, and because it hands the bytes of an unknown one to
 * the program as if they had been typed: a mouse report or a terminal's answer
 * must never press q.
 *
 * An Esc that stands for itself cannot be told from the beginning of a sequence
 * but by the silence after it, and a line that stutters makes silences of its
 * own. So an Esc that was already taken for one is remembered for a while: what
 * follows it as the rest of a sequence would is taken for just that. */
#include "tui/input.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/ground.h"

/* What xterm, linux, rxvt, screen, tmux and PuTTY send. */
static const struct input_seq known[] = {
	{ "\033[A", KEYC_UP }, { "\033OA", KEYC_UP },
	{ "\033[B", KEYC_DOWN }, { "\033OB", KEYC_DOWN },
	{ "\033[C", KEYC_RIGHT }, { "\033OC", KEYC_RIGHT },
	{ "\033[D", KEYC_LEFT }, { "\033OD", KEYC_LEFT },
	{ "\033[H", KEYC_HOME }, { "\033OH", KEYC_HOME },
	{ "\033[1~", KEYC_HOME }, { "\033[7~", KEYC_HOME },
	{ "\033[F", KEYC_END }, { "\033OF", KEYC_END },
	{ "\033[4~", KEYC_END }, { "\033[8~", KEYC_END },
	{ "\033[5~", KEYC_PGUP }, { "\033[6~", KEYC_PGDN },
	{ "\033[2~", KEYC_INSERT }, { "\033[3~", KEYC_DELETE },
	{ "\033[Z", KEYC_BACKTAB },
	{ "\033OP", KEYC_F(1) }, { "\033[11~", KEYC_F(1) },
	{ "\033[[A", KEYC_F(1) }, { "\033[P", KEYC_F(1) },
	{ "\033OQ", KEYC_F(2) }, { "\033[12~", KEYC_F(2) },
	{ "\033[[B", KEYC_F(2) }, { "\033[Q", KEYC_F(2) },
	{ "\033OR", KEYC_F(3) }, { "\033[13~", KEYC_F(3) },
	{ "\033[[C", KEYC_F(3) },
	{ "\033OS", KEYC_F(4) }, { "\033[14~", KEYC_F(4) },
	{ "\033[[D", KEYC_F(4) }, { "\033[S", KEYC_F(4) },
	{ "\033[15~", KEYC_F(5) }, { "\033[[E", KEYC_F(5) },
	{ "\033[17~", KEYC_F(6) }, { "\033[18~", KEYC_F(7) },
	{ "\033[19~", KEYC_F(8) }, { "\033[20~", KEYC_F(9) },
	{ "\033[21~", KEYC_F(10) }, { "\033[23~", KEYC_F(11) },
	{ "\033[24~", KEYC_F(12) },
	{ "\033[0n", KEYC_REPORT }, { "\033[3n", KEYC_REPORT },
	{ "\0331", KEYC_F(1) }, { "\0332", KEYC_F(2) }, /* Alt or quick Esc */
	{ "\0333", KEYC_F(3) }, { "\0334", KEYC_F(4) },
	{ "\0335", KEYC_F(5) }, { "\0336", KEYC_F(6) },
	{ "\0337", KEYC_F(7) }, { "\0338", KEYC_F(8) },
	{ "\0339", KEYC_F(9) }, { "\0330", KEYC_F(10) },
};

void
input_init(struct input *in, const struct input_seq *extra, size_t nextra)
{
	memset(in, 0, sizeof *in);
	in->extra = extra;
	in->nextra = nextra;
	in->esc_ms = INPUT_ESC_MS;
	in->esc = in->got = (struct mono){ INT64_MIN / 2 };
}

void
input_set_esc(struct input *in, int64_t ms)
{
	in->esc_ms = ms;
}

void
input_set_literal(struct input *in, bool on)
{
	in->literal = on;
}

size_t
input_room(const struct input *in)
{
	return in->n < INPUT_BUF ? INPUT_BUF - in->n : 0;
}

void
input_add(struct input *in, const char *p, size_t n, struct mono now)
{
	if (n > input_room(in))
		n = input_room(in);
	memcpy(in->buf + in->n, p, n);
	in->n += n;
	in->got = now;
}

static void
drop(struct input *in, size_t n)
{
	in->n -= n;
	memmove(in->buf, in->buf + n, in->n);
}

/* The longest sequence of a table that the buffer begins with. */
static size_t
match(const struct input *in, const struct input_seq *v, size_t count,
    uint32_t *key)
{
	size_t best = 0;

	for (size_t i = 0; i < count; i++) {
		size_t len = strlen(v[i].bytes);

		if (in->literal && len == 2)
			continue; /* Esc and a digit */
		if (len > best && len <= in->n &&
		    memcmp(in->buf, v[i].bytes, len) == 0) {
			best = len;
			*key = v[i].key;
		}
	}
	return best;
}

/* A terminal's answer: everything up to BEL or ESC \ (ECMA-48, 5.6). */
static size_t
string_length(const struct input *in)
{
	for (size_t i = 2; i < in->n; i++) {
		if (in->buf[i] == '\007')
			return i + 1;
		if (in->buf[i] == '\\' && in->buf[i - 1] == '\033')
			return i + 1;
	}
	return 0;
}

/* Length of the sequence at the start of the buffer, whatever it means: a
 * control sequence (ECMA-48, 5.4), a single shift, a string. 0 while it is
 * incomplete, 1 when the Esc stands for itself. */
static size_t
sequence_length(const struct input *in)
{
	size_t i = 2;

	if (in->n < 2)
		return 0;
	if (in->buf[1] == 'O')
		return in->n < 3 ? 0 : in->buf[2] == '\033' ? 2 : 3;
	if (strchr("P]^_X", in->buf[1]) != NULL && in->buf[1] != '\0')
		return string_length(in);
	if (in->buf[1] != '[')
		return 1; /* Alt and a key, or Esc and a fast one */
	if (in->n > 2 && in->buf[2] == '[') /* the Linux console */
		return in->n < 4 ? 0 : 4;
	while (i < in->n && in->buf[i] >= 0x20 && in->buf[i] <= 0x3f)
		i++;
	if (i == in->n)
		return 0;
	/* Cut off: a control character begins something else. */
	if (in->buf[i] >= 0 && in->buf[i] < 0x20)
		return i;
	if (in->buf[i] == 'M' && i == 2) /* an X10 mouse report */
		return in->n < 6 ? 0 : 6;
	return i + 1;
}

static uint32_t
ground_key(const struct input *in, size_t len)
{
	switch (ground_of_answer(in->buf, len)) {
	case BACKGROUND_DARK:
		return KEYC_GROUND_DARK;
	case BACKGROUND_LIGHT:
		return KEYC_GROUND_LIGHT;
	case BACKGROUND_UNKNOWN:
		break;
	}
	return KEYC_NONE;
}

/* xterm's parameter: 1 and a bit for each (Shift 1, Alt 2, Ctrl 4). */
static uint32_t
modifiers(const char *p)
{
	int m = p[0] >= '2' && p[0] <= '8' && (p[1] < '0' || p[1] > '9') ?
	    p[0] - '1' : 0;

	return (m & 1 ? (uint32_t)KEYC_SHIFT : 0) |
	    (m & 2 ? (uint32_t)KEYC_ALT : 0) |
	    (m & 4 ? (uint32_t)KEYC_CTRLED : 0);
}

/* A modified key is taken for the key: "\033[1;5A" is Up. */
static uint32_t
unmodified(const struct input *in, size_t len)
{
	struct input plain = { .extra = NULL };
	const char *semi = memchr(in->buf, ';', len);
	uint32_t key = KEYC_NONE;
	size_t head;

	if (semi == NULL || len < 5)
		return KEYC_NONE;
	head = (size_t)(semi - in->buf);
	if (in->buf[len - 1] != '~' && head == 3 && in->buf[2] == '1')
		head = 2; /* the 1 is only there to carry the modifier */
	memcpy(plain.buf, in->buf, head);
	plain.buf[head] = in->buf[len - 1];
	plain.n = head + 1;
	if (match(&plain, known, sizeof known / sizeof known[0], &key) !=
	    plain.n)
		return KEYC_NONE;
	return in->literal ? key | modifiers(semi + 1) : key;
}

/* Up to four digits; -1 for anything else. */
static int
small_number(const char **p, char end)
{
	int v = 0, digits = 0;

	for (; **p >= '0' && **p <= '9'; (*p)++) {
		if (++digits > 4)
			return -1;
		v = v * 10 + (**p - '0');
	}
	return digits > 0 && *(*p)++ == end ? v : -1;
}

/* "\033[<button;column;lineM", with m when it is let go (xterm's control
 * sequences, "SGR mouse mode"). Only what has a meaning here is a key: a plain
 * press of the first button, and the wheel. */
static uint32_t
mouse_key(struct input *in, size_t len)
{
	const char *p = in->buf + 3;
	int button, x, y;

	if (len < 9 || len > 20 || in->buf[2] != '<' ||
	    in->buf[len - 1] != 'M')
		return KEYC_NONE;
	button = small_number(&p, ';');
	x = button >= 0 ? small_number(&p, ';') : -1;
	y = x >= 1 ? small_number(&p, 'M') : -1;
	if (y < 1 || p != in->buf + len)
		return KEYC_NONE;
	if (button == 0)
		in->mouse.what = MOUSE_PRESS;
	else if (button == 64 || button == 65)
		in->mouse.what = button == 64 ? MOUSE_UP : MOUSE_DOWN;
	else
		return KEYC_NONE;
	in->mouse.x = x - 1;
	in->mouse.y = y - 1;
	return KEYC_MOUSE;
}

/* --- What is pasted ------------------------------------------------------------ */

/* The marks around it (xterm's control sequences, "Bracketed Paste Mode"). */
static const char paste_begin[] = "\033[200~", paste_end[] = "\033[201~";

enum { PASTE_MARK = sizeof paste_end - 1 };

static bool
begins_paste(const struct input *in, size_t len)
{
	return len == PASTE_MARK && memcmp(in->buf, paste_begin, len) == 0;
}

static void
keep_pasted(struct input *in, size_t n)
{
	struct paste *p = &in->paste;

	for (size_t i = 0; i < n; i++) {
		if (in->buf[i] == '\0')
			continue;
		if (p->n + 1 == sizeof p->text)
			p->cut = true;
		else
			p->text[p->n++] = in->buf[i];
	}
	p->text[p->n] = '\0';
}

/* Up to the mark of its end, which may come in pieces; or a silence so long
 * that it will not come any more. */
static uint32_t
take_paste(struct input *in, struct mono now, bool *wait)
{
	size_t n = 0, left;

	if (in->literal && in->paste.more)
		in->paste = (struct paste){ .later = true };
	while (n < in->n && memcmp(in->buf + n, paste_end, in->n - n <
	    PASTE_MARK ? in->n - n : PASTE_MARK) != 0)
		n++;
	in->paste.more = in->literal && in->paste.n + n >= INPUT_PASTE_MAX;
	if (in->paste.more)
		n = INPUT_PASTE_MAX - 1 - in->paste.n;
	left = in->n - n;
	keep_pasted(in, n);
	drop(in, n);
	if (in->paste.more)
		return KEYC_PASTE;
	*wait = left < PASTE_MARK;
	if (*wait && mono_diff_ms(now, in->got) < INPUT_PASTE_MS)
		return KEYC_NONE;
	drop(in, left < PASTE_MARK ? left : PASTE_MARK);
	in->pasting = false;
	return KEYC_PASTE;
}

/* --- Keys ------------------------------------------------------------------------ */

/* For how long after the newest byte the buffer's first key may be waited for:
 * an Esc may be one, but what has more of a sequence is hardly typed by hand. */
static int64_t
patience_ms(const struct input *in)
{
	return in->n == 1 && in->buf[0] == '\033' ? in->esc_ms : INPUT_REST_MS;
}

/* Whether a byte after Esc begins what no finger types that quickly. */
static bool
goes_on(const struct input *in, char byte)
{
	if (byte == '[' || byte == 'O' || byte == ']')
		return true;
	for (size_t i = 0; i < in->nextra; i++)
		if (in->extra[i].bytes[1] == byte)
			return true;
	return false;
}

/* An Esc was delivered, and this may be the rest of its sequence: the two are
 * joined again. */
static void
join(struct input *in)
{
	if (!in->cut || in->n == 0)
		return;
	in->cut = false;
	if (mono_diff_ms(in->got, in->esc) >= INPUT_REST_MS ||
	    !goes_on(in, in->buf[0]))
		return;
	memmove(in->buf + 1, in->buf, in->n);
	in->buf[0] = '\033';
	in->n++;
	in->joined = true;
}

/* An Esc that stands for itself; one that was joined was told before. */
static uint32_t
lone_escape(struct input *in, struct mono now)
{
	bool told = in->joined;

	in->cut = in->n == 1;
	in->joined = false;
	drop(in, 1);
	if (told)
		return KEYC_NONE;
	in->esc = now;
	return KEYC_ESC;
}

static uint32_t
take_escape(struct input *in, struct mono now, bool *wait)
{
	bool quiet = mono_diff_ms(now, in->got) >= patience_ms(in);
	uint32_t key = KEYC_NONE;
	size_t len;

	len = match(in, in->extra, in->nextra, &key);
	if (len == 0)
		len = match(in, known, sizeof known / sizeof known[0], &key);
	if (len > 0) {
		in->joined = false;
		drop(in, len);
		return key;
	}
	len = sequence_length(in);
	if (len == 0 && !quiet && in->n < INPUT_BUF) {
		*wait = true;
		return KEYC_NONE;
	}
	if (len == 1 || (len == 0 && in->n <= 2))
		return lone_escape(in, now);
	if (len == 0)
		len = in->n; /* begun and never ended: noise */
	in->joined = false;
	if (begins_paste(in, len)) {
		in->pasting = true;
		in->paste = (struct paste){ .n = 0 };
	}
	key = in->buf[1] == ']' ? ground_key(in, len) :
	    len > 2 && in->buf[2] == '<' ? mouse_key(in, len) :
	    unmodified(in, len);
	drop(in, len);
	return key;
}

static uint32_t
take_text(struct input *in, struct mono now, bool *wait)
{
	unsigned char lead = (unsigned char)in->buf[0];
	size_t need = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 :
	    lead < 0xf0 ? 3 : 4;
	uint32_t cp;

	if (in->n < need && mono_diff_ms(now, in->got) < patience_ms(in)) {
		*wait = true;
		return KEYC_NONE;
	}
	drop(in, utf8_decode(&cp, in->buf, in->n));
	if (in->literal && cp < 0x80)
		return cp == 0 ? KEYC_NUL : cp;
	if (cp == 0xfffd || (cp >= 0x80 && cp < 0xa0) || cp == 0)
		return KEYC_NONE;
	if (cp == 0x08)
		return KEYC_BACKSPACE;
	if (cp == 0x0a)
		return KEYC_ENTER;
	if (cp >= '0' && cp <= '9' &&
	    mono_diff_ms(now, in->esc) < INPUT_DIGIT_MS)
		return cp == '0' ? KEYC_F(10) : KEYC_F(cp - '0');
	in->esc = (struct mono){ INT64_MIN / 2 };
	return cp;
}

uint32_t
input_next(struct input *in, struct mono now)
{
	bool wait = false;

	join(in);
	while ((in->n > 0 || in->pasting) && !wait) {
		uint32_t key = in->pasting ? take_paste(in, now, &wait) :
		    in->buf[0] == '\033' ? take_escape(in, now, &wait) :
		    take_text(in, now, &wait);

		if (key != KEYC_NONE)
			return key;
	}
	return KEYC_NONE;
}

void
input_deadline(const struct input *in, struct mono *deadline)
{
	if (in->n > 0 || in->pasting)
		mono_lower(deadline, mono_add_ms(in->got, in->pasting ?
		    INPUT_PASTE_MS : patience_ms(in)));
}

static const struct {
	uint32_t key;
	const char *name;
} names[] = {
	{ KEYC_UP, "Up" }, { KEYC_DOWN, "Down" }, { KEYC_LEFT, "Left" },
	{ KEYC_RIGHT, "Right" }, { KEYC_HOME, "Home" }, { KEYC_END, "End" },
	{ KEYC_PGUP, "PgUp" }, { KEYC_PGDN, "PgDn" }, { KEYC_INSERT, "Ins" },
	{ KEYC_DELETE, "Del" }, { KEYC_BACKTAB, "S-Tab" },
	{ KEYC_TAB, "Tab" }, { KEYC_ENTER, "Enter" }, { KEYC_ESC, "Esc" },
	{ KEYC_BACKSPACE, "BkSp" }, { ' ', "Space" },
};

enum { NAMES = sizeof names / sizeof names[0] };

/* Of keys that have a name. S-Tab, which terminals send as a key of its own, is
 * one of the names. */
static const struct {
	const char *name;
	uint32_t bit;
} mod_names[] = {
	{ "S-", KEYC_SHIFT }, { "A-", KEYC_ALT }, { "C-", KEYC_CTRLED },
};

enum { MODIFIERS = sizeof mod_names / sizeof mod_names[0] };

void
input_key_name(char out[16], uint32_t key)
{
	size_t len;

	for (size_t i = 0; i < MODIFIERS; i++)
		if ((key & mod_names[i].bit) != 0) {
			char plain[16];

			input_key_name(plain, key & ~mod_names[i].bit);
			snprintf(out, 16, "%s%.13s", mod_names[i].name, plain);
			return;
		}
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].key == key) {
			snprintf(out, 16, "%s", names[i].name);
			return;
		}
	if (key >= KEYC_F1 && key <= KEYC_F12) {
		snprintf(out, 16, "F%u", (unsigned)(key - KEYC_F1 + 1));
	} else if (key < 0x20) {
		snprintf(out, 16, "^%c", (char)(key + '@'));
	} else {
		len = utf8_encode(out, key);
		out[len] = '\0';
	}
}

uint32_t
input_key_parse(const char *name)
{
	size_t n = strlen(name);
	char of[16];
	uint32_t cp;

	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].key;
	for (size_t i = 0; i < MODIFIERS; i++)
		if (strncmp(name, mod_names[i].name, 2) == 0) {
			uint32_t key = input_key_parse(name + 2);

			return key < KEYC_UP || (key & mod_names[i].bit) != 0 ?
			    KEYC_NONE : key | mod_names[i].bit;
		}
	for (uint32_t key = KEYC_F1; key <= KEYC_F12; key++) {
		input_key_name(of, key);
		if (strcmp(of, name) == 0)
			return key;
	}
	/* ^H and ^J come as BkSp and Enter. */
	if (n == 2 && name[0] == '^')
		return name[1] <= '@' || name[1] > '_' || name[1] == 'H' ||
		    name[1] == 'J' ? KEYC_NONE : KEYC_CTRL_OF(name[1]);
	if (n == 0 || utf8_decode(&cp, name, n) != n || cp <= ' ' ||
	    cp == 0x7f || cp == 0xfffd)
		return KEYC_NONE;
	return cp;
}
