/* What is taken of an edited definition, and what is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/defedit.h"
#include "core/mem.h"
#include "tests/lib/world.h"

static const struct vm *
begin(struct world *w)
{
	struct uuid none = { { 0 } };

	world_init(w, 2, 3);
	world_def(w, 0, "a");
	world_def(w, 1, "b");
	for (uint32_t h = 0; h < 4; h++)
		world_send(w, h);
	world_pass(w, 10);
	return model_find_vm(w->model, 0, &none, "a");
}

static int
take(const struct world *w, const struct vm *vm, const char *text, size_t len,
    struct err *err)
{
	struct arena mem = { NULL };
	struct def d;
	int rc = defedit_take(&d, &mem, w->model, vm, text, len, err);

	arena_free(&mem);
	return rc;
}

static void
test_take(void **state)
{
	static const char own[] = "name = \"a\"\nmemory = 64\n";
	static const char other[] = "name = \"b\"\n";
	static const char renamed[] = "name = \"c\"\n";
	static const char nothing[] = "memory = = 64\n";
	struct world w;
	const struct vm *vm = begin(&w);
	struct err err = { 0 };
	char *big;

	(void)state;
	assert_non_null(vm);
	assert_int_equal(take(&w, vm, own, strlen(own), &err), 0);
	assert_int_equal(take(&w, vm, renamed, strlen(renamed), &err), 0);
	assert_int_equal(take(&w, vm, nothing, strlen(nothing), &err), 0);
	assert_int_equal(take(&w, vm, other, strlen(other), &err), -1);
	assert_int_equal(err.kind, ERR_REFUSED);
	assert_non_null(strstr(err.msg, "of b, which is another VM than a"));
	assert_int_equal(take(&w, vm, "", 0, &err), -1);
	assert_int_equal(err.kind, ERR_USAGE);
	assert_int_equal(take(&w, vm, own, sizeof own, &err), -1); /* NUL */
	big = x_malloc(DEFS_FILE_MAX + 1);
	memset(big, '#', DEFS_FILE_MAX + 1);
	assert_int_equal(take(&w, vm, big, DEFS_FILE_MAX + 1, &err), -1);
	assert_int_equal(take(&w, vm, big, DEFS_FILE_MAX, &err), 0);
	x_free(big);
	world_free(&w);
}

static void
check_path(struct conf *conf, const char *dirs, const char *name,
    const char *want)
{
	char *was = conf->hosts[0].definitions;
	char own[100];
	struct err err = { 0 };
	struct buf out;

	snprintf(own, sizeof own, "%s", dirs != NULL ? dirs : "");
	conf->hosts[0].definitions = dirs != NULL ? own : NULL;
	buf_init(&out, 4096);
	assert_int_equal(defedit_path(&out, conf, 0, name, &err),
	    want != NULL ? 0 : -1);
	if (want != NULL)
		assert_string_equal(out.p, want);
	else
		assert_int_equal(err.kind, ERR_USAGE);
	buf_free(&out);
	conf->hosts[0].definitions = was;
}

static void
test_path(void **state)
{
	struct world w;

	(void)state;
	begin(&w);
	check_path(&w.conf, NULL, "web1", "/etc/xen/web1.cfg");
	check_path(&w.conf, "/srv/xen/ /etc/xen", "web1", "/srv/xen/web1.cfg");
	check_path(&w.conf, NULL, "a/b", NULL);
	check_path(&w.conf, NULL, "..", NULL);
	check_path(&w.conf, NULL, "-q", NULL);
	check_path(&w.conf, NULL, "", NULL);
	check_path(&w.conf, NULL, "a'b", NULL);
	world_free(&w);
}

static void
test_template(void **state)
{
	struct world w;
	const struct vm *vm = begin(&w);
	struct arena mem = { NULL };
	struct err err = { 0 };
	struct buf out;
	struct def d;

	(void)state;
	buf_init(&out, DEFS_FILE_MAX);
	defedit_template(&out, "new1");
	assert_int_equal(defedit_take(&d, &mem, w.model, vm, out.p, out.len,
	    &err), 0);
	assert_string_equal(d.name, "new1");
	assert_int_equal(d.mem_kb, 512 * 1024);
	assert_null(d.error);
	arena_free(&mem);
	buf_free(&out);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_take),
		cmocka_unit_test(test_path),
		cmocka_unit_test(test_template),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
