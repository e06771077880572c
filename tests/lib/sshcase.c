#include "tests/lib/sshcase.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "core/mem.h"

const struct transport_ops *const sshcase_both[2] = { &transport_libssh2,
	&transport_openssh };

void
sshcase_make(struct sshcase *c)
{
	static const char *const keys[][3] = {
		{ "hk_ed25519", "ed25519", "" }, { "hk_ecdsa", "ecdsa", "" },
		{ "hk_rsa", "rsa -b 2048", "" },
		{ "id_ed25519", "ed25519", "" }, { "id_ecdsa", "ecdsa", "" },
		{ "id_rsa", "rsa -b 2048", "" }, { "id_other", "ed25519", "" },
		{ "id_locked", "ed25519 -a 1", "secret" },
	};

	sshd_dir_make(&c->dir);
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		sshd_keygen(&c->dir, keys[i][0], keys[i][1], keys[i][2]);
	sshd_start(&c->server, &c->dir,
	    &(struct sshd_options){ .name = "sshd",
		.host_keys = "hk_ed25519 hk_ecdsa hk_rsa",
		.authorized = "id_ed25519 id_ecdsa id_rsa id_locked" });
	c->key = sshd_path(&c->dir, "id_ed25519");
	c->known = sshd_known_hosts(&c->server, "known_hosts", "hk_ed25519",
	    false);
	c->config = sshd_path(&c->dir, "ssh_config");
	sshd_write(c->config,
	    "Host *\n  IdentityAgent none\n  IdentityFile none\n");
}

void
sshcase_remove(struct sshcase *c)
{
	sshd_stop(&c->server);
	sshd_dir_remove(&c->dir);
	x_free(c->key);
	x_free(c->known);
	x_free(c->config);
}

struct conf_host
sshcase_host(struct sshcase *c, const struct sshd *server)
{
	static char name[] = "testhost", address[] = "127.0.0.1";

	return (struct conf_host){ .name = name, .address = address,
		.port = server->port, .key = c->key, .known_hosts = c->known,
		.ssh_config = c->config };
}

void
sshcase_up(const struct transport_ops *ops, const struct conf_host *host)
{
	struct drive d;
	struct drive_cmd cmd;

	drive_open(&d, ops, host);
	if (!drive_connect(&d, SSHCASE_WAIT))
		fail_msg("%s: not up: %s", ops->name, d.reason);
	drive_sh(&d, &cmd, "echo works");
	assert_true(drive_wait(&cmd, SSHCASE_WAIT));
	assert_string_equal(cmd.out.p, "works\n");
	drive_cmd_free(&cmd);
	drive_close(&d);
	assert_in_range(d.worst_us, 0, 50000);
}

void
sshcase_down(const struct transport_ops *ops, const struct conf_host *host,
    enum link_fault fault, ...)
{
	struct drive d;
	const char *text;
	va_list ap;

	drive_open(&d, ops, host);
	if (drive_connect(&d, SSHCASE_WAIT) || !d.down)
		fail_msg("%s: %s", ops->name, d.up ? "up" : "no answer");
	if (d.fault != fault)
		fail_msg("%s: fault %d, not %d: %s", ops->name, (int)d.fault,
		    (int)fault, d.reason);
	va_start(ap, fault);
	while ((text = va_arg(ap, const char *)) != NULL)
		if (strstr(d.reason, text) == NULL)
			fail_msg("%s: no \"%s\" in \"%s\"", ops->name, text,
			    d.reason);
	va_end(ap);
	drive_close(&d);
	assert_in_range(d.worst_us, 0, 50000);
}

struct sshd *
sshcase_start(struct sshcase *c, struct sshd *s, const char *name,
    const char *config)
{
	sshd_start(s, &c->dir,
	    &(struct sshd_options){ .name = name, .host_keys = "hk_ed25519",
		.authorized = "id_ed25519", .config = config });
	return s;
}

struct conf_host
sshcase_host_of(struct sshcase *c, const struct sshd *s)
{
	struct conf_host h = sshcase_host(c, s);
	char *name = x_asprintf("known_%d", s->port);

	h.known_hosts = sshd_known_hosts(s, name, "hk_ed25519", false);
	x_free(name);
	return h;
}

void
sshcase_open(struct drive *d, const struct transport_ops *ops,
    const struct conf_host *h)
{
	drive_open(d, ops, h);
	if (!drive_connect(d, SSHCASE_WAIT))
		fail_msg("%s: %s", ops->name, d->reason);
}

void
sshcase_conf(struct conf *conf, const struct sshcase *c, struct sshd *server,
    enum transport_kind kind, const char *dir)
{
	struct conf_host *h;

	conf_init(conf);
	x_replace(&conf_add_cluster(conf)->name, "c");
	h = conf_add_host(conf);
	x_replace(&h->name, "alpha");
	x_replace(&h->address, kind == TRANSPORT_LOCAL ? "localhost" :
	    "127.0.0.1");
	h->port = kind == TRANSPORT_LOCAL ? 0 : server->port;
	x_replace(&h->key, c->key);
	h->known_hosts = sshd_known_hosts(server, "known_conf", "hk_ed25519",
	    false);
	x_replace(&h->ssh_config, c->config);
	x_free(h->agent);
	h->agent = x_asprintf("%s/bin/agent", dir);
	h->transport = kind;
	h->observer = OBSERVER_AGENT;
	h->sudo = TRI_NO;
}
