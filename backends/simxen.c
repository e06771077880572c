/* The hypervisor's own log and the topology of a simulated host, in the words
 * of a real Xen 4.17: booting is told anew from what the machine has, and what
 * was done to its domains since is remembered. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "backends/simworld.h"
#include "core/answer.h"

void
simxen_logf(struct simworld *w, uint32_t host, const char *fmt, ...)
{
	struct simhost *h = &w->hosts[host];
	int64_t ms = w->now - h->boot;
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (h->log.max == 0)
		buf_init(&h->log, ANSWER_MAX);
	while (h->log.len + sizeof text + 32 > ANSWER_MAX)
		buf_drop(&h->log,
		    (size_t)(strchr(h->log.p, '\n') - h->log.p) + 1);
	buf_printf(&h->log, "(XEN) [%5" PRId64 ".%06" PRId64 "] %s\n",
	    ms / 1000, ms % 1000 * 1000, text);
}

/* --- Booting -------------------------------------------------------------- */

static void
put(struct buf *out, int ms, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

static void
put(struct buf *out, int ms, const char *fmt, ...)
{
	char text[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_printf(out, "(XEN) [%5d.%06d] %s\n", ms / 1000, ms % 1000 * 1000,
	    text);
}

static void
put_boot(struct buf *out, const struct simhost *h)
{
	long long mb = (long long)(h->conf->mem_kb / 1024);
	int nodes = simxen_nodes(h);

	put(out, 0, "Xen version 4.17.5 (Debian 4.17.5-1) "
	    "(pkg-xen-devel@lists.alioth.debian.org) (x86_64-linux-gnu-gcc "
	    "(Debian 12.2.0-14) 12.2.0) debug=n");
	put(out, 0, "Bootloader: GRUB 2.06-13+deb12u1");
	put(out, 0, "Command line: placeholder dom0_mem=%lldM,max:%lldM",
	    (long long)(simworld_dom0_kb(h) / 1024),
	    (long long)(simworld_dom0_kb(h) / 1024));
	put(out, 0, "Xen image load base address: 0x%x", 0xb5e00000u);
	put(out, 0, "System RAM: %lldMB (%lldkB)", mb, mb * 1024);
	for (int i = 0; nodes > 1 && i < nodes; i++)
		put(out, 0, "SRAT: Node %d PXM %d [%016llx, %016llx]", i, i,
		    mb / nodes * i << 20, (mb / nodes * (i + 1) << 20) - 1);
	put(out, 412, "Using scheduler: SMP Credit Scheduler rev2 (credit2)");
	put(out, 815, "Platform timer is 14.318MHz HPET");
	put(out, 1240, "VMX: Supported advanced features:");
	put(out, 1240, " - APIC MMIO access virtualisation");
	put(out, 1240, " - Extended Page Tables (EPT)");
	put(out, 1241, "HVM: ASIDs enabled.");
	put(out, 1241, "HVM: Hardware Assisted Paging (HAP) detected");
	put(out, 2680, "Brought up %d CPUs", h->conf->cpus);
	put(out, 2811, "mcheck_poll: Machine check polling timer started.");
	put(out, 3102, "*** Building a PV Dom0 ***");
	put(out, 4377, "Scrubbing Free RAM in background");
	put(out, 4377, "Std. Loglevel: Errors and warnings");
	put(out, 4377, "Guest Loglevel: Nothing (Rate-limited: Errors and "
	    "warnings)");
	put(out, 4378, "Freed 652kB init memory");
}

void
simxen_log(const struct simworld *w, uint32_t host, struct buf *out)
{
	const struct simhost *h = &w->hosts[host];

	put_boot(out, h);
	if (h->log.len != 0)
		buf_add(out, h->log.p, h->log.len);
}

/* --- Topology ------------------------------------------------------------- */

int
simxen_nodes(const struct simhost *h)
{
	return h->conf->cpus >= 16 && h->conf->cpus % 2 == 0 ? 2 : 1;
}

static const char *
cpus(struct arena *a, int first, int n)
{
	char text[32];

	snprintf(text, sizeof text, n > 1 ? "%d-%d" : "%d", first,
	    first + n - 1);
	return arena_strdup(a, text);
}

void
simxen_topology(const struct simhost *h, struct obs_host *o, struct arena *a)
{
	int nodes = simxen_nodes(h), each = h->conf->cpus / nodes;
	int64_t left = simworld_free_kb(h);

	o->nodes = o->sockets = nodes;
	o->threads_per_core = each % 2 == 0 && each > 2 ? 2 : 1;
	o->cores_per_socket = each / o->threads_per_core;
	o->nnuma = (size_t)nodes;
	o->numa = arena_array(a, o->nnuma, sizeof *o->numa);
	for (int i = 0; i < nodes; i++)
		o->numa[i] = (struct obs_node){ i, h->conf->mem_kb / nodes,
			left / nodes, cpus(a, i * each, each) };
	o->npools = 1;
	o->pools = arena_array(a, 1, sizeof *o->pools);
	o->pools[0] = (struct obs_pool){ "Pool-0", "credit2",
		cpus(a, 0, h->conf->cpus), (int32_t)h->ndoms };
}
