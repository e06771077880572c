/* What the wall shows, worked out anew for every frame: sums, who is worst, and
 * how the tiles fit. */
#include "tui/wall_int.h"

#include <limits.h>
#include <stdlib.h>

#include "core/mem.h"
#include "tui/big.h"

/* --- Sums --------------------------------------------------------------------- */

static void
add_host(struct wall_sum *s, const struct host *h)
{
	const struct obs_host *o = &h->facts;

	s->hosts++;
	if (h->health != HOST_LIVE)
		return;
	s->live++;
	if (h->cpu_pm >= 0 && o->cpus > 0) {
		s->cpu_pm += h->cpu_pm;
		s->cpus += o->cpus;
	}
	if (o->mem_kb > 0 && o->free_kb >= 0 && o->free_kb <= o->mem_kb) {
		s->used_kb += o->mem_kb - o->free_kb;
		s->mem_kb += o->mem_kb;
	}
}

static void
add_vm(struct wall_sum *s, const struct vm *vm, bool live)
{
	s->vms++;
	if (vm->ncopies == 0)
		return;
	if (vm->state == VM_CRASHED)
		s->crashed++;
	else if (vm->state == VM_SHUTDOWN || vm->state == VM_DYING)
		return; /* what is left of it does not run */
	else if (live)
		s->running++;
	else
		s->unsure++;
}

static void
sum_up(struct wall_view *v, const struct model *m)
{
	for (size_t i = 0; i < v->nhosts; i++) {
		const struct host *h = v->hosts[i].host;

		add_host(&v->hosts[i].sum, h);
		add_host(&v->clusters[h->cluster], h);
		add_host(&v->all, h);
	}
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);
		bool live = !model_vm_stale(m, vm);

		if (vm->host < v->nhosts)
			add_vm(&v->hosts[vm->host].sum, vm, live);
		add_vm(&v->clusters[vm->cluster], vm, live);
		add_vm(&v->all, vm, live);
	}
}

/* Whether copy i is the first on its host: they are sorted by it. */
static bool
is_first(const struct vm *vm, size_t i, size_t nhosts)
{
	return vm->copies[i].host < nhosts &&
	    (i == 0 || vm->copies[i].host != vm->copies[i - 1].host);
}

/* Each host gets its part of one array. */
static void
deal_out(struct wall_view *v, const struct model *m)
{
	size_t all = 0, at = 0;

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		for (size_t k = 0; k < vm->ncopies; k++)
			if (is_first(vm, k, v->nhosts)) {
				v->hosts[vm->copies[k].host].nvms++;
				all++;
			}
	}
	v->vms = x_calloc(all + 1, sizeof(const struct vm *));
	for (size_t i = 0; i < v->nhosts; i++) {
		v->hosts[i].vms = v->vms + at;
		at += v->hosts[i].nvms;
		v->hosts[i].nvms = 0;
	}
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		for (size_t k = 0; k < vm->ncopies; k++) {
			struct wall_host *h;

			if (!is_first(vm, k, v->nhosts))
				continue;
			h = &v->hosts[vm->copies[k].host];
			h->vms[h->nvms++] = vm;
		}
	}
}

/* --- Who is worst --------------------------------------------------------------- */

/* Hosts that are late are not alarmed yet, but they are the next to look at. */
static int
rank(const struct wall_host *h)
{
	if (h->alarm != NULL && alarm_is_loud(h->alarm))
		return h->alarm->level == NOTE_ALARM ? 4 : 3;
	if (h->host->health == HOST_DOWN || h->host->health == HOST_REFUSED)
		return 2;
	return h->host->health != HOST_LIVE || h->alarm != NULL ? 1 : 0;
}

/* Among equals the order of the configuration: tiles should not wander. */
static int
compare(const void *p, const void *q)
{
	const struct wall_host *a = p, *b = q;

	if (a->rank != b->rank)
		return a->rank > b->rank ? -1 : 1;
	return (a->host->id > b->host->id) - (a->host->id < b->host->id);
}

static void
give(struct wall_view *v, uint32_t host, const struct alarm *x)
{
	if (host < v->nhosts && v->hosts[host].alarm == NULL)
		v->hosts[host].alarm = x;
}

/* The list begins with the worst, so the first one about a host counts. What
 * is wrong with a VM is so on all hosts that it is on. */
static void
take_alarms(struct wall_view *v, const struct wall *w)
{
	size_t all;

	v->alarms = x_calloc(ALARMS_LIVE_MAX, sizeof(const struct alarm *));
	all = alarms_list(w->alarms, v->alarms, ALARMS_LIVE_MAX);
	while (v->nalarms < all &&
	    v->alarms[v->nalarms]->state == ALARM_ACTIVE)
		v->nalarms++;
	for (size_t i = 0; i < v->nalarms; i++) {
		const struct alarm *x = v->alarms[i];

		const struct vm *vm = x->vm != MODEL_NONE ?
		    model_vm(w->model, x->vm) : NULL;

		give(v, x->host, x);
		for (size_t k = 0; vm != NULL && k < vm->ncopies; k++)
			give(v, vm->copies[k].host, x);
	}
}

