/* Whatever happens to the model, to order, folds and filter: the selection
 * stays with its VM while that has a row, scrolled so that it is seen; marks
 * stay with theirs while it exists, and with no other. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/prng.h"
#include "tests/lib/scene.h"
#include "tui/input.h"
#include "tui/table.h"

enum { ROUNDS = 6, STEPS = 700, IDS = 4096 };

struct run {
	struct scene s;
	struct prng p;
	bool marked[IDS]; /* as it should be */
	unsigned next_uuid;
};

static bool
has_row(const struct app *a, uint32_t vm)
{
	for (size_t i = 0; i < a->rows.n; i++)
		if (a->rows.v[i].id.kind == ROW_VM && a->rows.v[i].id.id == vm)
			return true;
	return false;
}

/* --- What happens ------------------------------------------------------------------ */

static void
comes(struct run *r)
{
	int host = (int)prng_below(&r->p, SCENE_HOSTS);
	char name[32];
	struct obs_dom *d;

	if (r->s.obs[host].ndoms > 12)
		return;
	snprintf(name, sizeof name, "%s%u", prng_below(&r->p, 2) == 0 ? "web" :
	    "db", r->next_uuid);
	d = scene_dom(&r->s, host, 1000 + r->next_uuid, r->next_uuid, name);
	d->uuid.b[14] = (uint8_t)(r->next_uuid >> 8);
	r->next_uuid++;
}

/* Any domU of a host that has one. */
static struct obs_dom *
some_dom(struct run *r, int *host)
{
	struct obs *o;

	*host = (int)prng_below(&r->p, SCENE_HOSTS);
	o = &r->s.obs[*host];
	return o->ndoms < 2 ? NULL :
	    &o->doms[1 + prng_below(&r->p, (uint32_t)o->ndoms - 1)];
}

static void
goes(struct run *r)
{
	int host;
	const struct obs_dom *d = some_dom(r, &host);

	if (d != NULL && d->domid != 0)
		scene_drop(&r->s, host, d->name);
}

static void
moves(struct run *r)
{
	int from, to = (int)prng_below(&r->p, DELTA); /* in prod */
	struct obs_dom *d = some_dom(r, &from), *n;
	struct uuid uuid;
	char *name;

	if (d == NULL || d->domid == 0 || from == to || from == DELTA ||
	    r->s.obs[to].ndoms > 12)
		return;
	uuid = d->uuid;
	name = x_strdup(d->name);
	scene_drop(&r->s, from, name);
	n = scene_dom(&r->s, to, 5000 + r->next_uuid++, 0, name);
	n->uuid = uuid;
	x_free(name);
}

static void
changes(struct run *r)
{
	int host;
	struct obs_dom *d = some_dom(r, &host);

	if (d != NULL && d->domid != 0) {
		d->cpu_ns += prng_below(&r->p, 2) * 1900000000;
		d->mem_kb = 1024 * (1 + prng_below(&r->p, 8000));
		d->flags = prng_below(&r->p, 8) == 0 ? DOM_PAUSED :
		    DOM_BLOCKED;
	}
}

static void
happens(struct run *r)
{
	switch (prng_below(&r->p, 6)) {
	case 0:
		comes(r);
		break;
	case 1:
		goes(r);
		break;
	case 2:
		moves(r);
		break;
	default:
		changes(r);
		break;
	}
	scene_pass(&r->s, prng_below(&r->p, 12) == 0 ? 40 : 1,
	    prng_below(&r->p, 6) == 0 ? 0x7 : 0xf);
}

/* --- What the operator does ------------------------------------------------------------ */

static void
key(struct run *r, uint32_t k)
{
	scene_keys(&r->s, (const uint32_t[]){ k, 0 });
}

static void
sorts(struct run *r)
{
	static const uint32_t keys[] = { '<', '>', 'I', 't' };

	key(r, keys[prng_below(&r->p, 4)]);
}

static void
folds(struct run *r)
{
	static const uint32_t keys[] = { '[', ']', '+', '-', 'D' };

	key(r, keys[prng_below(&r->p, 5)]);
}

static void
filters(struct run *r)
{
	static const char *const queries[] = { "web", "cpu>50", "is:marked",
		"!db mem>1g", "state:running", "host:alpha or host:beta",
		"/[0-9]$/", "nothing", "stat:x" };

	key(r, KEYC_ESC); /* a filter, or marks */
	if (prng_below(&r->p, 3) == 0)
		return;
	key(r, '/');
	scene_type(&r->s, queries[prng_below(&r->p,
	    sizeof queries / sizeof queries[0])]);
	key(r, KEYC_ENTER);
}

/* Marks of what is selected, with the set as it should be then. */
static void
marks(struct run *r)
{
	const struct app *a = &r->s.app;
	struct row_id sel = a->ui.sel;
	bool vm = a->ui.sel_row < a->rows.n && sel.kind == ROW_VM;

	if (vm && sel.id < IDS)
		r->marked[sel.id] = !r->marked[sel.id];
	if (vm)
		key(r, ' ');
}

