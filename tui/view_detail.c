/* Everything that is known of one cluster or host, in full sentences where
 * something is wrong; VMs are in view_detail_vm.c. */
#include "tui/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "tui/detail_list.h"
#include "tui/graph.h"
#include "tui/rows.h"
#include "tui/text.h"

/* --- What is wrong ------------------------------------------------------------- */

static bool
host_trouble(const struct frame *f, const struct host *h, char *out,
    size_t size)
{
	const char *why = h->reason != NULL ? h->reason : "no reason given";
	char age[TEXT_MAX];

	text_age(age, mono_diff_ms(f->now, host_fine_until(h)));
	switch (h->health) {
	case HOST_LIVE:
		if (h->note == NULL)
			return false;
		snprintf(out, size, "%s: %s", h->name, h->note);
		return true;
	case HOST_WAITING:
		if (h->reason == NULL)
			return false;
		snprintf(out, size, "%s: %s", h->name, why);
		return true;
	case HOST_STALE:
		if (h->reason != NULL)
			snprintf(out, size, "%s: no figures for %s: %s",
			    h->name, age, why);
		else
			snprintf(out, size, "%s: no figures for %s, though "
			    "its link is %s", h->name, age,
			    link_state_name(h->link));
		return true;
	case HOST_DOWN:
	case HOST_REFUSED:
		snprintf(out, size, "%s: %s", h->name, why);
		return true;
	}
	return false;
}

/* "alpha and beta": where its copies are. */
static void
places(const struct frame *f, const struct vm *vm, char *out, size_t size)
{
	size_t len = 0;

	out[0] = '\0';
	for (size_t i = 0; i < vm->ncopies && len + 1 < size; i++) {
		int n = snprintf(out + len, size - len, "%s%s (domain %u)",
		    i == 0 ? "" : i + 1 == vm->ncopies ? " and " : ", ",
		    model_host(f->model, vm->copies[i].host)->name,
		    vm->copies[i].domid);

		len += n > 0 ? (size_t)n : 0;
	}
}

static bool
vm_trouble(const struct frame *f, const struct vm *vm, char *out, size_t size)
{
	char where[600];

	places(f, vm, where, sizeof where);
	switch (vm->conflict) {
	case CONFLICT_UUID:
		snprintf(out, size, "%s RUNS TWICE: %s claim its UUID. If both "
		    "write to one disk it is being destroyed: find out which "
		    "is right and destroy or pause the other, at once.",
		    vm->name, where);
		return true;
	case CONFLICT_MAYBE:
		snprintf(out, size, "%s MAY RUN TWICE: %s claim its UUID, but "
		    "the figures of one host are old. Make sure on that host "
		    "before anything is started.", vm->name, where);
		return true;
	case CONFLICT_NAME:
		snprintf(out, size, "Another VM of this cluster runs by the "
		    "name %s: one of them was copied or renamed, and xl "
		    "commands by name may hit either.", vm->name);
		return true;
	case CONFLICT_NONE:
		break;
	}
	if (vm->state != VM_CRASHED)
		return false;
	snprintf(out, size, "%s crashed; what is left of it is on %s.",
	    vm->name, where);
	return true;
}

/* What the row's state does not say: a figure over its limit, a VM that is
 * missing. */
static bool
alarm_trouble(const struct frame *f, struct row_id id, char *out, size_t size)
{
	bool is_vm = id.kind == ROW_VM;
	const struct alarm *x = NULL;

	if (f->alarms != NULL && (is_vm || id.kind == ROW_HOST))
		x = alarms_about(f->alarms, id.host,
		    is_vm ? id.id : MODEL_NONE);
	if (x != NULL)
		alarm_sentence(x, out, size);
	return x != NULL;
}

static bool
own_trouble(const struct frame *f, struct row_id id, char *out, size_t size)
{
	const struct vm *vm;

	switch (id.kind) {
	case ROW_HOST:
	case ROW_DOM0:
		return id.id < model_nhosts(f->model) && host_trouble(f,
		    model_host(f->model, id.id), out, size);
	case ROW_VM:
		vm = model_vm(f->model, id.id);
		return vm != NULL && vm_trouble(f, vm, out, size);
	case ROW_CLUSTER:
	case ROW_DORMANT:
		break;
	}
	return false;
}

