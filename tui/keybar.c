/* The key bar: what the keys of this moment are, as far as there is room. On
 * wide screens everything that has a label, with F-key and letter; then only
 * what has an F-key or is needed here; then the letters alone, since they take
 * less room; then what comes first. The way out is always shown. Where another
 * moment than now is shown, the keys that go through time come first, and those
 * that ask something of a host are not offered. */
#include <stdio.h>
#include <string.h>

#include "core/utf8.h"
#include "tui/input.h"
#include "tui/view.h"

enum { ITEMS_MAX = 48 };

struct item_of_bar {
	const struct binding *b;
	const char *label; /* "": the next one's is this one's too */
	int x, w, keys_w;
	char keys[40];
};

struct bar {
	struct item_of_bar v[ITEMS_MAX];
	size_t n;
};

static bool
is_f(uint32_t key)
{
	return key >= KEYC_F1 && key <= KEYC_F12;
}

static const struct {
	enum command cmd;
	const char *label;
} time_keys[] = {
	{ CMD_STEP_BACK, "" }, { CMD_STEP_ON, "Step" },
	{ CMD_EVENT_BACK, "" }, { CMD_EVENT_ON, "Event" },
	{ CMD_GOTO, "Go to" }, { CMD_NOW, "Now" }, { CMD_PAUSE, "Pause" },
};

enum { TIME_KEYS = sizeof time_keys / sizeof time_keys[0] };

static int
time_key(const struct binding *b)
{
	for (int i = 0; i < TIME_KEYS; i++)
		if (time_keys[i].cmd == b->cmd)
			return i;
	return -1;
}

/* NULL: it is not in the bar of this moment. */
static const char *
label(const struct frame *f, const struct binding *b)
{
	const struct ui_time *t = &f->ui->time;
	int i = time_key(b);

	if (t->mode == TIME_NOW)
		return b->label;
	if (b->cmd == CMD_RECONNECT || b->cmd == CMD_XENLOG ||
	    b->cmd == CMD_FAULTS)
		return NULL;
	if (b->cmd == CMD_PAUSE && t->paused)
		return "Run";
	if (b->cmd == CMD_NOW && t->mode == TIME_REPLAY)
		return "End";
	return i >= 0 ? time_keys[i].label : b->label;
}

/* Those that are left out first. */
static bool
is_extra(const struct binding *b)
{
	return !is_f(b->key[0]) && time_key(b) < 0 && b->key[0] != KEYC_ENTER &&
	    b->key[0] != KEYC_ESC && (b->contexts & CTX_HOME) != 0;
}

static bool
is_way_out(const struct binding *b)
{
	return b->cmd == CMD_CLOSE || b->cmd == CMD_BACK;
}

/* F-keys in their order, so that a finger finds them; then the others, and the
 * way out. */
static int
place(const struct binding *b)
{
	if (time_key(b) >= 0)
		return time_key(b) - TIME_KEYS;
	if (is_way_out(b))
		return 200;
	return is_f(b->key[0]) ? (int)(b->key[0] - KEYC_F1) : 100;
}

/* "F5t" with both, else the letter. Twins longer than a letter stand alone:
 * everybody knows Enter. */
static void
make_keys(char *out, size_t size, const struct binding *b, bool both)
{
	char name[16], twin[16] = "";
	bool letter;

	input_key_name(name, b->key[0]);
	if (b->key[1] != 0)
		input_key_name(twin, b->key[1]);
	letter = utf8_columns(twin) == 1;
	if (both && is_f(b->key[0]))
		snprintf(out, size, "%s%s", name, letter ? twin : "");
	else
		snprintf(out, size, "%s", twin[0] != '\0' &&
		    is_f(b->key[0]) ? twin : name);
}

static void
collect(struct bar *bar, const struct frame *f, bool extras, bool both)
{
	unsigned ctx = ui_context(f->ui);

	bar->n = 0;
	for (size_t i = 0; i < f->keys->n && bar->n < ITEMS_MAX; i++) {
		const struct binding *b = &f->keys->v[i];
		size_t at = bar->n;

		if (label(f, b) == NULL || (b->contexts & ctx) == 0 ||
		    (b->demo && !f->demo) || b->key[0] == 0 ||
		    (!extras && is_extra(b)))
			continue;
		while (at > 0 && place(bar->v[at - 1].b) > place(b)) {
			bar->v[at] = bar->v[at - 1];
			at--;
		}
		bar->v[at].b = b;
		bar->v[at].label = label(f, b);
		make_keys(bar->v[at].keys, sizeof bar->v[at].keys, b, both);
		bar->n++;
	}
	for (size_t i = 0; i < bar->n; i++) {
		struct item_of_bar *it = &bar->v[i];

		it->keys_w = utf8_columns(it->keys);
		it->w = it->keys_w + (it->label[0] != '\0') +
		    utf8_columns(it->label);
	}
}

static int
width(const struct bar *bar)
{
	int w = -1;

	for (size_t i = 0; i < bar->n; i++)
		w += bar->v[i].w + 1;
	return w;
}

static size_t
way_out(const struct bar *bar)
{
	for (size_t i = bar->n; i-- > 0;)
		if (is_way_out(bar->v[i].b))
			return i;
	return bar->n;
}

/* Leaves out what has no room, from the end. */
static void
cut(struct bar *bar, int most)
{
	while (bar->n > 1 && width(bar) > most) {
		size_t out = way_out(bar), drop = bar->n - 1;

		if (drop == out)
			drop--;
		memmove(&bar->v[drop], &bar->v[drop + 1],
		    (bar->n - drop - 1) * sizeof bar->v[0]);
		bar->n--;
	}
}

static void
make(struct bar *bar, const struct frame *f, struct rect r)
{
	int x = r.x;

	collect(bar, f, true, true);
	if (width(bar) > r.w)
		collect(bar, f, false, true);
	if (width(bar) > r.w)
		collect(bar, f, false, false);
	cut(bar, r.w);
	for (size_t i = 0; i < bar->n; i++) {
		bar->v[i].x = x;
		x += bar->v[i].w + 1;
	}
}

void
keybar_draw(struct canvas *c, struct rect r, const struct frame *f)
{
	struct bar bar;

	make(&bar, f, r);
	for (size_t i = 0; i < bar.n; i++) {
		const struct item_of_bar *it = &bar.v[i];
		int end = r.x + r.w;

		canvas_text(c, it->x, r.y, end - it->x, STYLE_KEY, it->keys);
		canvas_text(c, it->x + it->keys_w + 1, r.y,
		    end - it->x - it->keys_w - 1, STYLE_KEY_LABEL,
		    it->label);
	}
}

const struct binding *
keybar_at(struct rect r, const struct frame *f, int x)
{
	struct bar bar;

	make(&bar, f, r);
	for (size_t i = 0; i < bar.n; i++)
		if (x >= bar.v[i].x && x < bar.v[i].x + bar.v[i].w)
			return bar.v[i].b;
	return NULL;
}
