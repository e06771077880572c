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
	size_t matches;
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

/* What the operator is at does not go away because its figures changed; it is
 * no match for that. */
static bool
wanted(struct places *p, const struct model *m, const struct ui *ui,
    const struct item *it)
{
	if (filter_vm(&ui->filter, m, it->vm, it->row->id.host, it->copy)) {
		p->matches++;
		return true;
	}
	return it->vm->id == ui->kept;
}

/* Goes into a group; what is in trouble stays to be seen. */
static bool
is_dormant(const struct vm *vm, const struct vm_copy *copy)
{
	return vm->state == VM_DORMANT && copy == NULL && !vm_troubled(vm);
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

	it = row_item(&f, &row);
	if (!wanted(p, m, ui, &it))
		return;
	p->v = x_grow(p->v, p->n, &p->cap, sizeof *p->v);
	pl = &p->v[p->n++];
	pl->host = host < model_nhosts(m) ? host : UINT32_MAX;
	pl->cluster = pl->host != UINT32_MAX ? model_host(m, host)->cluster :
	    vm->cluster;
	pl->late = is_dormant(vm, it.copy);
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

	if (d == 0)
		d = cmp_num(x->cluster, y->cluster);
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

/* VMs that belong together, dormant ones last and behind a row of their own:
 * index group of dormant_folded. */
static void
make_vms(struct rows *r, const struct ui *ui, const struct place *v, size_t n,
    struct row group)
{
	size_t i = 0;

	for (; i < n && !v[i].late; i++)
		add_vm_row(r, &v[i], group.depth);
	if (i == n)
		return;
	group.id.kind = ROW_DORMANT;
	group.folds = true;
	group.open = ui->filter.n > 0 || !ui->dormant_folded[group.id.id];
	group.count = (uint32_t)(n - i);
	add_row(r, group);
	for (; group.open && i < n; i++)
		add_vm_row(r, &v[i], (uint8_t)(group.depth + !ui->flat));
}

/* The places of one host. */
static void
make_host(struct rows *r, const struct model *m, const struct ui *ui,
    const struct host *h, const struct place *v, size_t n)
{
	bool open = ui->filter.n > 0 || !ui->host_folded[h->id];
	bool named = filter_host(&ui->filter, m, h);

	if (n == 0 && !named)
		return;
	add_row(r, (struct row){ .id = { ROW_HOST, h->id, h->id },
	    .depth = 1, .folds = true, .open = open });
	if (!open)
		return;
	if (h->seen && named)
		add_row(r, (struct row){ .id = { ROW_DOM0, h->id, h->id },
		    .depth = 2 });
	make_vms(r, ui, v, n, (struct row){ .id = { .id = h->id,
	    .host = h->id }, .depth = 2 });
}

/* Index of the first place at that host and cluster or a later one. */
static size_t
first_of(const struct places *p, uint32_t host, uint32_t cluster)
{
	size_t lo = 0, hi = p->v != NULL ? p->n : 0;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		const struct place *pl = &p->v[mid];

		if (pl->host < host ||
		    (pl->host == host && pl->cluster < cluster))
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
	size_t head = r->n, from, to;

	add_row(r, (struct row){ .id = { ROW_CLUSTER, cluster, MODEL_NONE },
	    .folds = true, .open = open });
	for (uint32_t i = 0; open && i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);

		if (h->cluster != cluster)
			continue;
		from = first_of(p, i, 0);
		to = first_of(p, i + 1, 0);
		make_host(r, m, ui, h, to > from ? &p->v[from] : NULL,
		    to - from);
	}
	from = first_of(p, UINT32_MAX, cluster);
	to = first_of(p, UINT32_MAX, cluster + 1);
	if (open && to > from)
		make_vms(r, ui, &p->v[from], to - from, (struct row){
		    .id = { .id = (uint32_t)model_nhosts(m) + cluster,
		    .host = MODEL_NONE }, .depth = 1 });
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
	r->matches = p.matches;
	if (ui->flat)
		make_vms(r, ui, p.v, p.n, (struct row){ .id = {
		    .id = (uint32_t)(model_nhosts(m) +
		    model_conf(m)->nclusters), .host = MODEL_NONE } });
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

size_t
rows_find_around(const struct rows *r, const struct model *m, struct row_id id)
{
	const struct vm *vm = id.kind == ROW_VM ? model_vm(m, id.id) : NULL;
	uint32_t nhosts = (uint32_t)model_nhosts(m), host, cluster;
	struct row_id around[4];
	size_t i = r->n;

	if (vm == NULL)
		return r->n;
	host = vm->host;
	cluster = host < nhosts ? model_host(m, host)->cluster : vm->cluster;
	around[0] = (struct row_id){ ROW_DORMANT, host < nhosts ? host :
	    nhosts + cluster, host };
	around[1] = (struct row_id){ ROW_DORMANT, nhosts +
	    (uint32_t)model_conf(m)->nclusters, MODEL_NONE };
	around[2] = (struct row_id){ ROW_HOST, host, host };
	around[3] = (struct row_id){ ROW_CLUSTER, cluster, MODEL_NONE };
	for (size_t k = 0; k < 4 && i == r->n; k++)
		i = rows_find(r, around[k]);
	return i;
}

bool
rows_dormant_has(const struct model *m, struct row_id group,
    const struct vm *vm)
{
	uint32_t nhosts = (uint32_t)model_nhosts(m);

	if (!is_dormant(vm, NULL))
		return false;
	if (group.id < nhosts)
		return vm->host == group.id;
	if (group.id - nhosts < model_conf(m)->nclusters)
		return vm->host >= nhosts && vm->cluster == group.id - nhosts;
	return true;
}
