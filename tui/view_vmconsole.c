/* The console of a VM: the guest's screen with one line of ours above it, which
 * says whose it is, where, and how to leave. While it is not open, why not and
 * what can be done stand below what it showed. */
#include <stdio.h>
#include <string.h>

#include "tui/input.h"
#include "tui/view.h"
#include "tui/vmcon.h"

static const char *
state_word(const struct vmcon *v)
{
	static const char *const words[] = {
		[VMCON_CLOSED] = "closed",
		[VMCON_OPENING] = "opening",
		[VMCON_LIVE] = "open",
		[VMCON_LOG] = "log, read-only",
		[VMCON_WAITING] = "waiting",
		[VMCON_LOCKED] = "taken",
		[VMCON_FAILED] = "failed",
	};

	if (v->state == VMCON_LIVE && v->paused)
		return "VM is paused";
	if (v->lost_keys)
		return "takes no keys now";
	return words[v->state];
}

/* Joins what there is to do: "^] leaves  PgUp back  F12 size". */
static void
add_key(char *out, size_t size, const struct frame *f, const char *name,
    const char *what)
{
	size_t n = strlen(out);
	char key[KEYMAP_NAME];

	snprintf(out + n, size - n, "%s%s %s", n > 0 ? "  " : "",
	    keymap_first(key, f->keys, name), what);
}

static void
draw_head(struct canvas *c, const struct frame *f)
{
	const struct vmcon *v = f->vmcon;
	const char *host = v->host < model_nhosts(f->model) ?
	    model_host(f->model, v->host)->name : NULL;
	bool well = v->state == VMCON_LIVE || v->state == VMCON_OPENING;
	enum style style = well ? STYLE_HEADER : STYLE_HEADER_WARN;
	struct rect r = { 0, 0, c->w, 1 };
	char left[400], right[160] = "";
	int used;

	canvas_fill(c, r, STYLE_HEADER, ' ');
	add_key(right, sizeof right, f, "console-leave", "leaves");
	if (v->back > 0) {
		snprintf(right, sizeof right, "%d lines back", v->back);
		add_key(right, sizeof right, f, "console-on", "on");
	} else if (v->state == VMCON_LIVE && c->w >= VMCON_MIN_W) {
		add_key(right, sizeof right, f, "console-back", "back");
		if (!v->fitted)
			add_key(right, sizeof right, f, "console-size",
			    "size");
	}
	snprintf(left, sizeof left, "%s%s%s", v->name,
	    host != NULL ? " on " : "", host != NULL ? host : "");
	used = canvas_text(c, 1, 0, c->w / 2, STYLE_HEADER, left);
	used += 1 + canvas_printf(c, 2 + used, 0, c->w - used - 2, style,
	    " %s ", state_word(v));
	if (f->ui->msg[0] != '\0')
		canvas_printf(c, used + 2, 0, c->w - used - 3,
		    f->ui->msg_style, " %s", f->ui->msg);
	else
		canvas_right(c, used + 3, 0, c->w - used - 4, STYLE_HEADER,
		    right);
}

/* The sentence, and the keys that help; over the guest's last lines. */
static void
draw_foot(struct canvas *c, const struct frame *f)
{
	const struct vmcon *v = f->vmcon;
	char keys[160] = "";
	struct doc d;
	int h;

	if (v->state == VMCON_LIVE || v->state == VMCON_LOG)
		return;
	doc_init(&d, c->w - 2 > 0 ? c->w - 2 : 1, c->ascii);
	doc_text(&d, 0, STYLE_WARN, v->state == VMCON_OPENING ?
	    "Opening the console ..." : v->why);
	if (v->state == VMCON_WAITING)
		doc_text(&d, 0, STYLE_NORMAL, "It is opened again as soon as "
		    "that is possible.");
	if (v->state != VMCON_OPENING) {
		add_key(keys, sizeof keys, f, "console-retry", "tries again");
		add_key(keys, sizeof keys, f, "console-log",
		    "reads the host's log of it");
		add_key(keys, sizeof keys, f, "console-leave", "leaves");
		doc_text(&d, 0, STYLE_FAINT, keys);
	}
	h = d.y < c->h - 1 ? d.y : c->h - 1;
	canvas_fill(c, (struct rect){ 0, c->h - h - 1, c->w, 1 }, STYLE_BOX,
	    0x2500);
	canvas_fill(c, (struct rect){ 0, c->h - h, c->w, h }, STYLE_NORMAL,
	    ' ');
	canvas_blit(c, (struct rect){ 1, c->h - h, c->w - 2, h }, &d.c, 0);
	c->cursor_shown = false;
	doc_free(&d);
}

void
vmconsole_draw(struct canvas *c, const struct frame *f)
{
	const struct emulator *e = vmcon_emulator(f->vmcon);

	if (e != NULL && c->h > 1)
		emulator_draw(e, c, (struct rect){ 0, 1, c->w, c->h - 1 },
		    f->vmcon->back);
	draw_head(c, f);
	draw_foot(c, f);
}

const struct view view_vmconsole = {
	.name = "console",
	.ctx = CTX_VMCONSOLE_IDLE,
};
