/* Which key lets us in, and what is said when none does. */
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
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/mem.h"
#include "tests/lib/file.h"
#include "tests/lib/sshcase.h"

static struct sshcase the;

/* libssh2 1.10 does not free the exponent of an ECDSA key in OpenSSH's format
 * (openssl.c, bn_exponent). */
const char *__lsan_default_suppressions(void);

const char *
__lsan_default_suppressions(void)
{
	return "leak:CRYPTO_zalloc\n";
}

static struct conf_host
host_with_key(const char *key)
{
	struct conf_host h = sshcase_host(&the, &the.server);

	h.key = key != NULL ? sshd_path(&the.dir, key) : NULL;
	return h;
}

/* A configuration with these lines for all hosts. */
static char *
config(const char *lines)
{
	char *path = sshd_path(&the.dir, "own_config");
	char *text = x_asprintf("Host *\n%s\n", lines);

	sshd_write(path, text);
	x_free(text);
	return path;
}

static void
test_key_files(void **state)
{
	static const char *const good[] = { "id_ed25519", "id_ecdsa" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct conf_host h = host_with_key(good[i]);

		sshcase_up(&transport_libssh2, &h);
		x_free(h.key);
	}
}

static void
test_pem_key(void **state)
{
	struct conf_host h = host_with_key("id_pem");

	(void)state;
	assert_int_equal(sshd_sh("cp %s/id_ecdsa %s && cp %s/id_ecdsa.pub "
				 "%s.pub && ssh-keygen -q -p -N '' -m PEM -f "
				 "%s >/dev/null",
			     the.dir.path, h.key, the.dir.path, h.key, h.key),
	    0);
	sshcase_up(&transport_libssh2, &h);
	x_free(h.key);
}

static void
test_wrong_key(void **state)
{
	struct conf_host h = host_with_key("id_other");

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "testhost",
	    "id_other", "authorized_keys", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_AUTH, "testhost",
	    "authorized_keys", NULL);
	x_free(h.key);
}

static void
test_rsa(void **state)
{
	struct conf_host h = host_with_key("id_rsa");

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE, "testhost",
	    "RSA", "libssh2", NULL);
	sshcase_up(&transport_openssh, &h);
	x_free(h.key);
}

static void
test_encrypted(void **state)
{
	struct conf_host h = host_with_key("id_locked");

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "testhost",
	    "id_locked", "is encrypted", "ssh-add", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_AUTH, "testhost", NULL);
	x_free(h.key);
}

static void
test_bad_key_file(void **state)
{
	struct conf_host h = host_with_key("nothing_there");
	char *path = h.key;

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_SETUP, "nothing_there",
	    "No such file", "testhost", NULL);
	sshd_write(path, "no key at all\n");
	sshcase_down(&transport_libssh2, &h, FAULT_SETUP, "nothing_there",
	    "no private key", NULL);
	remove(path);
	x_free(path);
}

/* The identities that ssh_config names. */
static void
test_identity_file(void **state)
{
	struct conf_host h = host_with_key(NULL);
	char *lines = x_asprintf("IdentityAgent none\n"
				 "IdentityFile %s/absent\n"
				 "IdentityFile %s/id_other\n"
				 "IdentityFile %s/id_ecdsa\n",
	    the.dir.path, the.dir.path, the.dir.path);

	(void)state;
	h.ssh_config = config(lines);
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(lines);
}

static void
test_no_key(void **state)
{
	struct conf_host h = host_with_key(NULL);

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "no key",
	    "ssh-keygen", "testhost", NULL);
}

static void
test_only_passwords(void **state)
{
	struct conf_host h = host_with_key("id_ed25519");
	struct sshd s;

	(void)state;
	sshd_start(&s, &the.dir,
	    &(struct sshd_options){ .name = "passwords",
		.host_keys = "hk_ed25519", .authorized = "",
		.config = "PasswordAuthentication yes\n"
			  "PubkeyAuthentication no" });
	h.port = s.port;
	h.known_hosts = sshd_known_hosts(&s, "known_pw", "hk_ed25519", false);
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "testhost",
	    "only by password", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_AUTH, "testhost", NULL);
	x_free(h.known_hosts);
	x_free(h.key);
	sshd_stop(&s);
}

