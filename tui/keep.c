/* The console's state between file and app. The state as it would be written
 * is compared with what it was at the start: who changed nothing writes
 * nothing, and takes nothing back that another console has written since. */
#include "tui/keep.h"

#include <string.h>

#include "tui/statefile.h"
#include "tui/uistate.h"

static void
snapshot(const struct keep *k, const struct app *app, struct buf *out)
{
	buf_init(out, STATEFILE_MAX);
	uistate_put(&app->ui, app->model, &k->others, out);
}

void
keep_open(struct keep *k, const char *path, bool writes, struct app *app)
{
	struct err e = { 0 };
	char note[160] = "";
	struct buf text;
	size_t ignored;

	*k = (struct keep){ .path = path, .writes = writes };
	buf_init(&k->others, UISTATE_OTHERS_MAX);
	buf_init(&text, STATEFILE_MAX);
	if (path != NULL && statefile_read(path, &text, &e) != 0) {
		app_say(app, STYLE_WARN, "%s", e.msg);
		k->path = NULL;
	}
	if (k->path != NULL && text.len > 0) {
		ignored = uistate_take(&app->ui, app->model, text.p, text.len,
		    &k->others, note, sizeof note);
		if (ignored > 0)
			app_say(app, STYLE_WARN, "%s: %s%s", path, note,
			    ignored > 1 ? ", and others" : "");
		app_remake(app);
	}
	buf_free(&text);
	snapshot(k, app, &k->was);
}

void
keep_close(struct keep *k)
{
	buf_free(&k->was);
	buf_free(&k->others);
}

static bool
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->p, b->p, a->len) == 0);
}

int
keep_save(struct keep *k, const struct app *app, bool always, struct err *e)
{
	struct buf text;
	int rc = 0;

	if (k->path == NULL || !k->writes)
		return !always ? 0 : err_set(e, ERR_FAILED,
		    "The state of this console is not kept.");
	snapshot(k, app, &text);
	if (always || !same(&text, &k->was))
		rc = statefile_write(k->path, &text, e);
	if (rc != 0) {
		buf_free(&text);
		return rc;
	}
	buf_free(&k->was);
	k->was = text;
	return 0;
}
