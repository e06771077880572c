/* What hosts and networks do on a bad day. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/spawn.h"
#include "core/mem.h"
#include "tests/lib/sshcase.h"

static struct sshcase the;

/* --- Not to be reached ---------------------------------------------------- */

static void
test_refused(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd s;

	(void)state;
	h.port = sshcase_start(&the, &s, "gone", NULL)->port;
	sshd_stop(&s);
	for (size_t i = 0; i < 2; i++)
		sshcase_down(sshcase_both[i], &h, FAULT_UNREACHABLE, "testhost",
		    "refused", "sshd running", NULL);
}

static void
test_no_such_name(void **state)
{
	static char name[] = "no-such-host.invalid", file[] = "x.conf";
	struct conf_host h = sshcase_host(&the, &the.server);

	(void)state;
	h.address = name;
	h.file = file;
	h.line = 7;
	sshcase_down(&transport_libssh2, &h, FAULT_UNREACHABLE, "testhost",
	    name, "x.conf:7", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_UNREACHABLE, "testhost",
	    "esolv", NULL);
}

/* localhost may be ::1 first, where nobody listens: the next address counts. */
static void
test_second_address(void **state)
{
	static char name[] = "localhost";
	struct conf_host h = sshcase_host_of(&the, &the.server);

	(void)state;
	assert_int_equal(
	    sshd_sh("sed -i 's/127.0.0.1/localhost/' %s", h.known_hosts), 0);
	h.address = name;
	sshcase_up(&transport_libssh2, &h);
	x_free(h.known_hosts);
}

static void
test_not_ssh(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	struct spawn child;
	struct pollfd in;
	struct sshd s;
	struct err err;
	char *cmd;

	(void)state;
	/* The port of an sshd whose MaxStartups drops everybody. */
	h.port = sshcase_start(&the, &s, "full", "MaxStartups 1:100:1")->port;
	cmd = x_asprintf("until exec 3<>/dev/tcp/127.0.0.1/%d && read -r x "
			 "<&3 && case $x in SSH-*) ;; *) false ;; esac; do "
			 "sleep 0.1; done 2>/dev/null; echo in; sleep 60",
	    s.port);
	assert_int_equal(spawn_exec(&child,
			     (const char *const[]){ "bash", "-c", cmd, NULL },
			     SPAWN_QUIET, &err),
	    0);
	in = (struct pollfd){ .fd = child.out, .events = POLLIN };
	assert_int_equal(poll(&in, 1, SSHCASE_WAIT), 1);
	sshcase_down(&transport_libssh2, &h, FAULT_UNREACHABLE, "testhost",
	    "MaxStartups", NULL);
	spawn_end(&child);
	x_free(cmd);
	sshd_stop(&s);
}

static int
listen_on(int *port, int backlog)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	socklen_t n = sizeof in;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&in, n), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&in, &n), 0);
	*port = ntohs(in.sin_port);
	return fd;
}

static void
expect_timeout(const struct conf_host *h, int64_t ahead_ms, const char *text)
{
	struct drive d;

	drive_open(&d, &transport_libssh2, h);
	drive_for(&d, 1000);
	assert_false(d.up || d.down);
	d.ahead_ms = ahead_ms;
	assert_true(drive_until_down(&d, 1000));
	assert_int_equal(d.fault, FAULT_UNREACHABLE);
	if (strstr(d.reason, text) == NULL)
		fail_msg("%s", d.reason);
	drive_close(&d);
}

/* A port that takes connections and is silent, and one that does not even take
 * them; the clock is turned on, not waited for. */
static void
test_timeouts(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	int fd, fill[4];

	(void)state;
	fd = listen_on(&h.port, 5);
	expect_timeout(&h, 16000, "handshake");
	close(fd);
	fd = listen_on(&h.port, 0);
	for (size_t i = 0; i < 4; i++) { /* its queue is full after these */
		struct sockaddr_in in = { .sin_family = AF_INET,
			.sin_port = htons((uint16_t)h.port) };

		in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		fill[i] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
		connect(fill[i], (struct sockaddr *)&in, sizeof in);
	}
	expect_timeout(&h, 11000, "timed out");
	for (size_t i = 0; i < 4; i++)
		close(fill[i]);
	close(fd);
}

