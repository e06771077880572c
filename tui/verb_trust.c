/* trust: shows the key that a host offers and stores it once somebody has said
 * yes. Only a key that nobody contradicts can be stored: one that changed has
 * to be removed by hand first. */
#include <stdio.h>
#include <string.h>

#include "tui/verb.h"
#include "tui/wiring.h"

static bool
says_yes(void)
{
	char answer[16];

	printf("Type yes to trust it: ");
	fflush(stdout);
	return fgets(answer, sizeof answer, stdin) != NULL &&
	    strcmp(answer, "yes\n") == 0;
}

static int
trust(const struct conf_host *host, bool yes)
{
	struct err err = { 0 };
	struct key_offer key;
	int rc = ERR_NONE;

	switch (key_fetch(&key, host, &err)) {
	case KEY_FAILED:
		rc = verb_fail(&err);
		break;
	case KEY_KNOWN:
		printf("%s: its %s key %s is trusted already\n", host->name,
		    key.type, key.fingerprint);
		break;
	case KEY_NEW:
		printf("%s shows the %s key\n    %s\n"
		    "Compare it with what the host itself prints:\n"
		    "    ssh-keygen -lf /etc/ssh/ssh_host_%s_key.pub\n",
		    host->name, key.type, key.fingerprint,
		    strncmp(key.type, "ssh-", 4) == 0 ? key.type + 4 :
		    strncmp(key.type, "ecdsa", 5) == 0 ? "ecdsa" : "*");
		if (!yes && !says_yes()) {
			fprintf(stderr, "xendeck: %s: its key was not stored\n",
			    host->name);
			rc = ERR_REFUSED;
		} else if (key_store(&key, &err) != 0) {
			rc = verb_fail(&err);
		} else {
			printf("%s: stored in %s\n", host->name, key.file);
		}
		break;
	}
	key_free(&key);
	return rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	bool yes = argc > 1 && strcmp(argv[1], "--yes") == 0;
	int i = yes ? 2 : 1, rc;
	struct conf conf;
	uint32_t host;

	if (argc - i != 1 || argv[i][0] == '-')
		return verb_usage(&verb_trust, "one host is wanted");
	if (ctx->demo)
		return verb_usage(&verb_trust, "simulated hosts have no keys");
	conf_init(&conf);
	rc = verb_conf(ctx, &conf);
	if (rc != 0)
		goto out;
	host = conf_find_host(&conf, argv[i]);
	if (host == CONF_NO_HOST) {
		fprintf(stderr, "xendeck: the configuration has no host '%s'\n",
		    argv[i]);
		rc = ERR_FAILED;
	} else {
		rc = trust(&conf.hosts[host], yes);
	}
out:
	conf_free(&conf);
	return rc;
}

const struct verb verb_trust = {
	.name = "trust",
	.args = "[--yes] HOST",
	.help = "show a host's key and store it once you have said yes",
	.run = run,
};
