/* In random worlds, where hosts fall silent while VMs come, move and go behind
 * their backs: a start that is allowed never makes a second copy, whatever the
 * hosts that cannot be heard are really doing; and what an operator swears to
 * never outranks what a live host shows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/prng.h"
#include "core/mem.h"
#include "core/safety.h"
#include "tests/lib/world.h"

enum { HOSTS = 4, VMS = 5, STEPS = 300, SEEDS = 120 };

struct env {
	struct world w;
	struct prng r;
	bool silent[HOSTS];
	bool defines[HOSTS][VMS + 1];
	uint32_t next_domid;
	unsigned alive[VMS + 1]; /* UUID in use; 0 where it runs nowhere */
	unsigned next_uuid;
	size_t allowed, past_silence, refused;
};

static unsigned
below(struct env *e, unsigned n)
{
	return prng_below(&e->r, n);
}

static void
name_of(char out[16], unsigned vm)
{
	snprintf(out, 16, "vm%u", vm);
}

static bool
is_of(const struct obs_dom *d, const char *name, const struct uuid *uuid)
{
	size_t len;

	if (d->domid == 0)
		return false;
	if (!uuid_is_nil(uuid) && uuid_cmp(&d->uuid, uuid) == 0)
		return true;
	if (d->name == NULL)
		return false;
	copy_role_of(d->name, &len);
	return strlen(name) == len && strncmp(d->name, name, len) == 0;
}

static struct obs_dom *
find_on(struct env *e, uint32_t host, unsigned vm)
{
	struct obs *o = &e->w.obs[host];
	char name[16];

	name_of(name, vm);
	for (size_t i = 0; i < o->ndoms; i++)
		if (is_of(&o->doms[i], name, &(struct uuid){ { 0 } }))
			return &o->doms[i];
	return NULL;
}

/* What a live host shows at once; a silent one shows nobody. */
static void
show(struct env *e, uint32_t host)
{
	if (!e->silent[host])
		world_send(&e->w, host);
}

static uint32_t
where(struct env *e, unsigned vm)
{
	for (uint32_t h = 0; h < HOSTS; h++)
		if (find_on(e, h, vm) != NULL)
			return h;
	return HOSTS;
}

static void
start(struct env *e, uint32_t host, unsigned vm)
{
	char name[16];

	/* Whom nobody reaches nobody tells to start anything: it may be
	 * rebooted, and do it by itself. */
	if ((e->silent[host] && !e->defines[host][vm]) ||
	    where(e, vm) != HOSTS ||
	    e->w.obs[host].ndoms > 20)
		return;
	name_of(name, vm);
	if (e->alive[vm] == 0 || below(e, 3) == 0)
		e->alive[vm] = e->next_uuid++;
	world_dom(&e->w, host, e->next_domid++, e->alive[vm], name);
	show(e, host);
}

static void
stop(struct env *e, uint32_t host, unsigned vm)
{
	struct obs_dom *d = find_on(e, host, vm);

	if (d == NULL)
		return;
	if ((d->flags & DOM_SHUTDOWN) == 0 && below(e, 2) == 0) {
		d->flags = DOM_SHUTDOWN;
		d->reason = REASON_POWEROFF;
		show(e, host);
	}
	world_undom(&e->w, host, d->domid);
	show(e, host);
}

/* Somebody else migrates it. A live source shows at least that it was suspended
 * before it is gone. */
static void
migrate(struct env *e, uint32_t from, uint32_t to, unsigned vm)
{
	struct obs_dom *d = find_on(e, from, vm), *n;
	char name[40];

	if (d == NULL || from == to || (d->flags & DOM_SHUTDOWN) != 0 ||
	    e->w.obs[to].ndoms > 20)
		return;
	snprintf(name, sizeof name, "vm%u--incoming", vm);
	n = world_dom(&e->w, to, e->next_domid++, e->alive[vm], name);
	n->flags = DOM_PAUSED;
	if (below(e, 2) == 0)
		show(e, to);
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_SUSPEND;
	show(e, from);
	if (below(e, 6) == 0)
		return; /* it breaks off here */
	world_undom(&e->w, from, d->domid);
	name_of(name, vm);
	n->name = arena_strdup(&e->w.obs[to].mem, name);
	n->flags = DOM_BLOCKED;
	if (below(e, 2) == 0) {
		show(e, to);
		show(e, from);
	} else {
		show(e, from);
		show(e, to);
	}
}

