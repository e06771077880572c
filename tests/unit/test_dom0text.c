/* The small readers: words and numbers, sysfs' counters, xenstore's lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "backends/scan.h"
#include "backends/sysparse.h"
#include "backends/xsparse.h"
#include "tests/lib/fixture.h"

/* --- Words and numbers ---------------------------------------------------- */

static void
numbers(void **state)
{
	int64_t v;

	(void)state;
	assert_true(scan_number("0012", 4, &v));
	assert_int_equal(v, 12);
	assert_true(scan_number("999999999999999999", 18, &v));
	assert_false(scan_number("9999999999999999999", 19, &v));
	assert_false(scan_number("", 0, &v));
	assert_false(scan_number("-1", 2, &v));
	assert_false(scan_number("1 ", 2, &v));
	assert_true(scan_decimal("12.8", 4, &v));
	assert_int_equal(v, 12800000000);
	assert_true(scan_decimal("7", 1, &v));
	assert_int_equal(v, 7000000000);
	assert_false(scan_decimal("7.", 2, &v));
	assert_false(scan_decimal(".7", 2, &v));
	assert_false(scan_decimal("1.0123456789", 12, &v));
	assert_false(scan_decimal("99999999999999.0", 16, &v));
}

static void
sentences(void **state)
{
	static const char text[] = "\n xencall: error: no.\n\nlibxl: \x1b bad\n";
	char to[64];

	(void)state;
	scan_sentence(to, sizeof to, text, sizeof text - 1);
	assert_string_equal(to, "xencall: error: no; libxl: \xef\xbf\xbd bad");
	scan_sentence(to, 8, text, sizeof text - 1);
	assert_string_equal(to, "xencall");
	scan_sentence(to, sizeof to, NULL, 0);
	assert_string_equal(to, "");
}

static void
addresses(void **state)
{
	char to[SCAN_ADDRESS];

	(void)state;
	assert_true(scan_address(to, "10.0.0.1/24", 11));
	assert_string_equal(to, "10.0.0.1");
	assert_true(scan_address(to, "fe80::1, 10.0.0.1", 17));
	assert_string_equal(to, "fe80::1");
	assert_false(scan_address(to, "", 0));
	assert_false(scan_address(to, "10.0.0", 6));
	assert_false(scan_address(to, "10.0.0.1\n", 9));
	assert_false(scan_address(to, "0000:0000:0000:0000:0000:0000:0000:0000"
	    ":0000:0000", 49));
}

/* --- sysfs ---------------------------------------------------------------- */

static void
counters(void **state)
{
	static const char text[] =
	    "vif-2-0/net/v-app1/statistics/rx_bytes:768\n"
	    "vif-2-0/net/v-app1/statistics/tx_bytes:3270\n"
	    "vif-12-0/net/vif12.0/statistics/rx_bytes:10\n"
	    "vif-12-0/net/vif12.0/statistics/tx_bytes:20\n"
	    "vif-12-1/net/vif12.1/statistics/rx_bytes:1\n"
	    "vif-12-1/net/vif12.1/statistics/tx_bytes:2\n"
	    "vif-12-0/net/vif12.0/statistics/rx_packets:999\n"
	    "vbd-2-51712/statistics/rd_sect:34\n"
	    "vbd-2-51712/statistics/wr_sect:6808\n"
	    "vbd-2-51728/statistics/wr_sect:2\n"
	    "/sys/class/net/vif12.0-emu/statistics/rx_bytes:100\n"
	    "/sys/class/net/vif12.0-emu/statistics/tx_bytes:200\n"
	    "/sys/class/net/stranger-emu/statistics/tx_bytes:5\n"
	    "vif-x-0/net/a/statistics/rx_bytes:5\n"
	    "vif-2-0/net/v-app1/statistics/rx_bytes:-5\n"
	    "vbd-2-1/statistics/rx_bytes:5\n"
	    "grep: no such file\n";
	struct arena a = { NULL };
	struct sys_counters *v;
	const struct sys_counters *c;
	size_t n = sys_parse_counters(&a, text, sizeof text - 1, &v);

	(void)state;
	assert_int_equal(n, 2);
	c = sys_find_counters(v, n, 2);
	assert_int_equal(c->net_tx, 768); /* what dom0 got, the guest sent */
	assert_int_equal(c->net_rx, 3270);
	assert_int_equal(c->disk_rd, 34 * 512);
	assert_int_equal(c->disk_wr, 6810 * 512);
	c = sys_find_counters(v, n, 12);
	assert_int_equal(c->net_tx, 111);
	assert_int_equal(c->net_rx, 222);
	assert_int_equal(c->disk_rd, -1);
	assert_null(sys_find_counters(v, n, 3));
	assert_int_equal(sys_parse_counters(&a, "", 0, &v), 0);
	arena_free(&a);
}

static void
counters_do_not_overflow(void **state)
{
	static const char text[] =
	    "vif-1-0/net/a/statistics/rx_bytes:900000000000000000\n"
	    "vif-1-1/net/b/statistics/rx_bytes:900000000000000000\n"
	    "vbd-1-1/statistics/rd_sect:900000000000000000\n";
	struct arena a = { NULL };
	struct sys_counters *v;
	struct buf b;
	size_t n;

	(void)state;
	buf_init(&b, 1 << 20);
	for (int i = 0; i < 20; i++)
		buf_puts(&b, text);
	n = sys_parse_counters(&a, b.p, b.len, &v);
	assert_int_equal(n, 1);
	assert_int_equal(v->net_tx, INT64_MAX);
	assert_int_equal(v->disk_rd, -1);
	arena_free(&a);
	buf_free(&b);
}

