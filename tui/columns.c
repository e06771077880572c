/* The columns of the home screen: what each says of a cluster, a host, its
 * dom0 and a VM. Cells that have nothing to say stay empty; "-" means that it
 * should be known and is not. */
#include <stdio.h>
#include <string.h>

#include "tui/columns.h"
#include "tui/table.h"
#include "tui/text.h"

void
column_say(struct cell_text *out, const char *s, enum style style)
{
	out->s = s;
	out->style = style;
}

struct sort_key
column_by(int64_t num)
{
	return (struct sort_key){ .num = num };
}

struct sort_key
column_by_text(const char *s)
{
	return (struct sort_key){ .num = s == NULL, .str = s };
}

/* --- Name -------------------------------------------------------------------- */

static const char *
row_name(const struct item *it)
{
	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		return model_conf(it->f->model)->
		    clusters[it->row->id.id].name;
	case ROW_HOST:
		return it->host->name;
	case ROW_DOM0:
		return "dom0";
	case ROW_DORMANT:
		return "dormant";
	case ROW_VM:
		break;
	}
	if (it->vm == NULL)
		return "";
	return it->vm->name != NULL ? it->vm->name : "(no name yet)";
}

static enum style
name_style(const struct item *it)
{
	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		return STYLE_CLUSTER;
	case ROW_HOST:
		return STYLE_HOST;
	case ROW_DOM0:
	case ROW_DORMANT:
		return it->stale ? STYLE_STALE : STYLE_FAINT;
	case ROW_VM:
		break;
	}
	if (it->vm != NULL && it->vm->conflict != CONFLICT_NONE)
		return STYLE_ALARM;
	return it->stale ? STYLE_STALE :
	    it->copy == NULL ? STYLE_FAINT : STYLE_NORMAL;
}

static void
draw_match(struct canvas *c, struct rect r, const struct item *it,
    const char *name)
{
	const struct filter *f = &it->f->ui->filter;
	char head[1024];
	size_t at, len;
	int x;

	if (f->n == 0 || (it->row->id.kind != ROW_VM &&
	    it->row->id.kind != ROW_HOST) ||
	    !query_finds(f->query, name, &at, &len) || at + len >= sizeof head)
		return;
	snprintf(head, sizeof head, "%.*s", (int)at, name);
	x = r.x + canvas_text(c, r.x, r.y, r.w, name_style(it), head);
	snprintf(head, sizeof head, "%.*s", (int)len, name + at);
	canvas_text(c, x, r.y, r.x + r.w - x, STYLE_MATCH, head);
}

static void
draw_name(struct canvas *c, struct rect r, const struct item *it)
{
	const struct row *row = it->row;
	/* Before it, a column for the mark of the selected row. */
	int indent = row->depth + 1, x = r.x + indent, w = r.w - indent, used;
	uint32_t mark = !row->folds ? ' ' : row->open ? 0x25be : 0x25b8;
	const char *name = row_name(it);
	const struct marks *marks = &it->f->ui->marks;
	bool marked = row->id.kind == ROW_VM && marks_has(marks, row->id.id);

	if (!it->f->ui->flat || row->folds || marks->n > 0) {
		canvas_put(c, x, r.y, marked ? STYLE_MATCH : STYLE_FAINT,
		    marked ? '*' : mark);
		x++;
		w--;
	}
	if (w <= 0)
		return;
	used = canvas_text(c, x, r.y, w, name_style(it), name);
	if (used < w || w > 12)
		draw_match(c, (struct rect){ x, r.y, w - 1, 1 }, it, name);
	if (row->folds && !row->open && it->sum != NULL && used + 6 <= w)
		canvas_printf(c, x + used + 1, r.y, w - used - 1, STYLE_FAINT,
		    "(%u)", it->sum->vms);
	if (row->id.kind == ROW_DORMANT)
		canvas_printf(c, x + used + 1, r.y, w - used - 1, STYLE_FAINT,
		    "(%u)", row->count);
}

static struct sort_key
key_name(const struct item *it)
{
	return (struct sort_key){ .str = it->vm->name };
}

/* --- Processor ---------------------------------------------------------------- */

static int64_t
cpu_pm(const struct item *it)
{
	int64_t cpus;

	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		return it->sum == NULL || it->sum->cpus == 0 ? -1 :
		    it->sum->cpu_pm / it->sum->cpus;
	case ROW_HOST:
		cpus = it->host->facts.cpus;
		return !it->host->seen || cpus <= 0 || it->host->cpu_pm < 0 ?
		    -1 : it->host->cpu_pm / cpus;
	case ROW_DOM0:
		return it->host->seen ? it->host->dom0_cpu_pm : -1;
	case ROW_DORMANT:
	case ROW_VM:
		break;
	}
	return it->copy != NULL ? it->copy->cpu_pm : -1;
}

/* What would be all of it. */
static int64_t
cpu_full(const struct item *it)
{
	if (it->row->id.kind == ROW_VM)
		return it->copy != NULL && it->copy->vcpus > 0 ?
		    (int64_t)it->copy->vcpus * 1000 : 1000;
	if (it->row->id.kind == ROW_DOM0)
		return it->host->dom0.vcpus > 0 ?
		    (int64_t)it->host->dom0.vcpus * 1000 : 1000;
	return 1000;
}

