/* The log of one model told to another one, whose VMs have other ids and, where
 * xl made them up, other UUIDs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/chronicle.h"
#include "tests/lib/world.h"

#define LONG "a-name-of-as-many-letters-as-people-give-to-what-an-" \
	"installer-calls-after-its-purpose"

static void
crash(struct world *w, unsigned uuid, const char *name)
{
	struct obs_dom *d = world_dom(w, 0, 1, uuid, name);

	world_send(w, 0);
	d->flags = DOM_SHUTDOWN;
	d->reason = REASON_CRASH;
	world_pass(w, 1000);
	world_send(w, 0);
}

static void
finds_its_vms(const char *name)
{
	struct world w, other;
	struct chronicle c = { 0 };
	const struct log_entry *e;

	world_init(&w, 1, 1);
	world_init(&other, 1, 1);
	crash(&w, 1, name);
	chronicle_follow(&c, w.model, w.now);
	world_dom(&other, 0, 7, 3, "another");
	world_dom(&other, 0, 8, 2, name);
	world_send(&other, 0);
	chronicle_tell(&c, other.model, w.now);
	e = model_log(other.model, 0);
	assert_non_null(e);
	assert_non_null(strstr(e->text, "crashed"));
	assert_int_not_equal(e->vm, MODEL_NONE);
	assert_string_equal(model_vm(other.model, e->vm)->name, name);
	chronicle_free(&c);
	world_free(&w);
	world_free(&other);
}

static void
short_name(void **state)
{
	(void)state;
	finds_its_vms("web1");
}

static void
long_name(void **state)
{
	(void)state;
	finds_its_vms(LONG);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(short_name),
		cmocka_unit_test(long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
