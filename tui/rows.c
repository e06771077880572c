/* Rows from the model. Made anew whenever the shape of the model or the
 * operator's wishes changed, which has to be cheap at ten thousand VMs: one
 * pass collects where each VM is shown, one sort orders them by host and key,
 * one walk over clusters and hosts hands them out. The order is total, so that
 * the same model always gives the same screen. */
#include "tui/rows.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/table.h"

/* One VM at one host. */
struct place {
	uint32_t host;    /* UINT32_MAX: nowhere */
	uint32_t cluster;
	uint8_t late;     /* dormant ones come after the others */
	struct sort_key key;
	int dir;
	const struct vm *vm;
};

struct places {
	struct place *v;
	size_t n, cap;
};

void
rows_free(struct rows *r)
{
	x_free(r->v);
	x_free(r->host);
	x_free(r->cluster);
	x_free(r->scratch);
	memset(r, 0, sizeof *r);
}

/* --- Collecting and ordering ------------------------------------------------ */

static bool
wanted(const struct model *m, const struct ui *ui, const struct vm *vm,
    uint32_t host)
{
	char uuid[UUID_STR];

	if (ui->filter.n == 0 || filter_in(&ui->filter, vm->name, NULL, NULL))
		return true;
	if (host < model_nhosts(m) &&
	    filter_in(&ui->filter, model_host(m, host)->name, NULL, NULL))
		return true;
	if (!ui->filter.hex || uuid_is_nil(&vm->uuid))
		return false;
	uuid_format(uuid, &vm->uuid);
	return filter_in(&ui->filter, uuid, NULL, NULL);
}

static void
add_place(struct places *p, const struct model *m, const struct ui *ui,
    const struct vm *vm, uint32_t host)
{
	const struct column *col = &table_columns[ui->sort];
	struct frame f = { .model = m, .ui = ui };
	struct row row = { .id = { ROW_VM, vm->id, host } };
	struct item it;
	struct place *pl;

	if (!wanted(m, ui, vm, host))
		return;
	it = row_item(&f, &row);
	p->v = x_grow(p->v, p->n, &p->cap, sizeof *p->v);
	pl = &p->v[p->n++];
	pl->host = host < model_nhosts(m) ? host : UINT32_MAX;
	pl->cluster = pl->host != UINT32_MAX ? model_host(m, host)->cluster :
	    vm->cluster;
	pl->late = vm->state == VM_DORMANT && it.copy == NULL;
	pl->key = col->key(&it);
	pl->dir = col->descending != ui->invert ? -1 : 1;
	pl->vm = vm;
}

/* A VM is one row wherever it is, even while it migrates; only when several
 * hosts claim it does it show under each of them. */
static void
place_vm(struct places *p, const struct model *m, const struct ui *ui,
    const struct vm *vm)
{
	uint32_t last = MODEL_NONE;

	if (vm->conflict != CONFLICT_UUID && vm->conflict != CONFLICT_MAYBE) {
		add_place(p, m, ui, vm, vm->host);
		return;
	}
	for (size_t i = 0; i < vm->ncopies; i++) {
		if (vm->copies[i].host != last)
			add_place(p, m, ui, vm, vm->copies[i].host);
		last = vm->copies[i].host;
	}
}

