/* The configuration as data: making, freeing and looking things up. All its
 * strings are its own. Elements are few and added once, so arrays grow by
 * doubling at powers of two without keeping a capacity. */
#include "core/conf.h"

#include <fnmatch.h>
#include <string.h>

#include "core/conf_schema.h"
#include "core/mem.h"

const char *const conf_theme_names[CONF_THEMES + 1] = { "auto", "dark",
	"light", "colour-blind", "mono", NULL };

static void *
grow(void *v, size_t n, size_t size)
{
	if ((n & (n - 1)) != 0)
		return v;
	return x_reallocarray(v, n != 0 ? 2 * n : 1, size);
}

/* The sections sim and alarms share their struct with the file's own. */
void
conf_init(struct conf *c)
{
	*c = (struct conf){ 0 };
	conf_section_defaults(CONF_TOP, c);
	conf_section_defaults(CONF_SIM, c);
	conf_section_defaults(CONF_ALARMS, c);
}

static void
free_theme(struct conf_theme *t)
{
	conf_section_free(CONF_THEME, t);
	for (size_t i = 0; i < t->nstyles; i++)
		x_free(t->styles[i].file);
	x_free(t->styles);
	x_free(t->file);
}

void
conf_free(struct conf *c)
{
	conf_section_free(CONF_TOP, c);
	x_free(c->columns_file);
	x_free(c->file);
	for (size_t i = 0; i < c->nclusters; i++) {
		conf_section_free(CONF_CLUSTER, &c->clusters[i]);
		x_free(c->clusters[i].file);
	}
	for (size_t i = 0; i < c->nhosts; i++) {
		conf_section_free(CONF_HOST, &c->hosts[i]);
		x_free(c->hosts[i].file);
	}
	for (size_t i = 0; i < c->nvms; i++) {
		conf_section_free(CONF_VM, &c->vms[i]);
		x_free(c->vms[i].file);
	}
	for (size_t i = 0; i < c->nfilters; i++) {
		conf_section_free(CONF_FILTER, &c->filters[i]);
		x_free(c->filters[i].file);
	}
	for (size_t i = 0; i < c->ncommands; i++) {
		conf_section_free(CONF_COMMAND, &c->commands[i]);
		x_free(c->commands[i].file);
	}
	for (size_t i = 0; i < c->nkeys; i++) {
		conf_section_free(CONF_KEYS, &c->keys[i]);
		x_free(c->keys[i].file);
	}
	for (size_t i = 0; i < c->nthemes; i++)
		free_theme(&c->themes[i]);
	for (size_t i = 0; i < c->sim.nhosts; i++) {
		conf_section_free(CONF_SIM_HOST, &c->sim.hosts[i]);
		x_free(c->sim.hosts[i].file);
	}
	for (size_t i = 0; i < c->sim.nvms; i++) {
		conf_section_free(CONF_SIM_VM, &c->sim.vms[i]);
		x_free(c->sim.vms[i].file);
	}
	for (size_t i = 0; i < c->sim.nfaults; i++) {
		conf_section_free(CONF_SIM_FAULT, &c->sim.faults[i]);
		x_free(c->sim.faults[i].file);
	}
	x_free(c->clusters);
	x_free(c->hosts);
	x_free(c->vms);
	x_free(c->filters);
	x_free(c->commands);
	x_free(c->keys);
	x_free(c->themes);
	x_free(c->sim.hosts);
	x_free(c->sim.vms);
	x_free(c->sim.faults);
	conf_init(c);
}

static void
take_observed(struct conf *to, const struct conf *from)
{
	to->clusters = from->clusters;
	to->nclusters = from->nclusters;
	to->hosts = from->hosts;
	to->nhosts = from->nhosts;
	to->vms = from->vms;
	to->nvms = from->nvms;
	to->sim = from->sim;
	to->refresh_ms = from->refresh_ms;
	to->stale_ms = from->stale_ms;
}

void
conf_swap_console(struct conf *a, struct conf *b)
{
	const struct conf was_a = *a, was_b = *b;

	*a = was_b;
	take_observed(a, &was_a);
	*b = was_a;
	take_observed(b, &was_b);
}

struct conf_cluster *
conf_add_cluster(struct conf *c)
{
	struct conf_cluster *x;

	c->clusters = grow(c->clusters, c->nclusters, sizeof *x);
	x = &c->clusters[c->nclusters++];
	*x = (struct conf_cluster){ 0 };
	conf_section_defaults(CONF_CLUSTER, x);
	return x;
}

