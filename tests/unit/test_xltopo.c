/* The topology out of what xl printed on a real host, out of tables as xl's
 * printf strings make them, and out of anything else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backends/xltopo.h"
#include "core/buf.h"
#include "tests/lib/fixture.h"

static struct arena mem;
static struct obs_host h;

static int
setup(void **state)
{
	struct obs o;

	(void)state;
	obs_init(&o);
	h = o.host;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(&mem);
	return 0;
}

static void
parse(const char *text)
{
	xl_parse_topology(&mem, text, strlen(text), &h);
}

#define POOLS "Name               CPUs   Sched     Active   Domain count\n"
#define POOL_CPUS "Name               CPU list\n"

static void
a_real_host(void **state)
{
	struct buf b = fixture_load("xl/xl-info-n.out");

	(void)state;
	xl_parse_topology(&mem, b.p, b.len, &h);
	assert_int_equal(h.sockets, 2);
	assert_int_equal(h.nnuma, 2);
	assert_int_equal(h.numa[0].id, 0);
	assert_int_equal(h.numa[0].mem_kb, 1024 * 1024);
	assert_int_equal(h.numa[0].free_kb, 686 * 1024);
	assert_string_equal(h.numa[0].cpus, "0-1");
	assert_int_equal(h.numa[1].mem_kb, 1023 * 1024);
	assert_int_equal(h.numa[1].free_kb, 183 * 1024);
	assert_string_equal(h.numa[1].cpus, "2-3");
	assert_int_equal(h.npools, 0);
	buf_free(&b);
}

/* Xen knows neither core nor socket of its only processor. */
static void
a_host_that_knows_little(void **state)
{
	struct buf b = fixture_load("xl/xl-topology-1cpu.out");

	(void)state;
	xl_parse_topology(&mem, b.p, b.len, &h);
	assert_int_equal(h.sockets, OBS_UNKNOWN);
	assert_int_equal(h.nnuma, 1);
	assert_null(h.numa[0].cpus);
	assert_int_equal(h.npools, 1);
	assert_string_equal(h.pools[0].name, "Pool-0");
	assert_string_equal(h.pools[0].cpus, "0");
	assert_int_equal(h.pools[0].doms, 1);
	buf_free(&b);
}

static void
real_pools(void **state)
{
	struct buf b = fixture_load("xl/xl-topology-pools.out");

	(void)state;
	xl_parse_topology(&mem, b.p, b.len, &h);
	assert_int_equal(h.sockets, 1);
	assert_string_equal(h.numa[0].cpus, "0-2");
	assert_int_equal(h.npools, 2);
	assert_string_equal(h.pools[0].name, "Pool-0");
	assert_string_equal(h.pools[0].cpus, "0-1");
	assert_string_equal(h.pools[1].name, "rt");
	assert_string_equal(h.pools[1].scheduler, "credit");
	assert_string_equal(h.pools[1].cpus, "2");
	assert_int_equal(h.pools[1].doms, 0);
	buf_free(&b);
}

static void
pools(void **state)
{
	(void)state;
	parse(POOLS
	    "Pool-0               3  credit2       y          5\n"
	    "my real time         1      rtds       y          1\n"
	    "empty                0   credit       y          0\n"
	    "a-name-longer-than-nineteen 12     null       y         12\n"
	    POOL_CPUS
	    "Pool-0             0,1,3\n"
	    "my real time       2\n"
	    "empty              \n"
	    "a-name-longer-than-nineteen4,5,6,7,8,9,10,11,12,13,14,15\n");
	assert_int_equal(h.npools, 4);
	assert_string_equal(h.pools[0].name, "Pool-0");
	assert_string_equal(h.pools[0].scheduler, "credit2");
	assert_string_equal(h.pools[0].cpus, "0-1,3");
	assert_int_equal(h.pools[0].doms, 5);
	assert_string_equal(h.pools[1].name, "my real time");
	assert_string_equal(h.pools[1].scheduler, "rtds");
	assert_string_equal(h.pools[1].cpus, "2");
	assert_string_equal(h.pools[2].name, "empty");
	assert_null(h.pools[2].cpus);
	assert_string_equal(h.pools[3].name, "a-name-longer-than-nineteen");
	assert_string_equal(h.pools[3].cpus, "4-15");
	assert_int_equal(h.sockets, OBS_UNKNOWN);
}

static void
odd_rows_are_left_out(void **state)
{
	(void)state;
	parse("cpu_topology           :\n"
	    "cpu:    core    socket     node\n"
	    "  0:       0        0        0\n"
	    "  x:       0        7        0\n"
	    "  1:       0        8        99999999999999999999\n"
	    "  2:       1        0        63\n"
	    "  3:       1        1        64\n"
	    "numa_info              :\n"
	    "node:    memsize    memfree    distances\n"
	    "   0:      1024        686      10,20\n"
	    "   1:      1024\n"
	    "  64:      1024        686      10\n"
	    "   2:      99999999999999999        1      10\n"
	    "   3:      -1        1      10\n"
	    POOLS
	    "Pool-0\n"
	    "Pool-1             x  credit2       y          5\n"
	    "\x1b[2J               1  credit2       y          5\n"
	    POOL_CPUS
	    "nobody             0\n"
	    "\x1b[2J             0,a,2\n");
	assert_int_equal(h.sockets, 2);
	assert_int_equal(h.nnuma, 1);
	assert_string_equal(h.numa[0].cpus, "0");
	assert_int_equal(h.npools, 1);
	assert_string_equal(h.pools[0].name, "\xef\xbf\xbd[2J");
	assert_null(h.pools[0].cpus);
}

static void
more_than_there_can_be(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, 1 << 20);
	buf_puts(&b, "numa_info              :\n");
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "%4d:    %6d     %6d      10\n", i % 64, i, i);
	buf_puts(&b, POOLS);
	for (int i = 0; i < 200; i++)
		buf_printf(&b, "Pool-%d            1  credit2       y        0\n", i);
	parse(b.p);
	assert_int_equal(h.nnuma, OBS_NODES_MAX);
	assert_int_equal(h.npools, OBS_POOLS_MAX);
	buf_free(&b);
}

static void
nothing_at_all(void **state)
{
	(void)state;
	parse("");
	assert_int_equal(h.sockets, OBS_UNKNOWN);
	assert_int_equal(h.nnuma, 0);
	assert_int_equal(h.npools, 0);
}

int
main(void)
{
#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_real_host),
		T(a_host_that_knows_little),
		T(real_pools),
		T(pools),
		T(odd_rows_are_left_out),
		T(more_than_there_can_be),
		T(nothing_at_all),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