/* A live host's note is the least of its troubles. */
bool
trouble_sentence(const struct frame *f, struct row_id id, char *out,
    size_t size)
{
	bool live = id.kind == ROW_HOST && id.id < model_nhosts(f->model) &&
	    model_host(f->model, id.id)->health == HOST_LIVE;

	return (live && alarm_trouble(f, id, out, size)) ||
	    own_trouble(f, id, out, size) || alarm_trouble(f, id, out, size);
}

/* --- Host ---------------------------------------------------------------------- */

static void
host_link(struct doc *d, const struct frame *f, const struct host *h)
{
	const struct conf_host *conf = &model_conf(f->model)->hosts[h->id];
	char age[TEXT_MAX];

	doc_title(d, "Link");
	text_age(age, mono_diff_ms(f->now, h->since));
	doc_factf(d, "State", "%s, link %s for %s", host_health_name(h->health),
	    link_state_name(h->link), age);
	doc_fact(d, "Reason", STYLE_WARN, h->reason);
	doc_fact(d, "Note", STYLE_WARN, h->note);
	doc_factf(d, "Address", "%s%s%s", conf->user != NULL ? conf->user : "",
	    conf->user != NULL ? "@" : "",
	    conf->address != NULL ? conf->address : h->name);
	doc_fact(d, "Transport", STYLE_NORMAL, h->transport);
	doc_fact(d, "Observer", STYLE_NORMAL, h->observer);
	if (h->link == LINK_DOWN && h->retry.ns != INT64_MAX) {
		text_age(age, mono_diff_ms(h->retry, f->now));
		doc_factf(d, "Next try", "in %s (r tries now)", age);
	}
	if (h->seen) {
		char date[TEXT_MAX];

		text_date(date, h->last_wall_ms);
		text_age(age, mono_diff_ms(f->now, h->last));
		doc_factf(d, "Last answer", "%s, %s ago", date, age);
	} else {
		doc_fact(d, "Last answer", STYLE_NORMAL, "none yet");
	}
}

static void
host_machine(struct doc *d, const struct host *h)
{
	const struct obs_host *o = &h->facts;
	char up[TEXT_MAX];

	doc_title(d, "Machine");
	doc_fact(d, "Hostname", STYLE_NORMAL, o->hostname);
	if (o->xen_version != NULL)
		doc_factf(d, "Xen", "%s%s%s", o->xen_version,
		    o->scheduler != NULL ? ", scheduler " : "",
		    o->scheduler != NULL ? o->scheduler : "");
	doc_fact(d, "Can run", STYLE_NORMAL, o->virt_caps);
	doc_fact(d, "dom0's kernel", STYLE_NORMAL, o->kernel);
	if (o->cpus > 0 && o->cpu_mhz > 0)
		doc_factf(d, "Processors", "%d at %d MHz", o->cpus,
		    o->cpu_mhz);
	else if (o->cpus > 0)
		doc_factf(d, "Processors", "%d", o->cpus);
	if (o->nodes > 0)
		doc_factf(d, "NUMA nodes", "%d", o->nodes);
	if (o->load_pm >= 0)
		doc_factf(d, "Load", "%d.%02d (dom0, 1 min)",
		    o->load_pm / 1000, o->load_pm % 1000 / 10);
	if (o->uptime_s >= 0) {
		text_uptime(up, o->uptime_s);
		doc_fact(d, "Uptime", STYLE_NORMAL, up);
	}
	doc_fact(d, "Boot id", STYLE_FAINT, o->boot_id);
}

