/* list: hosts or VMs as a table for people and pipes, or as the lines of a
 * recording for programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/units.h"
#include "core/utf8.h"
#include "tui/filter.h"
#include "tui/session.h"
#include "tui/text.h"
#include "tui/verb.h"

enum { COLUMNS_MAX = 12, TIMEOUT_MS = 15000 };

struct args {
	bool hosts, json;
	int64_t timeout_ms;
	struct filter filter;
};

/* --- A table of texts ----------------------------------------------------- */

struct sheet {
	char *(*rows)[COLUMNS_MAX];
	size_t n, cap;
	size_t ncolumns;
};

static void
sheet_add(struct sheet *t, const char *const cells[])
{
	t->rows = x_grow(t->rows, t->n, &t->cap, sizeof *t->rows);
	for (size_t i = 0; i < t->ncolumns; i++)
		t->rows[t->n][i] = x_strdup(cells[i]);
	t->n++;
}

/* The first `left` columns are aligned left. */
static void
sheet_print(const struct sheet *t, size_t left)
{
	int width[COLUMNS_MAX] = { 0 };

	for (size_t r = 0; r < t->n; r++)
		for (size_t i = 0; i < t->ncolumns; i++) {
			int w = utf8_columns(t->rows[r][i]);

			if (w > width[i])
				width[i] = w;
		}
	for (size_t r = 0; r < t->n; r++) {
		for (size_t i = 0; i < t->ncolumns; i++) {
			int pad = width[i] - utf8_columns(t->rows[r][i]);
			bool last = i + 1 == t->ncolumns;

			if (i < left)
				printf("%s%*s", t->rows[r][i], last ? 0 : pad,
				    "");
			else
				printf("%*s%s", pad, "", t->rows[r][i]);
			fputs(last ? "\n" : "  ", stdout);
		}
	}
}

static void
sheet_free(struct sheet *t)
{
	for (size_t r = 0; r < t->n; r++)
		for (size_t i = 0; i < t->ncolumns; i++)
			x_free(t->rows[r][i]);
	x_free(t->rows);
}

/* --- VMs ------------------------------------------------------------------ */

static bool
vm_matches(const struct session *s, const struct filter *f,
    const struct vm *vm)
{
	char uuid[UUID_STR];

	uuid_format(uuid, &vm->uuid);
	return filter_in(f, vm->name, NULL, NULL) ||
	    filter_in(f, uuid, NULL, NULL) ||
	    filter_in(f, s->conf.hosts[vm->host].name, NULL, NULL);
}

static int
by_place(const void *a, const void *b)
{
	const struct vm *x = *(const struct vm *const *)a;
	const struct vm *y = *(const struct vm *const *)b;
	int c;

	if (x->host != y->host)
		return x->host < y->host ? -1 : 1;
	c = strcmp(x->name, y->name);
	return c != 0 ? c : uuid_cmp(&x->uuid, &y->uuid);
}

static void
vm_state_text(char *out, size_t size, const struct session *s,
    const struct vm *vm)
{
	static const char *const conflicts[] = {
		[CONFLICT_NONE] = "",
		[CONFLICT_UUID] = " TWICE!",
		[CONFLICT_MAYBE] = " twice?",
		[CONFLICT_NAME] = " same-name",
	};
	const struct host *h = model_host(s->model, vm->host);
	char age[TEXT_MAX];

	snprintf(out, size, "%s%s", vm_state_name(vm->state),
	    conflicts[vm->conflict]);
	if (vm->ncopies != 0 && model_vm_stale(s->model, vm)) {
		size_t n = strlen(out);

		text_age(age, mono_diff_ms(model_now(s->model), h->last));
		snprintf(out + n, size - n, " (%s ago)", age);
	}
}

