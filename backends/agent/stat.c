/* libxenstat, for what it does well: CPU time, memory and state of all domains
 * for one or two hypercalls. It is asked at every tick; libxl only when the
 * set of domains changes, and now and then.
 *
 * What it does badly, and what is done about that:
 * - Networks and disks are never asked of it (see sysfs.c): without a Linux
 *   bridge it finds no network at all, and disks served by QEMU make it wait
 *   10 ms for each answer on a QMP socket that others may hold.
 * - vCPUs are not either: one hypercall for each, and Xen knows the sum.
 * - With more than 256 domains it asks for the second chunk from the number of
 *   domains on instead of from the last domid on: some are missed, some twice.
 *   Then it is not used at all. So it is with a list out of order, which shows
 *   the same fault after domains have come and gone in mid-call.
 * - It leaves out domains without a name, does not know the UUID, the reason of
 *   a shutdown, the vCPUs that are online, nor memory that is claimed but not
 *   yet there. Hence the inventory is libxl's, and figures that do not fit it
 *   are dropped for a new inventory (roster.c).
 * - It reads every name from xenstore, every time. That cannot be turned off,
 *   so it is put to use: a rename shows at the next tick. It counts before it
 *   reads them, so a slow xenstored does not blur the time of the count. */
#include "backends/agent/stat.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <xenstat.h>

#include "backends/agent/clock.h"
#include "core/mem.h"
#include "core/obs.h"
#include "core/utf8.h"

enum { CHUNK = 256 }; /* DOMAIN_CHUNK_SIZE of xenstat.c */

struct stat_reader {
	xenstat_handle *h;
};

struct stat_reader *
stat_open(struct err *err)
{
	struct stat_reader *s = x_calloc(1, sizeof *s);

	s->h = xenstat_init();
	if (s->h == NULL) {
		err_set(err, ERR_FAILED, "libxenstat cannot start: %s",
		    strerror(errno));
		x_free(s);
		return NULL;
	}
	return s;
}

void
stat_close(struct stat_reader *s)
{
	if (s == NULL)
		return;
	xenstat_uninit(s->h);
	x_free(s);
}

static char *
clean_name(const char *name, struct arena *a)
{
	char text[OBS_NAME_MAX + 1];

	utf8_clean(text, sizeof text, name, strlen(name));
	return arena_strdup(a, text);
}

static unsigned
flags_of(xenstat_domain *d)
{
	/* Its "shutdown" leaves out those that crashed. */
	bool down = xenstat_domain_shutdown(d) || xenstat_domain_crashed(d);

	return (xenstat_domain_running(d) ? DOM_RUNNING : 0u) |
	    (xenstat_domain_blocked(d) ? DOM_BLOCKED : 0u) |
	    (xenstat_domain_paused(d) ? DOM_PAUSED : 0u) |
	    (down ? DOM_SHUTDOWN : 0u) |
	    (xenstat_domain_dying(d) ? DOM_DYING : 0u);
}

static struct stat_dom
dom_of(xenstat_domain *d, struct arena *a)
{
	unsigned long long max = xenstat_domain_max_mem(d);

	return (struct stat_dom){
		.domid = xenstat_domain_id(d),
		.name = clean_name(xenstat_domain_name(d), a),
		.flags = flags_of(d),
		.vcpus_max = (int32_t)xenstat_domain_num_vcpus(d),
		.cpu_ns = (int64_t)xenstat_domain_cpu_ns(d),
		.mem_kb = (int64_t)(xenstat_domain_cur_mem(d) / 1024),
		.maxmem_kb = max >= (unsigned long long)UINT_MAX * 4096 ?
		    INT64_MAX : (int64_t)(max / 1024),
	};
}

int
stat_read(struct stat_reader *s, struct stat_node *n, struct arena *a)
{
	xenstat_node *node;
	unsigned count;
	int rc = -1;

	*n = (struct stat_node){ .t_ns = clock_ns(CLOCK_MONOTONIC) };
	node = xenstat_get_node(s->h, 0);
	if (node == NULL)
		return -1;
	count = xenstat_node_num_domains(node);
	if (count >= CHUNK)
		goto out;
	n->mem_kb = (int64_t)(xenstat_node_tot_mem(node) / 1024);
	n->free_kb = (int64_t)(xenstat_node_free_mem(node) / 1024);
	n->doms = arena_array(a, count, sizeof *n->doms);
	for (unsigned i = 0; i < count; i++) {
		n->doms[i] = dom_of(xenstat_node_domain_by_index(node, i), a);
		if (i > 0 && n->doms[i].domid <= n->doms[i - 1].domid)
			goto out;
	}
	n->ndoms = count;
	rc = 0;
out:
	xenstat_free_node(node);
	return rc;
}
