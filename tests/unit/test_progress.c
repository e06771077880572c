/* What commands print: progress, and what xl says when it fails, by texts of
 * real hosts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/buf.h"
#include "core/progress.h"
#include "core/xlwords.h"
#include "tests/lib/fixture.h"

static void
check_line(const char *line, int pm, int round)
{
	int got_pm, got_round;

	assert_true(progress_parse(line, &got_pm, &got_round));
	assert_int_equal(got_pm, pm);
	assert_int_equal(got_round, round);
}

static void
test_parse(void **state)
{
	int pm, round;

	(void)state;
	check_line("xc: progress: Frames iteration 0: 26214/262144    9%", 99,
	    0);
	check_line("xc: progress: Frames iteration 3: 10/10  100%", 1000, 3);
	check_line("xc: progress: Frames: 2048/24576    8%", 83, -1);
	check_line("2026-01-02 03:04:05 UTC xc: progress: Frames iteration 1: "
	    "1/2 50%", 500, 1);
	check_line("xc: progress: End of stream: 0/0    0%", -1, -1);
	check_line("xc: progress: Frames: 9/3", 1000, -1);
	check_line("xc: progress: Frames iteration 9999999999999999999: "
	    "99999999999999999999/1", -1, -1);
	check_line("xc: progress: Frames: x/y", -1, -1);
	assert_false(progress_parse("xc: info: Saving domain 1", &pm, &round));
	assert_false(progress_parse("", &pm, &round));
}

static void
test_feed(void **state)
{
	static const char text[] = "Saving to x\n"
	    "xc: progress: Frames iteration 0: 5/10   50%\r"
	    "xc: progress: Frames iteration 1: 1/10   10%\n"
	    "\x1b[31mred\tbl\xff\n\nlast";
	struct progress p;

	(void)state;
	progress_init(&p);
	for (size_t i = 0; i < sizeof text - 1; i++)
		progress_feed(&p, text + i, 1);
	assert_int_equal(p.pm, 100);
	assert_int_equal(p.round, 1);
	progress_end(&p);
	assert_string_equal(p.words, "Saving to x\n"
	    "\xef\xbf\xbd[31mred bl\xef\xbf\xbd\nlast\n");
}

/* The last words are kept, in whole lines. */
static void
test_bounded(void **state)
{
	struct progress p;
	char line[64];

	(void)state;
	progress_init(&p);
	for (int i = 0; i < 1000; i++) {
		int n = snprintf(line, sizeof line, "line %d\n", i);

		progress_feed(&p, line, (size_t)n);
	}
	for (int i = 0; i < 100000; i++)
		progress_feed(&p, "x", 1);
	assert_true(p.nwords <= PROGRESS_WORDS);
	assert_memory_equal(p.words, "line ", 5);
	assert_non_null(strstr(p.words, "line 999\n"));
	progress_end(&p);
	assert_int_equal(p.words[p.nwords - 1], '\n');
	assert_int_equal(strlen(strstr(p.words, "xxx")), PROGRESS_LINE);
}

static void
test_moments(void **state)
{
	struct progress p;
	static const char broken[] =
	    "** Migration failed during final handshake **\n";

	(void)state;
	progress_init(&p);
	assert_false(p.handing || p.handshake);
	progress_feed(&p, "migration target: Transfer complete, x\n", 39);
	assert_true(p.handing);
	progress_feed(&p, broken, sizeof broken - 1);
	assert_true(p.handshake);
}

/* --- Real failures ---------------------------------------------------------- */

static void
test_words(void **state)
{
	static const struct {
		const char *file, *want;
	} v[] = {
		{ "create-badvalue", "the definition names neither a kernel nor "
		    "a bootloader" },
		{ "create-disk-in-use", "in use by another VM" },
		{ "create-duplicate", "a domain named web1 already" },
		{ "create-missing-bridge", "no bridge nobr:" },
		{ "create-missing-disk", "the disk /dev/vgl/nolv is not there" },
		{ "create-missing-kernel", "the file /srv/guest/nokernel that" },
		{ "create-nofile", "cannot be read: /etc/xen/guests/none.cfg" },
		{ "create-nomem", "not enough free memory" },
		{ "create-syntax", "syntax error near `\"x'" },
		{ "destroy-dom0", "domain 0 cannot be killed" },
		{ "destroy-unknown", "not there any more" },
		{ "domain-unknown", "not there any more" },
		{ "pause-unknown", "not there any more" },
		{ "mem-set-toobig", "maximum (maxmem)" },
		{ "restore-garbage", "/tmp/j is no state that xl has saved" },
		{ "restore-nofile", "the saved state cannot be read: No such" },
		{ "save-nospace", "no space left" },
		{ "shutdown-paused", "did not answer within a minute" },
		{ "smallmem", "too small for its kernel" },
		{ "vcpu-set-beyond-max", "no more vCPUs than 1:" },
		{ "vcpu-set-toobig", "not that many processors" },
		{ "migrate-fail-auth", "does not let root of the source in" },
		{ "migrate-fail-logdirty-pv", "move it cold" },
		{ "migrate-fail-missing-bridge", "no bridge xenbr0:" },
		{ "migrate-fail-missing-disk", "the disk /dev/vgs/app1 is" },
		{ "migrate-fail-name-exists-on-target",
		    "a domain named app1 already" },
		{ "migrate-fail-no-domain", "not there any more" },
		{ "migrate-fail-no-memory-target", "not enough free memory" },
		{ "migrate-fail-unknown-host", "the name nosuchhost:" },
		{ "migrate-fail-unreachable", "cannot reach gamma port 22 by" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof v / sizeof v[0]; i++) {
		char path[96], why[512];
		struct progress p;
		struct buf text;

		snprintf(path, sizeof path, "xlerr/%s.txt", v[i].file);
		text = fixture_load(path);
		progress_init(&p);
		progress_feed(&p, text.p, text.len);
		progress_end(&p);
		buf_free(&text);
		assert_true(xlwords_explain(why, sizeof why, p.words));
		if (strstr(why, v[i].want) == NULL)
			fail_msg("%s: %s", v[i].file, why);
	}
}

/* Of what nobody has foreseen, the line that tells most. */
static void
test_unforeseen(void **state)
{
	char why[512];

	(void)state;
	assert_true(xlwords_explain(why, sizeof why,
	    "Parsing config from /etc/x\n"
	    "libxl: error: libxl_x.c:12:f: Domain 5:the moon is full\n"
	    "libxl: error: libxl_domain.c:1183:g: Domain 5:Non-existant "
	    "domain\n"));
	assert_string_equal(why, "the moon is full");
	assert_true(xlwords_explain(why, sizeof why, "something\nelse\n"));
	assert_string_equal(why, "else");
	assert_false(xlwords_explain(why, sizeof why, ""));
	assert_false(xlwords_explain(why, sizeof why, "\n\n"));
	assert_true(xlwords_explain(why, sizeof why, "libxl: error: "));
	assert_true(why[0] != '\0');
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_feed),
		cmocka_unit_test(test_bounded),
		cmocka_unit_test(test_moments),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_unforeseen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
