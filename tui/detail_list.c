/* Lists within details: a cluster's hosts, and the VMs of a host, for a dead
 * one too. They are rows of the home screen with fewer columns, so that a state
 * is the same word everywhere; what is in trouble comes first. */
#include "tui/detail_list.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/rows.h"
#include "tui/table.h"

enum { LISTED_MAX = 500, NAME_LEAST = 12, NAME_MOST = 32 };

/* A row and what it is sorted by. */
struct entry {
	struct row row;
	bool troubled;
	int64_t cpu_pm; /* of VMs */
	const char *name;
};

/* --- Order ------------------------------------------------------------------------ */

/* Hosts stay as the configuration has them. */
static int
compare(const void *p, const void *q)
{
	const struct entry *a = p, *b = q;
	int names;

	if (a->troubled != b->troubled)
		return a->troubled ? -1 : 1;
	if (a->cpu_pm != b->cpu_pm)
		return a->cpu_pm > b->cpu_pm ? -1 : 1;
	names = strcmp(a->name, b->name);
	return names != 0 ? names :
	    (a->row.id.id > b->row.id.id) - (a->row.id.id < b->row.id.id);
}

static int
compare_hosts(const void *p, const void *q)
{
	const struct entry *a = p, *b = q;

	if (a->troubled != b->troubled)
		return a->troubled ? -1 : 1;
	return (a->row.id.id > b->row.id.id) - (a->row.id.id < b->row.id.id);
}

/* --- Drawing ---------------------------------------------------------------------- */

/* As many of the columns as fit, the first ones first. */
static void
lay_out(struct table_layout *t, int width, const char *const ids[])
{
	int used = 0, name;

	*t = (struct table_layout){ .n = 1, .width = width };
	for (size_t i = 1; ids[i] != NULL; i++) {
		size_t k = table_find(ids[i]);
		int w = table_columns[k].width;

		if (used + w + 1 + NAME_LEAST > width)
			break;
		t->v[t->n].column = (uint8_t)k;
		t->v[t->n++].w = w;
		used += w + 1;
	}
	name = width - used;
	t->v[0].column = (uint8_t)table_find(ids[0]);
	t->v[0].w = name < NAME_MOST ? name : NAME_MOST;
	for (size_t i = 1; i < t->n; i++)
		t->v[i].x = t->v[i - 1].x + t->v[i - 1].w + 1;
}

static void
draw_titles(struct doc *d, const struct table_layout *t)
{
	doc_need(d, 2);
	for (size_t i = 0; i < t->n; i++) {
		const struct column *col = &table_columns[t->v[i].column];
		/* A name has its place for marks before it. */
		int x = t->v[i].x + (i == 0 ? 2 : 0);

		if (col->left)
			canvas_text(&d->c, x, d->y, t->v[i].w, STYLE_LABEL,
			    col->title);
		else
			canvas_right(&d->c, x, d->y, t->v[i].w, STYLE_LABEL,
			    col->title);
	}
	doc_blank(d);
}

static void
draw_list(struct doc *d, const struct frame *f, const struct entry *v,
    size_t n, const char *const ids[])
{
	struct table_layout t;

	lay_out(&t, d->c.w, ids);
	draw_titles(d, &t);
	for (size_t i = 0; i < n && i < LISTED_MAX; i++) {
		struct item it = row_item(f, &v[i].row);

		doc_need(d, 2);
		table_draw_row(&d->c, (struct rect){ 0, d->y, d->c.w, 1 }, &t,
		    &it);
		doc_blank(d);
	}
	if (n > LISTED_MAX)
		doc_factf(d, "", "and %zu more", n - LISTED_MAX);
}

/* --- The lists --------------------------------------------------------------------- */

void
detail_list_hosts(struct doc *d, const struct frame *f, uint32_t cluster)
{
	static const char *const ids[] = { "name", "state", "cpu", "memory",
		"vms", "uptime", NULL };
	uint32_t hosts = (uint32_t)model_nhosts(f->model);
	struct entry *v = x_calloc(hosts + 1, sizeof *v);
	size_t n = 0;

	for (uint32_t i = 0; i < hosts; i++) {
		struct entry *e = &v[n];
		struct item it;

		if (model_host(f->model, i)->cluster != cluster)
			continue;
		e->row.id = (struct row_id){ ROW_HOST, i, i };
		it = row_item(f, &e->row);
		e->troubled = row_troubled(&it);
		n++;
	}
	qsort(v, n, sizeof *v, compare_hosts);
	doc_title(d, "Hosts");
	draw_list(d, f, v, n, ids);
	x_free(v);
}

void
detail_list_vms(struct doc *d, const struct frame *f, uint32_t host)
{
	static const char *const ids[] = { "name", "state", "cpu", "memory",
		"vcpus", "uptime", NULL };
	struct entry *v = x_calloc(model_nvms(f->model) + 1, sizeof *v);
	bool live = model_host(f->model, host)->health == HOST_LIVE;
	size_t n = 0;

	for (size_t i = 0; i < model_nvms(f->model); i++) {
		const struct vm *vm = model_vm_at(f->model, i);
		const struct vm_copy *c = vm_copy_on(vm, host);
		struct entry *e = &v[n];
		struct item it;

		if (c == NULL)
			continue;
		e->row.id = (struct row_id){ ROW_VM, vm->id, host };
		it = row_item(f, &e->row);
		e->troubled = row_troubled(&it);
		e->cpu_pm = c->cpu_pm;
		e->name = vm->name != NULL ? vm->name : "";
		n++;
	}
	if (n > 1)
		qsort(v, n, sizeof *v, compare);
	doc_title(d, live ? "VMs" : "VMs when it was last heard of");
	if (n > 0)
		draw_list(d, f, v, n, ids);
	else
		doc_text(d, 1, STYLE_FAINT, live ? "None runs here." :
		    "None ran here.");
	x_free(v);
}