/* From 90 and from 70 per cent on; figures may be as large as can be. */
enum style
column_level(int64_t v, int64_t full)
{
	int64_t tenth = full / 10, rest = full % 10;

	return v >= full - tenth ? STYLE_HIGH :
	    v >= full - tenth * 3 - rest * 3 / 10 ? STYLE_MID : STYLE_LOW;
}

static void
text_cpu(const struct item *it, struct cell_text *out)
{
	int64_t pm = cpu_pm(it);
	bool high = pm >= 0 && column_level(pm, cpu_full(it)) == STYLE_HIGH;
	char text[TEXT_MAX];

	if (it->row->id.kind == ROW_VM && it->copy == NULL)
		return;
	text_percent(text, pm);
	snprintf(out->buf, sizeof out->buf, "%s%s", high ? "!" : "", text);
	column_say(out, out->buf, high ? STYLE_HIGH : STYLE_NORMAL);
}

/* Colours say what the height says, no more. */
static void
draw_spark(struct canvas *c, int x, int y, uint32_t glyph, bool stale)
{
	canvas_put(c, x, y, stale ? STYLE_STALE : glyph >= 0x2588 ? STYLE_HIGH :
	    glyph >= 0x2586 ? STYLE_MID : STYLE_LOW, glyph);
}

static void
draw_cpu_graph(struct canvas *c, struct rect r, const struct item *it)
{
	const struct history *h = NULL;
	int64_t full = 1000;

	if (it->row->id.kind == ROW_HOST && it->host->seen)
		h = &it->host->cpu;
	if (it->row->id.kind == ROW_VM && it->vm != NULL && it->copy != NULL) {
		h = &it->vm->cpu;
		full = cpu_full(it);
	}
	for (int i = 0; h != NULL && i < r.w; i++) {
		uint32_t v = history_get(h, (size_t)(r.w - 1 - i));

		if (v != HISTORY_GAP)
			draw_spark(c, r.x + i, r.y, text_spark(v, full),
			    it->stale);
	}
}

static struct sort_key
key_cpu(const struct item *it)
{
	return column_by(cpu_pm(it));
}

static void
text_vcpus(const struct item *it, struct cell_text *out)
{
	int64_t n = -1;

	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		n = it->sum != NULL ? it->sum->cpus : -1;
		break;
	case ROW_HOST:
		n = it->host->seen ? it->host->facts.cpus : -1;
		break;
	case ROW_DOM0:
		n = it->host->seen ? it->host->dom0.vcpus : -1;
		break;
	case ROW_VM:
		if (it->vm != NULL)
			n = it->copy != NULL ? it->copy->vcpus :
			    it->vm->def_vcpus;
		break;
	case ROW_DORMANT:
		break;
	}
	snprintf(out->buf, sizeof out->buf, n < 0 ? "-" : "%lld", (long long)n);
	column_say(out, out->buf, STYLE_NORMAL);
}

static struct sort_key
key_vcpus(const struct item *it)
{
	return column_by(it->copy != NULL ? it->copy->vcpus :
	    it->vm->def_vcpus);
}

/* --- Memory ------------------------------------------------------------------- */

static void
vm_memory(const struct item *it, struct cell_text *out)
{
	const struct vm_copy *c = it->copy;

	if (c == NULL)
		text_kib(out->buf, it->vm->def_mem_kb);
	else if (c->maxmem_kb > c->mem_kb + 1024 && c->maxmem_kb < INT64_MAX)
		text_of(out->buf, c->mem_kb, c->maxmem_kb);
	else
		text_kib(out->buf, c->mem_kb);
	column_say(out, out->buf, c == NULL ? STYLE_FAINT : STYLE_NORMAL);
}

static void
used_memory(struct cell_text *out, int64_t used_kb, int64_t mem_kb)
{
	char *slash;

	if (mem_kb <= 0)
		return;
	text_of(out->buf, used_kb, mem_kb);
	if (column_level(used_kb, mem_kb) != STYLE_HIGH) {
		column_say(out, out->buf, STYLE_NORMAL);
		return;
	}
	slash = strchr(out->buf, '/');
	if (slash != NULL) /* there is no room for one more */
		*slash = '!';
	column_say(out, out->buf, STYLE_WARN);
}

static void
text_memory(const struct item *it, struct cell_text *out)
{
	const struct sum *s = it->sum;

	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		if (s != NULL)
			used_memory(out, s->used_kb, s->mem_kb);
		break;
	case ROW_HOST:
		if (it->host->seen)
			used_memory(out, host_used_kb(it->host),
			    it->host->facts.mem_kb);
		break;
	case ROW_DOM0:
		text_kib(out->buf, it->host->dom0.mem_kb);
		column_say(out, out->buf, STYLE_NORMAL);
		break;
	case ROW_VM:
		if (it->vm != NULL)
			vm_memory(it, out);
		break;
	case ROW_DORMANT:
		break;
	}
}

