/* Finding the command that an argv means, and what all of xl's commands have in
 * common: options, and how a domain is named. */
#include "backends/simxl.h"

#include <stdlib.h>
#include <string.h>

#include "core/prng.h"

enum { COMMAND_MS = 60 }; /* that any xl needs to get going */

/* --- Arguments -------------------------------------------------------------- */

char
simxl_option(struct simproc *p, const char *letters)
{
	const char *arg = p->args[0];

	if (arg == NULL || arg[0] != '-' || arg[1] == '\0')
		return '\0';
	p->args++;
	if (strcmp(arg, "--") == 0)
		return '\0';
	if (arg[2] == '\0' && strchr(letters, arg[1]) != NULL)
		return arg[1];
	simproc_fail(p, SIMXL_EXIT_USAGE, "unrecognized option '%s'\n", arg);
	return '?';
}

size_t
simxl_nargs(const struct simproc *p)
{
	size_t n = 0;

	while (p->args[n] != NULL)
		n++;
	return n;
}

bool
simxl_wants(struct simproc *p, size_t n)
{
	if (simxl_nargs(p) >= n)
		return true;
	simproc_fail(p, SIMXL_EXIT_USAGE, "'xl %s' requires at least %zu "
	    "argument%s.\n\n", p->args[-1], n, n == 1 ? "" : "s");
	return false;
}

bool
simxl_domid(struct simworld *w, struct simproc *p)
{
	const char *arg = *p->args++;
	const struct simdom *d;

	if (arg[strspn(arg, "0123456789")] == '\0' && arg[0] != '\0') {
		p->domid = (uint32_t)strtoul(arg, NULL, 10);
		return true;
	}
	d = simdom_named(&w->hosts[p->host], arg);
	if (d == NULL) {
		simproc_fail(p, 1, "%s is an invalid domain identifier "
		    "(rc=-6)\n", arg);
		return false;
	}
	p->domid = d->domid;
	return true;
}

struct simdom *
simxl_dom(struct simworld *w, const struct simproc *p)
{
	return simdom_at(&w->hosts[p->host], p->domid);
}

struct simdom *
simxl_take_dom(struct simworld *w, struct simproc *p, size_t nargs,
    const char *who)
{
	struct simdom *d;

	if (!simxl_wants(p, nargs) || !simxl_domid(w, p))
		return NULL;
	d = simxl_dom(w, p);
	if (d == NULL || d->vm == SIM_NONE) {
		simproc_fail(p, 1, "libxl: error: %s Domain %u:"
		    "Domain not found\n", who, p->domid);
		return NULL;
	}
	return d;
}

/* --- Commands --------------------------------------------------------------- */

static simproc_step *
find(const char *name)
{
	static const struct simxl_command *const tables[] = {
		simxl_lifecycle, simxl_settings, simxl_devices, simxl_saving,
		simxl_migration,
	};

	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (size_t k = 0; tables[i][k].name != NULL; k++)
			if (strcmp(tables[i][k].name, name) == 0)
				return tables[i][k].step;
	return NULL;
}

static void
begin_xl(struct simworld *w, struct simproc *p)
{
	const char *name;
	char c;

	while ((c = simxl_option(p, "vNftT")) != '\0')
		if (c == '?')
			return;
		else if (c == 'N')
			p->dry = true;
	name = p->args[0];
	p->step = name != NULL ? find(name) : NULL;
	if (p->step == NULL) {
		simproc_fail(p, SIMXL_EXIT_UNKNOWN, "simulator: xl has no "
		    "command %s here\n", name != NULL ? name : "at all");
		return;
	}
	p->args++;
	simproc_wait(w, p, 0, COMMAND_MS + (int64_t)(prng_hash(
	    w->hosts[p->host].seed, (uint64_t)w->now) % COMMAND_MS));
}

static void
skip_sudo(struct simproc *p)
{
	if (p->args[0] == NULL || strcmp(p->args[0], "sudo") != 0)
		return;
	p->args++;
	if (p->args[0] != NULL && strcmp(p->args[0], "-n") == 0)
		p->args++;
}

static void
begin(struct simworld *w, struct simproc *p)
{
	p->args = p->argv;
	skip_sudo(p);
	if (!simsh_begin(w, p))
		return;
	if (p->args[0] != NULL && strcmp(p->args[0], "xl") == 0) {
		p->args++;
		begin_xl(w, p);
		return;
	}
	if (p->args[0] != NULL && strcmp(p->args[0], "lvchange") == 0) {
		simlv_begin(w, p);
		return;
	}
	simproc_fail(p, SIMXL_EXIT_UNKNOWN, "%s: command not found\n",
	    p->args[0] != NULL ? p->args[0] : "");
}

void
simxl_step(struct simworld *w, struct simproc *p)
{
	if (p->step == NULL)
		begin(w, p);
	else
		p->step(w, p);
}
