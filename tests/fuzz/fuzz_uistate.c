/* Any bytes as the console's kept state: what is taken is sound, and what is
 * written of it reads back to the same, without a complaint. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/app.h"
#include "tui/table.h"
#include "tui/uistate.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void
require(int truth)
{
	if (!truth)
		abort();
}

struct world {
	struct conf conf;
	struct model *model;
	struct app app;
};

static void
open_world(struct world *w)
{
	static const char *const names[] = { "alpha", "beta", "gamma" };

	conf_init(&w->conf);
	conf_add_cluster(&w->conf)->name = x_strdup("prod");
	for (size_t i = 0; i < 3; i++)
		conf_add_host(&w->conf)->name = x_strdup(names[i]);
	conf_add_cluster(&w->conf)->name = x_strdup("lab");
	w->model = model_new(&w->conf);
	app_init(&w->app, w->model);
}

static void
close_world(struct world *w)
{
	app_free(&w->app);
	model_free(w->model);
	conf_free(&w->conf);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct buf others, again_others, out, again;
	struct world a, b;
	char note[160];

	open_world(&a);
	open_world(&b);
	buf_init(&others, UISTATE_OTHERS_MAX);
	buf_init(&again_others, UISTATE_OTHERS_MAX);
	buf_init(&out, 1 << 20);
	buf_init(&again, 1 << 20);
	uistate_take(&a.app.ui, a.model, (const char *)data, n, &others, note,
	    sizeof note);
	require(a.app.ui.sort < table_ncolumns);
	require(a.app.ui.columns.n <= table_ncolumns);
	app_remake(&a.app);
	uistate_put(&a.app.ui, a.model, &others, &out);
	require(uistate_take(&b.app.ui, b.model, out.p, out.len, &again_others,
	    note, sizeof note) == 0);
	uistate_put(&b.app.ui, b.model, &again_others, &again);
	require(out.len == again.len && memcmp(out.p, again.p, out.len) == 0);
	buf_free(&others);
	buf_free(&again_others);
	buf_free(&out);
	buf_free(&again);
	close_world(&a);
	close_world(&b);
	return 0;
}
