/* How definitions of one VM differ, between two files and in a cluster. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/defdiff.h"
#include "tests/lib/world.h"

static const struct defs *
read_text(const char *text)
{
	struct def_file f = { "/etc/xen/x.cfg", text, strlen(text), 5 };

	return defs_read(NULL, &f, 1, NULL);
}

static void
diff(const char *a, const char *b, const char *want)
{
	const struct defs *x = read_text(a), *y = read_text(b);
	struct def_changes c;
	struct buf out;

	buf_init(&out, 4096);
	buf_puts(&out, "");
	def_diff(&c, x->v[0], y->v[0]);
	for (size_t i = 0; i < c.n; i++)
		buf_printf(&out, "%s: %s | %s\n", c.v[i].key,
		    c.v[i].a != NULL ? c.v[i].a : "-",
		    c.v[i].b != NULL ? c.v[i].b : "-");
	assert_string_equal(out.p, want);
	def_changes_free(&c);
	buf_free(&out);
	defs_unref(x);
	defs_unref(y);
}

static void
test_two_files(void **state)
{
	(void)state;
	diff("name='a'\nmemory=512\n",
	    "# other\nmemory = \"0x200\" # same\n\nname = \"a\"\n", "");
	diff("name='a'\nmemory=512\nvnc=1\n", "name='a'\nmemory=1024\nx='y'\n",
	    "memory: \"512\" | \"1024\"\nvnc: \"1\" | -\nx: - | \"y\"\n");
	diff("name='a'\ndisk=['p','q']\n", "name='a'\ndisk=[ \"p\" ]\n",
	    "disk: [ 'p', 'q' ] | [ 'p' ]\n");
	diff("name='a'\ndisk=[]\n", "name='a'\n", "disk: [ ] | -\n");
	diff("name='a'\nvncpasswd='one'\n", "name='a'\nvncpasswd='two'\n",
	    "vncpasswd: \"***\" | \"***\"\n");
	diff("name='a'\nvfb=['vnc=1,vncpasswd=s']\n", "name='a'\n",
	    "vfb: [ 'vnc=1,vncpasswd=***' ] | -\n");
	diff("name='a'\nname='b'\n", "name='b'\n", "");
	diff("name='a'\n?\n", "name='a'\n",
	    "(text): line 2: no name of a setting | -\n");
}

static void
test_cluster(void **state)
{
	struct def_place v[8];
	const struct vm *vm;
	struct uuid none = { { 0 } };
	struct world w;

	(void)state;
	world_init(&w, 2, 4);
	for (uint32_t h = 0; h < 2; h++)
		world_def(&w, h, "a");
	defset_add(&w.defs[2], &(struct def){ .name = "a", .vcpus = 9 }, NULL);
	world_def(&w, 5, "a"); /* another cluster's */
	for (uint32_t h = 0; h < 6; h++)
		if (h != 3)
			world_send(&w, h);
	world_pass(&w, 10);
	vm = model_find_vm(w.model, 0, &none, "a");
	assert_non_null(vm);
	assert_int_equal(def_spread(v, 8, w.model, vm), 4);
	assert_int_equal(v[0].how, DEF_SAME);
	assert_int_equal(v[1].how, DEF_SAME);
	assert_int_equal(v[2].how, DEF_DIFFERS);
	assert_int_equal(v[3].how, DEF_UNKNOWN);
	assert_int_equal(def_of_vm(w.model, vm, 2)->vcpus, 9);
	assert_ptr_equal(def_of_vm(w.model, vm, MODEL_NONE), v[0].def);
	assert_null(def_of_vm(w.model, vm, 3));

	/* Where it runs counts more than the first that has one. */
	world_dom(&w, 2, 7, 3, "a");
	world_undef(&w, 1, "a");
	world_send(&w, 1);
	world_send(&w, 2);
	world_pass(&w, 10);
	vm = model_find_vm(w.model, 0, &none, "a");
	assert_int_equal(vm->def_host, 2);
	assert_int_equal(def_spread(v, 2, w.model, vm), 4);
	assert_int_equal(v[0].how, DEF_DIFFERS);
	assert_int_equal(v[1].how, DEF_ABSENT);
	world_free(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_two_files),
		cmocka_unit_test(test_cluster),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
