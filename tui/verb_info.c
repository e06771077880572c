/* info: all that is known of one host or VM, a line each, for people and for
 * grep. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/session.h"
#include "tui/text.h"
#include "tui/verb.h"

enum { TIMEOUT_MS = 15000 };

static void
line(const char *key, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
line(const char *key, const char *fmt, ...)
{
	va_list ap;

	printf("%-14s ", key);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void
text_line(const char *key, const char *s)
{
	if (s != NULL && s[0] != '\0')
		line(key, "%s", s);
}

static void
number_line(const char *key, int64_t v, const char *unit)
{
	if (v >= 0)
		line(key, "%" PRId64 "%s", v, unit);
}

static void
percent_line(const char *key, int64_t pm)
{
	if (pm >= 0)
		line(key, "%" PRId64 ".%" PRId64 " %%", pm / 10, pm % 10);
}

static void
uptime_line(const char *key, int64_t s)
{
	char text[TEXT_MAX];

	if (s < 0)
		return;
	text_uptime(text, s);
	line(key, "%s", text);
}

/* How old the figures are, unless they are of now. */
static void
age_line(const struct session *s, const struct host *h)
{
	char text[TEXT_MAX];

	if (!h->seen || h->health == HOST_LIVE)
		return;
	text_age(text, mono_diff_ms(model_now(s->model), h->last));
	line("age", "%s", text);
}

static void
show_host(const struct session *s, const struct host *h)
{
	const struct obs_host *f = &h->facts;

	line("host", "%s", h->name);
	line("cluster", "%s", s->conf.clusters[h->cluster].name);
	line("state", "%s", host_health_name(h->health));
	age_line(s, h);
	text_line("reason", h->reason);
	text_line("transport", h->transport);
	text_line("observer", h->observer);
	text_line("note", h->note);
	text_line("hostname", f->hostname);
	text_line("xen", f->xen_version);
	text_line("kernel", f->kernel);
	text_line("capabilities", f->virt_caps);
	text_line("scheduler", f->scheduler);
	text_line("boot", f->boot_id);
	number_line("cpus", f->cpus, "");
	number_line("mhz", f->cpu_mhz, "");
	number_line("numa-nodes", f->nodes, "");
	percent_line("cpu", h->cpu_pm >= 0 && f->cpus > 0 ?
	    h->cpu_pm / f->cpus : -1);
	percent_line("dom0-cpu", h->dom0_cpu_pm);
	number_line("memory", f->mem_kb, " KiB");
	number_line("free", f->free_kb, " KiB");
	number_line("claimed", f->claimed_kb, " KiB");
	number_line("dom0-memory", h->dom0.mem_kb, " KiB");
	if (f->load_pm >= 0)
		line("load", "%d.%02d", f->load_pm / 1000,
		    f->load_pm % 1000 / 10);
	uptime_line("uptime", f->uptime_s);
	if (h->seen)
		line("vms", "%u", h->ncopies);
}

static const char *
role_name(enum copy_role r)
{
	static const char *const names[] = {
		[COPY_PLAIN] = "",
		[COPY_INCOMING] = " incoming",
		[COPY_MIGRATEDAWAY] = " migrated away",
	};

	return names[r];
}

static void
show_figures(const struct session *s, const struct vm_copy *c)
{
	int64_t now_s = model_host(s->model, c->host)->last_wall_ms / 1000;

	text_line("type", vm_type_name(c->type));
	number_line("vcpus", c->vcpus, "");
	number_line("vcpus-max", c->vcpus_max, "");
	number_line("memory", c->mem_kb, " KiB");
	if (c->maxmem_kb != INT64_MAX)
		number_line("memory-max", c->maxmem_kb, " KiB");
	percent_line("cpu", c->cpu_pm);
	number_line("net-received", c->net_rx, " B/s");
	number_line("net-sent", c->net_tx, " B/s");
	number_line("disk-read", c->disk_rd, " B/s");
	number_line("disk-written", c->disk_wr, " B/s");
	number_line("vnc-port", c->vnc_port, "");
	uptime_line("uptime", c->start_s > 0 ? now_s - c->start_s : -1);
}

