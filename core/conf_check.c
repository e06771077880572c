/* The checks over a whole configuration. Names are looked up in sorted tables,
 * because a simulated world may have 20,000 of them. */
#include "core/conf_check.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/conf_schema.h"
#include "core/mem.h"
#include "core/query.h"
#include "core/suggest.h"

struct name {
	const char *name, *file;
	int line;
	size_t index;
};

struct names {
	const char *what;
	struct name *v; /* sorted by name, then index */
	size_t n;
};

struct check {
	const struct conf *conf;
	struct conf_errors *errs;
	struct names clusters, hosts, rules, filters, themes, commands;
	struct names sim_hosts, sim_vms;
};

static int
by_name(const void *a, const void *b)
{
	const struct name *x = a, *y = b;
	int c = strcmp(x->name, y->name);

	return c != 0 ? c : (x->index > y->index) - (x->index < y->index);
}

static int
by_name_only(const void *a, const void *b)
{
	return strcmp(((const struct name *)a)->name,
	    ((const struct name *)b)->name);
}

static void
names_init(struct names *t, const char *what, size_t most)
{
	t->what = what;
	t->n = 0;
	t->v = x_calloc(most, sizeof *t->v);
}

static void
names_add(struct names *t, const char *name, const char *file, int line)
{
	if (*name == '\0')
		return;
	t->v[t->n] = (struct name){ name, file, line, t->n };
	t->n++;
}

static const struct name *
names_find(const struct names *t, const char *name)
{
	struct name key = { .name = name };

	if (t->n == 0)
		return NULL;
	return bsearch(&key, t->v, t->n, sizeof key, by_name_only);
}

static void
names_suggest(const struct names *t, const char *word, char *text, size_t size)
{
	struct suggest s;

	suggest_start(&s, word);
	for (size_t i = 0; i < t->n; i++)
		suggest_offer(&s, t->v[i].name);
	suggest_text(&s, text, size);
}

static void
names_done(struct names *t, struct conf_errors *errs)
{
	if (t->n > 1)
		qsort(t->v, t->n, sizeof *t->v, by_name);
	for (size_t i = 1, first = 0; i < t->n; i++) {
		if (strcmp(t->v[i].name, t->v[first].name) != 0) {
			first = i;
			continue;
		}
		conf_errors_add(errs, t->v[i].file, t->v[i].line,
		    "%s \"%s\" is defined twice, first in %s:%d", t->what,
		    t->v[i].name,
		    t->v[first].file != NULL ? t->v[first].file : "generate",
		    t->v[first].line);
	}
}

/* Complains when name is given but in no table. */
static bool
refer(const struct check *k, const struct names *t, const char *name,
    const char *file, int line, const char *who)
{
	char hint[128];

	if (name == NULL || *name == '\0' || names_find(t, name) != NULL)
		return true;
	names_suggest(t, name, hint, sizeof hint);
	conf_errors_add(k->errs, file, line, "%s names %s \"%s\", which is not "
	    "defined%s", who, t->what, name, hint);
	return false;
}