static void
add_vm(struct sheet *t, const struct session *s, const struct vm *vm)
{
	const struct vm_copy *c = vm_main(vm);
	char state[96], cpu[TEXT_MAX], mem[TEXT_MAX], vcpus[TEXT_MAX];
	char rx[TEXT_MAX], tx[TEXT_MAX], rd[TEXT_MAX], wr[TEXT_MAX];
	char up[TEXT_MAX];
	int64_t wall_s = model_host(s->model, vm->host)->last_wall_ms / 1000;
	int vcpu_count = c != NULL ? c->vcpus : vm->def_vcpus;

	vm_state_text(state, sizeof state, s, vm);
	text_percent(cpu, c != NULL ? c->cpu_pm : -1);
	text_kib(mem, c != NULL ? c->mem_kb : vm->def_mem_kb);
	snprintf(vcpus, sizeof vcpus, vcpu_count >= 0 ? "%d" : "-", vcpu_count);
	text_rate(rx, c != NULL ? c->net_rx : -1);
	text_rate(tx, c != NULL ? c->net_tx : -1);
	text_rate(rd, c != NULL ? c->disk_rd : -1);
	text_rate(wr, c != NULL ? c->disk_wr : -1);
	text_uptime(up, c != NULL && c->start_s > 0 ? wall_s - c->start_s : -1);
	sheet_add(t, (const char *[]){ vm->name, s->conf.hosts[vm->host].name,
		state, cpu, mem, vcpus, rx, tx, rd, wr, up });
}

static size_t
list_vms(const struct session *s, const struct filter *f)
{
	struct sheet t = { .ncolumns = 11 };
	const struct vm **all = x_calloc(model_nvms(s->model), sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < model_nvms(s->model); i++) {
		const struct vm *vm = model_vm_at(s->model, i);

		if (vm_matches(s, f, vm))
			all[n++] = vm;
	}
	qsort(all, n, sizeof(const struct vm *), by_place);
	sheet_add(&t, (const char *[]){ "VM", "HOST", "STATE", "CPU%", "MEM",
		"VCPU", "RX/s", "TX/s", "READ/s", "WRITE/s", "UPTIME" });
	for (size_t i = 0; i < n; i++)
		add_vm(&t, s, all[i]);
	sheet_print(&t, 3);
	sheet_free(&t);
	x_free(all);
	return n;
}

/* --- Hosts ---------------------------------------------------------------- */

static void
host_state_text(char *out, size_t size, const struct session *s,
    const struct host *h)
{
	char age[TEXT_MAX];

	if (h->health == HOST_LIVE || !h->seen) {
		snprintf(out, size, "%s", host_health_name(h->health));
		return;
	}
	text_age(age, mono_diff_ms(model_now(s->model), h->last));
	snprintf(out, size, "%s (%s ago)", host_health_name(h->health), age);
}

static void
add_host(struct sheet *t, const struct session *s, const struct host *h)
{
	const struct obs_host *f = &h->facts;
	char state[64], via[64], cpus[TEXT_MAX], cpu[TEXT_MAX];
	char mem[TEXT_MAX], vms[TEXT_MAX], up[TEXT_MAX];

	host_state_text(state, sizeof state, s, h);
	snprintf(via, sizeof via, "%s/%s",
	    h->observer != NULL ? h->observer : "-",
	    h->transport != NULL ? h->transport : "-");
	snprintf(cpus, sizeof cpus, f->cpus >= 0 ? "%d" : "-", f->cpus);
	text_percent(cpu, h->cpu_pm >= 0 && f->cpus > 0 ?
	    h->cpu_pm / f->cpus : -1);
	text_of(mem, f->mem_kb >= 0 && f->free_kb >= 0 ?
	    f->mem_kb - f->free_kb : -1, f->mem_kb);
	snprintf(vms, sizeof vms, "%u", h->ncopies);
	text_uptime(up, f->uptime_s);
	sheet_add(t, (const char *[]){ h->name,
		s->conf.clusters[h->cluster].name, state, via,
		f->xen_version != NULL ? f->xen_version : "-", cpus, cpu, mem,
		h->seen ? vms : "-", up });
}

static size_t
list_hosts(const struct session *s, const struct filter *f)
{
	struct sheet t = { .ncolumns = 10 };
	size_t n = 0;

	sheet_add(&t, (const char *[]){ "HOST", "CLUSTER", "STATE", "VIA",
		"XEN", "CPUS", "CPU%", "MEMORY", "VMS", "UPTIME" });
	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);

		if (!filter_in(f, h->name, NULL, NULL) &&
		    !filter_in(f, s->conf.clusters[h->cluster].name, NULL,
		    NULL))
			continue;
		add_host(&t, s, h);
		n++;
	}
	sheet_print(&t, 5);
	sheet_free(&t);
	return n;
}

/* --- JSON ----------------------------------------------------------------- */

