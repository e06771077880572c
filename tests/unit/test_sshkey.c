/* Keys, fingerprints, known_hosts and ssh_config's outcome as text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/opensshfault.h"
#include "backends/sshhost.h"
#include "backends/sshkey.h"
#include "backends/sshoptions.h"
#include "core/mem.h"

static void
test_base64(void **state)
{
	static const char *const pairs[][2] = { { "", "" }, { "f", "Zg==" },
		{ "fo", "Zm8=" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" } };
	static const char *const bad[] = { "Z", "Zm9vY", "Zm=9", "Zm9v====",
		"Zm9*", "Zm9v-" };
	size_t n;

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char *text = sshkey_base64_encode(
		    (const uint8_t *)pairs[i][0], strlen(pairs[i][0]));
		uint8_t *back = sshkey_base64_decode(pairs[i][1],
		    strlen(pairs[i][1]), &n);

		assert_string_equal(text, pairs[i][1]);
		assert_non_null(back);
		assert_int_equal(n, strlen(pairs[i][0]));
		assert_memory_equal(back, pairs[i][0], n);
		x_free(text);
		x_free(back);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_null(sshkey_base64_decode(bad[i], strlen(bad[i]), &n));
	assert_null(sshkey_base64_decode("Zm\0v", 4, &n));
}

/* The key of RFC 8709's kind that ssh-keygen made, and its own verdict. */
static const char pub[] = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ+jv3NY"
			  "Y+JtxV5DjkXqpQuPt9ZVRylN5/YHQGrBxRo6 me";

static void
test_pub(void **state)
{
	struct sshkey_file f = { 0 };
	char type[32];

	(void)state;
	assert_int_equal(sshkey_parse_pub(&f, pub), 0);
	assert_int_equal(f.kind, SSHKEY_GOOD);
	assert_int_equal(f.nblob, 51);
	assert_int_equal(sshkey_type(f.blob, f.nblob, type, sizeof type), 0);
	assert_string_equal(type, "ssh-ed25519");
	assert_int_equal(sshkey_type(f.blob, 3, type, sizeof type), -1);
	assert_int_equal(sshkey_type(f.blob, f.nblob, type, 11), -1);
	sshkey_file_free(&f);
	assert_int_equal(sshkey_parse_pub(&f, "ssh-ed25519 !"), -1);
	assert_int_equal(sshkey_parse_pub(&f, ""), -1);
	assert_int_equal(sshkey_parse_pub(&f, "ssh-rsa AAAA"), -1);
}

static void
test_kinds(void **state)
{
	static const struct {
		const char *type;
		enum sshkey_kind kind;
	} cases[] = {
		{ "ssh-ed25519", SSHKEY_GOOD },
		{ "ecdsa-sha2-nistp384", SSHKEY_GOOD },
		{ "ssh-rsa", SSHKEY_RSA },
		{ "ssh-dss", SSHKEY_DSA },
		{ "sk-ssh-ed25519@openssh.com", SSHKEY_SK },
		{ "ssh-ed25519-cert-v01@openssh.com", SSHKEY_CERT },
		{ "sk-ssh-ed25519-cert-v01@openssh.com", SSHKEY_CERT },
		{ "ssh-xmss@openssh.com", SSHKEY_UNKNOWN },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_int_equal(sshkey_kind_of_type(cases[i].type),
		    cases[i].kind);
}

static void
test_pem(void **state)
{
	static const struct {
		const char *text;
		enum sshkey_kind kind;
		bool encrypted;
	} cases[] = {
		{ "-----BEGIN RSA PRIVATE KEY-----\nMII", SSHKEY_RSA, false },
		{ "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n",
		    SSHKEY_GOOD, true },
		{ "-----BEGIN ENCRYPTED PRIVATE KEY-----\n", SSHKEY_UNKNOWN,
		    true },
		{ "junk before\n-----BEGIN PRIVATE KEY-----\n",
		    SSHKEY_UNKNOWN, false },
	};
	static const char *const bad[] = { "", "ssh-ed25519 AAAA",
		"-----BEGIN CERTIFICATE-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\n",
		"-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END" };
	struct sshkey_file f;

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_int_equal(sshkey_parse_file(&f, cases[i].text), 0);
		assert_int_equal(f.kind, cases[i].kind);
		assert_true(f.encrypted == cases[i].encrypted);
		sshkey_file_free(&f);
	}
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(sshkey_parse_file(&f, bad[i]), -1);
}

/* --- known_hosts ---------------------------------------------------------- */

static void
count_line(void *arg, int line, const char *text)
{
	int *lines = arg;

	assert_non_null(strstr(text, "ssh-ed25519 AAAA"));
	*lines = *lines * 100 + line;
}

