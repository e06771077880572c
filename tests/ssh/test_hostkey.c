/* Whether the host is the one it was, and how an unknown one is trusted. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "backends/trust.h"
#include "core/mem.h"
#include "tests/lib/file.h"
#include "tests/lib/sshcase.h"

static struct sshcase the;

/* As ssh-keygen says it. */
static char *
fingerprint(const char *key)
{
	char *out = sshd_path(&the.dir, "print"), *text, *start, *print;

	sshd_sh("ssh-keygen -lf %s/%s.pub > %s", the.dir.path, key, out);
	text = file_text(out);
	start = strstr(text, "SHA256:");
	assert_non_null(start);
	print = x_strndup(start, strcspn(start, " "));
	x_free(text);
	x_free(out);
	return print;
}

static struct conf_host
host_knowing(const char *keys, bool hashed)
{
	struct conf_host h = sshcase_host(&the, &the.server);

	h.known_hosts = sshd_known_hosts(&the.server, "known_now", keys,
	    hashed);
	return h;
}

/* Any one of the server's keys is enough, whatever else it has. */
static void
test_each_type(void **state)
{
	static const char *const keys[] = { "hk_ed25519", "hk_ecdsa",
		"hk_rsa hk_ecdsa", "hk_ed25519 hk_ecdsa hk_rsa" };

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		struct conf_host h = host_knowing(keys[i], false);

		sshcase_up(&transport_libssh2, &h);
		x_free(h.known_hosts);
	}
}

static void
test_hashed(void **state)
{
	struct conf_host h = host_knowing("hk_ed25519", true);
	char *text = file_text(h.known_hosts);

	(void)state;
	assert_non_null(strstr(text, "|1|"));
	assert_null(strstr(text, "127.0.0.1"));
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(text);
	x_free(h.known_hosts);
}

static void
test_unknown(void **state)
{
	struct conf_host h = host_knowing("", false);
	char *print = fingerprint("hk_ed25519");

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_HOSTKEY_UNKNOWN, "testhost",
	    print, "xendeck trust testhost", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_HOSTKEY_UNKNOWN,
	    "testhost", "xendeck trust testhost", NULL);
	x_free(print);
	x_free(h.known_hosts);
}

static void
test_changed(void **state)
{
	struct conf_host h = host_knowing("id_other", false);
	char *old = fingerprint("id_other"), *new = fingerprint("hk_ed25519");

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_HOSTKEY_CHANGED, "testhost",
	    old, new, "known_now:4", NULL);
	sshcase_down(&transport_openssh, &h, FAULT_HOSTKEY_CHANGED, "testhost",
	    old, new, "known_now:4", NULL);
	x_free(old);
	x_free(new);
	x_free(h.known_hosts);
}

/* Another type than the stored one is a change as well: the host was asked for
 * the stored type first. */
static void
test_changed_type(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd s;
	char *old = fingerprint("hk_ed25519"), *new = fingerprint("hk_ecdsa");

	(void)state;
	sshd_start(&s, &the.dir,
	    &(struct sshd_options){ .name = "ecdsaonly",
		.host_keys = "hk_ecdsa", .authorized = "id_ed25519" });
	h.port = s.port;
	h.known_hosts = sshd_known_hosts(&s, "known_t", "hk_ed25519", false);
	sshcase_down(&transport_libssh2, &h, FAULT_HOSTKEY_CHANGED, old, new,
	    NULL);
	x_free(old);
	x_free(new);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

static void
test_rsa_only(void **state)
{
	struct conf_host h = host_knowing("hk_rsa", false);

	(void)state;
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE, "testhost",
	    "ssh-rsa", NULL);
	sshcase_up(&transport_openssh, &h);
	x_free(h.known_hosts);
}

static void
edit(const struct conf_host *h, const char *sed)
{
	assert_int_equal(sshd_sh("sed -i '%s' %s", sed, h->known_hosts), 0);
}

static void
test_markers(void **state)
{
	struct conf_host h = host_knowing("hk_ed25519", false);

	(void)state;
	edit(&h, "s/^\\[/@revoked [/");
	sshcase_down(&transport_libssh2, &h, FAULT_HOSTKEY_CHANGED, "revoked",
	    NULL);
	sshcase_down(&transport_openssh, &h, FAULT_HOSTKEY_CHANGED, NULL);
	edit(&h, "s/^@revoked/@cert-authority/");
	sshcase_down(&transport_libssh2, &h, FAULT_INCAPABLE,
	    "certificate authority", NULL);
	edit(&h, "s/^@cert-authority \\[/[*]:?????,![10.0.0.1]:22,[/");
	sshcase_up(&transport_libssh2, &h);
	x_free(h.known_hosts);
}

static void
test_alias(void **state)
{
	struct conf_host h = host_knowing("hk_ed25519", false);

	(void)state;
	h.ssh_config = sshd_path(&the.dir, "alias_config");
	sshd_write(h.ssh_config, "Host *\n IdentityAgent none\n"
				 " HostKeyAlias Rack7\n");
	sshcase_down(&transport_libssh2, &h, FAULT_HOSTKEY_UNKNOWN, "rack7",
	    NULL);
	edit(&h, "s/^\\[[^ ]*/rack7/");
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(h.known_hosts);
}

