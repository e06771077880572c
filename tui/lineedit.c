/* The line editor. Text is whole characters always: what cannot be shown is
 * never let in, a combining mark stays with what it stands on, and what would
 * pass the limit is refused whole. Scrolling is no state but follows from the
 * cursor, in steps of half the width so that the text stands still while one
 * types. */
#include "tui/lineedit.h"

#include <string.h>

#include "core/utf8.h"

static void
forget_found(struct lineedit *l)
{
	words_free(&l->found);
	l->found_at = 0;
}

void
lineedit_set(struct lineedit *l, const char *text)
{
	l->len = l->at = utf8_clean(l->text, l->max, text, strlen(text));
}

void
lineedit_start(struct lineedit *l, const char *text, size_t max)
{
	lineedit_free(l);
	l->max = max < sizeof l->text ? max : sizeof l->text;
	lineedit_set(l, text);
}

void
lineedit_free(struct lineedit *l)
{
	words_free(&l->found);
	memset(l, 0, sizeof *l);
}

/* --- Characters -------------------------------------------------------------- */

static uint32_t
at(const struct lineedit *l, size_t i, size_t *step)
{
	uint32_t cp = 0;

	*step = utf8_decode(&cp, l->text + i, l->len - i);
	return cp;
}

/* The byte after the character at i with its marks. */
static size_t
after(const struct lineedit *l, size_t i)
{
	size_t step;

	at(l, i, &step);
	do
		i += step;
	while (i < l->len && utf8_width(at(l, i, &step)) == 0);
	return i;
}

/* The byte where the character before i begins, the one its marks are on. */
static size_t
before(const struct lineedit *l, size_t i)
{
	size_t step;

	while (i > 0) {
		do
			i--;
		while (i > 0 && ((unsigned char)l->text[i] & 0xc0) == 0x80);
		if (utf8_width(at(l, i, &step)) > 0)
			break;
	}
	return i;
}

static size_t
word_before(const struct lineedit *l, size_t i)
{
	while (i > 0 && l->text[i - 1] == ' ')
		i--;
	while (i > 0 && l->text[i - 1] != ' ')
		i--;
	return i;
}

/* --- Changes ----------------------------------------------------------------- */

static bool
cut(struct lineedit *l, size_t from, size_t to)
{
	if (from >= to)
		return false;
	memmove(l->text + from, l->text + to, l->len - to + 1);
	l->len -= to - from;
	l->at = from;
	return true;
}

static bool
insert(struct lineedit *l, const char *s, size_t n)
{
	if (n == 0 || l->len + n >= l->max)
		return false;
	memmove(l->text + l->at + n, l->text + l->at, l->len - l->at + 1);
	memcpy(l->text + l->at, s, n);
	l->len += n;
	l->at += n;
	return true;
}

/* Its bytes; 0 of what cannot be shown. */
static size_t
encode(char enc[4], uint32_t cp)
{
	char clean[8];
	size_t n;

	if (cp < 0x20 || cp > 0x10ffff || (cp >= 0xd800 && cp < 0xe000))
		return 0;
	n = utf8_encode(enc, cp);
	return utf8_clean(clean, sizeof clean, enc, n) == n &&
	    memcmp(clean, enc, n) == 0 ? n : 0;
}

static bool
type(struct lineedit *l, const char *s, size_t n)
{
	forget_found(l);
	if (l->history != NULL)
		l->history_at = l->history->n;
	return insert(l, s, n);
}

bool
lineedit_type(struct lineedit *l, uint32_t cp)
{
	char enc[4];
	size_t n = encode(enc, cp);

	return n > 0 && type(l, enc, n);
}

static bool
ends_line(uint32_t cp)
{
	return cp == '\n' || cp == '\r' || cp == '\t';
}

bool
lineedit_paste(struct lineedit *l, const char *text)
{
	size_t left = strlen(text), n = 0, step, k;
	char line[LINEEDIT_MAX], enc[4];
	bool blank = false;
	uint32_t cp;

	for (; (step = utf8_decode(&cp, text, left)) != 0;
	     text += step, left -= step) {
		blank |= ends_line(cp) && n > 0;
		k = cp == 0xfffd ? 0 : encode(enc, cp);
		if (k == 0)
			continue;
		if (n + blank + k > sizeof line)
			return false;
		if (blank)
			line[n++] = ' ';
		memcpy(line + n, enc, k);
		n += k;
		blank = false;
	}
	return n == 0 || type(l, line, n);
}

/* --- History ----------------------------------------------------------------- */

/* Goes by dir to the next one that fits and is not what stands there. */
static bool
recall(struct lineedit *l, int dir)
{
	size_t n = l->history != NULL ? l->history->n : 0;
	size_t i = l->history_at < n ? l->history_at : n;

	if (i == n) {
		if (n == 0 || dir > 0)
			return false;
		memcpy(l->kept, l->text, l->len + 1);
		l->prefix = l->at;
	}
	while (dir < 0 ? i-- > 0 : ++i < n) {
		if (strncmp(l->history->v[i], l->kept, l->prefix) != 0 ||
		    strcmp(l->history->v[i], l->text) == 0)
			continue;
		l->history_at = i;
		lineedit_set(l, l->history->v[i]);
		return true;
	}
	if (dir < 0)
		return false;
	l->history_at = n;
	lineedit_set(l, l->kept);
	return true;
}

