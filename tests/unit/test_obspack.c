/* What is packed comes out again, and what is news shows in the steady bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/obspack.h"
#include "tests/lib/obsgen.h"

enum { SEEDS = 20, STEPS = 40 };

static void
test_round(void **state)
{
	struct obs o, back;
	struct obspack now = { 0 }, kept = { 0 };

	(void)state;
	obs_init(&o);
	obs_init(&back);
	for (uint64_t seed = 1; seed <= SEEDS; seed++) {
		struct obsgen g;

		obsgen_init(&g, seed);
		for (int i = 0; i < STEPS; i++) {
			obsgen_step(&g, &o);
			obspack_put(&now, &o);
			obspack_keep(&kept, &now);
			assert_true(packed_equal(&kept.steady, &now.steady));
			obspack_get(&back, &kept.steady, &kept.figures);
			assert_true(obs_equal(&o, &back));
		}
	}
	obspack_free(&now);
	obspack_free(&kept);
	obs_free(&o);
	obs_free(&back);
}

struct pair {
	struct obs o;
	struct obs_dom dom;
	struct obs_nic nic;
	struct obspack was, now;
};

static bool
is_news(struct pair *p)
{
	bool news;

	obspack_put(&p->now, &p->o);
	news = !packed_equal(&p->was.steady, &p->now.steady);
	obspack_keep(&p->was, &p->now);
	return news;
}

static void
test_news(void **state)
{
	struct pair p = { .nic = { 0, "00:16:3e:00:00:01", "xenbr0", NULL } };
	struct obs back;

	(void)state;
	obs_init(&p.o);
	obs_init(&back);
	obs_dom_init(&p.dom);
	p.o.doms = &p.dom;
	p.o.ndoms = 1;
	p.dom.nics = &p.nic;
	p.dom.nnics = 1;
	assert_true(is_news(&p));
	assert_false(is_news(&p));

	p.o.t_ns = INT64_MAX;
	p.o.host.free_kb = p.dom.net_rx = 1 << 20;
	p.dom.cpu_ns = INT64_MIN;
	p.dom.flags = DOM_RUNNING;
	assert_false(is_news(&p));
	obspack_get(&back, &p.was.steady, &p.was.figures);
	assert_true(obs_equal(&p.o, &back));

	p.dom.flags = DOM_PAUSED;
	assert_true(is_news(&p));
	p.dom.flags = DOM_PAUSED | DOM_BLOCKED;
	assert_false(is_news(&p));
	p.dom.flags = DOM_SHUTDOWN;
	p.dom.reason = REASON_CRASH;
	assert_true(is_news(&p));
	p.dom.reason = REASON_POWEROFF;
	assert_true(is_news(&p));
	p.dom.name = "";
	assert_true(is_news(&p));
	p.dom.name = "web1";
	assert_true(is_news(&p));
	p.dom.uuid.b[15] = 1;
	assert_true(is_news(&p));
	p.dom.domid = 7;
	assert_true(is_news(&p));
	p.nic.ip = "10.0.0.1";
	assert_true(is_news(&p));
	p.o.ndoms = 0;
	assert_true(is_news(&p));
	obs_free(&back);
	obspack_free(&p.was);
	obspack_free(&p.now);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round),
		cmocka_unit_test(test_news),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