/* Leaves in o only what was asked for; dom0 stays, being the host itself. */
static void
narrow(struct obs *o, const struct session *s, const struct args *a,
    uint32_t host)
{
	bool all = filter_in(&a->filter, s->conf.hosts[host].name, NULL, NULL);
	size_t n = 0;

	for (size_t i = 0; i < o->ndoms; i++) {
		const struct obs_dom *d = &o->doms[i];
		char uuid[UUID_STR];

		uuid_format(uuid, &d->uuid);
		if (d->domid == 0 || (!a->hosts && (all ||
		    filter_in(&a->filter, uuid, NULL, NULL) ||
		    (d->name != NULL &&
		    filter_in(&a->filter, d->name, NULL, NULL)))))
			o->doms[n++] = *d;
	}
	o->ndoms = n;
	if (a->hosts)
		o->ndefs = 0;
}

/* The figures with the time when they came, then what became of the link: in
 * this order a host that is lost stays lost when the lines are read again. */
static int
add_json_host(struct recorder *r, struct session *s, const struct args *a,
    uint32_t host, struct err *err)
{
	const struct host *h = model_host(s->model, host);
	struct event obs = {
		.type = EVENT_OBS,
		.host = host,
		.at = h->last,
		.wall_ms = h->last_wall_ms,
		.u.obs = &s->last[host],
	};
	struct event link = {
		.type = EVENT_LINK,
		.host = host,
		.at = model_now(s->model),
		.wall_ms = loop_wall_ms(),
		.u.link = {
			.state = h->link,
			.reason = h->reason,
			.transport = h->transport,
			.observer = h->observer,
			.note = h->note,
			.retry = MONO_NEVER,
		},
	};

	if (h->seen) {
		narrow(&s->last[host], s, a, host);
		if (recorder_add(r, &obs, err) != 0)
			return -1;
	}
	return recorder_add(r, &link, err);
}

static struct mono
oldest_news(const struct session *s)
{
	struct mono oldest = model_now(s->model);

	for (uint32_t i = 0; i < s->conf.nhosts; i++) {
		const struct host *h = model_host(s->model, i);

		if (h->seen)
			mono_lower(&oldest, h->last);
	}
	return oldest;
}

static int
list_json(struct session *s, const struct args *a)
{
	struct err err = { 0 };
	struct recorder *r = recorder_open("-", &s->conf, oldest_news(s),
	    loop_wall_ms(), &err);
	int rc = r != NULL ? 0 : -1;

	for (uint32_t i = 0; rc == 0 && i < s->conf.nhosts; i++)
		rc = add_json_host(r, s, a, i, &err);
	if (r != NULL)
		recorder_close(r, &err);
	return rc == 0 ? ERR_NONE : verb_fail(&err);
}

/* --- The verb ------------------------------------------------------------- */

static int
parse_args(struct args *a, int argc, char **argv)
{
	const char *text = "";
	int i = 1;

	*a = (struct args){ .timeout_ms = TIMEOUT_MS };
	if (i < argc && strcmp(argv[i], "hosts") == 0) {
		a->hosts = true;
		i++;
	} else if (i < argc && strcmp(argv[i], "vms") == 0) {
		i++;
	}
	for (; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0) {
			a->json = true;
		} else if (strcmp(argv[i], "--timeout") == 0 && i + 1 < argc) {
			if (units_parse_ms(&a->timeout_ms, argv[++i]) != 0 ||
			    a->timeout_ms <= 0)
				return verb_usage(&verb_list,
				    "'%s' is no time such as 10s", argv[i]);
		} else if (argv[i][0] == '-' || text[0] != '\0') {
			return verb_usage(&verb_list, "'%s' is not understood",
			    argv[i]);
		} else {
			text = argv[i];
		}
	}
	filter_parse(&a->filter, text);
	return 0;
}

int
list_session(struct session *s, int argc, char **argv)
{
	struct args a;
	size_t missing;
	int rc = parse_args(&a, argc, argv);

	if (rc != 0)
		return rc;
	if (a.json)
		session_keep_last(s);
	session_gather(s, a.timeout_ms);
	if (a.json)
		rc = list_json(s, &a);
	else if (a.hosts)
		list_hosts(s, &a.filter);
	else
		list_vms(s, &a.filter);
	missing = session_complain(s);
	if (rc == ERR_NONE && missing != 0)
		rc = ERR_UNREACHABLE;
	return rc;
}

static int
run(const struct verb_ctx *ctx, int argc, char **argv)
{
	return session_verb(ctx, argc, argv, list_session);
}

const struct verb verb_list = {
	.name = "list",
	.args = "[hosts|vms] [--json] [--timeout TIME] [FILTER]",
	.help = "hosts or VMs with their figures of this moment",
	.run = run,
};