void
wall_look(struct wall_view *v, const struct wall *w)
{
	const struct model *m = w->model;

	*v = (struct wall_view){ .nhosts = model_nhosts(m),
		.nclusters = model_conf(m)->nclusters };
	v->hosts = x_calloc(v->nhosts, sizeof *v->hosts);
	v->clusters = x_calloc(v->nclusters, sizeof *v->clusters);
	for (uint32_t i = 0; i < v->nhosts; i++) {
		const struct host *h = model_host(m, i);

		v->hosts[i].host = h;
		if (h->seen && (!v->any || mono_before(v->newest, h->last)))
			v->newest = h->last;
		v->any |= h->seen;
	}
	sum_up(v, m);
	deal_out(v, m);
	take_alarms(v, w);
	for (size_t i = 0; i < v->nhosts; i++)
		v->hosts[i].rank = rank(&v->hosts[i]);
	if (v->nhosts > 1)
		qsort(v->hosts, v->nhosts, sizeof *v->hosts, compare);
}

void
wall_view_free(struct wall_view *v)
{
	x_free(v->hosts);
	x_free(v->clusters);
	x_free(v->vms);
	x_free(v->alarms);
}

/* --- Where it goes ---------------------------------------------------------------- */

static int
between(int v, int least, int most)
{
	return v < least ? least : v > most ? most : v;
}

static struct rect
cut_above(struct rect *r, int h)
{
	struct rect top = { r->x, r->y, r->w, h < r->h ? h : r->h };

	r->y += top.h;
	r->h -= top.h;
	return top;
}

static struct rect
cut_below(struct rect *r, int h)
{
	h = h < r->h ? h : r->h;
	r->h -= h;
	return (struct rect){ r->x, r->y + r->h, r->w, h };
}

/* Nothing depends on what happens: a wall that jumps is hard to read. */
void
wall_lay_out(struct wall_layout *l, const struct wall *w)
{
	struct rect r = { 0, 0, w->w, w->h };
	int n = (int)model_conf(w->model)->nclusters;

	*l = (struct wall_layout){ 0 };
	l->big = w->w >= 300 && w->h >= 90 ? 2 : w->w >= 150 && w->h >= 45 ?
	    1 : 0;
	l->header = cut_above(&r, l->big > 0 ? l->big * BIG_ROWS + 3 : 1);
	l->footer = cut_below(&r, 1);
	l->events = cut_below(&r, between(w->h / 8, w->h >= 20 ? 3 : 0, 14));
	l->alarms = cut_above(&r, between(w->h / 6, 1, 18));
	if (n > 1 && w->h >= 20)
		l->clusters = cut_above(&r, between(n, 1, w->h / 8));
	l->tiles = r;
}

/* Least cells of a tile of each size, the gap to the next ones counted. */
static const struct {
	int w, h;
} tile_least[] = {
	[WALL_SMALL] = { 25, 5 },
	[WALL_MEDIUM] = { 36, 8 },
	[WALL_LARGE] = { 52, 12 },
	[WALL_HUGE] = { 84, 20 },
};

/* So many columns and rows that all n fit, the tiles have about the shape of a
 * card and few places stay empty; as many as there is room for when they do not fit. */
static void
fill(struct wall_grid *g, struct rect area, enum wall_size size, size_t n)
{
	int columns = area.w / tile_least[size].w;
	int rows = area.h / tile_least[size].h, best = INT_MAX;

	g->size = size;
	g->columns = columns = columns > 0 ? columns : 1;
	g->rows = rows = rows > 0 ? rows : 1;
	for (int c = 1; c <= columns && n > 0; c++) {
		int r = (int)((n + (size_t)c - 1) / (size_t)c);
		int off = r > rows ? INT_MAX : abs(area.w / c - 4 *
		    (area.h / r)) + 24 * (c * r - (int)n);

		if (off >= best)
			continue;
		best = off;
		g->columns = c;
		g->rows = r;
	}
	g->w = area.w / g->columns;
	g->h = area.h / g->rows;
}

struct wall_grid
wall_grid(struct rect area, size_t nhosts, size_t nbad)
{
	struct wall_grid g = { .size = WALL_SMALL };
	size_t slots;

	for (int size = WALL_HUGE; size >= WALL_SMALL; size--) {
		fill(&g, area, (enum wall_size)size, nhosts);
		if ((size_t)(g.columns * g.rows) >= nhosts &&
		    g.w >= tile_least[size].w && g.h >= tile_least[size].h)
			break;
	}
	slots = (size_t)(g.columns * g.rows);
	/* The bad ones on every page, unless they left no room for others. */
	g.pinned = nbad <= slots / 2 ? nbad : 0;
	g.pages = nhosts <= slots ? 1 : (nhosts - g.pinned + slots -
	    g.pinned - 1) / (slots - g.pinned);
	return g;
}