static void
show_devices(const struct obs_dom *d)
{
	for (size_t i = 0; i < d->nnics; i++) {
		const struct obs_nic *n = &d->nics[i];

		line("nic", "%d mac=%s bridge=%s ip=%s", n->devid,
		    n->mac != NULL ? n->mac : "-",
		    n->bridge != NULL ? n->bridge : "-",
		    n->ip != NULL ? n->ip : "-");
	}
	for (size_t i = 0; i < d->ndisks; i++) {
		const struct obs_disk *k = &d->disks[i];

		line("disk", "%s %s %s", k->vdev != NULL ? k->vdev : "-",
		    k->target != NULL ? k->target : "-",
		    k->readonly ? "read-only" : "writable");
	}
}

static void
show_vm(const struct session *s, const struct vm *vm)
{
	static const char *const conflicts[] = {
		[CONFLICT_NONE] = NULL,
		[CONFLICT_UUID] = "two live domains claim its UUID",
		[CONFLICT_MAYBE] = "two domains claim its UUID, one on a host "
		    "that does not answer",
		[CONFLICT_NAME] = "another VM of the cluster runs by this name",
	};
	const struct vm_copy *c = vm_main(vm);
	char uuid[UUID_STR];

	uuid_format(uuid, &vm->uuid);
	line("vm", "%s", vm->name);
	if (!uuid_is_nil(&vm->uuid))
		line("uuid", "%s", uuid);
	line("cluster", "%s", s->conf.clusters[vm->cluster].name);
	line("state", "%s%s", vm_state_name(vm->state),
	    model_vm_stale(s->model, vm) ? " (its host does not answer)" : "");
	if (vm->host != MODEL_NONE)
		age_line(s, model_host(s->model, vm->host));
	text_line("conflict", conflicts[vm->conflict]);
	for (size_t i = 0; i < vm->ncopies; i++)
		line("domain", "%u on %s%s", vm->copies[i].domid,
		    s->conf.hosts[vm->copies[i].host].name,
		    role_name(vm->copies[i].role));
	if (vm->conf != NULL) {
		number_line("priority", vm->conf->priority, "");
		text_line("home", vm->conf->home);
		text_line("description", vm->conf->description);
	}
	if (c != NULL) {
		show_figures(s, c);
		show_devices(&vm->detail);
	} else {
		number_line("vcpus", vm->def_vcpus, "");
		number_line("memory", vm->def_mem_kb, " KiB");
	}
}

/* Shows every host and VM of that name or UUID; returns how many. */
static size_t
show(const struct session *s, const char *name)
{
	size_t n = 0;

	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		if (strcmp(s->conf.hosts[i].name, name) != 0)
			continue;
		show_host(s, model_host(s->model, i));
		n++;
	}
	for (size_t i = 0; i < model_nvms(s->model); i++) {
		const struct vm *vm = model_vm_at(s->model, i);
		char uuid[UUID_STR];

		uuid_format(uuid, &vm->uuid);
		if (strcmp(vm->name, name) != 0 && strcmp(uuid, name) != 0)
			continue;
		if (n++ > 0)
			putchar('\n');
		show_vm(s, vm);
	}
	return n;
}

int
info_session(struct session *s, int argc, char **argv)
{
	size_t found, missing;

	if (argc != 2 || argv[1][0] == '-')
		return verb_usage(&verb_info, "one name is wanted");
	session_gather(s, TIMEOUT_MS);
	found = show(s, argv[1]);
	missing = session_complain(s);
	if (found == 0) {
		fprintf(stderr, "xendeck: no host or VM is called '%s'%s\n",
		    argv[1], missing != 0 ? " on the hosts that answered" : "");
		return missing != 0 ? ERR_UNREACHABLE : ERR_FAILED;
	}
	return missing != 0 ? ERR_UNREACHABLE : ERR_NONE;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, info_session);
}

const struct verb verb_info = {
	.name = "info",
	.args = "NAME",
	.help = "all that is known of one host or VM (name or UUID)",
	.run = run,
};
