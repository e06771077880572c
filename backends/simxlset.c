/* xl's commands that change something of a domain: its name, its memory, its
 * processors and their share. */
#include <stdlib.h>
#include <string.h>

#include "backends/simxl.h"

static void
rename_dom(struct simworld *w, struct simproc *p)
{
	static const struct {
		const char *end;
		enum simrole role;
	} roles[] = {
		{ "--incoming", SIM_INCOMING },
		{ "--migratedaway", SIM_MIGRATEDAWAY },
	};
	const char *name;
	struct simdom *d;
	size_t n;

	if (!simxl_wants(p, 2) || !simxl_domid(w, p))
		return;
	name = p->args[0];
	d = simxl_dom(w, p);
	if (d == NULL || simdom_named(&w->hosts[p->host], name) != NULL) {
		simproc_fail(p, 1, d == NULL ? "libxl: error: libxl_domain.c:"
		    "libxl__domain_rename: Domain %u:Cannot find domain\n"
		    "Can't rename domain '%s'.\n" : "libxl: error: "
		    "libxl_domain.c:81:libxl__domain_rename: Domain %u:Domain "
		    "with name \"%s\" already exists.\n", p->domid, name);
		return;
	}
	n = strlen(name);
	d->role = SIM_PLAIN;
	d->name = arena_strdup(&w->mem, name);
	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		size_t k = strlen(roles[i].end);

		if (n > k && strcmp(name + n - k, roles[i].end) == 0)
			d->role = roles[i].role;
	}
	if (d->role == SIM_PLAIN && d->vm != SIM_NONE)
		w->vms[d->vm].name = d->name;
	simproc_end(p, 0);
}

const struct simxl_command simxl_settings[] = {
	{ "rename", rename_dom },
	{ NULL, NULL },
};