static int
cmp_num(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int
cmp_str(const char *a, const char *b)
{
	if (a == NULL || b == NULL)
		return (a != NULL) - (b != NULL);
	return strcmp(a, b);
}

static int
cmp_key(const struct place *x, const struct place *y)
{
	int d = cmp_num(x->late, y->late);

	if (d == 0)
		d = cmp_num(x->key.num, y->key.num) * x->dir;
	if (d == 0)
		d = cmp_str(x->key.str, y->key.str) * x->dir;
	if (d == 0)
		d = cmp_str(x->vm->name, y->vm->name);
	if (d == 0)
		d = uuid_cmp(&x->vm->uuid, &y->vm->uuid);
	if (d == 0)
		d = cmp_num(x->host, y->host);
	return d != 0 ? d : cmp_num(x->vm->id, y->vm->id);
}

static int
cmp_flat(const void *a, const void *b)
{
	return cmp_key(a, b);
}

static int
cmp_tree(const void *a, const void *b)
{
	const struct place *x = a, *y = b;
	int d = cmp_num(x->host, y->host);

	return d != 0 ? d : cmp_key(x, y);
}

/* --- Handing out ------------------------------------------------------------- */

static void
add_row(struct rows *r, struct row row)
{
	r->v = x_grow(r->v, r->n, &r->cap, sizeof *r->v);
	r->v[r->n++] = row;
}

static void
add_vm_row(struct rows *r, const struct place *p, uint8_t depth)
{
	uint32_t host = p->host == UINT32_MAX ? MODEL_NONE : p->host;

	add_row(r, (struct row){ .id = { ROW_VM, p->vm->id, host },
	    .depth = depth });
}

/* The places of one host: v[*at] on, as far as they are the host's. */
static void
make_host(struct rows *r, const struct ui *ui, const struct host *h,
    const struct place *v, size_t n)
{
	bool open = ui->filter.n > 0 || !ui->host_folded[h->id];
	bool named = filter_in(&ui->filter, h->name, NULL, NULL);

	if (n == 0 && !named)
		return;
	add_row(r, (struct row){ .id = { ROW_HOST, h->id, h->id },
	    .depth = 1, .folds = true, .open = open });
	if (!open)
		return;
	if (h->seen && named)
		add_row(r, (struct row){ .id = { ROW_DOM0, h->id, h->id },
		    .depth = 2 });
	for (size_t i = 0; i < n; i++)
		add_vm_row(r, &v[i], 2);
}

/* Index of the first place at that host or a later one. */
static size_t
first_of(const struct places *p, uint32_t host)
{
	size_t lo = 0, hi = p->v != NULL ? p->n : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;

		if (p->v[mid].host < host)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

static void
make_cluster(struct rows *r, const struct model *m, const struct ui *ui,
    uint32_t cluster, const struct places *p)
{
	bool open = ui->filter.n > 0 || !ui->cluster_folded[cluster];
	size_t head = r->n;

	add_row(r, (struct row){ .id = { ROW_CLUSTER, cluster, MODEL_NONE },
	    .folds = true, .open = open });
	for (uint32_t i = 0; open && i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);
		size_t from, to;

		if (h->cluster != cluster)
			continue;
		from = first_of(p, i);
		to = first_of(p, i + 1);
		make_host(r, ui, h, to > from ? &p->v[from] : NULL,
		    to - from);
	}
	for (size_t i = first_of(p, UINT32_MAX); open && i < p->n; i++)
		if (p->v[i].cluster == cluster)
			add_vm_row(r, &p->v[i], 1);
	if (ui->filter.n > 0 && r->n == head + 1)
		r->n = head; /* nothing of it was looked for */
}

void
rows_make(struct rows *r, const struct model *m, const struct ui *ui)
{
	struct places p = { .v = r->scratch, .cap = r->scratch_cap };

	for (size_t i = 0; i < model_nvms(m); i++)
		place_vm(&p, m, ui, model_vm_at(m, i));
	if (p.n > 1)
		qsort(p.v, p.n, sizeof *p.v, ui->flat ? cmp_flat : cmp_tree);
	r->n = 0;
	r->matches = p.n;
	if (ui->flat)
		for (size_t i = 0; i < p.n; i++)
			add_vm_row(r, &p.v[i], 0);
	else
		for (uint32_t i = 0; i < model_conf(m)->nclusters; i++)
			make_cluster(r, m, ui, i, &p);
	r->scratch = p.v;
	r->scratch_cap = p.cap;
	rows_sum(r, m);
}

bool
row_id_equal(struct row_id a, struct row_id b)
{
	return a.kind == b.kind && a.id == b.id &&
	    (a.kind != ROW_VM || a.host == b.host);
}

size_t
rows_find(const struct rows *r, struct row_id id)
{
	size_t i = 0;

	while (i < r->n && !row_id_equal(r->v[i].id, id))
		i++;
	return i;
}

size_t
rows_find_moved(const struct rows *r, struct row_id id)
{
	size_t i = rows_find(r, id);

	if (i < r->n || id.kind != ROW_VM)
		return i;
	for (i = 0; i < r->n; i++)
		if (r->v[i].id.kind == ROW_VM && r->v[i].id.id == id.id)
			break;
	return i;
}
