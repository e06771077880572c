/* Whatever came before, in whatever order, with links that broke in between:
 * once every host has spoken, the model says what a new model would say that
 * never saw anything else. And it keeps its own books right on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/model.h"
#include "core/prng.h"
#include "tests/lib/world.h"

enum { HOSTS = 6, UUIDS = 10, STEPS = 150, SEEDS = 400 };

static void
name_of(char *buf, size_t size, struct prng *r, unsigned uuid)
{
	static const char *const tails[] = { "", "", "", "", "", "--incoming",
		"--migratedaway" };

	snprintf(buf, size, "vm%u%s",
	    prng_below(r, 12) == 0 ? 1 + (unsigned)prng_below(r, UUIDS) : uuid,
	    tails[prng_below(r, sizeof tails / sizeof tails[0])]);
}

static void
change_world(struct world *w, struct prng *r)
{
	uint32_t host = (uint32_t)prng_below(r, HOSTS);
	uint32_t domid = 1 + (uint32_t)prng_below(r, 8);
	unsigned uuid = 1 + (unsigned)prng_below(r, UUIDS);
	static const unsigned flags[] = { DOM_RUNNING, DOM_BLOCKED, DOM_PAUSED,
		DOM_SHUTDOWN, DOM_DYING, 0 };
	struct obs_dom *d;
	char name[64];

	world_undom(w, host, domid);
	if (prng_below(r, 3) == 0)
		return;
	name_of(name, sizeof name, r, uuid);
	if (prng_below(r, 30) == 0)
		uuid = 0; /* a domain without one */
	d = world_dom(w, host, domid, uuid,
	    prng_below(r, 20) != 0 ? name : NULL);
	d->flags = flags[prng_below(r, 6)];
	if (d->flags == DOM_SHUTDOWN)
		d->reason = prng_below(r, 2) != 0 ? REASON_CRASH :
		    REASON_SUSPEND;
}

static void
change_defs(struct world *w, struct prng *r)
{
	uint32_t host = (uint32_t)prng_below(r, HOSTS);
	char name[64];

	snprintf(name, sizeof name, "vm%u",
	    1 + (unsigned)prng_below(r, UUIDS + 3));
	world_undef(w, host, name);
	if (prng_below(r, 2) != 0)
		world_def(w, host, name);
}

static void
one_step(struct world *w, struct prng *r)
{
	uint32_t host = (uint32_t)prng_below(r, HOSTS);

	switch (prng_below(r, 8)) {
	case 0:
	case 1:
		change_world(w, r);
		break;
	case 2:
		change_defs(w, r);
		break;
	case 3:
		world_link(w, host, (enum link_state)prng_below(r, 5), "why");
		break;
	case 4:
		world_pass(w, (int64_t)prng_below(r, 20000));
		break;
	default:
		world_send(w, host);
		break;
	}
}

/* What the model counts, counted again. */
static void
check_books(const struct model *m)
{
	size_t conflicts[CONFLICT_NAME + 1] = { 0 }, copies = 0, sum = 0;

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		conflicts[vm->conflict]++;
		copies += vm->ncopies;
		assert_ptr_equal(model_vm(m, vm->id), vm);
		assert_true(vm->ncopies == 0 || vm->main < vm->ncopies);
		assert_int_equal(vm->ncopies == 0,
		    vm->state == VM_GONE || vm->state == VM_DORMANT);
		for (size_t k = 1; k < vm->ncopies; k++)
			assert_true(vm->copies[k - 1].host <
			    vm->copies[k].host ||
			    (vm->copies[k - 1].host == vm->copies[k].host &&
			    vm->copies[k - 1].domid < vm->copies[k].domid));
	}
	for (size_t i = 0; i < model_nhosts(m); i++)
		sum += model_host(m, (uint32_t)i)->ncopies;
	assert_int_equal(copies, sum);
	for (int c = 0; c <= CONFLICT_NAME; c++)
		assert_int_equal(model_nconflicts(m, (enum vm_conflict)c),
		    conflicts[c]);
}

static void
send_all(struct world *w, struct prng *r)
{
	uint32_t order[HOSTS];

	for (uint32_t i = 0; i < HOSTS; i++)
		order[i] = i;
	for (uint32_t i = HOSTS; i > 1; i--) {
		uint32_t k = (uint32_t)prng_below(r, i);
		uint32_t t = order[i - 1];

		order[i - 1] = order[k];
		order[k] = t;
	}
	for (uint32_t i = 0; i < HOSTS; i++) {
		world_link(w, order[i], LINK_LIVE, NULL);
		world_send(w, order[i]);
	}
}

/* Everybody speaks until nothing is pending any more. Domains without a name
 * get theirs: until then a model goes by what it remembers. */
static char *
settle(struct world *w, struct prng *r)
{
	for (size_t i = 0; i < HOSTS; i++)
		for (size_t k = 0; k < w->obs[i].ndoms; k++)
			if (w->obs[i].doms[k].name == NULL)
				w->obs[i].doms[k].name = "late";
	for (int i = 0; i < 3; i++) {
		send_all(w, r);
		world_pass(w, 20000);
	}
	send_all(w, r);
	check_books(w->model);
	return world_dump(w);
}

static void
converges(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct world w;
		struct model *old;
		struct prng r;
		char *seen, *truth;

		prng_init(&r, seed);
		world_init(&w, 2, HOSTS / 2);
		for (int i = 0; i < STEPS; i++) {
			one_step(&w, &r);
			check_books(w.model);
		}
		seen = settle(&w, &r);
		old = w.model;
		w.model = model_new(&w.conf);
		truth = settle(&w, &r);
		if (strcmp(seen, truth) != 0) {
			fprintf(stderr, "seed %llu:\n%s--- but:\n%s",
			    (unsigned long long)seed, seen, truth);
			fail();
		}
		x_free(seen);
		x_free(truth);
		model_free(old);
		world_free(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(converges),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
