/* Plans that write definitions, and what they refuse. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/cksum.h"
#include "core/defdiff.h"
#include "core/defplan.h"
#include "core/mem.h"
#include "tests/lib/world.h"

static const char path[] = "/etc/xen/a.cfg";

static const struct vm *
begin(struct world *w)
{
	struct uuid none = { { 0 } };

	world_init(w, 2, 3);
	world_def(w, 0, "a");
	defset_add(&w->defs[1], &(struct def){ .name = "a", .vcpus = 9 }, NULL);
	w->conf.stale_ms = 10000;
	for (uint32_t h = 0; h < 4; h++)
		world_send(w, h);
	world_pass(w, 10);
	return model_find_vm(w->model, 0, &none, "a");
}

static void
test_write(void **state)
{
	struct world w;
	const struct vm *vm = begin(&w);
	const struct def *d = def_of_vm(w.model, vm, 0);
	char sum[CKSUM_TEXT];
	struct plan p;
	struct err err;

	(void)state;
	plan_init(&p);
	assert_int_equal(defplan_write(&p, w.model, vm, 0, path, d, "name='a'",
	    &err), 0);
	assert_int_equal(p.n, 2);
	assert_int_equal(p.steps[0].req.op, REQ_DEF_CHECK);
	assert_int_equal(p.steps[1].req.op, REQ_DEF_WRITE);
	assert_int_equal(p.steps[1].nafter, 1);
	assert_int_equal(p.steps[1].after[0], 0);
	assert_string_equal(p.steps[1].req.arg, path);
	assert_string_equal(p.steps[1].req.body, "name='a'");
	cksum_text(sum, d->text, d->len);
	assert_string_equal(p.steps[1].req.arg2, sum);
	plan_free(&p);
	world_free(&w);
}

static void
refused(const struct world *w, uint32_t host, const struct def *was,
    const char *text, enum err_kind kind, const char *why)
{
	struct uuid none = { { 0 } };
	struct plan p;
	struct err err = { .msg = "" };

	plan_init(&p);
	assert_int_equal(defplan_write(&p, w->model, model_find_vm(w->model, 0,
	    &none, "a"), host, path, was, text, &err), -1);
	assert_int_equal(err.kind, kind);
	if (strstr(err.msg, why) == NULL)
		fail_msg("%s", err.msg);
	assert_int_equal(p.n, 0);
	plan_free(&p);
}

static void
test_refused(void **state)
{
	struct world w;
	const struct vm *vm = begin(&w);
	const struct defs *was = defs_ref(model_defs(w.model, 0));
	struct plan p;
	struct err err;

	(void)state;
	refused(&w, 0, NULL, "x", ERR_REFUSED, "is there already");
	refused(&w, 1, was->v[0], "x", ERR_REFUSED, "has changed since");
	refused(&w, 2, was->v[0], "x", ERR_REFUSED, "not there any more");
	refused(&w, 3, NULL, "x", ERR_USAGE, "not in a's cluster");
	refused(&w, 0, was->v[0], "", ERR_USAGE, "1 to 65536 bytes");
	world_link(&w, 0, LINK_DOWN, "gone");
	refused(&w, 0, was->v[0], "x", ERR_UNREACHABLE, "does not answer");
	w.conf.clusters[0].read_only = true;
	refused(&w, 1, NULL, "x", ERR_REFUSED, "");
	w.conf.clusters[0].read_only = false;

	plan_init(&p);
	assert_int_equal(defplan_copy(&p, w.model, vm, 2, 1, &err), -1);
	assert_string_equal(err.msg, "h2 does not define a");
	assert_int_equal(defplan_copy(&p, w.model, vm, 1, 1, &err), -1);
	assert_int_equal(p.n, 0);
	plan_free(&p);
	defs_unref(was);
	world_free(&w);
}

static void
test_copy(void **state)
{
	struct world w;
	const struct vm *vm = begin(&w);
	struct plan p;
	struct err err;

	(void)state;
	plan_init(&p);
	assert_int_equal(defplan_copy(&p, w.model, vm, 0, 1, &err), 0);
	assert_int_equal(defplan_copy(&p, w.model, vm, 0, 2, &err), 0);
	assert_int_equal(p.n, 4);
	assert_string_equal(p.steps[1].req.body,
	    def_of_vm(w.model, vm, 0)->text);
	assert_int_equal(p.steps[1].req.host, 1);
	assert_string_not_equal(p.steps[1].req.arg2, "-");
	assert_string_equal(p.steps[3].req.arg2, "-");
	world_undef(&w, 1, "a");
	world_def(&w, 1, "a");
	world_send(&w, 1);
	world_pass(&w, 10);
	assert_int_equal(defplan_copy(&p, w.model, vm, 0, 1, &err), -1);
	assert_string_equal(err.msg, "h1 has the same definition of a already");
	plan_free(&p);
	world_free(&w);
}

/* cksum(1) of GNU coreutils 9.1 */
static void
test_cksum(void **state)
{
	char sum[CKSUM_TEXT];

	(void)state;
	cksum_text(sum, "", 0);
	assert_string_equal(sum, "4294967295 0");
	cksum_text(sum, "123456789", 9);
	assert_string_equal(sum, "930766865 9");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_write),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_copy),
		cmocka_unit_test(test_cksum),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
