/* Sessions: idle, with too many commands, with new keys under load; and hosts
 * that are reached by way of another. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/spawn.h"
#include "core/mem.h"
#include "tests/lib/sshcase.h"

static struct sshcase the;

/* libssh2 1.10 forgets the old copy of the host key at each new key exchange
 * (kex.c, server_hostkey). The other programs here watch over our own use. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libssh2.so\n";
}

/* A session without a command: it hears that it is asked for a sign of life,
 * gets new keys, and notices its end. */
static void
test_idle(void **state)
{
	struct conf_host h;
	struct drive_cmd cmd;
	struct sshd s;
	struct drive d;
	int turns;

	(void)state;
	sshcase_start(&the, &s, "idle", "ClientAliveInterval 1\n"
	    "ClientAliveCountMax 1\nRekeyLimit 1G 1s");
	h = sshcase_host_of(&the, &s);
	sshcase_open(&d, &transport_libssh2, &h);
	turns = d.turns;
	drive_for(&d, 4500);
	assert_false(d.down);
	assert_true(d.turns - turns < 200);
	drive_sh(&d, &cmd, "echo still");
	assert_true(drive_wait(&cmd, SSHCASE_WAIT));
	assert_string_equal(cmd.out.p, "still\n");
	drive_for(&d, 100);
	sshd_signal(&s, SIGKILL);
	assert_true(drive_until_down(&d, 5000));
	assert_int_equal(d.fault, FAULT_LOST);
	drive_close(&d);
	drive_cmd_free(&cmd);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

/* --- Sessions ------------------------------------------------------------- */

static void
test_max_sessions(void **state)
{
	struct conf_host h;
	struct sshd s;

	(void)state;
	sshcase_start(&the, &s, "max", "MaxSessions 2");
	h = sshcase_host_of(&the, &s);
	for (size_t i = 0; i < 2; i++) {
		struct drive d;
		struct drive_cmd cmds[3], next;
		struct mono end = mono_add_ms(drive_now(), SSHCASE_WAIT);

		sshcase_open(&d, sshcase_both[i], &h);
		for (size_t k = 0; k < 2; k++) {
			drive_sh(&d, &cmds[k], "echo hello; cat");
			assert_true(drive_wait_bytes(&cmds[k], 6,
			    SSHCASE_WAIT));
		}
		drive_sh(&d, &cmds[2], "echo never");
		assert_true(drive_wait(&cmds[2], SSHCASE_WAIT));
		assert_int_equal(cmds[2].status, -1);
		assert_non_null(strstr(cmds[2].why, "MaxSessions"));
		assert_int_equal(cmds[2].bytes, 0);
		/* The others live, and when one ends there is room again. */
		assert_int_equal(drive_put(&cmds[0], "x\n"), 0);
		assert_true(drive_wait_bytes(&cmds[0], 8, SSHCASE_WAIT));
		assert_int_equal(drive_put(&cmds[1], NULL), 0);
		assert_true(drive_wait(&cmds[1], SSHCASE_WAIT));
		for (int status = -1; status != 0;) { /* sshd takes a moment */
			drive_sh(&d, &next, "echo now");
			assert_true(drive_wait(&next, SSHCASE_WAIT));
			status = next.status;
			drive_cmd_free(&next);
			assert_true(mono_before(drive_now(), end));
		}
		assert_false(d.down);
		drive_close(&d);
		for (size_t k = 0; k < 3; k++)
			drive_cmd_free(&cmds[k]);
	}
	x_free(h.known_hosts);
	sshd_stop(&s);
}

enum { NSTREAMS = 4, REKEY_BYTES = 3 * 1024 * 1024, CHUNK = 32 * 1024 };

/* New keys every 256 KiB and every 2 s, both ways, with streams side by side
 * and all bytes counted. */
static void
test_rekey(void **state)
{
	static char chunk[CHUNK];
	struct drive_cmd cmds[NSTREAMS];
	uint64_t sums[NSTREAMS];
	size_t sent[NSTREAMS] = { 0 }, open = NSTREAMS;
	struct mono end = mono_add_ms(drive_now(), 60000);
	struct conf_host h;
	struct sshd s;
	struct drive d;

	(void)state;
	sshcase_start(&the, &s, "rekey", "RekeyLimit 256K 2s");
	h = sshcase_host_of(&the, &s);
	sshcase_open(&d, &transport_libssh2, &h);
	for (size_t i = 0; i < NSTREAMS; i++) {
		drive_sh(&d, &cmds[i], "exec cat");
		cmds[i].keep = false;
		sums[i] = DRIVE_FNV_INIT;
	}
	while (open > 0 && !d.down && mono_before(drive_now(), end)) {
		for (size_t i = 0; i < NSTREAMS; i++) {
			if (sent[i] >= REKEY_BYTES)
				continue;
			memset(chunk, (int)(sent[i] / CHUNK * 5 + i), CHUNK);
			if (d.t->ops->write(cmds[i].c, chunk, CHUNK) != 0)
				continue;
			sums[i] = drive_fnv(sums[i], chunk, CHUNK);
			sent[i] += CHUNK;
			if (sent[i] >= REKEY_BYTES) {
				assert_int_equal(drive_put(&cmds[i], NULL),
				    0);
				open--;
			}
		}
		drive_turn(&d, 50);
	}
	for (size_t i = 0; i < NSTREAMS; i++) {
		if (!drive_wait(&cmds[i], SSHCASE_WAIT))
			fail_msg("stream %zu: %s", i, d.reason);
		assert_int_equal(cmds[i].status, 0);
		assert_true(cmds[i].bytes == REKEY_BYTES);
		assert_true(cmds[i].sum == sums[i]);
		drive_cmd_free(&cmds[i]);
	}
	drive_close(&d);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

/* Whoever has a channel closes it after the link has gone, before the transport
 * is closed. */
static void
test_close_after_down(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct drive_cmd cmd;
		struct drive d;

		sshcase_open(&d, sshcase_both[i], &h);
		drive_sh(&d, &cmd, "echo up; exec sleep 60");
		assert_true(drive_wait_bytes(&cmd, 3, SSHCASE_WAIT));
		sshd_signal(&the.server, SIGKILL);
		assert_true(drive_until_down(&d, SSHCASE_WAIT));
		assert_false(cmd.closed);
		d.t->ops->channel_close(cmd.c);
		drive_close(&d);
		drive_cmd_free(&cmd);
	}
}

/* --- By way of another host ----------------------------------------------- */

static void
test_jump(void **state)
{
	static char jump[] = "gate";
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd gate;
	char *text;

	(void)state;
	sshcase_start(&the, &gate, "gate", NULL);
	text = x_asprintf("Host gate\n HostName 127.0.0.1\n Port %d\n"
			  " IdentityFile %s\n UserKnownHostsFile %s/known_g\n"
			  "Host *\n IdentityAgent none\n",
	    gate.port, the.key, the.dir.path);
	x_free(sshd_known_hosts(&gate, "known_g", "hk_ed25519", false));
	h.ssh_config = sshd_path(&the.dir, "jump_config");
	h.jump = jump;
	sshd_write(h.ssh_config, text);
	for (size_t i = 0; i < 2; i++)
		sshcase_up(sshcase_both[i], &h);
	/* Nobody is at the gate. */
	sshd_write(h.ssh_config, "Host gate\n HostName 127.0.0.1\n Port 1\n");
	for (size_t i = 0; i < 2; i++)
		sshcase_down(sshcase_both[i], &h, FAULT_UNREACHABLE, "testhost",
		    NULL);
	x_free(text);
	x_free(h.ssh_config);
	sshd_stop(&gate);
}

static void
test_proxy_command(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	char *text = x_asprintf(
	    "Host *\n IdentityAgent none\n ProxyCommand ssh -F %s -i %s "
	    "-o UserKnownHostsFile=%s -W [%%h]:%%p -p %d 127.0.0.1\n",
	    the.config, the.key, the.known, the.server.port);
	struct drive d;

	(void)state;
	h.ssh_config = sshd_path(&the.dir, "proxy_config");
	sshd_write(h.ssh_config, text);
	sshcase_up(&transport_libssh2, &h);
	/* The proxy dies in the middle. */
	sshcase_open(&d, &transport_libssh2, &h);
	sshd_signal(&the.server, SIGKILL);
	assert_true(drive_until_down(&d, SSHCASE_WAIT));
	assert_int_equal(d.fault, FAULT_LOST);
	drive_close(&d);
	sshd_write(h.ssh_config,
	    "Host *\n ProxyCommand echo no way through >&2; exit 1\n");
	sshcase_down(&transport_libssh2, &h, FAULT_UNREACHABLE, "testhost",
	    "no way through", NULL);
	x_free(h.ssh_config);
	x_free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_max_sessions),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_close_after_down),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_proxy_command),
	};
	int rc;

	sshcase_make(&the);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
