/* Everything that is known of one VM: where it is and was, its domains, its
 * devices, its history; and the view of details itself. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/buf.h"
#include "core/defdiff.h"
#include "tui/graph.h"
#include "tui/rows.h"
#include "tui/text.h"
#include "tui/view.h"

static const char *
host_name(const struct frame *f, uint32_t id)
{
	return id < model_nhosts(f->model) ? model_host(f->model, id)->name :
	    "nowhere";
}

static void
who(struct doc *d, const struct frame *f, const struct vm *vm)
{
	char uuid[UUID_STR];

	uuid_format(uuid, &vm->uuid);
	doc_fact(d, "Name", STYLE_HOST, vm->name);
	doc_fact(d, "UUID", STYLE_NORMAL,
	    uuid_is_nil(&vm->uuid) ? "none in its definition" : uuid);
	if (vm->conf != NULL) {
		doc_fact(d, "Description", STYLE_NORMAL, vm->conf->description);
		doc_fact(d, "Template", STYLE_NORMAL, vm->conf->template);
		if (vm->conf->priority > 0)
			doc_factf(d, "Priority", "%d", vm->conf->priority);
	}
	if (vm->home != MODEL_NONE)
		doc_factf(d, "Home", "%s%s", host_name(f, vm->home),
		    vm->ncopies > 0 && vm->home != vm->host ?
		    " (it is away from home)" : "");
	if (!vm->defined)
		doc_fact(d, "Definition", STYLE_NORMAL,
		    "none was found on any host");
}

static void
where(struct doc *d, const struct frame *f, const struct vm *vm)
{
	char age[TEXT_MAX];
	uint32_t from, to;

	doc_factf(d, "State", "%s on %s", vm_state_name(vm->state),
	    host_name(f, vm->host));
	if (vm->state == VM_MIGRATING) {
		vm_route(vm, &from, &to);
		doc_factf(d, "Migrates", "from %s to %s", host_name(f, from),
		    host_name(f, to));
	}
	if (vm->state == VM_GONE) {
		text_age(age, mono_diff_ms(f->now, vm->gone_since));
		doc_factf(d, "Gone", "%s ago: it reboots, moves, or was "
		    "stopped", age);
	}
	if (vm->host >= model_nhosts(f->model) ||
	    !model_vm_stale(f->model, vm))
		return;
	text_age(age, mono_diff_ms(f->now,
	    model_host(f->model, vm->host)->last));
	doc_fact(d, "", STYLE_WARN, "What follows is old: its host does not "
	    "answer, and the VM may run or not.");
	doc_factf(d, "Last answer", "%s ago", age);
}

static const char *
role_text(enum copy_role role)
{
	switch (role) {
	case COPY_INCOMING:
		return ", being received";
	case COPY_MIGRATEDAWAY:
		return ", was sent away";
	case COPY_PLAIN:
		break;
	}
	return "";
}

static const char *
flags_text(const struct vm_copy *c)
{
	static const char *const reasons[] = {
		[REASON_POWEROFF] = "shut down: power off",
		[REASON_REBOOT] = "shut down: reboot",
		[REASON_SUSPEND] = "suspended",
		[REASON_CRASH] = "crashed",
		[REASON_WATCHDOG] = "stopped by its watchdog",
		[REASON_SOFT_RESET] = "soft reset",
	};

	if (c->flags & DOM_DYING)
		return "being destroyed";
	if (c->flags & DOM_SHUTDOWN)
		return c->reason >= REASON_POWEROFF &&
		    c->reason <= REASON_SOFT_RESET ? reasons[c->reason] :
		    "shut down";
	if (c->flags & DOM_PAUSED)
		return "paused";
	return c->flags & DOM_RUNNING ? "running" : "running (idle)";
}

static void
copy_figures(struct doc *d, const struct vm_copy *c)
{
	char a[TEXT_MAX], b[TEXT_MAX], e[TEXT_MAX], g[TEXT_MAX];

	text_percent(a, c->cpu_pm);
	doc_factf(d, "vCPUs", "%d of %d, CPU %s%%", c->vcpus,
	    c->vcpus_max > 0 ? c->vcpus_max : c->vcpus, a);
	text_mib(a, c->mem_kb);
	text_mib(b, c->maxmem_kb);
	doc_factf(d, "Memory", "%s, at most %s", a,
	    c->maxmem_kb == INT64_MAX ? "without limit" : b);
	text_rate(a, c->net_rx);
	text_rate(b, c->net_tx);
	text_rate(e, c->disk_rd);
	text_rate(g, c->disk_wr);
	doc_factf(d, "Network", "receives %s/s, sends %s/s", a, b);
	doc_factf(d, "Disk", "reads %s/s, writes %s/s", e, g);
}

static void
copies(struct doc *d, const struct frame *f, const struct vm *vm)
{
	for (size_t i = 0; i < vm->ncopies; i++) {
		const struct vm_copy *c = &vm->copies[i];
		char title[400], date[TEXT_MAX], up[TEXT_MAX];

		snprintf(title, sizeof title, "Domain %u on %s%s", c->domid,
		    host_name(f, c->host), role_text(c->role));
		doc_title(d, title);
		doc_factf(d, "State", "%s, %s", flags_text(c),
		    vm_type_name(c->type));
		copy_figures(d, c);
		if (c->start_s >= 0) {
			int64_t s = model_uptime_s(f->model, c, f->now);

			/* By the console's clock; its host's may be wrong. */
			text_date(date, model_host(f->model,
			    c->host)->last_wall_ms - 1000 *
			    model_uptime_s(f->model, c, MONO_ZERO));
			text_uptime(up, s);
			doc_factf(d, "Started", "%s, %s ago", date, up);
		}
		if (c->vnc_port > 0)
			doc_factf(d, "VNC", "port %d", c->vnc_port);
	}
}

