/* Processors, NUMA nodes and CPU pools out of xl's tables. A row that is not
 * understood is left out: this is for people to look at, and nothing is decided
 * by it. Names of pools are the operator's own and may hold blanks, so their
 * rows are read from the right, and the second table by the names of the
 * first. */
#include "backends/xltopo.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "backends/scan.h"
#include "core/cpuset.h"
#include "core/mem.h"

enum section { NOTHING, CPUS, NODES, POOLS, POOL_CPUS };

struct pool_row {
	const char *name; /* as printed, not cleaned */
	size_t len;
};

struct topology {
	struct arena *a;
	enum section in;
	struct cpuset sockets;
	struct cpuset cpus[OBS_NODES_MAX]; /* by node */
	struct obs_node nodes[OBS_NODES_MAX];
	size_t nnodes;
	struct obs_pool pools[OBS_POOLS_MAX];
	struct pool_row rows[OBS_POOLS_MAX];
	size_t npools;
};

/* Which table a line begins; NOTHING ends the one before. -1: none of that. */
static int
heading(const char *s, size_t n)
{
	static const struct {
		const char *begin, *end;
		enum section in;
	} heads[] = {
		{ "cpu_topology ", ":", CPUS },
		{ "numa_info ", ":", NODES },
		{ "Name ", "Domain count", POOLS },
		{ "Name ", "CPU list", POOL_CPUS },
		{ "device topology ", ":", NOTHING },
		{ "xen_major ", "", NOTHING },
	};

	for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++) {
		size_t b = strlen(heads[i].begin), e = strlen(heads[i].end);

		if (n >= b + e && memcmp(s, heads[i].begin, b) == 0 &&
		    memcmp(s + n - e, heads[i].end, e) == 0)
			return (int)heads[i].in;
	}
	return -1;
}

/* "%3d:    %4d     %4d     %4d": cpu, core, socket, node */
static void
cpu_row(struct topology *t, const char *s, size_t n)
{
	int64_t cpu, socket, node, core;

	if (!scan_last_number(s, &n, INT32_MAX, &node) ||
	    !scan_last_number(s, &n, INT32_MAX, &socket) ||
	    !scan_last_number(s, &n, INT32_MAX, &core))
		return;
	scan_trim(&s, &n);
	if (n == 0 || s[n - 1] != ':' || !scan_number(s, n - 1, &cpu))
		return;
	cpuset_add(&t->sockets, socket);
	if (node < OBS_NODES_MAX)
		cpuset_add(&t->cpus[node], cpu);
}

/* "%4d:    %6lu     %6lu      %d,%d": node, MiB, free MiB, distances */
static void
node_row(struct topology *t, const char *s, size_t n)
{
	const int64_t max = OBS_MEM_MAX_KB / 1024;
	int64_t id, mem, left;
	const char *distances;

	if (t->nnodes == OBS_NODES_MAX ||
	    scan_last_word(s, &n, &distances) == 0 ||
	    !scan_last_number(s, &n, max, &left) ||
	    !scan_last_number(s, &n, max, &mem))
		return;
	scan_trim(&s, &n);
	if (n == 0 || s[n - 1] != ':' || !scan_number(s, n - 1, &id) ||
	    id >= OBS_NODES_MAX)
		return;
	t->nodes[t->nnodes++] = (struct obs_node){ .id = (int32_t)id,
		.mem_kb = mem * 1024, .free_kb = left * 1024 };
}

/* "%-19s%3d %9s       y       %4d": name, CPUs, scheduler, active, domains */
static void
pool_row(struct topology *t, const char *s, size_t n)
{
	struct obs_pool *p = &t->pools[t->npools];
	const char *active, *scheduler;
	int64_t cpus, doms;
	size_t len;

	if (t->npools == OBS_POOLS_MAX ||
	    !scan_last_number(s, &n, INT32_MAX, &doms) ||
	    scan_last_word(s, &n, &active) != 1 ||
	    (len = scan_last_word(s, &n, &scheduler)) == 0 ||
	    !scan_last_number(s, &n, INT32_MAX, &cpus))
		return;
	while (n > 0 && s[n - 1] == ' ')
		n--;
	*p = (struct obs_pool){
		.name = scan_clean(t->a, s, n, OBS_NAME_MAX),
		.scheduler = scan_clean(t->a, scheduler, len, OBS_NAME_MAX),
		.doms = (int32_t)doms,
	};
	t->rows[t->npools++] = (struct pool_row){ s, n };
}

static const char *
cpus_text(struct arena *a, const struct cpuset *set)
{
	char text[OBS_TEXT_MAX + 1];

	return cpuset_format(text, sizeof text, set) != 0 ?
	    arena_strdup(a, text) : NULL;
}

/* "%-19s0,1,2": its processors one by one */
static void
pool_cpus_row(struct topology *t, const char *s, size_t n)
{
	struct cpuset set = { { 0 } };
	struct obs_pool *p = NULL;
	int64_t cpu;

	for (size_t i = 0; i < t->npools && p == NULL; i++)
		if (t->pools[i].cpus == NULL && n >= t->rows[i].len &&
		    memcmp(s, t->rows[i].name, t->rows[i].len) == 0) {
			p = &t->pools[i];
			s += t->rows[i].len;
			n -= t->rows[i].len;
		}
	if (p == NULL)
		return;
	scan_trim(&s, &n);
	while (n > 0) {
		const char *comma = memchr(s, ',', n);
		size_t len = comma != NULL ? (size_t)(comma - s) : n;

		if (!scan_number(s, len, &cpu))
			return;
		cpuset_add(&set, cpu);
		len += comma != NULL;
		s += len;
		n -= len;
	}
	p->cpus = cpus_text(t->a, &set);
}

static void
take_row(struct topology *t, const char *s, size_t n)
{
	switch (t->in) {
	case CPUS:
		cpu_row(t, s, n);
		break;
	case NODES:
		node_row(t, s, n);
		break;
	case POOLS:
		pool_row(t, s, n);
		break;
	case POOL_CPUS:
		pool_cpus_row(t, s, n);
		break;
	case NOTHING:
		break;
	}
}

void
xl_parse_topology(struct arena *a, const char *p, size_t n,
    struct obs_host *h)
{
	struct topology *t = x_calloc(1, sizeof *t);
	const char *line;
	size_t len;

	t->a = a;
	while (scan_line(&p, &n, &line, &len)) {
		int head = heading(line, len);

		if (head >= 0)
			t->in = (enum section)head;
		else
			take_row(t, line, len);
	}
	h->sockets = cpuset_count(&t->sockets);
	if (h->sockets == 0)
		h->sockets = OBS_UNKNOWN;
	for (size_t i = 0; i < t->nnodes; i++)
		t->nodes[i].cpus = cpus_text(a, &t->cpus[t->nodes[i].id]);
	h->nnuma = t->nnodes;
	h->numa = arena_array(a, h->nnuma, sizeof *h->numa);
	for (size_t i = 0; i < h->nnuma; i++)
		h->numa[i] = t->nodes[i];
	h->npools = t->npools;
	h->pools = arena_array(a, h->npools, sizeof *h->pools);
	for (size_t i = 0; i < h->npools; i++)
		h->pools[i] = t->pools[i];
	x_free(t);
}
