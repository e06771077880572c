/* Requests and plans as data, and their words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"
#include "core/plan.h"
#include "core/request.h"

static void
test_words(void **state)
{
	(void)state;
	for (int i = REQ_NONE + 1; i < REQ_OPS; i++) {
		const char *w = request_op_name((enum request_op)i);

		assert_non_null(w);
		assert_int_equal(request_op_find(w), i);
	}
	assert_int_equal(request_op_find("none"), REQ_NONE);
	assert_int_equal(request_op_find(""), REQ_NONE);
	assert_int_equal(request_op_find("Start"), REQ_NONE);
}

static void
check_text(enum request_op op, const char *arg, int64_t value,
    const char *want)
{
	struct request r;
	char text[128];

	request_init(&r, op);
	r.name = x_strdup("web1");
	r.arg = x_strdup(arg);
	r.value = value;
	request_text(text, sizeof text, &r);
	assert_string_equal(text, want);
	request_free(&r);
}

static void
test_text(void **state)
{
	(void)state;
	check_text(REQ_SHUTDOWN, NULL, -1, "shut web1 down");
	check_text(REQ_START, "/etc/xen/web1.cfg", -1, "start web1");
	check_text(REQ_MIGRATE, "beta", -1, "migrate web1 to beta");
	check_text(REQ_MEM_SET, NULL, 2097152,
	    "set the memory of web1 to 2048 MiB");
	check_text(REQ_VCPU_SET, NULL, 4, "set the vCPUs of web1 to 4");
	check_text(REQ_VCPU_SET, NULL, -1, "set the vCPUs of web1 to ?");
	check_text(REQ_SYSRQ, "b", -1, "send SysRq b to web1");
	check_text(REQ_DEF_WRITE, "/etc/xen/a.cfg", -1,
	    "write the definition /etc/xen/a.cfg");
	check_text(REQ_PROBE, "x", -1, "look around");
	for (int i = 0; i < REQ_OPS; i++) {
		struct request r;
		char text[8];

		request_init(&r, (enum request_op)i);
		request_text(text, sizeof text, &r);
		assert_true(strlen(text) > 0 && strlen(text) < sizeof text);
	}
}

static void
fill(struct request *r)
{
	request_init(r, REQ_CD_INSERT);
	r->host = 3;
	r->cluster = 1;
	r->uuid.b[7] = 9;
	r->name = x_strdup("web1");
	r->domid = 12;
	r->boot_id = x_strdup("boot");
	r->to = 4;
	r->value = 5;
	r->cap = 6;
	r->flags = REQUEST_SWORN;
	r->arg = x_strdup("xvdc");
	r->arg2 = x_strdup("/iso");
	r->body = x_strdup("body");
}

/* Each field is copied, and each makes a difference. */
static void
test_copy_and_equal(void **state)
{
	struct request a, b;
	char **text[] = { &b.name, &b.boot_id, &b.arg, &b.arg2, &b.body };

	(void)state;
	fill(&a);
	request_copy(&b, &a);
	assert_true(request_equal(&a, &b));
	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		char *was = *text[i];

		*text[i] = NULL;
		assert_false(request_equal(&a, &b));
		assert_false(request_equal(&b, &a));
		*text[i] = x_strdup("other");
		assert_false(request_equal(&a, &b));
		x_free(*text[i]);
		*text[i] = was;
	}
#define DIFFERS(field, by) do { \
	b.field += (by); \
	assert_false(request_equal(&a, &b)); \
	b.field -= (by); \
} while (0)
	DIFFERS(host, 1);
	DIFFERS(cluster, 1);
	DIFFERS(domid, 1);
	DIFFERS(to, 1);
	DIFFERS(value, 1);
	DIFFERS(cap, 1);
	DIFFERS(flags, 1);
#undef DIFFERS
	b.uuid.b[0] = 1;
	assert_false(request_equal(&a, &b));
	b.uuid.b[0] = 0;
	b.op = REQ_START;
	assert_false(request_equal(&a, &b));
	request_free(&a);
	request_free(&b);
	assert_null(a.name);
	request_free(&a);
}

static void
test_plan(void **state)
{
	struct plan p, q;
	struct request r;

	(void)state;
	plan_init(&p);
	for (int i = 0; i < 20; i++) {
		fill(&r);
		r.host = (uint32_t)i;
		assert_int_equal(plan_add(&p, &r, i == 3 ? "why" : NULL), i);
		assert_null(r.name); /* it was taken over */
	}
	plan_after(&p, 4, 3);
	plan_after(&p, 4, 1);
	plan_after(&p, 4, 3);
	p.title = x_strdup("all of it");
	plan_copy(&q, &p);
	plan_free(&p);
	assert_int_equal(p.n, 0);
	assert_string_equal(q.title, "all of it");
	assert_int_equal(q.n, 20);
	assert_int_equal(q.steps[4].nafter, 2);
	assert_int_equal(q.steps[4].after[0], 3);
	assert_int_equal(q.steps[4].after[1], 1);
	assert_string_equal(q.steps[3].why, "why");
	assert_null(q.steps[4].why);
	assert_int_equal(q.steps[19].req.host, 19);
	assert_string_equal(q.steps[19].req.body, "body");
	plan_free(&q);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_copy_and_equal),
		cmocka_unit_test(test_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