/* What somebody should bring in step before the VM has to start elsewhere: a
 * cluster whose hosts all have the same says nothing here. */
static void
differences(struct doc *d, const struct frame *f, const struct vm *vm)
{
	enum { SHOWN = 64 };
	struct def_place v[SHOWN];
	size_t n = def_spread(v, SHOWN, f->model, vm);

	for (size_t i = 0; i < n && i < SHOWN; i++) {
		struct def_changes c;
		struct buf keys;

		if (v[i].how != DEF_DIFFERS)
			continue;
		buf_init(&keys, TEXT_MAX);
		def_diff(&c, def_of_vm(f->model, vm, MODEL_NONE), v[i].def);
		for (size_t k = 0; k < c.n; k++)
			buf_printf(&keys, "%s%s", k > 0 ? ", " : "",
			    c.v[k].key);
		doc_factf(d, "Differs", "on %s: %s", host_name(f, v[i].host),
		    keys.len != 0 ? keys.p : "in much");
		def_changes_free(&c);
		buf_free(&keys);
	}
}

static void
definition(struct doc *d, const struct frame *f, const struct vm *vm)
{
	char mem[TEXT_MAX];

	if (!vm->defined)
		return;
	doc_title(d, "Definition");
	if (vm->def_path != NULL)
		doc_factf(d, "File", "%s on %s", vm->def_path,
		    host_name(f, vm->def_host));
	text_mib(mem, vm->def_mem_kb);
	doc_fact(d, "Memory", STYLE_NORMAL, mem);
	if (vm->def_vcpus >= 0)
		doc_factf(d, "vCPUs", "%d", vm->def_vcpus);
	doc_fact(d, "Type", STYLE_NORMAL, vm_type_name(vm->def_type));
	differences(d, f, vm);
}