/* --- ssh-agent ------------------------------------------------------------ */

struct agent {
	char *path;
	long pid;
};

static void
agent_start(struct agent *a)
{
	static int serial; /* an agent that ends removes its path */
	char *pidfile = sshd_path(&the.dir, "agent.pid"), *text;

	a->path = x_asprintf("%s/agent%d", the.dir.path, serial++);
	assert_int_equal(sshd_sh("ssh-agent -s -a %s > %s", a->path, pidfile),
	    0);
	text = file_text(pidfile);
	assert_non_null(strstr(text, "SSH_AGENT_PID="));
	a->pid = strtol(strstr(text, "SSH_AGENT_PID=") + 14, NULL, 10);
	x_free(text);
	x_free(pidfile);
}

static void
agent_add(const struct agent *a, const char *key)
{
	assert_int_equal(
	    sshd_sh("SSH_AUTH_SOCK=%s SSH_ASKPASS=%s/askpass "
		    "SSH_ASKPASS_REQUIRE=force ssh-add -q %s/%s 2>/dev/null",
		a->path, the.dir.path, the.dir.path, key),
	    0);
}

static void
agent_stop(struct agent *a)
{
	kill((pid_t)a->pid, SIGTERM);
	x_free(a->path);
}

static void
test_agent(void **state)
{
	struct conf_host h = host_with_key(NULL);
	struct agent a;
	char *lines;

	(void)state;
	agent_start(&a);
	agent_add(&a, "id_other");
	agent_add(&a, "id_rsa");
	agent_add(&a, "id_ed25519");
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", a.path);
	h.ssh_config = config(lines);
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(lines);
	agent_stop(&a);
}

static void
test_agent_rsa_only(void **state)
{
	struct conf_host h = host_with_key(NULL);
	struct agent a;
	char *lines;

	(void)state;
	agent_start(&a);
	agent_add(&a, "id_rsa");
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", a.path);
	h.ssh_config = config(lines);
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE, "RSA", NULL);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(lines);
	agent_stop(&a);
}

/* The configured key is encrypted, and the agent has it. */
static void
test_agent_unlocks(void **state)
{
	struct conf_host h = host_with_key("id_locked");
	struct agent a;
	char *lines;

	(void)state;
	agent_start(&a);
	agent_add(&a, "id_locked");
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", a.path);
	h.ssh_config = config(lines);
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(lines);
	x_free(h.key);
	agent_stop(&a);
}

/* An agent that takes connections and never says a word: the other keys get
 * their turn, and until then no turn of the loop waits for it. */
static void
test_agent_silent(void **state)
{
	struct conf_host h = host_with_key(NULL);
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char *path = sshd_path(&the.dir, "silent.sock"), *lines;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct mono start = drive_now();

	(void)state;
	snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
	assert_int_equal(listen(fd, 5), 0);
	lines = x_asprintf("IdentityFile %s/id_ed25519\nIdentityAgent %s",
	    the.dir.path, path);
	h.ssh_config = config(lines);
	sshcase_up(&transport_libssh2, &h); /* measures the turns as well */
	assert_true(mono_diff_ms(drive_now(), start) > 3000);
	x_free(h.ssh_config);
	x_free(lines);
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", path);
	h.ssh_config = config(lines);
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "ssh-agent",
	    "did not answer", NULL);
	x_free(h.ssh_config);
	x_free(lines);
	close(fd);
	remove(path);
	x_free(path);
}

/* The host goes away while the agent is asked: the loop neither spins nor waits
 * for the agent. */
