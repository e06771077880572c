/* The contract of backends/transport.h, kept by every transport alike: the
 * same tests over this machine, libssh2 and OpenSSH's ssh, the latter two
 * against a real sshd. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/drive.h"
#include "tests/lib/sshd.h"

enum { WAIT = 30000 };

static struct sshd_dir dir;
static struct sshd server;
static char *key, *known, *config;
static char name[] = "testhost", address[] = "127.0.0.1";
static struct conf_host host;

/* The transport that the tests run over. */
static const struct transport_ops *ops;

static void
open_up(struct drive *d)
{
	drive_open(d, ops, &host);
	if (!drive_connect(d, WAIT))
		fail_msg("%s: %s", ops->name, d->reason);
}

static void
run(struct drive *d, struct drive_cmd *cmd, const char *script)
{
	drive_sh(d, cmd, script);
	if (!drive_wait(cmd, WAIT))
		fail_msg("%s: `%s` does not end: %s", ops->name, script,
		    d->reason);
}

static void
test_exit_status(void **state)
{
	static const struct {
		const char *script;
		int status;
	} cases[] = { { "exit 0", 0 }, { "exit 1", 1 }, { "exit 3", 3 },
		{ "nonexistent-command", 127 }, { "exit 254", 254 } };
	struct drive d;

	(void)state;
	open_up(&d);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct drive_cmd cmd;

		run(&d, &cmd, cases[i].script);
		assert_int_equal(cmd.status, cases[i].status);
		drive_cmd_free(&cmd);
	}
	drive_close(&d);
}

static void
test_killed(void **state)
{
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	open_up(&d);
	run(&d, &cmd, "kill -KILL $$");
	assert_int_equal(cmd.status, -1);
	assert_true(strlen(cmd.why) > 10);
	if (ops != &transport_openssh) /* which does not say it */
		assert_non_null(strstr(cmd.why, "signal"));
	drive_cmd_free(&cmd);
	drive_close(&d);
}

static void
test_streams(void **state)
{
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	open_up(&d);
	run(&d, &cmd, "echo to out; echo to err >&2; exit 5");
	assert_int_equal(cmd.status, 5);
	assert_string_equal(cmd.out.p, "to out\n");
	assert_string_equal(cmd.err.p, "to err\n");
	drive_cmd_free(&cmd);
	drive_close(&d);
}

/* What the shell in between must not touch. */
static void
test_argv_is_exact(void **state)
{
	static const char *const argv[] = { "printf", "[%s]", "", " ", "it's",
		"$HOME", "`id`", "a;b", "*", "~", "\\n", "\"", "new\nline",
		"-e", "\303\244", "#x", "!x", NULL };
	static const char expected[] =
	    "[][ ][it's][$HOME][`id`][a;b][*][~][\\n][\"][new\nline][-e]"
	    "[\303\244][#x][!x]";
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	open_up(&d);
	drive_exec(&d, &cmd, argv);
	assert_true(drive_wait(&cmd, WAIT));
	assert_string_equal(cmd.out.p, expected);
	drive_cmd_free(&cmd);
	drive_close(&d);
}

static void
test_stdin(void **state)
{
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	open_up(&d);
	drive_sh(&d, &cmd, "cat; echo end");
	assert_int_equal(ops->write(cmd.c, "hello\n", 6), 0);
	assert_true(drive_wait_bytes(&cmd, 6, WAIT));
	assert_string_equal(cmd.out.p, "hello\n");
	assert_int_equal(ops->write(cmd.c, NULL, 0), 0);
	assert_int_equal(ops->write(cmd.c, "more", 4), -1);
	assert_true(drive_wait(&cmd, WAIT));
	assert_string_equal(cmd.out.p, "hello\nend\n");
	assert_int_equal(cmd.status, 0);
	drive_cmd_free(&cmd);
	drive_close(&d);
}

static void
test_bulk_out(void **state)
{
	struct drive d;
	struct drive_cmd cmd;
	uint64_t sum = DRIVE_FNV_INIT;
	char line[32];

	(void)state;
	for (int i = 1; i <= 600000; i++)
		sum = drive_fnv(sum, line,
		    (size_t)snprintf(line, sizeof line, "%d\n", i));
	open_up(&d);
	drive_sh(&d, &cmd, "seq 600000");
	cmd.keep = false;
	assert_true(drive_wait(&cmd, WAIT));
	assert_int_equal(cmd.status, 0);
	assert_true(cmd.sum == sum);
	drive_cmd_free(&cmd);
	drive_close(&d);
}

enum { NECHO = 20, ROUNDS = 40, CHUNK = 5000 };

