/* Commands that copy. What is copied is also said, since nobody can see a
 * clipboard, and whether the terminal took it cannot be known. */
#include "tui/app_cmd.h"

#include <string.h>

#include "core/mem.h"
#include "tui/clip.h"
#include "tui/copy.h"

static void
copy(struct app *a, const struct buf *text)
{
	x_free(a->clip);
	a->clip = x_strdup(text->p != NULL ? text->p : "");
	a->fx.copy = a->clip;
}

void
app_copy(struct app *a, enum copy_what what)
{
	const struct row *row = app_selected(a);
	struct frame f = app_frame(a);
	struct buf text;

	buf_init(&text, CLIP_MAX);
	if (row == NULL || !copy_of(&text, &f, row, what,
	    app_layout(a).body.w)) {
		app_say(a, STYLE_WARN, "This row has no %s to copy.",
		    copy_name(what));
	} else {
		copy(a, &text);
		app_say(a, STYLE_STATUS, "Copied the %s: %s", copy_name(what),
		    text.p);
	}
	buf_free(&text);
}

/* The marked ones, while there are any. */
static void
copy_marked(struct app *a)
{
	struct buf text;
	size_t n = 0;

	buf_init(&text, CLIP_MAX);
	for (size_t i = 0; i < model_nvms(a->model); i++) {
		const struct vm *vm = model_vm_at(a->model, i);

		if (marks_has(&a->ui.marks, vm->id) &&
		    buf_printf(&text, "%s%s", n > 0 ? " " : "", vm->name) == 0)
			n++;
	}
	if (n < a->ui.marks.n) {
		app_say(a, STYLE_WARN, "The names of %zu VMs are too long to "
		    "be copied.", a->ui.marks.n);
	} else {
		copy(a, &text);
		app_say(a, STYLE_STATUS, "Copied the name%s of %zu marked "
		    "VM%s.", n == 1 ? "" : "s", n, n == 1 ? "" : "s");
	}
	buf_free(&text);
}

static void
copy_text(struct app *a)
{
	struct frame f = app_frame(a);
	struct buf text;

	buf_init(&text, 1 << 24);
	if (!copy_view(&text, &f, app_layer(a), a->w)) {
		app_say(a, STYLE_WARN, "There is no text here to copy.");
	} else if (text.len > CLIP_MAX) {
		app_say(a, STYLE_WARN, "This text is too long to be copied.");
	} else {
		size_t lines = 0;

		for (size_t i = 0; i < text.len; i++)
			lines += text.p[i] == '\n';
		copy(a, &text);
		app_say(a, STYLE_STATUS, "Copied this text, %zu lines.", lines);
	}
	buf_free(&text);
}

void
cmd_copy(struct app *a)
{
	if (!app_home_top(a))
		copy_text(a);
	else if (a->ui.marks.n > 0)
		copy_marked(a);
	else
		app_copy(a, COPY_NAME);
}

void
cmd_copy_menu(struct app *a)
{
	if (app_selected(a) == NULL) {
		app_say(a, STYLE_WARN, "There is no row to copy from.");
		return;
	}
	a->ui.menu = MENU_COPY;
	a->ui.menu_at = 0;
}
