/* One observation from its four sources: libxl (which domains there are),
 * libxenstat (what they use), sysfs (what their devices carried) and xenstore
 * (what they are called and have). The cheapest sufficient set is asked:
 *
 *   always              libxenstat's figures, sysfs
 *   domains changed, figures do not fit, someone has no name yet, memory is
 *   claimed, or 10 s    libxl's list and the host, instead of libxenstat
 *   devices             one or a few domains at a tick (roster.c says whose)
 *
 * CPU time and memory of one observation all come from one source, so that they
 * belong to one moment. */
#include "backends/agent/collect.h"

#include "backends/agent/clock.h"
#include "backends/agent/dev.h"
#include "backends/agent/dom0.h"
#include "backends/agent/roster.h"
#include "backends/agent/stat.h"
#include "backends/agent/sysfs.h"
#include "backends/agent/xl.h"
#include "core/mem.h"

enum {
	LIST_MS = 10000,   /* vCPUs on- and offline show this late */
	OPEN_FILES = 512,  /* half of what a process may have by default */
};

struct collect {
	struct xl *xl;
	struct stat_reader *stat;
	struct dev *dev;
	struct sysfs *sysfs;
	struct roster roster;
	struct obs_host host;   /* strings in host_mem */
	struct arena host_mem, scratch;
	struct mono listed;     /* by libxl, last */
	struct mono named;      /* all names were read */
	int64_t t_ns;           /* of the figures in roster */
	struct obs obs;
};

struct collect *
collect_open(struct err *err)
{
	struct collect *c = x_calloc(1, sizeof *c);

	obs_init(&c->obs);
	c->host = c->obs.host;
	c->sysfs = sysfs_open("/sys", OPEN_FILES);
	if ((c->xl = xl_open(err)) == NULL ||
	    (c->stat = stat_open(err)) == NULL ||
	    (c->dev = dev_open(err)) == NULL) {
		collect_close(c);
		return NULL;
	}
	return c;
}

void
collect_close(struct collect *c)
{
	if (c == NULL)
		return;
	roster_free(&c->roster);
	arena_free(&c->host_mem);
	arena_free(&c->scratch);
	obs_free(&c->obs);
	sysfs_close(c->sysfs);
	dev_close(c->dev);
	stat_close(c->stat);
	xl_close(c->xl);
	x_free(c);
}

/* --- Domains -------------------------------------------------------------- */

static void
read_names(struct collect *c, bool all)
{
	char name[OBS_NAME_MAX + 1];

	for (size_t i = 0; i < c->roster.n; i++) {
		struct roster_dom *rd = &c->roster.v[i];

		if (all || rd->name == NULL)
			roster_name(rd, dev_name(c->dev, rd->d.domid,
			    name) == 0 ? name : NULL);
	}
}

static int
read_list(struct collect *c, bool news, struct mono now, struct err *err)
{
	struct obs list;
	int rc;

	obs_init(&list);
	rc = xl_list(c->xl, &list, err);
	if (rc == 0) {
		obs_normalise(&list);
		c->t_ns = list.t_ns;
		c->listed = now;
		roster_inventory(&c->roster, &list, now);
		news |= mono_diff_ms(now, c->named) >= LIST_MS;
		read_names(c, news);
		if (news)
			c->named = now;
	}
	obs_free(&list);
	return rc;
}

static int
read_host(struct collect *c, struct err *err)
{
	arena_reset(&c->host_mem);
	dom0_identity("", &c->host, &c->host_mem);
	return xl_host(c->xl, &c->host, &c->host_mem, err);
}

/* Whether libxenstat's figures are in the roster. */
static bool
read_figures(struct collect *c)
{
	struct stat_node n;

	arena_reset(&c->scratch);
	if (stat_read(c->stat, &n, &c->scratch) != 0 ||
	    !roster_figures(&c->roster, &n))
		return false;
	c->t_ns = c->named.ns = n.t_ns;
	c->host.mem_kb = n.mem_kb;
	c->host.free_kb = n.free_kb; /* nothing is claimed, or it was libxl */
	return true;
}

/* --- Devices -------------------------------------------------------------- */

static void
read_counters(struct collect *c, struct roster_dom *rd, struct mono now)
{
	struct sysfs_io io;

	sysfs_read(c->sysfs, rd->d.domid, &io);
	if (io.vifs != rd->io.vifs || io.vbds != rd->io.vbds)
		rd->due = now;
	rd->io = io;
}

static void
read_devices(struct collect *c, struct mono now)
{
	int64_t wall_s = clock_ns(CLOCK_REALTIME) / 1000000000;
	size_t budget = 1 + c->roster.n / 16;
	struct roster_dom *rd;

	while ((rd = roster_due(&c->roster, now)) != NULL) {
		/* A domain that nobody has seen yet is shown whole. */
		if (rd->read && budget-- == 0)
			break;
		arena_reset(&rd->mem);
		dev_read(c->dev, &rd->d, &rd->mem, rd->read);
		roster_done(rd, now, wall_s);
	}
}

/* --- All of it ------------------------------------------------------------ */

/* Devices that xenstore knows and sysfs does not are served elsewhere, by QEMU
 * or by a driver domain. Of dom0's own traffic sysfs says nothing here. */
static struct obs_dom
make_dom(const struct roster_dom *rd)
{
	struct obs_dom d = rd->d;

	if (d.domid != 0 && (rd->io.vifs > 0 || d.nnics == 0)) {
		d.net_rx = rd->io.net_rx;
		d.net_tx = rd->io.net_tx;
	}
	if (d.domid != 0 && (rd->io.vbds > 0 || d.ndisks == 0)) {
		d.disk_rd = rd->io.disk_rd;
		d.disk_wr = rd->io.disk_wr;
	}
	return d;
}

static const struct obs *
make_obs(struct collect *c)
{
	struct obs *o = &c->obs;

	arena_reset(&o->mem);
	o->t_ns = c->t_ns;
	o->wall_ms = clock_ns(CLOCK_REALTIME) / 1000000;
	dom0_load(&c->host);
	o->host = c->host;
	o->ndoms = c->roster.n;
	o->doms = arena_array(&o->mem, o->ndoms, sizeof *o->doms);
	for (size_t i = 0; i < o->ndoms; i++)
		o->doms[i] = make_dom(&c->roster.v[i]);
	obs_normalise(o);
	return o;
}

const struct obs *
collect_run(struct collect *c, bool changed, struct err *err)
{
	struct mono now = clock_now();
	bool list = changed || !roster_settled(&c->roster) ||
	    c->host.claimed_kb != 0 ||
	    mono_diff_ms(now, c->listed) >= LIST_MS;

	if (!list && !read_figures(c))
		list = changed = true;
	if (list && (read_list(c, changed, now, err) != 0 ||
	    read_host(c, err) != 0))
		return NULL;
	sysfs_scan(c->sysfs);
	for (size_t i = 0; i < c->roster.n; i++)
		read_counters(c, &c->roster.v[i], now);
	read_devices(c, now);
	return make_obs(c);
}