struct conf_host *
conf_add_host(struct conf *c)
{
	struct conf_host *x;

	c->hosts = grow(c->hosts, c->nhosts, sizeof *x);
	x = &c->hosts[c->nhosts++];
	*x = (struct conf_host){ 0 };
	conf_section_defaults(CONF_HOST, x);
	if (c->nclusters > 0)
		x->cluster = (uint32_t)c->nclusters - 1;
	return x;
}

struct conf_vm *
conf_add_vm(struct conf *c)
{
	struct conf_vm *x;

	c->vms = grow(c->vms, c->nvms, sizeof *x);
	x = &c->vms[c->nvms++];
	*x = (struct conf_vm){ 0 };
	conf_section_defaults(CONF_VM, x);
	return x;
}

struct conf_key *
conf_add_key(struct conf *c)
{
	struct conf_key *x;

	c->keys = grow(c->keys, c->nkeys, sizeof *x);
	x = &c->keys[c->nkeys++];
	*x = (struct conf_key){ 0 };
	conf_section_defaults(CONF_KEYS, x);
	return x;
}

struct conf_theme *
conf_add_theme(struct conf *c)
{
	struct conf_theme *x;

	c->themes = grow(c->themes, c->nthemes, sizeof *x);
	x = &c->themes[c->nthemes++];
	*x = (struct conf_theme){ 0 };
	conf_section_defaults(CONF_THEME, x);
	return x;
}

struct conf_style *
conf_add_style(struct conf *c)
{
	struct conf_theme *t = &c->themes[c->nthemes - 1];
	struct conf_style *x;

	t->styles = grow(t->styles, t->nstyles, sizeof *x);
	x = &t->styles[t->nstyles++];
	*x = (struct conf_style){ 0 };
	conf_section_defaults(CONF_STYLE, x);
	return x;
}

struct conf_filter *
conf_add_filter(struct conf *c)
{
	struct conf_filter *x;

	c->filters = grow(c->filters, c->nfilters, sizeof *x);
	x = &c->filters[c->nfilters++];
	*x = (struct conf_filter){ 0 };
	conf_section_defaults(CONF_FILTER, x);
	return x;
}

struct conf_command *
conf_add_command(struct conf *c)
{
	struct conf_command *x;

	c->commands = grow(c->commands, c->ncommands, sizeof *x);
	x = &c->commands[c->ncommands++];
	*x = (struct conf_command){ 0 };
	conf_section_defaults(CONF_COMMAND, x);
	return x;
}

struct conf_sim_host *
conf_add_sim_host(struct conf *c)
{
	struct conf_sim_host *x;

	c->sim.hosts = grow(c->sim.hosts, c->sim.nhosts, sizeof *x);
	x = &c->sim.hosts[c->sim.nhosts++];
	*x = (struct conf_sim_host){ 0 };
	conf_section_defaults(CONF_SIM_HOST, x);
	return x;
}

struct conf_sim_vm *
conf_add_sim_vm(struct conf *c)
{
	struct conf_sim_vm *x;

	c->sim.vms = grow(c->sim.vms, c->sim.nvms, sizeof *x);
	x = &c->sim.vms[c->sim.nvms++];
	*x = (struct conf_sim_vm){ 0 };
	conf_section_defaults(CONF_SIM_VM, x);
	return x;
}

struct conf_sim_fault *
conf_add_sim_fault(struct conf *c)
{
	struct conf_sim_fault *x;

	c->sim.faults = grow(c->sim.faults, c->sim.nfaults, sizeof *x);
	x = &c->sim.faults[c->sim.nfaults++];
	*x = (struct conf_sim_fault){ 0 };
	conf_section_defaults(CONF_SIM_FAULT, x);
	return x;
}

uint32_t
conf_find_host(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->nhosts; i++)
		if (strcmp(c->hosts[i].name, name) == 0)
			return (uint32_t)i;
	return CONF_NO_HOST;
}

const struct conf_vm *
conf_find_vm(const struct conf *c, const char *name)
{
	for (size_t i = 0; i < c->nvms; i++)
		if (fnmatch(c->vms[i].match, name, 0) == 0)
			return &c->vms[i];
	return NULL;
}