static void
test_files_of_ssh_config(void **state)
{
	struct conf_host h = host_knowing("hk_ed25519", false);
	char *text = x_asprintf("Host *\n IdentityAgent none\n"
				" UserKnownHostsFile /nonexistent %s\n",
	    h.known_hosts);

	(void)state;
	x_free(h.known_hosts);
	h.known_hosts = NULL;
	h.ssh_config = sshd_path(&the.dir, "files_config");
	sshd_write(h.ssh_config, text);
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	x_free(h.ssh_config);
	x_free(text);
}

/* --- trust ---------------------------------------------------------------- */

static enum trust_state
fetch(struct trust *t)
{
	struct mono end = mono_add_ms(drive_now(), 40000);
	enum trust_state s = TRUST_BUSY;
	struct pollset ps = { 0 };

	while (s == TRUST_BUSY && mono_before(drive_now(), end)) {
		struct mono now = drive_now(), deadline = mono_add_ms(now, 100);

		pollset_clear(&ps);
		trust_prepoll(t, &ps, now, &deadline);
		poll(ps.v, (nfds_t)ps.n,
		    mono_reached(deadline, now)
			? 0
			: (int)mono_diff_ms(deadline, now) + 1);
		s = trust_postpoll(t, &ps, drive_now());
	}
	pollset_free(&ps);
	return s;
}

static void
trust_it(const struct conf_host *h, const char *key)
{
	char *print = fingerprint(key);
	struct trust *t = trust_open(h, drive_now());
	enum trust_state s = fetch(t);
	struct err err;

	if (s != TRUST_FOUND)
		fail_msg("%d: %s", (int)s, trust_err(t)->msg);
	assert_string_equal(trust_key(t).fingerprint, print);
	assert_string_equal(trust_key(t).file, h->known_hosts);
	assert_int_equal(trust_add(t, &err), 0);
	trust_free(t);
	t = trust_open(h, drive_now());
	assert_int_equal(fetch(t), TRUST_KNOWN);
	trust_free(t);
	x_free(print);
}

static void
test_trust(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	char *old = h.known_hosts, *text;

	(void)state;
	/* Neither the file nor its directory is there yet. */
	h.known_hosts = sshd_path(&the.dir, "new/known_hosts");
	trust_it(&h, "hk_ed25519");
	sshcase_up(&transport_libssh2, &h);
	sshcase_up(&transport_openssh, &h);
	/* A file whose last line has no newline. */
	sshd_write(h.known_hosts, "other ssh-rsa AAAA");
	trust_it(&h, "hk_ed25519");
	text = file_text(h.known_hosts);
	assert_non_null(strstr(text, "other ssh-rsa AAAA\n[127.0.0.1]"));
	x_free(text);
	x_free(h.known_hosts);
	h.known_hosts = old;
}

static void
test_trust_by_ssh(void **state)
{
	struct conf_host h = sshcase_host(&the, &the.server);
	struct sshd s;

	(void)state;
	sshd_start(&s, &the.dir,
	    &(struct sshd_options){ .name = "rsaonly", .host_keys = "hk_rsa",
		.authorized = "id_ed25519" });
	h.port = s.port;
	h.known_hosts = sshd_path(&the.dir, "known_rsa");
	sshd_write(h.known_hosts, "");
	trust_it(&h, "hk_rsa");
	sshcase_up(&transport_openssh, &h);
	x_free(h.known_hosts);
	sshd_stop(&s);
}

/* libssh2 cannot verify the stored RSA key, so ssh fetches it: it must ask for
 * that one, of a server that likes to show others. */
static void
test_trust_known_rsa(void **state)
{
	struct conf_host h = host_knowing("hk_rsa", false);
	struct trust *t = trust_open(&h, drive_now());
	enum trust_state s = fetch(t);

	(void)state;
	if (s != TRUST_KNOWN)
		fail_msg("%d: %s", (int)s, trust_err(t)->msg);
	trust_free(t);
	x_free(h.known_hosts);
}

static void
test_trust_changed(void **state)
{
	struct conf_host h = host_knowing("id_other", false);
	char *before = file_text(h.known_hosts), *after;
	struct trust *t = trust_open(&h, drive_now());

	(void)state;
	assert_int_equal(fetch(t), TRUST_FAILED);
	assert_non_null(strstr(trust_err(t)->msg, "another host key"));
	trust_free(t);
	after = file_text(h.known_hosts);
	assert_string_equal(before, after);
	x_free(before);
	x_free(after);
	x_free(h.known_hosts);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_each_type),
		cmocka_unit_test(test_hashed),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_changed),
		cmocka_unit_test(test_changed_type),
		cmocka_unit_test(test_rsa_only),
		cmocka_unit_test(test_markers),
		cmocka_unit_test(test_alias),
		cmocka_unit_test(test_files_of_ssh_config),
		cmocka_unit_test(test_trust),
		cmocka_unit_test(test_trust_by_ssh),
		cmocka_unit_test(test_trust_known_rsa),
		cmocka_unit_test(test_trust_changed),
	};
	int rc;

	sshcase_make(&the);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	sshcase_remove(&the);
	return rc;
}