static void
collect(struct check *k)
{
	const struct conf *c = k->conf;

	names_init(&k->clusters, "cluster", c->nclusters);
	for (size_t i = 0; i < c->nclusters; i++)
		names_add(&k->clusters, c->clusters[i].name,
		    c->clusters[i].file, c->clusters[i].line);
	names_init(&k->hosts, "host", c->nhosts);
	for (size_t i = 0; i < c->nhosts; i++)
		names_add(&k->hosts, c->hosts[i].name, c->hosts[i].file,
		    c->hosts[i].line);
	names_init(&k->rules, "entry for VM", c->nvms);
	for (size_t i = 0; i < c->nvms; i++)
		names_add(&k->rules, c->vms[i].match, c->vms[i].file,
		    c->vms[i].line);
	names_init(&k->themes, "theme", c->nthemes);
	for (size_t i = 0; i < c->nthemes; i++)
		names_add(&k->themes, c->themes[i].name, c->themes[i].file,
		    c->themes[i].line);
	names_init(&k->filters, "filter", c->nfilters);
	for (size_t i = 0; i < c->nfilters; i++)
		names_add(&k->filters, c->filters[i].name, c->filters[i].file,
		    c->filters[i].line);
	names_init(&k->commands, "command", c->ncommands);
	for (size_t i = 0; i < c->ncommands; i++)
		names_add(&k->commands, c->commands[i].name,
		    c->commands[i].file, c->commands[i].line);
	names_init(&k->sim_hosts, "simulated host", c->sim.nhosts);
	for (size_t i = 0; i < c->sim.nhosts; i++)
		names_add(&k->sim_hosts, c->sim.hosts[i].name,
		    c->sim.hosts[i].file, c->sim.hosts[i].line);
	names_init(&k->sim_vms, "simulated VM", c->sim.nvms);
	for (size_t i = 0; i < c->sim.nvms; i++)
		names_add(&k->sim_vms, c->sim.vms[i].name,
		    c->sim.vms[i].file, c->sim.vms[i].line);
	names_done(&k->clusters, k->errs);
	names_done(&k->hosts, k->errs);
	names_done(&k->rules, k->errs);
	names_done(&k->themes, k->errs);
	names_done(&k->filters, k->errs);
	names_done(&k->commands, k->errs);
	names_done(&k->sim_hosts, k->errs);
	names_done(&k->sim_vms, k->errs);
}

static void
check_clusters(const struct check *k)
{
	const struct conf *c = k->conf;
	bool *used = x_calloc(c->nclusters, sizeof *used);

	for (size_t i = 0; i < c->nhosts; i++)
		used[c->hosts[i].cluster] = true;
	for (size_t i = 0; i < c->nclusters; i++)
		if (!used[i])
			conf_errors_add(k->errs, c->clusters[i].file,
			    c->clusters[i].line, "cluster \"%s\" has no hosts",
			    c->clusters[i].name);
	x_free(used);
}

static void
check_host(const struct check *k, const struct conf_host *h)
{
	bool simulated = names_find(&k->sim_hosts, h->name) != NULL;

	if (h->transport == TRANSPORT_LOCAL && h->jump != NULL)
		conf_errors_add(k->errs, h->file, h->line, "host \"%s\" has "
		    "both jump and transport = \"local\": this machine is not "
		    "reached through another", h->name);
	if (h->transport == TRANSPORT_SIM && !simulated)
		conf_errors_add(k->errs, h->file, h->line, "host \"%s\" has "
		    "transport = \"sim\", but simulator.hosts has no host of "
		    "that name", h->name);
	if (h->transport != TRANSPORT_SIM && simulated)
		conf_errors_add(k->errs, h->file, h->line, "host \"%s\" is "
		    "simulated, but its transport is not \"sim\"", h->name);
}

static void
check_rules(const struct check *k)
{
	char who[300];

	for (size_t i = 0; i < k->conf->nvms; i++) {
		const struct conf_vm *v = &k->conf->vms[i];

		snprintf(who, sizeof who, "home of \"%s\"", v->match);
		refer(k, &k->hosts, v->home, v->file, v->line, who);
	}
}

static bool
built_in(const char *theme)
{
	for (size_t i = 0; i < CONF_THEMES; i++)
		if (strcmp(conf_theme_names[i], theme) == 0)
			return true;
	return false;
}

/* A theme of one's own is based on none of one's own. */
static void
check_theme(const struct check *k, const struct conf_theme *t)
{
	struct suggest s;
	char hint[128];

	if (built_in(t->name))
		conf_errors_add(k->errs, t->file, t->line, "theme \"%s\" is "
		    "one that there always is: yours needs another name",
		    t->name);
	if (built_in(t->base) && strcmp(t->base, "auto") != 0)
		return;
	suggest_start(&s, t->base);
	for (size_t i = 1; i < CONF_THEMES; i++)
		suggest_offer(&s, conf_theme_names[i]);
	conf_errors_add(k->errs, t->file, t->line, "theme \"%s\" cannot be "
	    "based on \"%s\", only on dark, light, colour-blind or mono%s",
	    t->name, t->base, suggest_text(&s, hint, sizeof hint));
}

