/* What was done, out of the journal: asked for by a key or a command, shown when
 * it comes. */
#include <stdio.h>
#include <string.h>

#include "core/jobs.h"
#include "tui/app_cmd.h"
#include "tui/report.h"

static void
want(struct app *a, const char *word, const char *key)
{
	if (a->jobs == NULL) {
		app_say(a, STYLE_WARN, "There is no journal here%s%s",
		    a->no_work != NULL ? ": " : ".",
		    a->no_work != NULL ? a->no_work : "");
		return;
	}
	snprintf(a->history_word, sizeof a->history_word, "%s", word);
	snprintf(a->history_key, sizeof a->history_key, "%s", key);
	a->fx.history = true;
	app_say(a, STYLE_STATUS, "Asking the journal ...");
}

static const char *
name_of(const struct app *a, struct row_id id)
{
	const struct vm *vm;

	switch (id.kind) {
	case ROW_HOST:
	case ROW_DOM0:
		return model_host(a->model, id.id)->name;
	case ROW_VM:
		vm = model_vm(a->model, id.id);
		return vm != NULL && vm->name != NULL ? vm->name : "";
	case ROW_CLUSTER:
	case ROW_DORMANT:
		break;
	}
	return "";
}

/* Of the VM or host that is selected or open; of the open job; else of all. */
void
cmd_history(struct app *a)
{
	const struct layer *l = app_layer(a);
	const struct job *job = l->view == VIEW_JOB && a->jobs != NULL ?
	    jobs_find(a->jobs, l->about.id) : NULL;

	if (job != NULL)
		want(a, "", job->key);
	else if (l->view == VIEW_DETAIL)
		want(a, name_of(a, l->about), "");
	else if (app_home_top(a) && a->rows.n > 0)
		want(a, name_of(a, a->ui.sel), "");
	else
		want(a, "", "");
}

/* "7f3a2c91-12": as jobs are called in the journal. */
static bool
is_key(const char *s)
{
	size_t hex = strspn(s, "0123456789abcdef");
	size_t n = s[hex] == '-' ? strspn(s + hex + 1, "0123456789") : 0;

	return hex >= 8 && n > 0 && s[hex + 1 + n] == '\0';
}

void
app_history(struct app *a, const char *args)
{
	if (is_key(args))
		want(a, "", args);
	else
		want(a, args, "");
}

void
app_history_came(struct app *a, const struct ledger_job *v, size_t n,
    const char *error)
{
	const char *of = a->history_key[0] != '\0' ? a->history_key :
	    a->history_word;
	char title[400];
	struct buf out;

	if (error != NULL || n == 0) {
		app_say(a, STYLE_WARN, "%s%s%s", error != NULL ? error :
		    "The journal knows of nothing that was done",
		    error == NULL && of[0] != '\0' ? " to " : "",
		    error == NULL ? of : "");
		return;
	}
	buf_init(&out, APP_OUTPUT_MAX);
	if (a->history_key[0] != '\0')
		report_job(&out, &v[0], a->wall_ms);
	else
		report_jobs_newest(&out, v, n);
	snprintf(title, sizeof title, "history%s%s; :history KEY tells one in "
	    "full", of[0] != '\0' ? " " : "", of);
	a->ui.msg[0] = '\0';
	app_output(a, title, &out, false);
	buf_free(&out);
	reader_touch(a, true);
}

void
app_job_told(struct app *a, enum note_level level, const char *text)
{
	app_say(a, level == NOTE_ALARM ? STYLE_ALARM :
	    level == NOTE_WARNING ? STYLE_WARN : STYLE_STATUS, "%s", text);
}
