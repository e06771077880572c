/* `xl list -l`: configurations of real guests of all three types, and JSON that
 * is not what it should be. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/xljson.h"
#include "tests/lib/fixture.h"

static struct obs_dom *
load(struct arena *a, const char *name, size_t *n)
{
	struct buf b = fixture_load(name);
	struct obs_dom *v;

	assert_int_equal(xljson_parse(a, b.p, b.len, &v, n, NULL), 0);
	buf_free(&b);
	return v;
}

static void
real_guests(void **state)
{
	struct arena a = { NULL };
	size_t n;
	struct obs_dom *v = load(&a, "xl/xl-list-l-with-hvm.out", &n);
	const struct obs_dom *d;

	(void)state;
	assert_int_equal(n, 7);
	assert_string_equal(v[0].name, "Domain-0");
	assert_int_equal(v[0].type, VM_TYPE_PV);
	assert_int_equal(v[0].vcpus_max, OBS_UNKNOWN);
	assert_int_equal(v[0].maxmem_kb, 655360);
	d = &v[1];
	assert_string_equal(d->name, "app1");
	assert_int_equal(d->domid, 2);
	assert_int_equal(d->type, VM_TYPE_PVH);
	assert_int_equal(d->nnics, 1);
	assert_string_equal(d->nics[0].mac, "00:16:3e:28:4d:7f");
	assert_string_equal(d->nics[0].bridge, "xenbr0");
	assert_null(d->nics[0].ip);
	assert_int_equal(d->ndisks, 1);
	assert_string_equal(d->disks[0].vdev, "xvda");
	assert_string_equal(d->disks[0].target, "/dev/vgl/app1");
	assert_false(d->disks[0].readonly);
	d = &v[2];
	assert_int_equal(d->type, VM_TYPE_PV);
	assert_int_equal(d->vcpus_max, 4);
	assert_int_equal(d->maxmem_kb, 196608);
	assert_int_equal(d->ndisks, 2);
	assert_true(d->disks[1].readonly);
	assert_int_equal(d->nnics, 2);
	assert_int_equal(d->nics[1].devid, 1);
	arena_free(&a);
}

static void
an_empty_cd_drive(void **state)
{
	struct arena a = { NULL };
	size_t n;
	struct obs_dom *v = load(&a, "xl/xl-list-l-with-hvm.out", &n);
	const struct obs_dom *hvm = NULL;

	(void)state;
	for (size_t i = 0; i < n; i++)
		if (v[i].type == VM_TYPE_HVM)
			hvm = &v[i];
	assert_non_null(hvm);
	assert_int_equal(hvm->ndisks, 2);
	assert_string_equal(hvm->disks[1].vdev, "hdc");
	assert_true(hvm->disks[1].readonly);
	arena_free(&a);
}

static void
a_single_guest(void **state)
{
	struct arena a = { NULL };
	size_t n;
	struct obs_dom *v = load(&a, "xl/xl-list-l-web1.out", &n);

	(void)state;
	assert_int_equal(n, 1);
	assert_string_equal(v[0].name, "web1");
	arena_free(&a);
}

static int
parse(const char *text, size_t *n)
{
	struct arena a = { NULL };
	struct obs_dom *v;
	int rc = xljson_parse(&a, text, strlen(text), &v, n, NULL);

	arena_free(&a);
	return rc;
}

static void
not_a_list(void **state)
{
	static const char *const cases[] = { "", "[", "{}", "null", "42",
		"(domain (domid 0))", "[{\"domid\":1,\"config\":{",
		"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[" };
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		assert_int_equal(parse(cases[i], &n), -1);
}

static void
odd_entries_are_left_out(void **state)
{
	static const char *const cases[] = { "[null]", "[[]]", "[{}]",
		"[{\"domid\":-1,\"config\":{\"c_info\":{}}}]",
		"[{\"domid\":\"1\",\"config\":{\"c_info\":{}}}]",
		"[{\"domid\":1,\"config\":[]}]",
		"[{\"domid\":4294967296,\"config\":{\"c_info\":{}}}]",
		"[{\"domid\":1,\"config\":{\"c_info\":{\"uuid\":\"x\"}}}]" };
	size_t n;

	(void)state;
	assert_int_equal(parse("[]", &n), 0);
	assert_int_equal(n, 0);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_int_equal(parse(cases[i], &n), 0);
		assert_int_equal(n, 0);
	}
}

static void
odd_values_are_unknown(void **state)
{
	static const char text[] = "[{\"domid\":1,\"config\":{\"c_info\":{"
	    "\"type\":7,\"name\":[]},\"b_info\":{\"max_vcpus\":-3,"
	    "\"max_memkb\":1e99},\"nics\":[{\"mac\":5,\"ip\":\"evil\"},"
	    "{\"ip\":\"10.0.0.7/24\"},7],\"disks\":{}}}]";
	struct arena a = { NULL };
	struct obs_dom *v;
	size_t n;

	(void)state;
	assert_int_equal(xljson_parse(&a, text, strlen(text), &v, &n, NULL), 0);
	assert_int_equal(n, 1);
	assert_int_equal(v->type, VM_TYPE_UNKNOWN);
	assert_null(v->name);
	assert_int_equal(v->vcpus_max, OBS_UNKNOWN);
	assert_int_equal(v->maxmem_kb, OBS_UNKNOWN);
	assert_int_equal(v->nnics, 3);
	assert_null(v->nics[0].mac);
	assert_null(v->nics[0].ip);
	assert_string_equal(v->nics[1].ip, "10.0.0.7");
	assert_int_equal(v->nics[2].devid, 2);
	assert_int_equal(v->ndisks, 0);
	arena_free(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(real_guests),
		cmocka_unit_test(an_empty_cd_drive),
		cmocka_unit_test(a_single_guest),
		cmocka_unit_test(not_a_list),
		cmocka_unit_test(odd_entries_are_left_out),
		cmocka_unit_test(odd_values_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