/* Commands that echo side by side, each its own pattern. */
static void
test_interleaved(void **state)
{
	struct drive_cmd *cmds = x_calloc(NECHO, sizeof *cmds);
	uint64_t sums[NECHO], total = (uint64_t)ROUNDS * CHUNK;
	char chunk[CHUNK];
	struct drive d;

	(void)state;
	open_up(&d);
	for (size_t i = 0; i < NECHO; i++) {
		drive_sh(&d, &cmds[i], "exec cat");
		cmds[i].keep = false;
		sums[i] = DRIVE_FNV_INIT;
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (size_t i = 0; i < NECHO; i++) {
			memset(chunk, 'a' + (round * 7 + (int)i) % 26, CHUNK);
			sums[i] = drive_fnv(sums[i], chunk, CHUNK);
			assert_int_equal(ops->write(cmds[i].c, chunk, CHUNK),
			    0);
		}
		drive_turn(&d, 0);
	}
	for (size_t i = 0; i < NECHO; i++) {
		assert_true(drive_wait_bytes(&cmds[i], total, WAIT));
		assert_int_equal(ops->write(cmds[i].c, NULL, 0), 0);
	}
	for (size_t i = 0; i < NECHO; i++) {
		assert_true(drive_wait(&cmds[i], WAIT));
		assert_int_equal(cmds[i].status, 0);
		assert_true(cmds[i].bytes == total && cmds[i].sum == sums[i]);
		drive_cmd_free(&cmds[i]);
	}
	drive_close(&d);
	x_free(cmds);
}

/* A command that does not read fills the queue; when it reads, all arrives. */
static void
test_backpressure(void **state)
{
	char *gate = sshd_path(&dir, "gate"), *script;
	static char chunk[64 * 1024];
	struct drive d;
	struct drive_cmd cmd;
	size_t sent = 0;
	char expected[32];
	int turns;

	(void)state;
	remove(gate);
	script = x_asprintf(
	    "while [ ! -e %s ]; do sleep 0.05; done; wc -c", gate);
	open_up(&d);
	drive_sh(&d, &cmd, script);
	for (turns = 0; turns < 1000; turns++) {
		if (ops->write(cmd.c, chunk, sizeof chunk) != 0)
			break;
		sent += sizeof chunk;
		drive_turn(&d, 1);
	}
	assert_true(turns < 1000);
	drive_for(&d, 300); /* still full, and quietly so */
	assert_true(d.turns < turns + 100);
	sshd_write(gate, "");
	while (sent < 12 * 1024 * 1024) {
		if (ops->write(cmd.c, chunk, sizeof chunk) == 0)
			sent += sizeof chunk;
		else
			drive_turn(&d, 100);
		assert_false(cmd.closed || d.down);
	}
	assert_int_equal(ops->write(cmd.c, NULL, 0), 0);
	assert_true(drive_wait(&cmd, WAIT));
	snprintf(expected, sizeof expected, "%zu\n", sent);
	assert_string_equal(cmd.out.p, expected);
	drive_cmd_free(&cmd);
	drive_close(&d);
	x_free(gate);
	x_free(script);
}

/* --- Callbacks that use the transport ------------------------------------- */

struct nest {
	struct drive *d;
	struct channel *first, *second, *victim;
	int datas, closes, victims;
};

static void
nest_ignore(void *arg, const char *p, size_t n)
{
	(void)arg;
	(void)p;
	(void)n;
}

static void
nest_closed(void *arg, int status, const char *why)
{
	struct nest *n = arg;

	(void)status;
	(void)why;
	n->closes++;
}

static void
nest_data(void *arg, const char *p, size_t len)
{
	static const struct channel_cb cb = { nest_ignore, nest_ignore,
		nest_closed };
	static const char *const argv[] = { "true", NULL };
	struct nest *n = arg;

	(void)p;
	(void)len;
	n->datas++;
	n->second = ops->exec(n->d->t, argv, &cb, n);
	ops->channel_close(n->victim);
	ops->channel_close(n->first);
}

static void
victim_data(void *arg, const char *p, size_t len)
{
	struct nest *n = arg;

	(void)p;
	(void)len;
	assert_int_equal(n->datas, 0); /* after the close: nothing */
	n->victims++;
}