/* --- xenstore ------------------------------------------------------------- */

static struct xs_fact
fact(const char *line)
{
	return xs_parse_line(line, strlen(line));
}

static void
facts(void **state)
{
	struct xs_fact f = fact("/libxl/16/type: hvm");

	(void)state;
	assert_int_equal(f.kind, XS_TYPE);
	assert_int_equal(f.domid, 16);
	assert_string_equal(f.text, "hvm");
	f = fact("/vm/70356aab-7a17-46c6-ab8c-d74a0c65035f/start_time: "
	    "1795222343.25");
	assert_int_equal(f.kind, XS_START_TIME);
	assert_int_equal(f.number, 1795222343);
	f = fact("/local/domain/16/console/vnc-port = \"5900\"");
	assert_int_equal(f.kind, XS_VNC_PORT);
	assert_int_equal(f.number, 5900);
	f = fact("/local/domain/17/target: 16");
	assert_int_equal(f.kind, XS_TARGET);
	assert_int_equal(f.domid, 17);
	assert_int_equal(f.number, 16);
}

static void
guests_addresses(void **state)
{
	static const struct { const char *line; int dev, rank; } cases[] = {
		{ "/local/domain/3/attr/vif/1/ipv4/0 = \"10.0.0.1\"", 1, 0 },
		{ "/local/domain/3/attr/vif/1/ipv4/2 = \"10.0.0.1\"", 1, 2 },
		{ "/local/domain/3/attr/eth0/ip = \"10.0.0.1\"", 0, 1000 },
		{ "/local/domain/3/attr/vif/0/ipv6/0 = \"10.0.0.1\"", 0, 2000 },
		{ "/local/domain/3/attr/eth1/ipv6/0/addr = \"10.0.0.1\"", 1,
		    2000 },
		{ "/local/domain/3/attr/vif/0/ipv4/0 = \"10.\\x30.\\060.1\"", 0,
		    0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct xs_fact f = fact(cases[i].line);

		assert_int_equal(f.kind, XS_IP);
		assert_int_equal(f.domid, 3);
		assert_int_equal(f.devid, cases[i].dev);
		assert_int_equal(f.rank, cases[i].rank);
		assert_string_equal(f.text, "10.0.0.1");
	}
}

static void
what_does_not_matter(void **state)
{
	static const char *const lines[] = { "", "/", ": ", " = \"",
		"/libxl/16/type", "/libxl/16/type:", "/libxl/x/type: pv",
		"/libxl/16/type: ", "/local/domain/3/attr = \"\"",
		"/local/domain/3/attr/vif/0/ipv4/0 = \"10.0.0.1",
		"/local/domain/3/attr/vif/0/ipv4/0 = \"rm -rf /\"",
		"/local/domain/3/attr/vif/0/ipv4/0/x = \"10.0.0.1\"",
		"/local/domain/3/attr/vif/-1/ipv4/0 = \"10.0.0.1\"",
		"/local/domain/3/attr/vif/99999999999/ipv4/0 = \"10.0.0.1\"",
		"/local/domain/3/console/vnc-port = \"70000\"",
		"/local/domain/3/console/vnc-port = \"-1\"",
		"/local/domain/3/console/vnc-port = \"59\\n00\"",
		"/vm/x/start_time: soon" };

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		assert_int_equal(fact(lines[i]).kind, XS_OTHER);
}

static void
escapes(void **state)
{
	static const char text[] = "a\\n\\t\\\\\\\"\\x41\\101\\x\\z\\";
	char to[64];
	size_t n = xs_unescape(to, sizeof to, text, sizeof text - 1);

	(void)state;
	assert_int_equal(n, 10);
	assert_memory_equal(to, "a\n\t\\\"AA\0z\\", 10);
	assert_int_equal(xs_unescape(to, 3, text, sizeof text - 1), 3);
}

/* All that a real xenstore holds is read without trouble. */
static void
a_real_store(void **state)
{
	struct buf b = fixture_load("xl/xenstore-ls-f-with-hvm.out");
	const char *p = b.p, *line;
	size_t n = b.len, len, found[XS_IP + 1] = { 0 };

	(void)state;
	while (scan_line(&p, &n, &line, &len))
		found[xs_parse_line(line, len).kind]++;
	assert_int_equal(found[XS_TYPE], 6);
	assert_int_equal(found[XS_START_TIME], 6);
	assert_int_equal(found[XS_VNC_PORT], 1);
	assert_int_equal(found[XS_TARGET], 0);
	buf_free(&b);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(sentences),
		cmocka_unit_test(addresses),
		cmocka_unit_test(counters),
		cmocka_unit_test(counters_do_not_overflow),
		cmocka_unit_test(facts),
		cmocka_unit_test(guests_addresses),
		cmocka_unit_test(what_does_not_matter),
		cmocka_unit_test(escapes),
		cmocka_unit_test(a_real_store),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