static void
inverts(struct run *r)
{
	const struct app *a = &r->s.app;
	bool seen[IDS] = { false };

	for (size_t i = 0; i < a->rows.n; i++) {
		struct row_id id = a->rows.v[i].id;

		if (id.kind != ROW_VM || id.id >= IDS || seen[id.id])
			continue;
		seen[id.id] = true;
		r->marked[id.id] = !r->marked[id.id];
	}
	key(r, '*');
}

/* --- What must hold ------------------------------------------------------------------------- */

static void
check_marks(const struct run *r)
{
	const struct app *a = &r->s.app;
	size_t n = 0;

	for (uint32_t id = 0; id < IDS; id++) {
		bool there = model_vm(r->s.model, id) != NULL;

		if (marks_has(&a->ui.marks, id) != (there && r->marked[id]))
			fail_msg("VM %u: %s, %s", id, there ? "there" : "gone",
			    r->marked[id] ? "was marked" : "was not marked");
		n += there && r->marked[id];
	}
	assert_int_equal(a->ui.marks.n, n);
}

/* Ids are never used again. */
static void
forget_gone(struct run *r)
{
	for (uint32_t id = 0; id < IDS; id++)
		r->marked[id] = r->marked[id] &&
		    model_vm(r->s.model, id) != NULL;
}

static void
check_seen(const struct run *r)
{
	const struct app *a = &r->s.app;
	struct layout l;

	if (a->rows.n == 0)
		return;
	assert_true(a->ui.sel_row < a->rows.n);
	assert_true(row_id_equal(a->rows.v[a->ui.sel_row].id, a->ui.sel));
	layout_home(&l, &a->ui, a->w, a->h);
	assert_true((int)a->ui.sel_row >= a->ui.top);
	assert_true((int)a->ui.sel_row < a->ui.top + l.body.h);
}

static void
step(struct run *r)
{
	const struct app *a = &r->s.app;
	struct row_id sel = a->ui.sel;
	bool esc = false, hand = false;

	switch (prng_below(&r->p, 10)) {
	case 0:
		sorts(r);
		break;
	case 1:
		folds(r);
		hand = true; /* may go to the row that is folded */
		break;
	case 2:
		esc = a->ui.filter.n == 0;
		filters(r);
		hand = true; /* goes to what is found */
		break;
	case 3:
		marks(r);
		hand = true;
		break;
	case 4:
		if (prng_below(&r->p, 5) == 0)
			inverts(r);
		hand = true;
		break;
	case 5:
		for (uint32_t n = prng_below(&r->p, 9); n > 0; n--)
			key(r, prng_below(&r->p, 2) == 0 ? 'j' : 'k');
		hand = true;
		break;
	case 6:
		app_resize(&r->s.app, 60 + (int)prng_below(&r->p, 100),
		    10 + (int)prng_below(&r->p, 40));
		break;
	default:
		happens(r);
		break;
	}
	if (esc)
		memset(r->marked, 0, sizeof r->marked);
	forget_gone(r);
	check_marks(r);
	check_seen(r);
	if (!hand && sel.kind == ROW_VM && has_row(a, sel.id) &&
	    !(a->ui.sel.kind == ROW_VM && a->ui.sel.id == sel.id))
		fail_msg("the selection left VM %u, which is there", sel.id);
}

static void
follow(void **state)
{
	(void)state;
	for (unsigned round = 0; round < ROUNDS; round++) {
		struct run *r = x_calloc(1, sizeof *r);

		scene_init(&r->s);
		prng_init(&r->p, 4711 + round);
		r->next_uuid = 200;
		app_resize(&r->s.app, 80, 20);
		for (int i = 0; i < STEPS; i++)
			step(r);
		scene_free(&r->s);
		x_free(r);
	}
}

/* The set against an array. */
static void
set_of_marks(void **state)
{
	enum { N = 3000, RANGE = 500 };
	bool want[RANGE] = { false };
	struct marks k = { 0 };
	struct prng p;
	size_t n = 0;

	(void)state;
	prng_init(&p, 5);
	for (int i = 0; i < N; i++) {
		uint32_t id = prng_below(&p, RANGE);
		bool on = prng_below(&p, 2) == 0;

		n += (size_t)on - (size_t)want[id];
		want[id] = on;
		marks_set(&k, id, on);
		assert_int_equal(k.n, n);
		for (uint32_t j = 0; i % 50 == 0 && j < RANGE; j++)
			assert_int_equal(marks_has(&k, j), want[j]);
	}
	marks_set(&k, MODEL_NONE, true);
	assert_int_equal(k.n, n);
	marks_free(&k);
	assert_false(marks_has(&k, 1));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_of_marks),
		cmocka_unit_test(follow),
	};

	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
