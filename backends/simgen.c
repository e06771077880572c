/* A believable population by the number: guests of a few kinds, each with its
 * usual size, spread evenly, a few of them dormant. */
#include "backends/simgen.h"

#include "core/mem.h"
#include "core/obs.h"
#include "core/prng.h"

enum { GIB = 1 << 20, MIB = 1 << 10 };

struct kind {
	const char *name;
	int mem_mib; /* the smallest; up to four times as much */
	int vcpus;   /* at most */
	int load_pc; /* about */
	enum vm_type type;
};

static const struct kind kinds[] = {
	{ "web", 1024, 2, 20, VM_TYPE_PVH },
	{ "app", 2048, 4, 30, VM_TYPE_PVH },
	{ "db", 4096, 4, 35, VM_TYPE_PVH },
	{ "cache", 2048, 2, 10, VM_TYPE_PVH },
	{ "mail", 1024, 2, 8, VM_TYPE_PV },
	{ "dns", 256, 1, 2, VM_TYPE_PV },
	{ "build", 2048, 8, 45, VM_TYPE_PVH },
	{ "win", 4096, 4, 15, VM_TYPE_HVM },
	{ "test", 512, 2, 5, VM_TYPE_PVH },
	{ "log", 1024, 2, 12, VM_TYPE_PVH },
};

enum { NKINDS = sizeof kinds / sizeof kinds[0], DORMANT_OF = 12 };

static void
add_hosts(struct conf *c, const struct conf_generate *g, const char *file,
    int line)
{
	int nth = 0;

	for (int i = 0; i < g->clusters && i < g->hosts; i++) {
		struct conf_cluster *cl = conf_add_cluster(c);
		int left = g->clusters - i;
		int share = (g->hosts - nth + left - 1) / left;

		cl->name = x_asprintf("sim%d", i + 1);
		cl->file = x_strdup(file);
		cl->line = line;
		for (int k = 0; k < share; k++) {
			struct conf_host *h = conf_add_host(c);
			struct conf_sim_host *s = conf_add_sim_host(c);

			h->name = x_asprintf("node%d", ++nth);
			h->transport = TRANSPORT_SIM;
			h->file = x_strdup(file);
			h->line = line;
			s->name = x_strdup(h->name);
			s->file = x_strdup(file);
			s->line = line;
		}
	}
}

static void
fill_vm(struct conf_sim_vm *v, const struct kind *k, struct prng *r)
{
	v->mem_kb = (int64_t)k->mem_mib * MIB << prng_below(r, 3);
	v->vcpus = 1 + (int)prng_below(r, (uint32_t)k->vcpus);
	v->load_pc = 1 + (int)prng_below(r, 2 * (uint32_t)k->load_pc);
	v->type = (int)k->type;
	v->dormant = prng_below(r, DORMANT_OF) == 0;
}

/* Room for a quarter more than what is there, in steps that machines have. */
static void
size_host(struct conf_sim_host *h, int64_t kb, int vcpus)
{
	int64_t want = kb + kb / 4 + 4 * (int64_t)GIB;

	h->mem_kb = 32 * (int64_t)GIB;
	while (h->mem_kb < want)
		h->mem_kb += 32 * (int64_t)GIB;
	h->cpus = 8;
	while (h->cpus < vcpus / 3)
		h->cpus += 8;
}

void
simgen_add(struct conf *c, const struct conf_generate *g, const char *file,
    int line)
{
	size_t first = c->sim.nhosts, n;
	int number[NKINDS] = { 0 };
	int64_t *kb;
	int *vcpus;
	struct prng r;

	prng_init(&r, c->sim.seed);
	add_hosts(c, g, file, line);
	n = c->sim.nhosts - first;
	kb = x_calloc(n, sizeof *kb);
	vcpus = x_calloc(n, sizeof *vcpus);
	for (int i = 0; i < g->vms; i++) {
		struct conf_sim_vm *v = conf_add_sim_vm(c);
		size_t on = (size_t)i % n;
		uint32_t k = prng_below(&r, NKINDS);

		fill_vm(v, &kinds[k], &r);
		v->name = x_asprintf("%s%d", kinds[k].name, ++number[k]);
		v->host = x_strdup(c->sim.hosts[first + on].name);
		v->file = x_strdup(file);
		v->line = line;
		kb[on] += v->mem_kb;
		vcpus[on] += v->vcpus;
	}
	for (size_t i = 0; i < n; i++)
		size_host(&c->sim.hosts[first + i], kb[i], vcpus[i]);
	x_free(kb);
	x_free(vcpus);
}