static void
check_themes(const struct check *k, const char *file)
{
	const struct conf *c = k->conf;
	struct suggest s;
	char hint[128];

	for (size_t i = 0; i < c->nthemes; i++)
		check_theme(k, &c->themes[i]);
	if (c->theme == NULL || built_in(c->theme) || names_find(&k->themes, c->theme) != NULL)
		return;
	suggest_start(&s, c->theme);
	for (size_t i = 0; i < CONF_THEMES; i++)
		suggest_offer(&s, conf_theme_names[i]);
	for (size_t i = 0; i < k->themes.n; i++)
		suggest_offer(&s, k->themes.v[i].name);
	conf_errors_add(k->errs, file, 0, "there is no theme \"%s\"%s",
	    c->theme, suggest_text(&s, hint, sizeof hint));
}

/* A filter that is not understood to its end would show something else than
 * its name says. */
static void
check_filters(const struct check *k)
{
	for (size_t i = 0; i < k->conf->nfilters; i++) {
		const struct conf_filter *f = &k->conf->filters[i];
		struct query *q = query_new(f->query, k->conf);
		const char *wrong = query_problem(q);

		if (wrong == NULL)
			wrong = query_unfinished(q);
		if (wrong == NULL && query_empty(q))
			wrong = "it asks for nothing";
		if (wrong != NULL && *f->query != '\0')
			conf_errors_add(k->errs, f->file, f->line,
			    "filter \"%s\": %s", f->name, wrong);
		query_free(q);
	}
}

static void
check_sim(const struct check *k)
{
	const struct conf_sim *sim = &k->conf->sim;
	char who[300];

	for (size_t i = 0; i < sim->nhosts; i++) {
		const struct conf_sim_host *h = &sim->hosts[i];

		refer(k, &k->hosts, h->name, h->file, h->line,
		    "simulator.hosts");
	}
	for (size_t i = 0; i < sim->nvms; i++) {
		const struct conf_sim_vm *v = &sim->vms[i];

		snprintf(who, sizeof who, "VM \"%s\"", v->name);
		refer(k, &k->sim_hosts, v->host, v->file, v->line, who);
	}
}

static void
want(const struct check *k, const struct conf_sim_fault *f, const char *key,
    const char *value, bool wanted, bool allowed)
{
	if (wanted && value == NULL)
		conf_errors_add(k->errs, f->file, f->line,
		    "the fault \"%s\" needs \"%s\"", sim_what_name(f->what),
		    key);
	if (!wanted && !allowed && value != NULL)
		conf_errors_add(k->errs, f->file, f->line,
		    "the fault \"%s\" takes no \"%s\"", sim_what_name(f->what),
		    key);
}

/* A VM's name may be one that an earlier fault gave it. */
static bool
renamed_to(const struct conf_sim *sim, const char *name)
{
	for (size_t i = 0; name != NULL && i < sim->nfaults; i++)
		if (sim->faults[i].what == SIM_RENAME &&
		    sim->faults[i].to != NULL &&
		    strcmp(sim->faults[i].to, name) == 0)
			return true;
	return false;
}

static void
check_faults(const struct check *k)
{
	const struct conf_sim *sim = &k->conf->sim;

	for (size_t i = 0; i < sim->nfaults; i++) {
		const struct conf_sim_fault *f = &sim->faults[i];
		unsigned w = sim_what_wants(f->what);
		bool to = (w & (SIM_WANTS_TO_HOST | SIM_WANTS_TO_NAME)) != 0;

		want(k, f, "host", f->host, (w & SIM_WANTS_HOST) != 0,
		    (w & SIM_MAY_HOST) != 0);
		want(k, f, "vm", f->vm, (w & SIM_WANTS_VM) != 0, false);
		want(k, f, "to", f->to, to, false);
		refer(k, &k->sim_hosts, f->host, f->file, f->line, "a fault");
		if ((w & SIM_WANTS_TO_HOST) != 0)
			refer(k, &k->sim_hosts, f->to, f->file, f->line,
			    "a fault");
		if (!renamed_to(sim, f->vm))
			refer(k, &k->sim_vms, f->vm, f->file, f->line,
			    "a fault");
	}
}

