/* All that is known of one host or VM as text, a line for each fact, for people
 * and for grep. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tui/report.h"
#include "tui/text.h"

static void
line(struct buf *out, const char *key, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
line(struct buf *out, const char *key, const char *fmt, ...)
{
	char text[4096];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_printf(out, "%-14s %s\n", key, text);
}

static void
text_line(struct buf *out, const char *key, const char *s)
{
	if (s != NULL && s[0] != '\0')
		line(out, key, "%s", s);
}

static void
number_line(struct buf *out, const char *key, int64_t v, const char *unit)
{
	if (v >= 0)
		line(out, key, "%" PRId64 "%s", v, unit);
}

static void
percent_line(struct buf *out, const char *key, int64_t pm)
{
	if (pm >= 0)
		line(out, key, "%" PRId64 ".%" PRId64 " %%", pm / 10, pm % 10);
}

static void
uptime_line(struct buf *out, const char *key, int64_t s)
{
	char text[TEXT_MAX];

	if (s < 0)
		return;
	text_uptime(text, s);
	line(out, key, "%s", text);
}

/* How old the figures are, unless they are of now. */
static void
age_line(struct buf *out, const struct model *m, const struct host *h)
{
	char text[TEXT_MAX];

	if (!h->seen || h->health == HOST_LIVE)
		return;
	text_age(text, mono_diff_ms(model_now(m), h->last));
	line(out, "age", "%s", text);
}

static void
show_topology(struct buf *out, const struct obs_host *f)
{
	number_line(out, "sockets", f->sockets, "");
	number_line(out, "cores", f->cores_per_socket, " per socket");
	number_line(out, "threads", f->threads_per_core, " per core");
	for (size_t i = 0; i < f->nnuma; i++) {
		const struct obs_node *n = &f->numa[i];

		line(out, "numa-node", "%d cpus=%s memory=%lldMiB free=%lldMiB",
		    n->id, n->cpus != NULL ? n->cpus : "-",
		    (long long)(n->mem_kb >= 0 ? n->mem_kb / 1024 : -1),
		    (long long)(n->free_kb >= 0 ? n->free_kb / 1024 : -1));
	}
	for (size_t i = 0; i < f->npools; i++) {
		const struct obs_pool *p = &f->pools[i];

		line(out, "cpu-pool", "%s cpus=%s scheduler=%s domains=%d",
		    p->name != NULL ? p->name : "-",
		    p->cpus != NULL ? p->cpus : "-",
		    p->scheduler != NULL ? p->scheduler : "-", p->doms);
	}
}

