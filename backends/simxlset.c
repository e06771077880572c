/* xl's commands that change something of a domain: its name, its memory, its
 * processors and their share, or that make its guest do something. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "backends/simxl.h"

/* Takes the domain off the arguments; wants so many of them with it. */
static struct simdom *
take_dom(struct simworld *w, struct simproc *p, size_t nargs)
{
	return simxl_take_dom(w, p, nargs, "libxl_domain.c: libxl_domain_info:");
}

static bool
to_number(const char *s, long long *out)
{
	char *end;

	*out = strtoll(s, &end, 10);
	return *s >= '0' && *s <= '9' && *end == '\0' && *out < INT_MAX;
}

/* --- rename ------------------------------------------------------------------ */

static enum simrole
role_of(const char *name)
{
	static const struct {
		const char *end;
		enum simrole role;
	} roles[] = {
		{ "--incoming", SIM_INCOMING },
		{ "--migratedaway", SIM_MIGRATEDAWAY },
	};
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
		size_t k = strlen(roles[i].end);

		if (n > k && strcmp(name + n - k, roles[i].end) == 0)
			return roles[i].role;
	}
	return SIM_PLAIN;
}

static void
rename_dom(struct simworld *w, struct simproc *p)
{
	struct simdom *d = take_dom(w, p, 2);
	const char *name = p->args[0];

	if (d == NULL)
		return;
	if (simdom_named(&w->hosts[p->host], name) != NULL) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c:81:"
		    "libxl__domain_rename: Domain %u:Domain with name \"%s\" "
		    "already exists.\nCan't rename domain '%u'.\n", p->domid,
		    name, p->domid);
		return;
	}
	d->role = role_of(name);
	d->name = simworld_text(w, name);
	if (d->role == SIM_PLAIN)
		w->vms[d->vm].name = d->name;
	simproc_end(p, 0);
}

/* --- mem-set ----------------------------------------------------------------- */

/* As xl's parse_mem_size_kb: MiB unless it says otherwise. */
static int64_t
parse_kb(const char *s)
{
	char *end;
	long long n = strtoll(s, &end, 10);

	if (*s < '0' || *s > '9' || n > LLONG_MAX >> 32 ||
	    (*end != '\0' && end[1] != '\0'))
		return -1;
	switch (*end) {
	case 't':
	case 'T':
		return n << 30;
	case 'g':
	case 'G':
		return n << 20;
	case '\0':
	case 'm':
	case 'M':
		return n << 10;
	case 'k':
	case 'K':
		return n;
	case 'b':
	case 'B':
		return n >> 10;
	default:
		return -1;
	}
}

static void
mem_set(struct simworld *w, struct simproc *p)
{
	struct simdom *d = take_dom(w, p, 2);
	int64_t kb;

	if (d == NULL)
		return;
	kb = parse_kb(p->args[0]);
	if (kb < 0) {
		simproc_fail(p, 3, "invalid memory size: %s\n", p->args[0]);
		return;
	}
	if (kb > d->max_kb) {
		simproc_fail(p, 1, "libxl: error: libxl_mem.c:278:"
		    "libxl_set_memory_target: Domain %u:memory_dynamic_max must "
		    "be less than or equal to memory_static_max\n\n"
		    "cannot set domid %u dynamic max memory to : %s\n",
		    p->domid, p->domid, p->args[0]);
		return;
	}
	simdom_balloon(w, p->host, d, kb);
	simproc_end(p, 0);
}

/* --- Processors -------------------------------------------------------------- */

static void
vcpu_set(struct simworld *w, struct simproc *p)
{
	bool ignore_host = false;
	struct simdom *d;
	long long n;
	int cpus = w->hosts[p->host].conf->cpus;

	while (p->args[0] != NULL &&
	    (strcmp(p->args[0], "--ignore-host") == 0 ||
	    strcmp(p->args[0], "-i") == 0)) {
		ignore_host = true;
		p->args++;
	}
	d = take_dom(w, p, 2);
	if (d == NULL)
		return;
	if (!to_number(p->args[0], &n) || n == 0) {
		simproc_fail(p, 1, "Error: Invalid argument %s as VCPU "
		    "number\n", p->args[0]);
		return;
	}
	if (n > cpus && !ignore_host) {
		simproc_fail(p, 1, "You are overcommmitting! You have %d "
		    "physical CPUs and want %lld vCPUs! Aborting, use "
		    "--ignore-host to continue\n", cpus, n);
		return;
	}
	if (n > d->vcpus_max) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c:1869:"
		    "libxl_set_vcpuonline: Domain %u:Requested %lld VCPUs, "
		    "however maxcpus is %d!: Function not implemented\n"
		    "libxl_set_vcpuonline failed domid=%u max_vcpus=%lld, "
		    "rc: -3\n", p->domid, n, d->vcpus_max, p->domid, n);
		return;
	}
	if (simdom_listens(w, d) && simdom_has_drivers(w, d))
		simdom_set_vcpus(w, p->host, d, (int)n);
	simproc_end(p, 0);
}

