/* Hosts and VMs with their figures as tables of text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "core/utf8.h"
#include "tui/report.h"
#include "tui/text.h"

enum { COLUMNS_MAX = 12 };

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
sheet_print(struct buf *out, const struct sheet *t, size_t left)
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
				buf_printf(out, "%s%*s", t->rows[r][i], last ? 0 : pad,
				    "");
			else
				buf_printf(out, "%*s%s", pad, "", t->rows[r][i]);
			buf_puts(out, last ? "\n" : "  ");
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
vm_matches(const struct model *m, const struct query *q,
    const struct vm *vm)
{
	struct query_facts f;

	query_facts_vm(&f, m, vm, vm->host, vm_main(vm));
	return query_match(q, &f);
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
vm_state_text(char *out, size_t size, const struct model *m,
    const struct vm *vm)
{
	static const char *const conflicts[] = {
		[CONFLICT_NONE] = "",
		[CONFLICT_UUID] = " TWICE!",
		[CONFLICT_MAYBE] = " twice?",
		[CONFLICT_NAME] = " same-name",
	};
	const struct host *h = model_host(m, vm->host);
	char age[TEXT_MAX];

	snprintf(out, size, "%s%s", vm_state_name(vm->state),
	    conflicts[vm->conflict]);
	if (vm->ncopies != 0 && model_vm_stale(m, vm)) {
		size_t n = strlen(out);

		text_age(age, mono_diff_ms(model_now(m), h->last));
		snprintf(out + n, size - n, " (%s ago)", age);
	}
}

static void
add_vm(struct sheet *t, const struct model *m, const struct vm *vm)
{
	const struct vm_copy *c = vm_main(vm);
	char state[96], cpu[TEXT_MAX], mem[TEXT_MAX], vcpus[TEXT_MAX];
	char rx[TEXT_MAX], tx[TEXT_MAX], rd[TEXT_MAX], wr[TEXT_MAX];
	char up[TEXT_MAX];
	int vcpu_count = c != NULL ? c->vcpus : vm->def_vcpus;

	vm_state_text(state, sizeof state, m, vm);
	text_percent(cpu, c != NULL ? c->cpu_pm : -1);
	text_kib(mem, c != NULL ? c->mem_kb : vm->def_mem_kb);
	snprintf(vcpus, sizeof vcpus, vcpu_count >= 0 ? "%d" : "-", vcpu_count);
	text_rate(rx, c != NULL ? c->net_rx : -1);
	text_rate(tx, c != NULL ? c->net_tx : -1);
	text_rate(rd, c != NULL ? c->disk_rd : -1);
	text_rate(wr, c != NULL ? c->disk_wr : -1);
	text_uptime(up, c != NULL && c->start_s > 0 ?
	    model_uptime_s(m, c, model_now(m)) : -1);
	sheet_add(t, (const char *[]){ vm->name, model_conf(m)->hosts[vm->host].name,
		state, cpu, mem, vcpus, rx, tx, rd, wr, up });
}

size_t
report_vms(struct buf *out, const struct model *m, const struct query *q)
{
	struct sheet t = { .ncolumns = 11 };
	const struct vm **all = x_calloc(model_nvms(m), sizeof *all);
	size_t n = 0;

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);

		if (vm_matches(m, q, vm))
			all[n++] = vm;
	}
	qsort(all, n, sizeof(const struct vm *), by_place);
	sheet_add(&t, (const char *[]){ "VM", "HOST", "STATE", "CPU%", "MEM",
		"VCPU", "RX/s", "TX/s", "READ/s", "WRITE/s", "UPTIME" });
	for (size_t i = 0; i < n; i++)
		add_vm(&t, m, all[i]);
	sheet_print(out, &t, 3);
	sheet_free(&t);
	x_free(all);
	return n;
}

/* --- Hosts ---------------------------------------------------------------- */

static void
host_state_text(char *out, size_t size, const struct model *m,
    const struct host *h)
{
	char age[TEXT_MAX];

	if (h->health == HOST_LIVE || !h->seen) {
		snprintf(out, size, "%s", host_health_name(h->health));
		return;
	}
	text_age(age, mono_diff_ms(model_now(m), h->last));
	snprintf(out, size, "%s (%s ago)", host_health_name(h->health), age);
}

static void
add_host(struct sheet *t, const struct model *m, const struct host *h)
{
	const struct obs_host *f = &h->facts;
	char state[64], via[64], cpus[TEXT_MAX], cpu[TEXT_MAX];
	char mem[TEXT_MAX], vms[TEXT_MAX], up[TEXT_MAX];

	host_state_text(state, sizeof state, m, h);
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
		model_conf(m)->clusters[h->cluster].name, state, via,
		f->xen_version != NULL ? f->xen_version : "-", cpus, cpu, mem,
		h->seen ? vms : "-", up });
}

size_t
report_hosts(struct buf *out, const struct model *m, const struct query *q)
{
	struct sheet t = { .ncolumns = 10 };
	size_t n = 0;

	sheet_add(&t, (const char *[]){ "HOST", "CLUSTER", "STATE", "VIA",
		"XEN", "CPUS", "CPU%", "MEMORY", "VMS", "UPTIME" });
	for (uint32_t i = 0; i < model_nhosts(m); i++) {
		const struct host *h = model_host(m, i);
		struct query_facts f;

		query_facts_host(&f, m, h);
		if (!query_match(q, &f))
			continue;
		add_host(&t, m, h);
		n++;
	}
	sheet_print(out, &t, 5);
	sheet_free(&t);
	return n;
}