static void
check_limit(const struct check *k, const char *file, const char *name,
    int limit, int clear)
{
	if (limit > 0 && clear >= limit)
		conf_errors_add(k->errs, file, 0, "alarms: \"%s_clear\" (%d) "
		    "must be lower than \"%s\" (%d)", name, clear, name,
		    limit);
}

static void
check_alarms(const struct check *k, const char *file)
{
	const struct conf_alarms *a = &k->conf->alarms;

	check_limit(k, file, "host_memory", a->host_memory,
	    a->host_memory_clear);
	check_limit(k, file, "host_cpu", a->host_cpu, a->host_cpu_clear);
	check_limit(k, file, "vm_cpu", a->vm_cpu, a->vm_cpu_clear);
}

void
conf_check(const struct conf *c, const char *file, struct conf_errors *errs)
{
	struct check k = { .conf = c, .errs = errs };

	collect(&k);
	if (c->nclusters == 0 && errs->n == 0)
		conf_errors_add(errs, file, 0, "no host is defined: \"clusters\" "
		    "needs at least one cluster with one host");
	if (c->stale_ms <= c->refresh_ms)
		conf_errors_add(errs, file, 0, "\"stale\" (%d ms) must be "
		    "longer than \"refresh\" (%d ms)", c->stale_ms,
		    c->refresh_ms);
	check_clusters(&k);
	for (size_t i = 0; i < c->nhosts; i++)
		check_host(&k, &c->hosts[i]);
	check_rules(&k);
	check_filters(&k);
	check_alarms(&k, file);
	check_themes(&k, file);
	check_sim(&k);
	check_faults(&k);
	if (errs->check != NULL)
		errs->check(c, errs);
	x_free(k.clusters.v);
	x_free(k.hosts.v);
	x_free(k.rules.v);
	x_free(k.themes.v);
	x_free(k.filters.v);
	x_free(k.commands.v);
	x_free(k.sim_hosts.v);
	x_free(k.sim_vms.v);
}

static void
gather_sim_hosts(struct conf *c)
{
	struct conf_cluster *cl = conf_add_cluster(c);

	cl->name = x_strdup("simulated");
	cl->file = x_strdup(c->sim.hosts[0].file);
	cl->line = c->sim.hosts[0].line;
	for (size_t i = 0; i < c->sim.nhosts; i++) {
		const struct conf_sim_host *s = &c->sim.hosts[i];
		struct conf_host *h = conf_add_host(c);

		h->name = x_strdup(s->name);
		h->transport = TRANSPORT_SIM;
		h->file = x_strdup(s->file);
		h->line = s->line;
	}
}

static int
compare_words(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void
conf_complete(struct conf *c)
{
	const char **sims = x_calloc(c->sim.nhosts, sizeof *sims);

	if (c->nclusters == 0 && c->sim.nhosts > 0)
		gather_sim_hosts(c);
	for (size_t i = 0; i < c->sim.nhosts; i++)
		sims[i] = c->sim.hosts[i].name;
	if (c->sim.nhosts > 1)
		qsort(sims, c->sim.nhosts, sizeof *sims, compare_words);
	for (size_t i = 0; i < c->nhosts; i++) {
		struct conf_host *h = &c->hosts[i];
		const char *name = h->name;

		if (h->address == NULL)
			h->address = x_strdup(name);
		if (h->transport == TRANSPORT_AUTO && c->sim.nhosts > 0 &&
		    bsearch(&name, sims, c->sim.nhosts, sizeof *sims,
		    compare_words) != NULL)
			h->transport = TRANSPORT_SIM;
	}
	x_free(sims);
}