static void
test_callbacks(void **state)
{
	static const struct channel_cb cb = { nest_data, nest_ignore,
		nest_closed };
	static const struct channel_cb vcb = { victim_data, nest_ignore,
		nest_closed };
	static const char *const argv[] = { "sh", "-c",
		"while :; do echo x; sleep 0.01; done", NULL };
	struct drive d;
	struct nest n = { .d = &d };
	struct mono end = mono_add_ms(drive_now(), WAIT);

	(void)state;
	open_up(&d);
	n.victim = ops->exec(d.t, argv, &vcb, &n);
	while (n.victims == 0 && mono_before(drive_now(), end))
		drive_turn(&d, 100);
	n.first = ops->exec(d.t, argv, &cb, &n);
	while (n.closes == 0 && mono_before(drive_now(), end))
		drive_turn(&d, 100);
	drive_for(&d, 100);
	assert_int_equal(n.datas, 1);
	assert_int_equal(n.closes, 1); /* the second's own */
	assert_false(d.down);
	drive_close(&d);
}

static void
test_too_long(void **state)
{
	char *big = x_calloc(1, 40000);
	const char *argv[] = { "echo", big, NULL };
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	memset(big, 'x', 39999);
	open_up(&d);
	drive_exec(&d, &cmd, argv);
	assert_true(drive_wait(&cmd, WAIT));
	if (ops == &transport_local)
		assert_int_equal(cmd.status, 0); /* no line, no limit */
	else {
		assert_int_equal(cmd.status, -1);
		assert_non_null(strstr(cmd.why, "32 KiB"));
	}
	drive_cmd_free(&cmd);
	drive_close(&d);
	x_free(big);
}

/* Opened, used, closed in the midst of things: no descriptor, no process. */
static void
test_no_leaks(void **state)
{
	struct drive d;
	struct drive_cmd cmd;
	int before = drive_count_fds();

	(void)state;
	for (int i = 0; i < 3; i++) {
		open_up(&d);
		drive_sh(&d, &cmd, "echo x; exec cat");
		drive_wait_bytes(&cmd, 2, WAIT);
		drive_close(&d);
		drive_cmd_free(&cmd);
	}
	drive_open(&d, ops, &host);
	drive_turn(&d, 0);
	drive_close(&d); /* in the midst of connecting */
	assert_int_equal(drive_count_fds(), before);
	/* One that is just ending is called by its name in brackets, and gone a
	 * moment later. */
	char *cmdline = x_asprintf("i=0; while ps -o args= --ppid %d | "
	    "grep -v -e sshd -e 'ps -o' -e 'sh -c' -e grep -e defunct; do "
	    "i=$((i + 1)); [ $i -lt 50 ] || exit 1; sleep 0.1; done",
	    (int)getpid());
	assert_int_equal(sshd_sh("%s", cmdline), 0);
	x_free(cmdline);
}

static void
test_responsive(void **state)
{
	struct drive d;
	struct drive_cmd cmd;

	(void)state;
	open_up(&d);
	run(&d, &cmd, "seq 100000");
	drive_cmd_free(&cmd);
	drive_close(&d);
	/* 5 ms is the rule; ASan and a loaded machine get room. */
	assert_in_range(d.worst_us, 0, 50000);
}

/* --- All of that, three times --------------------------------------------- */

static void
set_up(void)
{
	sshd_dir_make(&dir);
	sshd_keygen(&dir, "hostkey", "ed25519", "");
	sshd_keygen(&dir, "id", "ed25519", "");
	sshd_start(&server, &dir,
	    &(struct sshd_options){ .name = "sshd",
		.host_keys = "hostkey",
		.authorized = "id",
		.config = "MaxSessions 40" });
	key = sshd_path(&dir, "id");
	known = sshd_known_hosts(&server, "known_hosts", "hostkey", false);
	config = sshd_path(&dir, "ssh_config");
	sshd_write(config, "Host *\n  IdentityAgent none\n");
	host = (struct conf_host){ .name = name, .address = address,
		.port = server.port, .key = key, .known_hosts = known,
		.ssh_config = config };
}

/* With an argument, only over the transport of that name. */
int
main(int argc, char **argv)
{
	static const struct transport_ops *const all[] = { &transport_local,
		&transport_libssh2, &transport_openssh };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_exit_status),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_streams),
		cmocka_unit_test(test_argv_is_exact),
		cmocka_unit_test(test_stdin),
		cmocka_unit_test(test_bulk_out),
		cmocka_unit_test(test_interleaved),
		cmocka_unit_test(test_backpressure),
		cmocka_unit_test(test_callbacks),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_no_leaks),
		cmocka_unit_test(test_responsive),
	};
	int rc = 0;

	set_up();
	for (size_t i = 0; i < 3; i++) {
		ops = all[i];
		if (argc < 2 || strcmp(argv[1], ops->name) == 0)
			rc |= cmocka_run_group_tests_name(ops->name, tests,
			    NULL, NULL);
	}
	sshd_stop(&server);
	sshd_dir_remove(&dir);
	x_free(key);
	x_free(known);
	x_free(config);
	return rc;
}
