/* xentop's batch output: real blocks, rows as awkward as they come, and the
 * stream cut into pieces at every place. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/xentop.h"
#include "core/obs.h"
#include "tests/lib/fixture.h"

#define HEAD "      NAME  STATE   CPU(sec) CPU(%)     MEM(k) MEM(%)  " \
	"MAXMEM(k) MAXMEM(%) VCPUS NETS NETTX(k) NETRX(k) VBDS   VBD_OO   " \
	"VBD_RD   VBD_WR  VBD_RSECT  VBD_WSECT SSID\n"
#define REST " --b---         28    1.4     131136    6.3     132096       " \
	"6.3     1    1        7        3    1        0       14       79" \
	"         34       6294    0\n"

static void
a_real_stream(void **state)
{
	struct buf b = fixture_load("xl/xentop.out");
	const struct xentop_row *r;

	(void)state;
	for (size_t piece = 1; piece < 200; piece += 7) {
		struct xentop *t = xentop_new();

		for (size_t at = 0; at < b.len; at += piece)
			assert_int_equal(xentop_feed(t, b.p + at,
			    b.len - at < piece ? b.len - at : piece), 0);
		assert_int_equal(xentop_blocks(t), 2);
		assert_int_equal(xentop_find(t, "app1")->cpu_pm, 5);
		assert_true(xentop_waiting(t));
		xentop_pause(t);
		assert_false(xentop_waiting(t));
		assert_int_equal(xentop_blocks(t), 3);
		r = xentop_find(t, "db-1.prod_ex");
		assert_non_null(r);
		assert_int_equal(r->cpu_pm, 40);
		assert_int_equal(r->mem_kb, 131072);
		assert_int_equal(r->maxmem_kb, 132096);
		assert_int_equal(r->vcpus, 4);
		assert_int_equal(r->net_rx, 2 * 1024);
		assert_int_equal(r->net_tx, 0);
		assert_int_equal(r->disk_rd, 42 * 512);
		assert_int_equal(r->disk_wr, 6242 * 512);
		assert_int_equal(xentop_find(t, "Domain-0")->cpu_pm, 140);
		assert_null(xentop_find(t, "nosuch"));
		xentop_free(t);
	}
	buf_free(&b);
}

/* -v -n -x put lines between the rows. */
static void
a_verbose_stream(void **state)
{
	struct buf b = fixture_load("xl/xentop-with-hvm.out");
	struct xentop *t = xentop_new();

	(void)state;
	assert_int_equal(xentop_feed(t, b.p, b.len), 0);
	xentop_pause(t);
	assert_int_equal(xentop_find(t, "hvm1")->cpu_pm, 137);
	assert_int_equal(xentop_find(t, "web1")->cpu_pm, 210);
	xentop_free(t);
	buf_free(&b);
}

static void
the_first_block_has_no_cpu_figures(void **state)
{
	struct xentop *t = xentop_new();

	(void)state;
	xentop_feed(t, HEAD "a" REST, strlen(HEAD "a" REST));
	assert_null(xentop_find(t, "a")); /* it may not be all */
	xentop_pause(t);
	assert_int_equal(xentop_find(t, "a")->cpu_pm, OBS_UNKNOWN);
	assert_int_equal(xentop_find(t, "a")->mem_kb, 131136);
	xentop_feed(t, HEAD "b" REST, strlen(HEAD "b" REST));
	xentop_pause(t);
	assert_null(xentop_find(t, "a"));
	assert_int_equal(xentop_find(t, "b")->cpu_pm, 14);
	xentop_restart(t);
	assert_null(xentop_find(t, "b"));
	assert_int_equal(xentop_blocks(t), 0);
	xentop_free(t);
}

static void
a_shared_name_tells_nothing(void **state)
{
	static const char text[] = HEAD "a" REST "b" REST "a" REST;
	struct xentop *t = xentop_new();

	(void)state;
	xentop_feed(t, text, sizeof text - 1);
	xentop_pause(t);
	assert_null(xentop_find(t, "a"));
	assert_non_null(xentop_find(t, "b"));
	xentop_free(t);
}

static void
rows(void **state)
{
	static const struct {
		const char *text, *name;
		int64_t maxmem, disk;
	} cases[] = {
		{ "  Domain-0 -----r        120   16.4     655360   31.3   "
		    "no limit       n/a     1    0        0        0    0    "
		    "    0        0        0          0          0    0",
		    "  Domain-0", INT64_MAX, 0 },
		{ "web 1 --b--- --b---  28 0.5 131136 6.3 132096 6.3 1 1 1 0 "
		    "- - - - - - 0", "web 1 --b---", 132096, -1 },
	};
	struct xentop_row r;
	size_t len;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		assert_true(xentop_parse_row(cases[i].text,
		    strlen(cases[i].text), &r, &len));
		assert_int_equal(len, strlen(cases[i].name));
		assert_memory_equal(cases[i].text, cases[i].name, len);
		assert_int_equal(r.maxmem_kb, cases[i].maxmem);
		assert_int_equal(r.disk_rd, cases[i].disk);
	}
	assert_false(xentop_parse_row("VCPUs(sec):   0:         76s", 28, &r,
	    &len));
	assert_false(xentop_parse_row(REST, 40, &r, &len));
}

static void
a_line_without_end_is_garbage(void **state)
{
	struct xentop *t = xentop_new();
	char junk[1024];
	int i;

	(void)state;
	memset(junk, 'x', sizeof junk);
	for (i = 0; i < 1000 && xentop_feed(t, junk, sizeof junk) == 0; i++)
		;
	assert_in_range(i, 10, 200);
	xentop_free(t);
}

static void
endless_rows_are_garbage(void **state)
{
	struct xentop *t = xentop_new();
	int i;

	(void)state;
	xentop_feed(t, HEAD, strlen(HEAD));
	for (i = 0; i < 20000 && xentop_feed(t, "a" REST, strlen("a" REST)) == 0;
	    i++)
		;
	assert_in_range(i, OBS_DOMS_MAX, 3 * OBS_DOMS_MAX);
	xentop_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_real_stream),
		cmocka_unit_test(a_verbose_stream),
		cmocka_unit_test(the_first_block_has_no_cpu_figures),
		cmocka_unit_test(a_shared_name_tells_nothing),
		cmocka_unit_test(rows),
		cmocka_unit_test(a_line_without_end_is_garbage),
		cmocka_unit_test(endless_rows_are_garbage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