static void
test_agent_silent_host_gone(void **state)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	char *path = sshd_path(&the.dir, "silent2.sock"), *lines;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), turns;
	struct conf_host h;
	struct mono start;
	struct drive d;
	struct sshd s;

	(void)state;
	sshcase_start(&the, &s, "goes", "");
	h = sshcase_host_of(&the, &s);
	snprintf(un.sun_path, sizeof un.sun_path, "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&un, sizeof un), 0);
	assert_int_equal(listen(fd, 5), 0);
	h.key = NULL;
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", path);
	h.ssh_config = config(lines);
	drive_open(&d, &transport_libssh2, &h);
	/* Until it is quiet: the agent is waited for, for 4 s. */
	do {
		start = drive_now();
		assert_true(d.turns < 1000);
		drive_turn(&d, 1000);
	} while (!d.down && mono_diff_ms(drive_now(), start) < 990);
	turns = d.turns;
	sshd_signal(&s, SIGKILL);
	assert_true(drive_until_down(&d, 2000));
	assert_true(d.turns - turns < 20);
	assert_int_equal(d.fault, FAULT_UNREACHABLE);
	assert_non_null(strstr(d.reason, "while ssh-agent"));
	drive_close(&d);
	sshd_stop(&s);
	close(fd);
	remove(path);
	x_free(path);
	x_free(h.ssh_config);
	x_free(h.known_hosts);
	x_free(lines);
}

static void
test_agent_absent(void **state)
{
	struct conf_host h = host_with_key("id_ed25519");

	(void)state;
	h.ssh_config = config("IdentityAgent /nonexistent/agent");
	sshcase_up(&transport_libssh2, &h);
	x_free(h.ssh_config);
	x_free(h.key);
}

static void
test_too_many_keys(void **state)
{
	struct conf_host h = host_with_key(NULL);
	struct agent a;
	char *lines;

	(void)state;
	agent_start(&a);
	for (int i = 0; i < 7; i++) {
		char name[32];

		snprintf(name, sizeof name, "spare%d", i);
		sshd_keygen(&the.dir, name, "ed25519", "");
		agent_add(&a, name);
	}
	agent_add(&a, "id_ed25519");
	lines = x_asprintf("IdentityFile none\nIdentityAgent %s", a.path);
	h.ssh_config = config(lines);
	sshcase_down(&transport_libssh2, &h, FAULT_AUTH, "testhost",
	    "Too many", "`key`", NULL);
	x_free(lines);
	x_free(h.ssh_config);
	/* With IdentitiesOnly only the one that a file names is tried. */
	lines = x_asprintf("IdentitiesOnly yes\nIdentityFile %s/id_ed25519.pub"
			   "\nIdentityAgent %s", the.dir.path, a.path);
	h.ssh_config = config(lines);
	sshcase_up(&transport_openssh, &h);
	x_free(lines);
	x_free(h.ssh_config);
	agent_stop(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key_files),
		cmocka_unit_test(test_pem_key),
		cmocka_unit_test(test_wrong_key),
		cmocka_unit_test(test_rsa),
		cmocka_unit_test(test_encrypted),
		cmocka_unit_test(test_bad_key_file),
		cmocka_unit_test(test_identity_file),
		cmocka_unit_test(test_no_key),
		cmocka_unit_test(test_only_passwords),
		cmocka_unit_test(test_agent),
		cmocka_unit_test(test_agent_rsa_only),
		cmocka_unit_test(test_agent_unlocks),
		cmocka_unit_test(test_agent_silent),
		cmocka_unit_test(test_agent_silent_host_gone),
		cmocka_unit_test(test_agent_absent),
		cmocka_unit_test(test_too_many_keys),
	};
	char *askpass;
	int rc;

	sshcase_make(&the);
	askpass = sshd_path(&the.dir, "askpass");
	sshd_write(askpass, "#!/bin/sh\necho secret\n");
	sshd_sh("chmod 755 %s", askpass);
	x_free(askpass);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
