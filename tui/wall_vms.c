/* The VMs in a tile: what is wrong first, then the busiest, in as many columns
 * as there is room for. One that runs twice is in both hosts' tiles, each with
 * what it does there. */
#include "tui/wall_int.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/mem.h"
#include "tui/text.h"

enum { STATE_W = 9, CPU_W = 6, MEM_W = 6, GAP = 3 };
/* Least columns for each VM with all figures; without its state and memory. */
enum { FULL_W = 12 + STATE_W + CPU_W + MEM_W + 2, SHORT_W = 26 };

struct wall_vm {
	const struct vm *vm;
	const struct vm_copy *copy; /* the domain on this host */
	bool bad;
};

static bool
is_bad(const struct vm *vm)
{
	return vm->conflict != CONFLICT_NONE || vm->state == VM_CRASHED;
}

/* Where several are on one host, as in a migration to itself, the main one. */
static const struct vm_copy *
copy_on(const struct vm *vm, uint32_t host)
{
	const struct vm_copy *found = NULL;

	for (size_t i = 0; i < vm->ncopies; i++)
		if (vm->copies[i].host == host &&
		    (found == NULL || i == vm->main))
			found = &vm->copies[i];
	return found;
}

static int
compare(const void *p, const void *q)
{
	const struct wall_vm *a = p, *b = q;
	int names;

	if (a->bad != b->bad)
		return a->bad ? -1 : 1;
	if (a->copy->cpu_pm != b->copy->cpu_pm)
		return a->copy->cpu_pm > b->copy->cpu_pm ? -1 : 1;
	names = strcmp(a->vm->name, b->vm->name);
	return names != 0 ? names :
	    (a->vm->id > b->vm->id) - (a->vm->id < b->vm->id);
}

/* What was so when its host was last heard of may be otherwise now. */
static void
state_word(char *out, size_t size, const struct vm *vm, bool old)
{
	const char *word = vm->state == VM_CRASHED ? "CRASHED" :
	    vm_state_name(vm->state);

	switch (vm->conflict) {
	case CONFLICT_UUID:
		word = "TWICE";
		break;
	case CONFLICT_MAYBE:
		word = "TWICE?";
		break;
	case CONFLICT_NAME:
		word = "2 NAMES";
		break;
	case CONFLICT_NONE:
		break;
	}
	snprintf(out, size, "%s%s", word,
	    old && vm->conflict == CONFLICT_NONE ? "?" : "");
}

static void
draw_titles(struct canvas *c, int x, int y, int w)
{
	canvas_text(c, x, y, w, STYLE_LABEL, "VM");
	if (w < FULL_W) {
		canvas_right(c, x, y, w, STYLE_LABEL, "CPU%");
		return;
	}
	w -= MEM_W;
	canvas_right(c, x + w, y, MEM_W, STYLE_LABEL, "MEM");
	w -= CPU_W;
	canvas_right(c, x + w, y, CPU_W, STYLE_LABEL, "CPU%");
	w -= STATE_W + 1;
	canvas_text(c, x + w, y, STATE_W, STYLE_LABEL, "STATE");
}

static void
draw_vm(struct canvas *c, int x, int y, int w, const struct wall_vm *v,
    bool old)
{
	enum style plain = old ? STYLE_STALE : STYLE_NORMAL;
	enum style style = v->bad ? STYLE_ALARM : plain;
	char cpu[TEXT_MAX], mem[TEXT_MAX], state[16];

	state_word(state, sizeof state, v->vm, old);
	text_percent(cpu, v->copy->cpu_pm);
	text_kib(mem, v->copy->mem_kb);
	if (w >= FULL_W) {
		w -= MEM_W;
		canvas_right(c, x + w, y, MEM_W, plain, mem);
		w -= CPU_W;
		canvas_right(c, x + w, y, CPU_W, plain, cpu);
		w -= STATE_W + 1;
		canvas_text(c, x + w, y, STATE_W, v->bad ? style :
		    old ? STYLE_STALE : STYLE_FAINT, state);
	} else {
		w -= STATE_W - 1;
		canvas_right(c, x + w, y, STATE_W - 1, style, v->bad ?
		    state : cpu);
	}
	canvas_text(c, x, y, w - 1, style, v->vm->name);
}

void
wall_vms(struct canvas *c, struct rect r, const struct wall_host *h)
{
	bool old = h->host->health != HOST_LIVE, titles = r.h >= 4;
	int columns = r.w / (FULL_W + GAP), rows = r.h - titles, w;
	struct wall_vm *v = x_calloc(h->nvms + 1, sizeof *v);
	size_t n = h->nvms;

	if (columns < 1)
		columns = r.w >= 2 * SHORT_W ? r.w / SHORT_W : 1;
	if (columns > 1 && n <= (size_t)rows)
		columns = 1;
	w = (r.w + GAP) / columns - GAP;
	/* Far from its figures a name is hard to follow. */
	w = columns == 1 && w > 2 * FULL_W ? 2 * FULL_W : w;
	for (size_t i = 0; i < n; i++)
		v[i] = (struct wall_vm){ h->vms[i], copy_on(h->vms[i],
		    h->host->id), is_bad(h->vms[i]) };
	if (n > 1)
		qsort(v, n, sizeof *v, compare);
	for (int k = 0; titles && k < columns && (size_t)(k * rows) < n; k++)
		draw_titles(c, r.x + k * (w + GAP), r.y, w);
	for (size_t i = 0; i < n && i < (size_t)(rows * columns); i++)
		draw_vm(c, r.x + (int)i / rows * (w + GAP),
		    r.y + titles + (int)i % rows, w, &v[i], old);
	if (n == 0)
		canvas_text(c, r.x, r.y, r.w, STYLE_FAINT, old ?
		    "No VM ran here." : "No VM runs here.");
	x_free(v);
}