static void
host_use(struct doc *d, const struct frame *f, const struct host *h)
{
	const struct obs_host *o = &h->facts;
	const struct sum *s = &f->rows->host[h->id];
	char all[TEXT_MAX], left[TEXT_MAX], claimed[TEXT_MAX];

	doc_title(d, "Use");
	text_mib(left, o->free_kb);
	if (o->mem_kb > 0 && o->free_kb >= 0) {
		text_part(all, host_used_kb(h), o->mem_kb);
		doc_factf(d, "Memory", "%s used, free %s", all, left);
	} else {
		text_mib(all, o->mem_kb);
		doc_factf(d, "Memory", "%s, free %s", all, left);
	}
	if (o->claimed_kb > 0) {
		text_mib(claimed, o->claimed_kb);
		doc_factf(d, "Claimed", "%s by VMs being built", claimed);
	}
	text_mib(all, h->doms_kb);
	doc_factf(d, "VMs", "%u domains with %s and %u vCPUs; %u known here",
	    h->ncopies, all, s->vcpus, s->vms);
	text_mib(all, h->dom0.mem_kb);
	text_percent(left, h->dom0_cpu_pm);
	doc_factf(d, "dom0", "%s, %d vCPUs, CPU %s%%", all, h->dom0.vcpus,
	    left);
}

static void
host_graphs(struct doc *d, const struct frame *f, const struct host *h)
{
	const struct obs_host *o = &h->facts;
	bool known = o->mem_kb >= 0 && o->free_kb >= 0;
	const struct graph graphs[GRAPHS] = {
		{ "CPU %", &h->cpu, h->cpu_pm >= 0 && o->cpus > 0 ?
		    h->cpu_pm / o->cpus : -1, 1000, text_percent, true },
		{ "Memory", &h->mem, known ? (o->mem_kb - o->free_kb) / 1024 :
		    -1, o->mem_kb / 1024, graph_mib, true },
		{ "Network B/s", &h->net, obs_sum(h->net_rx, h->net_tx), 0,
		    text_rate, false },
		{ "Disk B/s", &h->disk, obs_sum(h->disk_rd, h->disk_wr), 0,
		    text_rate, false },
	};

	doc_title(d, "History");
	graph_put(d, graphs, GRAPHS, &h->when, f->now);
}

void
detail_host(struct doc *d, const struct frame *f, uint32_t id)
{
	const struct host *h = model_host(f->model, id);

	host_link(d, f, h);
	if (!h->seen)
		return;
	if (h->health != HOST_LIVE) {
		doc_blank(d);
		doc_text(d, 1, STYLE_WARN, "What follows is old: it is how the "
		    "host was at its last answer.");
		detail_list_vms(d, f, id);
	}
	host_use(d, f, h);
	if (h->health == HOST_LIVE)
		detail_list_vms(d, f, id);
	host_graphs(d, f, h);
	host_machine(d, h);
	detail_topology(d, &h->facts);
}

void
detail_cluster(struct doc *d, const struct frame *f, uint32_t id)
{
	const struct conf_cluster *conf = &model_conf(f->model)->clusters[id];
	const struct sum *s = &f->rows->cluster[id];
	const char *of = s->live < s->hosts ? ", on live hosts" : "";
	char text[TEXT_MAX];

	doc_title(d, "Cluster");
	doc_factf(d, "VMs", "%u running, %u known", s->running, s->vms);
	if (s->unsure > 0)
		doc_factf(d, "", "%u more may run on hosts that do not answer",
		    s->unsure);
	if (s->crashed > 0) {
		char crashed[40];

		snprintf(crashed, sizeof crashed, "%u CRASHED", s->crashed);
		doc_fact(d, "", STYLE_ALARM, crashed);
	}
	text_part(text, s->used_kb, s->mem_kb);
	doc_factf(d, "Memory", "%s used%s", text, of);
	text_percent(text, s->cpus > 0 ? s->cpu_pm / s->cpus : -1);
	doc_factf(d, "Processors", "%lld, in use %s%%%s; %u vCPUs",
	    (long long)s->cpus, text, of, s->vcpus);
	if (conf->production)
		doc_fact(d, "Production", STYLE_WARN, "yes");
	if (conf->read_only)
		doc_fact(d, "Read-only", STYLE_NORMAL, "yes");
	if (conf->file != NULL)
		doc_factf(d, "Defined in", "%s:%d", conf->file, conf->line);
	detail_list_hosts(d, f, id);
}
