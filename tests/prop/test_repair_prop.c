/* Repair in random worlds: whatever is left, on whichever hosts, and whatever
 * happens between two steps, at most one copy is ever let run, and only while
 * there is no other one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/migrate.h"
#include "core/prng.h"
#include "core/safety.h"
#include "tests/lib/world.h"

enum { HOSTS = 3, WORLDS = 3000 };

static const char *const names[] = { "web1", "web1--incoming",
	"web1--migratedaway" };

static void
send_all(struct world *w)
{
	for (uint32_t i = 0; i < HOSTS; i++)
		world_send(w, i);
}

static void
add_copy(struct world *w, struct prng *r, uint32_t domid)
{
	struct obs_dom *d = world_dom(w, prng_below(r, HOSTS), domid, 1,
	    names[prng_below(r, 3)]);

	switch (prng_below(r, 6)) {
	case 0:
		d->flags = DOM_PAUSED;
		break;
	case 1:
	case 2:
		d->flags = DOM_SHUTDOWN | (prng_below(r, 2) ? DOM_PAUSED : 0);
		d->reason = REASON_SUSPEND;
		break;
	case 3:
		d->flags = DOM_PAUSED;
		d->mem_kb = 0;
		break;
	case 4:
		d->flags = prng_below(r, 4) == 0 ? DOM_DYING : DOM_PAUSED;
		break;
	default:
		break;
	}
}

static unsigned
count(const struct world *w, bool awake)
{
	unsigned n = 0;

	for (uint32_t h = 0; h < HOSTS; h++)
		for (size_t i = 0; i < w->obs[h].ndoms; i++)
			n += w->obs[h].doms[i].domid != 0 && (!awake ||
			    (w->obs[h].doms[i].flags & (DOM_PAUSED |
			    DOM_SHUTDOWN | DOM_DYING)) == 0);
	return n;
}

static struct obs_dom *
dom_of(struct world *w, const struct request *r)
{
	for (size_t i = 0; i < w->obs[r->host].ndoms; i++)
		if (w->obs[r->host].doms[i].domid == r->domid)
			return &w->obs[r->host].doms[i];
	return NULL;
}

/* What xl would do; false when there is nothing of that kind. */
static bool
carry_out(struct world *w, const struct request *r)
{
	struct obs_dom *d;

	if (r->op == REQ_PROBE)
		return true;
	d = dom_of(w, r);
	if (d == NULL)
		return false;
	switch ((int)r->op) {
	case REQ_DESTROY:
		world_undom(w, r->host, r->domid);
		return true;
	case REQ_RENAME:
		d->name = "web1";
		return true;
	case REQ_UNPAUSE:
	case REQ_RESUME:
		assert_int_equal(count(w, false), 1);
		d->flags = DOM_BLOCKED;
		d->reason = REASON_NONE;
		return true;
	default:
		fail_msg("a repair must not %s", request_op_name(r->op));
		return false;
	}
}

/* The rest of the world goes on. */
static void
disturb(struct world *w, struct prng *r, uint32_t *domid)
{
	if (prng_below(r, 8) == 0)
		add_copy(w, r, (*domid)++);
	if (prng_below(r, 12) == 0)
		world_link(w, prng_below(r, HOSTS), LINK_DOWN, "lost");
}

static bool
run_plan(struct world *w, struct prng *r, const struct plan *p,
    uint32_t *domid)
{
	for (size_t i = 0; i < p->n; i++) {
		struct err err;
		unsigned awake;

		disturb(w, r, domid);
		for (uint32_t h = 0; h < HOSTS; h++)
			if (model_host(w->model, h)->link == LINK_LIVE)
				world_send(w, h);
		if (safety_check(w->model, &p->steps[i].req, MONO_ZERO,
		    &err) != 0) {
			assert_true(err.msg[0] != '\0');
			return false;
		}
		/* A copy on a host that is not heard from cannot be known of,
		 * so such worlds end here; what is heard is what counts. */
		awake = count(w, true);
		if (!carry_out(w, &p->steps[i].req))
			return false;
		if (awake <= 1)
			assert_true(count(w, true) <= 1);
	}
	return true;
}

static void
at_most_one_is_let_run(void **state)
{
	unsigned planned = 0, done = 0;

	(void)state;
	for (uint64_t seed = 1; seed <= WORLDS; seed++) {
		struct uuid uuid = world_uuid(1);
		uint32_t domid = 5;
		const struct vm *vm;
		struct action a;
		struct plan p;
		struct world w;
		struct prng r;
		struct err err;

		prng_init(&r, seed);
		world_init(&w, 1, HOSTS);
		for (uint32_t n = 1 + prng_below(&r, 3); n > 0; n--)
			add_copy(&w, &r, domid++);
		send_all(&w);
		world_pass(&w, 2000);
		send_all(&w);
		world_pass(&w, 40000);
		send_all(&w);
		vm = model_find_vm(w.model, 0, &uuid, "web1");
		action_init(&a, ACTION_REPAIR, vm->id);
		plan_init(&p);
		if (migrate_plan(&p, &a, w.model, &err) == 0) {
			planned++;
			done += run_plan(&w, &r, &p, &domid);
		} else {
			assert_int_equal(p.n, 0);
			assert_true(err.msg[0] != '\0');
		}
		plan_free(&p);
		world_free(&w);
	}
	/* Else it would prove nothing. */
	assert_true(planned > WORLDS / 10);
	assert_true(done > WORLDS / 50);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_most_one_is_let_run),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
