/* Dormant VMs that are folded into one row: what they are and would need. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/rows.h"
#include "tui/text.h"
#include "tui/view.h"

static int
by_name(const void *a, const void *b)
{
	const struct vm *x = *(const struct vm *const *)a;
	const struct vm *y = *(const struct vm *const *)b;
	int d = strcmp(x->name != NULL ? x->name : "",
	    y->name != NULL ? y->name : "");

	return d != 0 ? d : (x->id > y->id) - (x->id < y->id);
}

static void
line(struct doc *d, const struct vm *vm)
{
	char mem[TEXT_MAX], text[600];

	text_kib(mem, vm->def_mem_kb);
	if (vm->def_vcpus < 0)
		snprintf(text, sizeof text, "%s     -  %s", mem,
		    vm->name != NULL ? vm->name : "");
	else
		snprintf(text, sizeof text, "%s  %4d  %s", mem, vm->def_vcpus,
		    vm->name != NULL ? vm->name : "");
	doc_text(d, 1, STYLE_NORMAL, text);
}

void
detail_dormant(struct doc *d, const struct frame *f, struct row_id group)
{
	const struct vm **v = x_calloc(model_nvms(f->model) + 1, sizeof *v);
	int64_t mem = 0, vcpus = 0;
	char text[TEXT_MAX];
	size_t n = 0;

	for (size_t i = 0; i < model_nvms(f->model); i++) {
		const struct vm *vm = model_vm_at(f->model, i);

		if (!rows_dormant_has(f->model, group, vm))
			continue;
		v[n++] = vm;
		mem += vm->def_mem_kb > 0 ? vm->def_mem_kb : 0;
		vcpus += vm->def_vcpus > 0 ? vm->def_vcpus : 0;
	}
	qsort(v, n, sizeof *v, by_name);
	doc_factf(d, "VMs", "%zu", n);
	text_kib(text, mem);
	doc_factf(d, "together", "%s of memory, %lld vCPUs",
	    text + strspn(text, " "), (long long)vcpus);
	doc_blank(d);
	doc_text(d, 1, STYLE_LABEL, " MEM  vCPU  NAME");
	for (size_t i = 0; i < n; i++)
		line(d, v[i]);
	x_free(v);
}
