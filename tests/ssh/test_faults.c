/* What hosts and networks do on a bad day, and ways to a host that are not
 * straight. */
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

enum { WAIT = 40000 };

static struct sshcase the;

/* libssh2 1.10 forgets the old copy of the host key at each new key exchange
 * (kex.c, server_hostkey). The other programs here watch over our own use. */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:libssh2.so\n";
}

static const struct transport_ops *const both[] = { &transport_libssh2,
	&transport_openssh };

static struct sshd *
start(struct sshd *s, const char *name, const char *config)
{
	sshd_start(s, &the.dir,
	    &(struct sshd_options){ .name = name, .host_keys = "hk_ed25519",
		.authorized = "id_ed25519", .config = config });
	return s;
}

static struct conf_host
host_of(const struct sshd *s)
{
	struct conf_host h = sshcase_host(&the, s);
	char *name = x_asprintf("known_%d", s->port);

	h.known_hosts = sshd_known_hosts(s, name, "hk_ed25519", false);
	x_free(name);
	return h;
}

static void
signal_sessions(const struct sshd *s, int sig)
{
	pid_t pids[16];
	size_t n = sshd_sessions(s, pids, 16);

	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		kill(pids[i], sig);
}

static void
up(struct drive *d, const struct transport_ops *ops, const struct conf_host *h)
{
	drive_open(d, ops, h);
	if (!drive_connect(d, WAIT))
		fail_msg("%s: %s", ops->name, d->reason);
}

/* text NULL: end of input. */
static int
put(struct drive_cmd *cmd, const char *text)
{
	return cmd->d->t->ops->write(cmd->c, text,
	    text != NULL ? strlen(text) : 0);
}

/* --- Not to be reached ---------------------------------------------------- */