static int
lines_for(const char *name)
{
	/* The hashed ones are ssh-keygen -H's of "alpha" and "[beta]:2222". */
	static const char text[] =
	    "# alpha ssh-ed25519 AAAA\n"
	    "alpha,192.0.2.1 ssh-ed25519 AAAA\n"
	    "bad\n"
	    "|1|EVHavXlrUW7yFvE2H0HVW/2nqxw=|ZTrfYyIV13z7QzyBe9c/De7I2mM="
	    " ssh-ed25519 AAAA\n"
	    "  [beta]:2222\tssh-ed25519 AAAA comment\r\n"
	    "*.example.org,!bad.example.org ssh-ed25519 AAAA\n"
	    "@revoked ALPHA ssh-ed25519 AAAA\n"
	    "|1|x|y ssh-ed25519 AAAA\n"
	    "|1|utbnWBfmtqFHa3qOPKpdp8tVuPc=|ddhqNkn6lrrxBDNyd9wmhxO6wzU="
	    " ssh-ed25519 AAAA\n"
	    "h?st ssh-ed25519 AAAA";
	char path[] = "/tmp/xendeck-known-XXXXXX";
	int fd = mkstemp(path), lines = 0;

	assert_true(fd >= 0);
	assert_true(write(fd, text, sizeof text - 1) > 0);
	close(fd);
	sshhost_collect(path, name, count_line, &lines);
	remove(path);
	return lines;
}

static void
test_collect(void **state)
{
	int lines = 0;

	(void)state;
	assert_int_equal(lines_for("alpha"), 20407);
	assert_int_equal(lines_for("192.0.2.1"), 2);
	assert_int_equal(lines_for("[beta]:2222"), 509);
	assert_int_equal(lines_for("beta"), 0);
	assert_int_equal(lines_for("good.example.org"), 6);
	assert_int_equal(lines_for("bad.example.org"), 0);
	assert_int_equal(lines_for("example.org"), 0);
	assert_int_equal(lines_for("host"), 10);
	assert_int_equal(lines_for("hoist"), 0);
	sshhost_collect("/nonexistent/file", "alpha", count_line, &lines);
	assert_int_equal(lines, 0);
}

static void
check_name(const char *host, int port, const char *alias, const char *wanted)
{
	char *name = sshhost_name(host, port, alias);

	assert_string_equal(name, wanted);
	x_free(name);
}

static void
test_names(void **state)
{
	(void)state;
	check_name("Alpha", 22, NULL, "alpha");
	check_name("Alpha", 2222, NULL, "[alpha]:2222");
	check_name("::1", 2222, NULL, "[::1]:2222");
	check_name("alpha", 2222, "Rack7", "rack7");
}

static void
test_line_parse(void **state)
{
	static const char *const bad[] = { "", "ssh-ed25519", "ssh-rsa AAAA",
		"@unknown ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA",
		"ssh-ed25519 ****" };
	struct sshhost_line l;
	char *text = x_asprintf("@revoked %s", pub);

	(void)state;
	assert_int_equal(sshhost_line_parse(&l, "f:1", text), 0);
	assert_int_equal(l.marker, SSHHOST_REVOKED);
	assert_string_equal(l.type, "ssh-ed25519");
	assert_string_equal(l.where, "f:1");
	sshhost_line_free(&l);
	x_free(text);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_int_equal(sshhost_line_parse(&l, "f:1", bad[i]), -1);
}

static void
check_prefs(const char *type, const char *start)
{
	static char where[] = "f:1";
	char *t = x_strdup(type);
	struct sshhost_line l = { .where = where, .type = t };
	struct err err;
	struct buf b;

	buf_init(&b, 1024);
	if (start == NULL)
		assert_int_equal(sshhost_prefs(&b, &l, 1, "h", &err), -1);
	else {
		assert_int_equal(sshhost_prefs(&b, &l, 1, "h", &err), 0);
		assert_memory_equal(b.p, start, strlen(start));
		assert_non_null(strstr(b.p, "ssh-ed25519"));
		assert_non_null(strstr(b.p, "ecdsa-sha2-nistp256"));
	}
	buf_free(&b);
	x_free(t);
}

static void
test_prefs(void **state)
{
	(void)state;
	check_prefs("ssh-ed25519", "ssh-ed25519,");
	check_prefs("ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521,ssh-ed25519");
	check_prefs("sk-ssh-ed25519@openssh.com", NULL);
}

/* --- ssh -G --------------------------------------------------------------- */

