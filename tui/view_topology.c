/* What a host is built of: sockets, NUMA nodes with their memory, and the pools
 * that its processors are divided into. */
#include <stdio.h>
#include <string.h>

#include "tui/columns.h"
#include "tui/text.h"
#include "tui/view.h"

enum { BAR_W = 20, BAR_X = 58, BAR_FROM = 80 }; /* a doc as wide has bars */

static void
processors(struct doc *d, const struct obs_host *o)
{
	int threads = o->threads_per_core;

	if (o->sockets <= 0 || o->cores_per_socket <= 0)
		return;
	doc_factf(d, "Sockets", "%d, %s%d core%s of %d thread%s", o->sockets,
	    o->sockets == 1 ? "" : "each ", o->cores_per_socket,
	    o->cores_per_socket == 1 ? "" : "s", threads > 0 ? threads : 1,
	    threads > 1 ? "s" : "");
}

/* How much of a node is taken, in eighths of a cell. */
static void
bar(struct doc *d, int x, int y, int64_t used, int64_t all)
{
	int64_t eighths = used * BAR_W * 8 / all;

	for (int i = 0; i < BAR_W; i++) {
		int64_t part = eighths - (int64_t)i * 8;

		canvas_put(&d->c, x + i, y, part > 0 ?
		    column_level((uint32_t)(used * 1000 / all), 1000) :
		    STYLE_FAINT, part >= 8 ? 0x2588 : part > 0 ? 0x258c :
		    0x2500);
	}
}

static void
node(struct doc *d, const struct obs_node *n)
{
	char label[32], all[TEXT_MAX], left[TEXT_MAX];
	int y = d->y;

	snprintf(label, sizeof label, "Node %d", n->id);
	text_mib(all, n->mem_kb);
	text_mib(left, n->free_kb);
	doc_factf(d, label, "%s, free %s, CPUs %s", all, left,
	    n->cpus != NULL ? n->cpus : "none");
	if (d->c.w >= BAR_FROM && d->y == y + 1 && n->mem_kb > 0 &&
	    (n->cpus == NULL || strlen(n->cpus) < 10) &&
	    n->free_kb >= 0 && n->free_kb <= n->mem_kb)
		bar(d, BAR_X, y, n->mem_kb - n->free_kb,
		    n->mem_kb);
}

static void
pool(struct doc *d, const struct obs_pool *p)
{
	char doms[32] = "";

	if (p->doms >= 0)
		snprintf(doms, sizeof doms, ", %d domain%s", p->doms,
		    p->doms == 1 ? "" : "s");
	doc_factf(d, "Pool", "%s: CPUs %s, %s%s",
	    p->name != NULL ? p->name : "(unnamed)",
	    p->cpus != NULL ? p->cpus : "none",
	    p->scheduler != NULL ? p->scheduler : "scheduler unknown", doms);
}

void
detail_topology(struct doc *d, const struct obs_host *o)
{
	if (o->sockets <= 0 && o->nnuma + o->npools == 0)
		return;
	doc_title(d, "Topology");
	processors(d, o);
	for (size_t i = 0; i < o->nnuma; i++)
		node(d, &o->numa[i]);
	for (size_t i = 0; i < o->npools; i++)
		pool(d, &o->pools[i]);
}