static void
graphs(struct doc *d, const struct frame *f, const struct vm *vm)
{
	const struct vm_copy *c = vm_main(vm);
	struct graph g[GRAPHS] = {
		{ "CPU %", &vm->cpu, -1, 1000, text_percent, true },
		{ "Memory", &vm->mem, -1, 0, graph_mib, false },
		{ "Network B/s", &vm->net, -1, 0, text_rate, false },
		{ "Disk B/s", &vm->disk, -1, 0, text_rate, false },
	};

	if (c == NULL)
		return;
	g[0].now = c->cpu_pm;
	g[0].full = c->vcpus > 0 ? (int64_t)c->vcpus * 1000 : 1000;
	g[1].now = c->mem_kb >= 0 ? c->mem_kb / 1024 : -1;
	if (c->maxmem_kb > 0 && c->maxmem_kb < INT64_MAX)
		g[1].full = c->maxmem_kb / 1024;
	g[2].now = obs_sum(c->net_rx, c->net_tx);
	g[3].now = obs_sum(c->disk_rd, c->disk_wr);
	doc_title(d, "History");
	graph_put(d, g, GRAPHS, &model_host(f->model, c->host)->when, f->now);
}

/* What happened to it, or to its host. */
static void
events(struct doc *d, const struct frame *f, uint32_t host, uint32_t vm)
{
	const struct log_entry *e;
	int shown = 0;

	for (size_t i = 0; shown < 20 && (e = model_log(f->model, i)) != NULL;
	     i++) {
		char when[TEXT_MAX];

		if (vm != MODEL_NONE ? e->vm != vm : e->host != host)
			continue;
		if (shown++ == 0)
			doc_title(d, "What happened, the newest first");
		text_when(when, e->wall_ms, f->wall_ms);
		doc_fact(d, when, e->level == NOTE_ALARM ? STYLE_ALARM :
		    e->level == NOTE_WARNING ? STYLE_WARN : STYLE_NORMAL,
		    e->text);
	}
	if (shown > 0)
		doc_text(d, 1, STYLE_FAINT, "L shows everything.");
}

static void
detail_vm(struct doc *d, const struct frame *f, struct row_id id)
{
	const struct vm *vm = model_vm(f->model, id.id);

	if (vm == NULL) {
		doc_text(d, 1, STYLE_NORMAL, "This VM is not known any more: "
		    "it has no domain and no definition on any host that "
		    "answers.");
		return;
	}
	doc_title(d, "VM");
	who(d, f, vm);
	where(d, f, vm);
	detail_jobs(d, f, vm);
	copies(d, f, vm);
	graphs(d, f, vm);
	detail_devices(d, &vm->detail);
	definition(d, f, vm);
}

/* --- The view --------------------------------------------------------------------- */

static void
detail_build(struct doc *d, const struct frame *f, const struct layer *l)
{
	char wrong[1600];

	if (trouble_sentence(f, l->about, wrong, sizeof wrong)) {
		doc_text(d, 1, l->about.kind == ROW_VM ? STYLE_ALARM :
		    STYLE_WARN, wrong);
	}
	switch (l->about.kind) {
	case ROW_CLUSTER:
		detail_cluster(d, f, l->about.id);
		break;
	case ROW_HOST:
	case ROW_DOM0:
		detail_host(d, f, l->about.id);
		events(d, f, l->about.id, MODEL_NONE);
		break;
	case ROW_VM:
		detail_vm(d, f, l->about);
		events(d, f, MODEL_NONE, l->about.id);
		break;
	case ROW_DORMANT:
		detail_dormant(d, f, l->about);
		break;
	}
}

static void
detail_title(char *out, size_t size, const struct frame *f,
    const struct layer *l)
{
	const struct vm *vm;

	switch (l->about.kind) {
	case ROW_CLUSTER:
		snprintf(out, size, "Cluster %s",
		    model_conf(f->model)->clusters[l->about.id].name);
		break;
	case ROW_HOST:
	case ROW_DOM0:
		snprintf(out, size, "Host %s", host_name(f, l->about.id));
		break;
	case ROW_VM:
		vm = model_vm(f->model, l->about.id);
		snprintf(out, size, "VM %s", vm != NULL ? vm->name : "");
		break;
	case ROW_DORMANT:
		snprintf(out, size, "Dormant VMs%s%s",
		    l->about.host < model_nhosts(f->model) ? " of " : "",
		    l->about.host < model_nhosts(f->model) ?
		    host_name(f, l->about.host) : "");
		break;
	}
}

const struct view view_detail = {
	.name = "details",
	.ctx = CTX_DETAIL,
	.build = detail_build,
	.title = detail_title,
};