static void
parse_options(struct sshoptions *o, const struct conf_host *h,
    const char *text)
{
	struct err err;

	*o = (struct sshoptions){ 0 };
	if (sshoptions_parse(o, h, text, "/home/op", "op", &err) != 0)
		fail_msg("%s", err.msg);
}

static void
test_options(void **state)
{
	static char name[] = "alpha", address[] = "alpha.lan";
	struct conf_host h = { .name = name, .address = address };
	struct sshoptions o;

	(void)state;
	parse_options(&o, &h,
	    "user root\nhostname 10.0.0.1\nport 2222\nidentitiesonly yes\n"
	    "identityfile ~/.ssh/%n-%r\nidentityfile none\n"
	    "identityfile /keys/%Z\nidentityagent none\n"
	    "globalknownhostsfile /etc/ssh/ssh_known_hosts\n"
	    "userknownhostsfile ~/.ssh/known_hosts /k/%k\n"
	    "proxycommand nc -x gate %h %p 100%%\nproxyusefdpass no\n");
	assert_string_equal(o.user, "root");
	assert_string_equal(o.hostname, "10.0.0.1");
	assert_int_equal(o.port, 2222);
	assert_true(o.identities_only);
	assert_int_equal(o.nkeys, 1);
	assert_string_equal(o.keys[0], "/home/op/.ssh/alpha.lan-root");
	assert_int_equal(o.nknown, 3);
	assert_string_equal(o.known[1], "/home/op/.ssh/known_hosts");
	assert_string_equal(o.known[2], "/k/alpha.lan");
	assert_string_equal(o.proxy, "exec nc -x gate 10.0.0.1 2222 100%");
	assert_null(o.agent);
	assert_null(o.incapable);
	sshoptions_free(&o);
}

static void
test_options_jump(void **state)
{
	static char name[] = "alpha", jump[] = "a,op@b:23",
		    config[] = "/my config";
	struct conf_host h = { .name = name, .address = name, .jump = jump,
		.ssh_config = config };
	struct sshoptions o;

	(void)state;
	parse_options(&o, &h, "port 22\nproxycommand nc %h %p\n");
	assert_non_null(strstr(o.proxy, " -F '/my config' -J a -W "
					"'[alpha]:22' -- ssh://op@b:23"));
	sshoptions_free(&o);
}

static void
test_options_incapable(void **state)
{
	static const char *const lines[] = { "certificatefile /x",
		"pkcs11provider /x.so", "bindaddress 10.0.0.1",
		"proxyusefdpass yes", "proxycommand x %T" };
	static char name[] = "alpha";
	struct conf_host h = { .name = name, .address = name };
	struct sshoptions o;

	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		parse_options(&o, &h, lines[i]);
		assert_non_null(o.incapable);
		sshoptions_free(&o);
	}
}

/* --- What ssh says -------------------------------------------------------- */

static void
test_ssh_says(void **state)
{
	static const struct {
		const char *text;
		bool was_up;
		enum link_fault fault;
		const char *in;
	} cases[] = {
		{ "ssh: connect to host 10.0.0.1 port 22: Connection refused"
		  "\r\n", false, FAULT_UNREACHABLE, "Connection refused" },
		{ "ssh: Could not resolve hostname x: Name or service not "
		  "known\r\n", false, FAULT_UNREACHABLE, "resolve" },
		{ "Warning: x\r\nroot@h: Permission denied (publickey).\r\n",
		    false, FAULT_AUTH, "(publickey)" },
		{ "No ED25519 host key is known for h and you have requested "
		  "strict checking.\r\nHost key verification failed.\r\n",
		    false, FAULT_HOSTKEY_UNKNOWN, "xendeck trust h" },
		{ "/c: line 2: Bad configuration option: x\r\n/c: "
		  "terminating, 1 bad configuration options\r\n", false,
		    FAULT_SETUP, "terminating" },
		{ "Timeout, server h not responding.\r\n", true, FAULT_LOST,
		    "not responding" },
		/* Once it was up, no word of the other side is a verdict. */
		{ "Permission denied\r\n", true, FAULT_LOST, "lost" },
		{ "", false, FAULT_UNREACHABLE, "without a word" },
		{ "\033]0;evil\007\r\n", false, FAULT_UNREACHABLE, "evil" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err err;

		assert_int_equal(openssh_fault("h", cases[i].text,
				     cases[i].was_up, "?", &err),
		    cases[i].fault);
		assert_non_null(strstr(err.msg, cases[i].in));
		assert_null(strchr(err.msg, '\033'));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_pub),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_pem),
		cmocka_unit_test(test_collect),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_line_parse),
		cmocka_unit_test(test_prefs),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_options_jump),
		cmocka_unit_test(test_options_incapable),
		cmocka_unit_test(test_ssh_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