/* Whether all of "0-3,^2,all,node:1" is there. */
static bool
is_cpus(const char *s, int cpus)
{
	char *end;
	long last;

	for (;;) {
		if (*s == '^')
			s++;
		if (strncmp(s, "all", 3) == 0) {
			s += 3;
		} else {
			if (strncmp(s, "node", 4) == 0)
				s += strcspn(s, "0123456789,");
			if (*s < '0' || *s > '9')
				return false;
			last = strtol(s, &end, 10);
			if (*end == '-')
				last = strtol(end + 1, &end, 10);
			if (last >= cpus)
				return false;
			s = end;
		}
		if (*s == '\0')
			return true;
		if (*s++ != ',')
			return false;
	}
}

/* Where a vCPU may run changes nothing that a host tells. */
static void
vcpu_pin(struct simworld *w, struct simproc *p)
{
	struct simdom *d = take_dom(w, p, 3);
	int cpus = w->hosts[p->host].conf->cpus;
	long long n = 0;

	if (d == NULL)
		return;
	if (strcmp(p->args[0], "all") != 0 && !to_number(p->args[0], &n))
		simproc_fail(p, 1, "Error: Invalid argument %s as VCPU.\n",
		    p->args[0]);
	else if (!is_cpus(p->args[1], cpus))
		simproc_fail(p, 1, "libxl: error: libxlu_cfg.c: Invalid cpu "
		    "range: %s\n", p->args[1]);
	else if (n >= d->vcpus_max)
		simproc_fail(p, 1, "libxl: error: libxl_sched.c: Domain %u:"
		    "Setting vcpu affinity: Invalid argument\n"
		    "Could not set affinity for vcpu `%lld'.\n", p->domid, n);
	else
		simproc_end(p, 0);
}

static void
sched_credit2(struct simworld *w, struct simproc *p)
{
	long long weight = -1, cap = -1;
	struct simdom *d;
	char **dom = NULL;
	bool wrong = false;
	char c;

	while ((c = simxl_option(p, "dwc")) != '\0') {
		if (c == '?')
			return;
		if (p->args[0] == NULL)
			wrong = true;
		else if (c == 'd')
			dom = p->args;
		else if (!to_number(p->args[0], c == 'w' ? &weight : &cap))
			wrong = true;
		if (p->args[0] != NULL)
			p->args++;
	}
	if (dom == NULL || wrong) {
		simproc_fail(p, 1, "Must specify a domain.\n");
		return;
	}
	p->args = dom;
	d = take_dom(w, p, 1);
	if (d == NULL)
		return;
	if (weight == 0 || weight > 65535) {
		simproc_fail(p, 1, "libxl: error: libxl_sched.c: "
		    "sched_credit2_domain_set: Domain %u:Cpu weight out of "
		    "range, valid values are within range from 1 to 65535\n"
		    "libxl_domain_sched_params_set failed.\n", p->domid);
		return;
	}
	if (weight > 0)
		d->weight = (int)weight;
	if (cap >= 0)
		d->cap = (int)cap;
	simproc_end(p, 0);
}

/* --- trigger, sysrq ---------------------------------------------------------- */

/* Only a machine with firmware has buttons. xl tells, and ends well. */
static void
trigger(struct simworld *w, struct simproc *p)
{
	static const char *const known[] = { "nmi", "reset", "init", "power",
		"sleep", "s3resume" };
	struct simdom *d = take_dom(w, p, 2);
	size_t i = 0;

	if (d == NULL)
		return;
	while (i < sizeof known / sizeof known[0] &&
	    strcmp(known[i], p->args[0]) != 0)
		i++;
	if (i == sizeof known / sizeof known[0]) {
		simproc_fail(p, 1, "Invalid trigger \"%s\"\n", p->args[0]);
		return;
	}
	if (w->vms[d->vm].conf->type != VM_TYPE_HVM)
		simproc_print(p, "libxl: error: libxl_domain.c: "
		    "libxl_send_trigger: Domain %u:Send trigger '%s' failed: "
		    "Function not implemented\n", p->domid, p->args[0]);
	else if (simdom_runs(d) && simop_of_dom(w, p->host, p->domid) ==
	    SIM_NONE && strcmp(p->args[0], "reset") == 0)
		simdom_reset(w, p->host, d);
	else if (simdom_listens(w, d) && !w->vms[d->vm].stubborn &&
	    simop_of_dom(w, p->host, p->domid) == SIM_NONE &&
	    strcmp(p->args[0], "power") == 0)
		simdom_stop(w, p->host, d, false);
	simproc_end(p, 0);
}

static void
sysrq(struct simworld *w, struct simproc *p)
{
	struct simdom *d = take_dom(w, p, 2);
	char c;

	if (d == NULL)
		return;
	c = p->args[0][0];
	if (c == '\0' || p->args[0][1] != '\0') {
		simproc_fail(p, 1, "Invalid sysrq.\n\n");
		return;
	}
	simproc_end(p, 0);
	if (!simdom_listens(w, d) || !simdom_has_drivers(w, d) ||
	    simop_of_dom(w, p->host, p->domid) != SIM_NONE)
		return;
	if (c == 'b')
		simdom_reset(w, p->host, d);
	else if (c == 'o')
		simdom_stop(w, p->host, d, false);
	else if (c == 'c')
		simworld_crash(w, p->host, d->vm, NULL);
}

const struct simxl_command simxl_settings[] = {
	{ "rename", rename_dom },
	{ "mem-set", mem_set },
	{ "vcpu-set", vcpu_set },
	{ "vcpu-pin", vcpu_pin },
	{ "sched-credit2", sched_credit2 },
	{ "trigger", trigger },
	{ "sysrq", sysrq },
	{ NULL, NULL },
};
