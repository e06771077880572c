/* A host that vanishes without a word, as when a cable is pulled: the link is
 * given up within seconds, whether anything was being sent or not. In a network
 * namespace of its own, whose loopback goes down. */
#define _GNU_SOURCE
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tests/lib/sshcase.h"

enum { NLINKS = 3, LIMIT_MS = 20000 };

static struct sshcase the;

static void
test_pulled(void **state)
{
	static const struct transport_ops *const ops[NLINKS] = {
		&transport_libssh2, &transport_libssh2, &transport_openssh
	};
	struct conf_host h = sshcase_host(&the, &the.server);
	struct drive d[NLINKS];
	struct drive_cmd cmd;
	struct mono pulled;
	int down = 0;

	(void)state;
	for (int i = 0; i < NLINKS; i++)
		sshcase_open(&d[i], ops[i], &h);
	drive_sh(&d[0], &cmd, "cat");
	assert_int_equal(drive_put(&cmd, "x\n"), 0);
	assert_true(drive_wait_bytes(&cmd, 2, LIMIT_MS));
	assert_int_equal(sshd_sh("ip link set lo down"), 0);
	pulled = drive_now();
	assert_int_equal(drive_put(&cmd, "y\n"), 0);
	while (down < NLINKS &&
	    mono_diff_ms(drive_now(), pulled) < LIMIT_MS) {
		down = 0;
		for (int i = 0; i < NLINKS; i++) {
			drive_turn(&d[i], 20);
			down += d[i].down;
		}
	}
	for (int i = 0; i < NLINKS; i++) {
		if (!d[i].down)
			fail_msg("link %d is still up", i);
		assert_int_equal(d[i].fault, FAULT_LOST);
		drive_close(&d[i]);
	}
	assert_int_equal(cmd.bytes, 2);
	drive_cmd_free(&cmd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_pulled) };
	int rc;

	/* Needs root, or user namespaces, which containers may refuse. */
	if (unshare(CLONE_NEWNET) != 0 ||
	    sshd_sh("ip link set lo up") != 0) {
		puts("no network namespace to be had: not tested");
		return 0;
	}
	sshcase_make(&the);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
