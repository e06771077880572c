/* What the different runs of ssh have in common. Whoever asks for settings, a
 * key or a connection must mean the same host by the same account, or what one
 * finds out is not true of the other. */
#include "backends/sshargs.h"

#include <assert.h>
#include <string.h>

#include "core/mem.h"

void
sshargs_init(struct sshargs *a)
{
	memset(a, 0, sizeof *a);
	a->v[a->n++] = "ssh";
}

void
sshargs_free(struct sshargs *a)
{
	for (size_t i = 0; i < a->nowned; i++)
		x_free(a->owned[i]);
	memset(a, 0, sizeof *a);
}

void
sshargs_add(struct sshargs *a, const char *flag, const char *value)
{
	assert(a->n + 2 <= SSHARGS_MAX);
	a->v[a->n++] = flag;
	if (value != NULL)
		a->v[a->n++] = value;
}

void
sshargs_add_owned(struct sshargs *a, const char *flag, char *value)
{
	assert(a->nowned < SSHARGS_OWNED);
	a->owned[a->nowned++] = value;
	sshargs_add(a, flag, value);
}

void
sshargs_route(struct sshargs *a, const struct conf_host *host)
{
	if (host->ssh_config != NULL)
		sshargs_add(a, "-F", host->ssh_config);
	if (host->port > 0)
		sshargs_add_owned(a, "-p", x_asprintf("%d", host->port));
	if (host->user != NULL)
		sshargs_add(a, "-l", host->user);
	if (host->jump != NULL)
		sshargs_add(a, "-J", host->jump);
}

void
sshargs_address(struct sshargs *a, const struct conf_host *host)
{
	sshargs_add(a, "--", host->address);
}

char *
sshargs_path(const char *option, const char *path)
{
	return x_asprintf("%s=\"%s\"", option, path);
}