static void
test_bad_ssh_config(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);

	(void)state;
	h.ssh_config = sshd_path(&the.dir, "bad_config");
	sshd_write(h.ssh_config, "Host *\n  NoSuchOption yes\n");
	for (size_t i = 0; i < 2; i++)
		sshcase_down(sshcase_both[i], &h, FAULT_SETUP, "testhost",
		    NULL);
	sshd_write(h.ssh_config, "Host *\n  PKCS11Provider /x.so\n");
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE,
	    "PKCS11Provider", NULL);
	x_free(h.ssh_config);
}

static void
test_aead_only(void **state)
{
	struct conf_host h;
	struct sshd s;

	(void)state;
	sshcase_start(&the, &s, "aead",
	    "Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com");
	h = sshcase_host_of(&the, &s);
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE, "testhost",
	    "ciphers", NULL);
	sshcase_up(&transport_openssh, &h);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

/* --- Lost and stalled ----------------------------------------------------- */

static void
test_killed_in_midstream(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct conf_host h = sshcase_host(&the, &the.server);
		struct mono before;
		struct drive d;
		struct drive_cmd cmd;

		sshcase_open(&d, sshcase_both[i], &h);
		drive_sh(&d, &cmd, "exec yes");
		cmd.keep = false;
		assert_true(drive_wait_bytes(&cmd, 100000, SSHCASE_WAIT));
		sshd_signal(&the.server, SIGKILL);
		before = drive_now();
		assert_true(drive_until_down(&d, SSHCASE_WAIT));
		assert_int_equal(d.fault, FAULT_LOST);
		assert_non_null(strstr(d.reason, "testhost"));
		assert_true(mono_diff_ms(drive_now(), before) < 5000);
		assert_false(cmd.closed); /* down speaks for all channels */
		drive_cmd_free(&cmd);
		drive_close(&d);
	}
}

/* A server that stands still: nothing spins, nothing blocks, and when it goes
 * on so does everything. */
static void
test_stalled(void **state)
{
	struct conf_host h;
	struct sshd s;
	struct drive d;
	struct drive_cmd cmd, more;
	int turns;

	(void)state;
	sshcase_start(&the, &s, "stall", NULL);
	h = sshcase_host_of(&the, &s);
	sshcase_open(&d, &transport_libssh2, &h);
	drive_sh(&d, &cmd, "cat");
	assert_int_equal(drive_put(&cmd, "a\n"), 0);
	assert_true(drive_wait_bytes(&cmd, 2, SSHCASE_WAIT));
	sshd_signal(&s, SIGSTOP);
	turns = d.turns;
	assert_int_equal(drive_put(&cmd, "b\n"), 0);
	drive_sh(&d, &more, "echo late");
	drive_for(&d, 3000);
	assert_false(d.down);
	assert_int_equal(cmd.bytes, 2);
	assert_true(d.turns - turns < 100);
	sshd_signal(&s, SIGCONT);
	assert_true(drive_wait_bytes(&cmd, 4, SSHCASE_WAIT));
	assert_true(drive_wait(&more, SSHCASE_WAIT));
	assert_string_equal(more.out.p, "late\n");
	drive_close(&d);
	assert_in_range(d.worst_us, 0, 50000);
	drive_cmd_free(&cmd);
	drive_cmd_free(&more);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

/* ssh gives up by itself on a peer that does not answer its keepalives. */
static void
test_stalled_openssh(void **state)
{
	struct conf_host h;
	struct sshd s;
	struct drive d;

	(void)state;
	sshcase_start(&the, &s, "stall2", NULL);
	h = sshcase_host_of(&the, &s);
	sshcase_open(&d, &transport_openssh, &h);
	sshd_signal(&s, SIGSTOP);
	assert_true(drive_until_down(&d, 25000));
	assert_int_equal(d.fault, FAULT_LOST);
	drive_close(&d);
	assert_in_range(d.worst_us, 0, 50000);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_such_name),
		cmocka_unit_test(test_second_address),
		cmocka_unit_test(test_not_ssh),
		cmocka_unit_test(test_timeouts),
		cmocka_unit_test(test_bad_ssh_config),
		cmocka_unit_test(test_aead_only),
		cmocka_unit_test(test_killed_in_midstream),
		cmocka_unit_test(test_stalled),
		cmocka_unit_test(test_stalled_openssh),
	};
	int rc;

	sshcase_make(&the);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