static void
show_host(struct buf *out, const struct model *m, const struct host *h)
{
	const struct obs_host *f = &h->facts;

	line(out, "host", "%s", h->name);
	line(out, "cluster", "%s", model_conf(m)->clusters[h->cluster].name);
	line(out, "state", "%s", host_health_name(h->health));
	age_line(out, m, h);
	text_line(out, "reason", h->reason);
	text_line(out, "transport", h->transport);
	text_line(out, "observer", h->observer);
	text_line(out, "note", h->note);
	text_line(out, "hostname", f->hostname);
	text_line(out, "xen", f->xen_version);
	text_line(out, "kernel", f->kernel);
	text_line(out, "capabilities", f->virt_caps);
	text_line(out, "scheduler", f->scheduler);
	text_line(out, "boot", f->boot_id);
	number_line(out, "cpus", f->cpus, "");
	number_line(out, "mhz", f->cpu_mhz, "");
	number_line(out, "numa-nodes", f->nodes, "");
	percent_line(out, "cpu", h->cpu_pm >= 0 && f->cpus > 0 ?
	    h->cpu_pm / f->cpus : -1);
	percent_line(out, "dom0-cpu", h->dom0_cpu_pm);
	number_line(out, "memory", f->mem_kb, " KiB");
	number_line(out, "free", f->free_kb, " KiB");
	number_line(out, "claimed", f->claimed_kb, " KiB");
	number_line(out, "dom0-memory", h->dom0.mem_kb, " KiB");
	if (f->load_pm >= 0)
		line(out, "load", "%d.%02d", f->load_pm / 1000,
		    f->load_pm % 1000 / 10);
	uptime_line(out, "uptime", f->uptime_s);
	if (h->seen)
		line(out, "vms", "%u", h->ncopies);
	show_topology(out, f);
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
show_figures(struct buf *out, const struct model *m, const struct vm_copy *c)
{
	text_line(out, "type", vm_type_name(c->type));
	number_line(out, "vcpus", c->vcpus, "");
	number_line(out, "vcpus-max", c->vcpus_max, "");
	number_line(out, "memory", c->mem_kb, " KiB");
	if (c->maxmem_kb != INT64_MAX)
		number_line(out, "memory-max", c->maxmem_kb, " KiB");
	percent_line(out, "cpu", c->cpu_pm);
	number_line(out, "net-received", c->net_rx, " B/s");
	number_line(out, "net-sent", c->net_tx, " B/s");
	number_line(out, "disk-read", c->disk_rd, " B/s");
	number_line(out, "disk-written", c->disk_wr, " B/s");
	number_line(out, "vnc-port", c->vnc_port, "");
	uptime_line(out, "uptime", c->start_s > 0 ?
	    model_uptime_s(m, c, model_now(m)) : -1);
}

static void
show_devices(struct buf *out, const struct obs_dom *d)
{
	for (size_t i = 0; i < d->nnics; i++) {
		const struct obs_nic *n = &d->nics[i];

		line(out, "nic", "%d mac=%s bridge=%s ip=%s", n->devid,
		    n->mac != NULL ? n->mac : "-",
		    n->bridge != NULL ? n->bridge : "-",
		    n->ip != NULL ? n->ip : "-");
	}
	for (size_t i = 0; i < d->ndisks; i++) {
		const struct obs_disk *k = &d->disks[i];

		line(out, "disk", "%s %s %s", k->vdev != NULL ? k->vdev : "-",
		    k->target != NULL ? k->target : "-",
		    k->readonly ? "read-only" : "writable");
	}
}

static void
show_vm(struct buf *out, const struct model *m, const struct vm *vm)
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
	line(out, "vm", "%s", vm->name);
	if (!uuid_is_nil(&vm->uuid))
		line(out, "uuid", "%s", uuid);
	line(out, "cluster", "%s", model_conf(m)->clusters[vm->cluster].name);
	line(out, "state", "%s%s", vm_state_name(vm->state),
	    model_vm_stale(m, vm) ? " (its host does not answer)" : "");
	if (vm->host != MODEL_NONE)
		age_line(out, m, model_host(m, vm->host));
	text_line(out, "conflict", conflicts[vm->conflict]);
	for (size_t i = 0; i < vm->ncopies; i++)
		line(out, "domain", "%u on %s%s", vm->copies[i].domid,
		    model_conf(m)->hosts[vm->copies[i].host].name,
		    role_name(vm->copies[i].role));
	if (vm->conf != NULL) {
		number_line(out, "priority", vm->conf->priority, "");
		text_line(out, "home", vm->conf->home);
		text_line(out, "description", vm->conf->description);
	}
	if (c != NULL) {
		show_figures(out, m, c);
		show_devices(out, &vm->detail);
	} else {
		number_line(out, "vcpus", vm->def_vcpus, "");
		number_line(out, "memory", vm->def_mem_kb, " KiB");
	}
}

size_t
report_info(struct buf *out, const struct model *m, const char *name)
{
	size_t n = 0;

	for (uint32_t i = 0; i < model_conf(m)->nhosts; i++) {
		if (strcmp(model_conf(m)->hosts[i].name, name) != 0)
			continue;
		show_host(out, m, model_host(m, i));
		n++;
	}
	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);
		char uuid[UUID_STR];

		uuid_format(uuid, &vm->uuid);
		if (strcmp(vm->name, name) != 0 && strcmp(uuid, name) != 0)
			continue;
		if (n++ > 0)
			buf_puts(out, "\n");
		show_vm(out, m, vm);
	}
	return n;
}