static void
hush(struct env *e, uint32_t host)
{
	e->silent[host] = !e->silent[host];
	if (!e->silent[host])
		world_send(&e->w, host);
	else if (below(e, 2) == 0)
		world_link(&e->w, host, LINK_DOWN, "gone");
}

/* Whether any host shows, or a silent one really has, a domain of it. */
static bool
exists(struct env *e, const struct request *r, bool live_only)
{
	for (uint32_t h = 0; h < HOSTS; h++) {
		const struct obs *o = &e->w.obs[h];

		if (live_only &&
		    model_host(e->w.model, h)->health != HOST_LIVE)
			continue;
		/* What a live host has not shown yet is not known. */
		if (live_only && e->silent[h])
			continue;
		for (size_t i = 0; i < o->ndoms; i++)
			if (is_of(&o->doms[i], r->name, &r->uuid))
				return true;
	}
	return false;
}

static void
ask(struct env *e)
{
	unsigned vm = 1 + below(e, VMS);
	struct request r;
	struct err err = { 0 };
	bool sworn = below(e, 3) == 0, silent = false;
	char name[16];

	name_of(name, vm);
	request_init(&r, below(e, 4) == 0 ? REQ_RESTORE : REQ_START);
	r.host = below(e, HOSTS);
	r.cluster = 0;
	r.name = x_strdup(name);
	if (below(e, 2) == 0 && e->alive[vm] != 0)
		r.uuid = world_uuid(e->alive[vm]);
	if (sworn)
		r.flags = REQUEST_SWORN;
	for (uint32_t h = 0; h < HOSTS; h++)
		silent |= e->silent[h];
	if (safety_check(e->w.model, &r, (struct mono){ e->w.now.ns - 1 },
	    &err) == 0) {
		assert_false(exists(e, &r, sworn));
		e->allowed++;
		e->past_silence += !sworn && silent;
	} else {
		assert_true(err.kind == ERR_REFUSED ||
		    err.kind == ERR_UNREACHABLE);
		assert_true(strlen(err.msg) > 10);
		e->refused++;
	}
	request_free(&r);
}

static void
step(struct env *e)
{
	uint32_t a = below(e, HOSTS), b = below(e, HOSTS);
	unsigned vm = 1 + below(e, VMS);

	switch (below(e, 12)) {
	case 0:
	case 1:
		start(e, a, vm);
		break;
	case 2:
	case 3:
		if (where(e, vm) != HOSTS)
			stop(e, where(e, vm), vm);
		break;
	case 4:
	case 5:
		if (where(e, vm) != HOSTS)
			migrate(e, where(e, vm), b, vm);
		break;
	case 6:
		if (below(e, 3) == 0)
			hush(e, a);
		break;
	default:
		/* Only what is said from now on counts. */
		world_pass(&e->w, 500 + below(e, 3000));
		for (uint32_t h = 0; h < HOSTS; h++)
			show(e, h);
		ask(e);
		break;
	}
}

static void
run(uint64_t seed, size_t count[3])
{
	struct env e = { .next_domid = 1, .next_uuid = 100 };

	prng_init(&e.r, seed);
	world_init(&e.w, 1, HOSTS);
	e.w.conf.stale_ms = 4000;
	for (unsigned i = 1; i <= VMS; i++) {
		char name[16];

		name_of(name, i);
		for (uint32_t h = 0; h < HOSTS; h++) {
			e.defines[h][i] = below(&e, 2) == 0;
			if (e.defines[h][i])
				world_def(&e.w, h, name);
		}
	}
	for (uint32_t h = 0; h < HOSTS; h++)
		if (below(&e, 8) != 0)
			world_send(&e.w, h);
		else
			e.silent[h] = true;
	for (int i = 0; i < STEPS; i++)
		step(&e);
	count[0] += e.allowed;
	count[1] += e.past_silence;
	count[2] += e.refused;
	world_free(&e.w);
}

static void
test_never_twice(void **state)
{
	size_t count[3] = { 0 };

	(void)state;
	for (uint64_t seed = 1; seed <= SEEDS; seed++)
		run(seed, count);
	/* It is no rule that refuses everything, nor whenever one is silent. */
	assert_true(count[0] > 1000);
	assert_true(count[1] > 20);
	assert_true(count[2] > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_never_twice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
