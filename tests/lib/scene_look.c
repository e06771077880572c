#include "tests/lib/scene_look.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/buf.h"
#include "tui/app_cmd.h"
#include "tui/canvas.h"

bool
canvas_shows(const struct canvas *c, const char *text)
{
	struct buf out;
	bool is;

	buf_init(&out, 1 << 22);
	canvas_dump(c, &out);
	is = strstr(out.p, text) != NULL;
	buf_free(&out);
	return is;
}

bool
scene_shows(const struct scene *s, const char *text)
{
	struct canvas c;
	bool is;

	canvas_init(&c, s->app.w, s->app.h);
	app_draw(&s->app, &c);
	is = canvas_shows(&c, text);
	canvas_free(&c);
	return is;
}

const char *
scene_selected(const struct scene *s)
{
	const struct row *row = app_selected(&s->app);
	const struct vm *vm;

	if (row == NULL)
		return "";
	switch (row->id.kind) {
	case ROW_CLUSTER:
		return s->conf.clusters[row->id.id].name;
	case ROW_HOST:
		return s->conf.hosts[row->id.id].name;
	case ROW_DOM0:
		return "dom0";
	case ROW_DORMANT:
		return "dormant";
	case ROW_VM:
		break;
	}
	vm = model_vm(s->model, row->id.id);
	return vm != NULL ? vm->name : "(gone)";
}

void
scene_go_to(struct scene *s, const char *name)
{
	scene_press(s, "g");
	for (size_t i = 0; i < s->app.rows.n &&
	     strcmp(scene_selected(s), name) != 0; i++)
		scene_press(s, "j");
	assert_string_equal(scene_selected(s), name);
}