void
lineedit_remember(struct words *history, const char *text, size_t most)
{
	if (text[strspn(text, " ")] == '\0' || most == 0)
		return;
	for (size_t i = history->n; i-- > 0;)
		if (strcmp(history->v[i], text) == 0)
			words_remove(history, i);
	while (history->n >= most || history->n == WORDS_MAX)
		words_remove(history, 0);
	words_add(history, text);
}

/* --- Completion -------------------------------------------------------------- */

/* Puts n bytes of s in the place of what is completed. */
static bool
replace(struct lineedit *l, const char *s, size_t n)
{
	size_t was = l->at - l->found_from;

	if (l->len - was + n >= l->max)
		return false;
	if (was == n && memcmp(l->text + l->found_from, s, n) == 0)
		return false;
	cut(l, l->found_from, l->at);
	insert(l, s, n);
	return true;
}

static bool
choose(struct lineedit *l, int dir)
{
	size_t n = l->found.n;

	if (dir > 0)
		l->found_at = l->found_at + 1 < n ? l->found_at + 1 : 0;
	else
		l->found_at = l->found_at > 0 && l->found_at < n ?
		    l->found_at - 1 : n - 1;
	return replace(l, l->found.v[l->found_at],
	    strlen(l->found.v[l->found_at]));
}

bool
lineedit_choose(struct lineedit *l, size_t i)
{
	bool changed;

	if (i >= l->found.n)
		return false;
	changed = replace(l, l->found.v[i], strlen(l->found.v[i]));
	forget_found(l);
	return changed;
}

/* First as far as it is certain, with the candidates shown; from then on one
 * after the other. */
static bool
complete(struct lineedit *l, int dir)
{
	bool changed;

	if (l->complete == NULL)
		return false;
	if (l->found.n > 1)
		return choose(l, dir);
	forget_found(l);
	l->found_from = l->complete(l->arg, l->text, l->at, &l->found);
	if (l->found.n == 0)
		return false;
	words_sort(&l->found);
	l->found_at = l->found.n;
	changed = replace(l, l->found.v[0], words_common(&l->found));
	if (l->found.n == 1) {
		/* What ends so goes on without a blank. */
		if (l->at == l->len && l->at > 0 &&
		    strchr(":=<> ", l->text[l->at - 1]) == NULL)
			changed = insert(l, " ", 1) || changed;
		forget_found(l);
	}
	return changed;
}

/* --- Operations -------------------------------------------------------------- */

static bool
move_or_cut(struct lineedit *l, enum lineedit_op op)
{
	switch (op) {
	case LINEEDIT_LEFT:
		l->at = before(l, l->at);
		return false;
	case LINEEDIT_RIGHT:
		l->at = l->at < l->len ? after(l, l->at) : l->len;
		return false;
	case LINEEDIT_HOME:
		l->at = 0;
		return false;
	case LINEEDIT_END:
		l->at = l->len;
		return false;
	case LINEEDIT_ERASE:
		return cut(l, before(l, l->at), l->at);
	case LINEEDIT_DELETE:
		return l->at < l->len && cut(l, l->at, after(l, l->at));
	case LINEEDIT_ERASE_WORD:
		return cut(l, word_before(l, l->at), l->at);
	case LINEEDIT_ERASE_BEFORE:
		return cut(l, 0, l->at);
	case LINEEDIT_ERASE_AFTER:
		return cut(l, l->at, l->len);
	case LINEEDIT_OLDER:
		return recall(l, -1);
	case LINEEDIT_NEWER:
		return recall(l, 1);
	case LINEEDIT_COMPLETE:
	case LINEEDIT_COMPLETE_BACK:
	case LINEEDIT_NOPS:
		break;
	}
	return false;
}

bool
lineedit_do(struct lineedit *l, enum lineedit_op op)
{
	if (op == LINEEDIT_COMPLETE || op == LINEEDIT_COMPLETE_BACK)
		return complete(l, op == LINEEDIT_COMPLETE ? 1 : -1);
	forget_found(l);
	if (op != LINEEDIT_OLDER && op != LINEEDIT_NEWER &&
	    l->history != NULL)
		l->history_at = l->history->n;
	return move_or_cut(l, op);
}

/* --- Drawing ----------------------------------------------------------------- */

/* Columns of the first n bytes. */
static int
columns(const struct lineedit *l, size_t n)
{
	int w = 0;

	for (size_t i = 0, step; i < n; i += step) {
		int k = utf8_width(at(l, i, &step));

		w += k > 0 ? k : 0;
	}
	return w;
}

int
lineedit_draw(const struct lineedit *l, struct canvas *c, struct rect r,
    unsigned style)
{
	int cursor = columns(l, l->at), half = r.w / 2 > 0 ? r.w / 2 : 1;
	int room = l->at < l->len && r.w > 1 ? r.w - 1 : r.w, skip = 0, used;
	size_t from = 0;

	if (r.w < 1)
		return 0;
	while (cursor - skip >= room)
		skip += half;
	/* A wide character may straddle the edge. */
	while (from < l->len && columns(l, from) < skip)
		from = after(l, from);
	skip = columns(l, from);
	used = canvas_text(c, r.x, r.y, r.w, style, l->text + from);
	if (skip > 0)
		canvas_put(c, r.x, r.y, style, 0x2026);
	c->cursor_x = r.x + (cursor - skip < r.w ? cursor - skip : r.w - 1);
	c->cursor_y = r.y;
	c->cursor_shown = true;
	return used > cursor - skip ? used : cursor - skip + 1;
}
