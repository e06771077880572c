/* Commands that mark VMs. Only what is shown can be marked: nobody should mark
 * what he does not see. */
#include "tui/app_cmd.h"

/* The rows that a row stands for: itself, or the VMs shown inside it. */
static size_t
end_of(const struct app *a, size_t at)
{
	const struct row *v = a->rows.v;
	size_t i = at + 1;

	if (!v[at].folds)
		return i;
	while (i < a->rows.n && (v[i].depth > v[at].depth ||
	    (a->ui.flat && v[i].id.kind == ROW_VM)))
		i++;
	return i;
}

static size_t
count_vms(const struct app *a, size_t from, size_t to, size_t *marked)
{
	size_t n = 0;

	*marked = 0;
	for (size_t i = from; i < to; i++) {
		struct row_id id = a->rows.v[i].id;

		n += id.kind == ROW_VM;
		*marked += id.kind == ROW_VM && marks_has(&a->ui.marks, id.id);
	}
	return n;
}

/* A filter may ask for marks. */
static void
remade(struct app *a)
{
	if (a->ui.filter.n > 0) {
		a->ui.kept = MODEL_NONE;
		app_remake(a);
	}
}

void
cmd_mark(struct app *a)
{
	size_t at = a->ui.sel_row, end, n, marked;

	if (at >= a->rows.n)
		return;
	end = end_of(a, at);
	n = count_vms(a, at, end, &marked);
	if (n == 0) {
		app_say(a, STYLE_WARN, a->rows.v[at].folds &&
		    !a->rows.v[at].open ? "It is folded: only VMs that are "
		    "shown are marked; + unfolds." :
		    "There is no VM here to mark.");
		return;
	}
	for (size_t i = at; i < end; i++)
		if (a->rows.v[i].id.kind == ROW_VM)
			marks_set(&a->ui.marks, a->rows.v[i].id.id,
			    marked < n);
	if (end < a->rows.n)
		app_select(a, end);
	remade(a);
}

void
cmd_mark_invert(struct app *a)
{
	struct marks seen = { 0 }; /* a VM may have several rows */

	for (size_t i = 0; i < a->rows.n; i++) {
		struct row_id id = a->rows.v[i].id;

		if (id.kind != ROW_VM || marks_has(&seen, id.id))
			continue;
		marks_set(&seen, id.id, true);
		marks_set(&a->ui.marks, id.id,
		    !marks_has(&a->ui.marks, id.id));
	}
	marks_free(&seen);
	remade(a);
}

void
cmd_unmark_all(struct app *a)
{
	size_t n = a->ui.marks.n;

	marks_free(&a->ui.marks);
	if (n == 0)
		app_say(a, STYLE_STATUS, "Nothing is marked.");
	else
		app_say(a, STYLE_STATUS, "%zu mark%s taken away.", n,
		    n == 1 ? "" : "s");
	remade(a);
}

void
app_marks_follow(struct app *a)
{
	size_t gone = marks_prune(&a->ui.marks, a->model);

	if (gone > 0)
		app_say(a, STYLE_WARN, "%zu marked VM%s %s there no more; "
		    "%zu %s still marked.", gone, gone == 1 ? "" : "s",
		    gone == 1 ? "is" : "are", a->ui.marks.n,
		    a->ui.marks.n == 1 ? "is" : "are");
}
