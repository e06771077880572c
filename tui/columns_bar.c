/* The memory bar. Of a host, all its memory: dom0's, the VMs', what is free
 * and, at its end, what is kept in reserve; of a VM, its share of its host's.
 * Each part has a glyph of its own, so that it can be read without colours. */
#include "tui/columns.h"

enum {
	BAR_DOM0 = 0x2592,
	BAR_USED = 0x2588,
	BAR_FREE = 0xb7,
	BAR_RESERVE = 0x2591,
};

struct bar {
	int64_t total;
	int64_t dom0, used, reserve; /* used: dom0's not counted */
};

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static struct bar
host_bar(const struct item *it)
{
	const struct host *h = it->host;
	struct bar b = { .total = h->seen ? h->facts.mem_kb : 0 };
	int64_t used = host_used_kb(h);

	if (b.total <= 0)
		return b;
	b.dom0 = h->dom0.mem_kb > 0 ? least(h->dom0.mem_kb, used) : 0;
	b.used = used - b.dom0;
	b.reserve = model_conf(it->f->model)->hosts[h->id].reserve_kb;
	return b;
}

static struct bar
bar_of(const struct item *it)
{
	struct bar b = { .total = 0 };

	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		if (it->sum != NULL) {
			b.total = it->sum->mem_kb;
			b.used = it->sum->used_kb;
		}
		break;
	case ROW_HOST:
		return host_bar(it);
	case ROW_DOM0:
		b = host_bar(it);
		b.used = b.reserve = 0;
		break;
	case ROW_VM:
		if (it->copy != NULL && it->host != NULL && it->host->seen) {
			b.total = it->host->facts.mem_kb;
			b.used = it->copy->mem_kb;
		}
		break;
	case ROW_DORMANT:
		break;
	}
	return b;
}

/* Eighths of w cells that so much of the total takes; whatever is not nothing
 * shows. */
static int
eighths(int64_t part, int64_t total, int w)
{
	if (part <= 0)
		return 0;
	if (part >= total)
		return w * 8;
	/* Also petabytes times a screen's width stay far from the limit. */
	part = (part * w * 8 + total / 2) / total;
	return part > 0 ? (int)part : 1;
}

static int
cells(int64_t part, int64_t total, int w)
{
	int e = eighths(part, total, w);

	return e > 0 && e < 4 ? 1 : (e + 4) / 8;
}

/* What is in use, the last cell of it in eighths: U+2588 is a full block,
 * those after it are smaller and smaller. */
static void
draw_used(struct canvas *c, struct rect r, int from, int e, enum style style)
{
	for (int i = from; i < r.w && e > 0; i++, e -= 8)
		canvas_put(c, r.x + i, r.y, style,
		    e >= 8 ? BAR_USED : BAR_USED + 8 - (uint32_t)e);
}

void
column_draw_membar(struct canvas *c, struct rect r, const struct item *it)
{
	struct bar b = bar_of(it);
	enum style level, faint;
	int dom0, reserve;

	if (b.total <= 0)
		return;
	dom0 = cells(b.dom0, b.total, r.w);
	reserve = r.w - cells(b.reserve, b.total, r.w);
	level = it->stale ? STYLE_STALE :
	    column_level(b.dom0 + b.used, b.total);
	faint = it->stale ? STYLE_STALE : STYLE_FAINT;
	for (int i = 0; i < r.w; i++)
		canvas_put(c, r.x + i, r.y, faint, i < dom0 ? BAR_DOM0 :
		    i >= reserve ? BAR_RESERVE : BAR_FREE);
	draw_used(c, r, dom0, eighths(b.used, b.total, r.w), level);
}

struct sort_key
column_key_membar(const struct item *it)
{
	struct bar b = bar_of(it);

	return (struct sort_key){ .num = b.total > 0 ?
	    b.used * 1000 / b.total : -1 };
}