static void
test_refused(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd s;

	(void)state;
	h.port = start(&s, "gone", NULL)->port;
	sshd_stop(&s);
	for (size_t i = 0; i < 2; i++)
		sshcase_down(both[i], &h, FAULT_UNREACHABLE, "testhost",
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
	struct conf_host h = host_of(&the.server);

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
	h.port = start(&s, "full", "MaxStartups 1:100:1")->port;
	cmd = x_asprintf("until exec 3<>/dev/tcp/127.0.0.1/%d && read -r x "
			 "<&3 && case $x in SSH-*) ;; *) false ;; esac; do "
			 "sleep 0.1; done 2>/dev/null; echo in; sleep 60",
	    s.port);
	assert_int_equal(spawn_exec(&child,
			     (const char *const[]){ "bash", "-c", cmd, NULL },
			     SPAWN_QUIET, &err),
	    0);
	in = (struct pollfd){ .fd = child.out, .events = POLLIN };
	assert_int_equal(poll(&in, 1, WAIT), 1);
	sshcase_down(&transport_libssh2, &h, FAULT_UNREACHABLE, "testhost",
	    "MaxStartups", NULL);
	spawn_end(&child);
	x_free(cmd);
	sshd_stop(&s);
}

static void
test_bad_ssh_config(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);

	(void)state;
	h.ssh_config = sshd_path(&the.dir, "bad_config");
	sshd_write(h.ssh_config, "Host *\n  NoSuchOption yes\n");
	for (size_t i = 0; i < 2; i++)
		sshcase_down(both[i], &h, FAULT_SETUP, "testhost", NULL);
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
	start(&s, "aead",
	    "Ciphers chacha20-poly1305@openssh.com,aes256-gcm@openssh.com");
	h = host_of(&s);
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

		up(&d, both[i], &h);
		drive_sh(&d, &cmd, "exec yes");
		cmd.keep = false;
		assert_true(drive_wait_bytes(&cmd, 100000, WAIT));
		signal_sessions(&the.server, SIGKILL);
		before = drive_now();
		assert_true(drive_until_down(&d, WAIT));
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
	start(&s, "stall", NULL);
	h = host_of(&s);
	up(&d, &transport_libssh2, &h);
	drive_sh(&d, &cmd, "cat");
	assert_int_equal(put(&cmd, "a\n"), 0);
	assert_true(drive_wait_bytes(&cmd, 2, WAIT));
	signal_sessions(&s, SIGSTOP);
	turns = d.turns;
	assert_int_equal(put(&cmd, "b\n"), 0);
	drive_sh(&d, &more, "echo late");
	drive_for(&d, 3000);
	assert_false(d.down);
	assert_int_equal(cmd.bytes, 2);
	assert_true(d.turns - turns < 100);
	signal_sessions(&s, SIGCONT);
	assert_true(drive_wait_bytes(&cmd, 4, WAIT));
	assert_true(drive_wait(&more, WAIT));
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
	start(&s, "stall2", NULL);
	h = host_of(&s);
	up(&d, &transport_openssh, &h);
	signal_sessions(&s, SIGSTOP);
	assert_true(drive_until_down(&d, 25000));
	assert_int_equal(d.fault, FAULT_LOST);
	drive_close(&d);
	assert_in_range(d.worst_us, 0, 50000);
	x_free(h.known_hosts);
	sshd_stop(&s);
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
	start(&s, "idle", "ClientAliveInterval 1\nClientAliveCountMax 1\n"
			  "RekeyLimit 1G 1s");
	h = host_of(&s);
	up(&d, &transport_libssh2, &h);
	turns = d.turns;
	drive_for(&d, 4500);
	assert_false(d.down);
	assert_true(d.turns - turns < 200);
	drive_sh(&d, &cmd, "echo still");
	assert_true(drive_wait(&cmd, WAIT));
	assert_string_equal(cmd.out.p, "still\n");
	drive_for(&d, 100);
	signal_sessions(&s, SIGKILL);
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
	start(&s, "max", "MaxSessions 2");
	h = host_of(&s);
	for (size_t i = 0; i < 2; i++) {
		struct drive d;
		struct drive_cmd cmds[3], next;
		struct mono end = mono_add_ms(drive_now(), WAIT);

		up(&d, both[i], &h);
		for (size_t k = 0; k < 2; k++) {
			drive_sh(&d, &cmds[k], "echo hello; cat");
			assert_true(drive_wait_bytes(&cmds[k], 6, WAIT));
		}
		drive_sh(&d, &cmds[2], "echo never");
		assert_true(drive_wait(&cmds[2], WAIT));
		assert_int_equal(cmds[2].status, -1);
		assert_non_null(strstr(cmds[2].why, "MaxSessions"));
		assert_int_equal(cmds[2].bytes, 0);
		/* The others live, and when one ends there is room again. */
		assert_int_equal(put(&cmds[0], "x\n"), 0);
		assert_true(drive_wait_bytes(&cmds[0], 8, WAIT));
		assert_int_equal(put(&cmds[1], NULL), 0);
		assert_true(drive_wait(&cmds[1], WAIT));
		for (int status = -1; status != 0;) { /* sshd takes a moment */
			drive_sh(&d, &next, "echo now");
			assert_true(drive_wait(&next, WAIT));
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
	start(&s, "rekey", "RekeyLimit 256K 2s");
	h = host_of(&s);
	up(&d, &transport_libssh2, &h);
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
				assert_int_equal(put(&cmds[i], NULL),
				    0);
				open--;
			}
		}
		drive_turn(&d, 50);
	}
	for (size_t i = 0; i < NSTREAMS; i++) {
		if (!drive_wait(&cmds[i], WAIT))
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

/* --- By way of another host ----------------------------------------------- */

static void
test_jump(void **state)
{
	static char jump[] = "gate";
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd gate;
	char *text;

	(void)state;
	start(&gate, "gate", NULL);
	text = x_asprintf("Host gate\n HostName 127.0.0.1\n Port %d\n"
			  " IdentityFile %s\n UserKnownHostsFile %s/known_g\n"
			  "Host *\n IdentityAgent none\n",
	    gate.port, the.key, the.dir.path);
	x_free(sshd_known_hosts(&gate, "known_g", "hk_ed25519", false));
	h.ssh_config = sshd_path(&the.dir, "jump_config");
	h.jump = jump;
	sshd_write(h.ssh_config, text);
	for (size_t i = 0; i < 2; i++)
		sshcase_up(both[i], &h);
	/* Nobody is at the gate. */
	sshd_write(h.ssh_config, "Host gate\n HostName 127.0.0.1\n Port 1\n");
	for (size_t i = 0; i < 2; i++)
		sshcase_down(both[i], &h, FAULT_UNREACHABLE, "testhost",
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
	up(&d, &transport_libssh2, &h);
	signal_sessions(&the.server, SIGKILL);
	assert_true(drive_until_down(&d, WAIT));
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
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_such_name),
		cmocka_unit_test(test_second_address),
		cmocka_unit_test(test_not_ssh),
		cmocka_unit_test(test_bad_ssh_config),
		cmocka_unit_test(test_aead_only),
		cmocka_unit_test(test_killed_in_midstream),
		cmocka_unit_test(test_stalled),
		cmocka_unit_test(test_stalled_openssh),
		cmocka_unit_test(test_idle),
		cmocka_unit_test(test_max_sessions),
		cmocka_unit_test(test_rekey),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_proxy_command),
	};
	int rc;

	sshcase_make(&the);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