static struct sort_key
key_memory(const struct item *it)
{
	return column_by(it->copy != NULL ? it->copy->mem_kb :
	    it->vm->def_mem_kb);
}

/* --- The registry -------------------------------------------------------------- */

const struct column table_columns[] = {
	{ .id = "name", .title = "NAME", .name = "name", .width = 12,
	    .most = 32, .left = true, .mode = COLUMN_ALWAYS,
	    .draw = draw_name, .key = key_name },
	{ .id = "state", .title = "STATE", .name = "state",
	    .width = COLUMN_STATE_W, .rank = 1, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_state, .key = column_key_state },
	{ .id = "host", .title = "HOST", .name = "host", .width = 8,
	    .most = 16, .rank = 2, .left = true, .mode = COLUMN_FLAT,
	    .text = column_host, .key = column_key_host },
	{ .id = "cluster", .title = "CLUSTER", .name = "cluster", .width = 8,
	    .most = 12, .rank = 3, .left = true, .mode = COLUMN_CLUSTERS,
	    .text = column_cluster, .key = column_key_cluster },
	{ .id = "cpu", .title = "CPU%", .name = "CPU use", .width = 5,
	    .rank = 2, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = text_cpu, .key = key_cpu },
	{ .id = "graph", .title = "CPU", .name = "CPU graph", .width = 8,
	    .most = 12, .rank = 10, .left = true, .descending = true,
	    .mode = COLUMN_ALWAYS, .draw = draw_cpu_graph, .key = key_cpu },
	{ .id = "vcpus", .title = "vCPU", .name = "vCPUs", .width = 4,
	    .rank = 6, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = text_vcpus, .key = key_vcpus },
	{ .id = "vms", .title = "VMs", .name = "VMs running/known",
	    .width = 8, .most = 9, .rank = 8, .descending = true,
	    .mode = COLUMN_TREE, .text = column_vms },
	{ .id = "memory", .title = "MEMORY", .name = "memory", .width = 9,
	    .rank = 3, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = text_memory, .key = key_memory },
	{ .id = "membar", .title = "MEM", .name = "memory bar", .width = 8,
	    .most = 12, .rank = 10, .left = true, .descending = true,
	    .mode = COLUMN_ALWAYS, .draw = column_draw_membar,
	    .key = column_key_membar },
	{ .id = "rx", .title = "rx/s", .name = "network received", .width = 4,
	    .rank = 4, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = column_rx, .key = column_key_rx },
	{ .id = "tx", .title = "tx/s", .name = "network sent", .width = 4,
	    .rank = 4, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = column_tx, .key = column_key_tx },
	{ .id = "rd", .title = "rd/s", .name = "disk read", .width = 4,
	    .rank = 7, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = column_rd, .key = column_key_rd },
	{ .id = "wr", .title = "wr/s", .name = "disk written", .width = 4,
	    .rank = 7, .descending = true, .mode = COLUMN_ALWAYS,
	    .text = column_wr, .key = column_key_wr },
	{ .id = "uptime", .title = "UPTIME", .name = "uptime", .width = 6,
	    .rank = 5, .mode = COLUMN_ALWAYS,
	    .text = column_uptime, .key = column_key_uptime },
	{ .id = "type", .title = "TYPE", .name = "type", .width = 4,
	    .rank = 11, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_type, .key = column_key_type },
	{ .id = "domid", .title = "ID", .name = "domain id", .width = 5,
	    .rank = 12, .mode = COLUMN_ALWAYS,
	    .text = column_domid, .key = column_key_domid },
	{ .id = "priority", .title = "P", .name = "priority", .width = 1,
	    .rank = 12, .mode = COLUMN_ALWAYS,
	    .text = column_priority, .key = column_key_priority },
	{ .id = "home", .title = "HOME", .name = "home host", .width = 8,
	    .most = 10, .rank = 13, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_home, .key = column_key_home },
	{ .id = "ip", .title = "ADDRESS", .name = "IP address", .width = 15,
	    .most = 22, .rank = 14, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_ip, .key = column_key_ip },
	{ .id = "mac", .title = "MAC", .name = "MAC address", .width = 17,
	    .most = 20, .rank = 17, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_mac, .key = column_key_mac },
	{ .id = "disk", .title = "DISK", .name = "first disk", .width = 12,
	    .most = 24, .rank = 18, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_disk, .key = column_key_disk },
	{ .id = "template", .title = "TEMPLATE", .name = "template",
	    .width = 10, .most = 20, .rank = 19, .left = true,
	    .mode = COLUMN_ALWAYS, .text = column_template,
	    .key = column_key_template },
	{ .id = "uuid", .title = "UUID", .name = "UUID", .width = 8,
	    .rank = 15, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_uuid, .key = column_key_uuid },
	{ .id = "info", .title = "INFO", .name = "description", .width = 16,
	    .most = 400, .rank = 16, .left = true, .mode = COLUMN_ALWAYS,
	    .text = column_info, .key = column_key_info },
};

const size_t table_ncolumns = sizeof table_columns / sizeof table_columns[0];
