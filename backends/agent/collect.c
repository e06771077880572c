/* One observation from its four sources: libxenctrl (which domains there are,
 * what they use), sysfs (what their devices carried), xenstore (what they are
 * called and have) and libxenlight (what the host is). The first two are asked
 * always; the third of a domain when something happened to it (roster.c says
 * when), the last every 10 s. */
#include "backends/agent/collect.h"

#include "backends/agent/clock.h"
#include "backends/agent/ctrl.h"
#include "backends/agent/dev.h"
#include "backends/agent/dom0.h"
#include "backends/agent/roster.h"
#include "backends/agent/sysfs.h"
#include "backends/agent/watch.h"
#include "backends/agent/xl.h"
#include "core/mem.h"

enum {
	HOST_MS = 10000,   /* CPUs on- and offline show this late */
	NAMES_MS = 300000, /* in case that a watch was lost */
	TOPOLOGY_MS = 300000,
	TOPOLOGY_AFTER_MS = 8000, /* domains came or went */
	OPEN_FILES = 512,  /* half of what a process may have by default */
};

struct collect {
	struct xl *xl;
	struct ctrl *ctrl;
	struct dev *dev;
	struct sysfs *sysfs;
	struct roster roster;
	struct obs_host host;   /* strings in host_mem */
	struct arena host_mem;
	struct obs_host topology; /* in topology_mem */
	struct arena topology_mem;
	struct mono topology_due;
	struct mono hosted;     /* the host was asked, last */
	struct mono named;      /* all names were read */
	struct obs listed;      /* as Xen told it; reused */
	struct obs obs;
};

struct collect *
collect_open(struct err *err)
{
	struct collect *c = x_calloc(1, sizeof *c);

	obs_init(&c->listed);
	obs_init(&c->obs);
	c->host = c->topology = c->obs.host;
	c->hosted = c->named = (struct mono){ INT64_MIN / 2 };
	c->sysfs = sysfs_open("/sys", OPEN_FILES);
	if ((c->xl = xl_open(err)) == NULL ||
	    (c->ctrl = ctrl_open(err)) == NULL ||
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
	arena_free(&c->topology_mem);
	obs_free(&c->listed);
	obs_free(&c->obs);
	sysfs_close(c->sysfs);
	dev_close(c->dev);
	ctrl_close(c->ctrl);
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
read_doms(struct collect *c, unsigned news, struct mono now, struct err *err)
{
	bool all = (news & NEWS_NAMES) != 0 ||
	    mono_diff_ms(now, c->named) >= NAMES_MS;

	arena_reset(&c->listed.mem);
	if (ctrl_read(c->ctrl, &c->listed, err) != 0)
		return -1;
	obs_normalise(&c->listed);
	roster_inventory(&c->roster, &c->listed, now);
	read_names(c, all);
	if (all)
		c->named = now;
	return 0;
}

static int
read_host(struct collect *c, struct mono now, struct err *err)
{
	const struct obs_host *h = &c->listed.host;

	if (mono_diff_ms(now, c->hosted) >= HOST_MS) {
		arena_reset(&c->host_mem);
		dom0_identity("", &c->host, &c->host_mem);
		if (xl_host(c->xl, &c->host, &c->host_mem, err) != 0)
			return -1;
		c->hosted = now;
	}
	c->host.mem_kb = h->mem_kb;
	c->host.free_kb = h->free_kb;
	c->host.claimed_kb = h->claimed_kb;
	return 0;
}

/* Costs more than all the rest of a tick, and hardly ever changes. */
static void
read_topology(struct collect *c, unsigned news, struct mono now)
{
	struct obs_host *h = &c->topology;

	if ((news & NEWS_DOMAINS) != 0)
		mono_lower(&c->topology_due,
		    mono_add_ms(now, TOPOLOGY_AFTER_MS));
	if (mono_reached(c->topology_due, now)) {
		arena_reset(&c->topology_mem);
		xl_topology(c->xl, h, &c->topology_mem);
		c->topology_due = mono_add_ms(now, TOPOLOGY_MS);
	}
	c->host.sockets = h->sockets;
	c->host.numa = h->numa;
	c->host.nnuma = h->nnuma;
	c->host.pools = h->pools;
	c->host.npools = h->npools;
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
	o->t_ns = c->listed.t_ns;
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
collect_run(struct collect *c, unsigned news, struct err *err)
{
	struct mono now = clock_now();

	if (read_doms(c, news, now, err) != 0 || read_host(c, now, err) != 0)
		return NULL;
	read_topology(c, news, now);
	sysfs_scan(c->sysfs);
	for (size_t i = 0; i < c->roster.n; i++)
		read_counters(c, &c->roster.v[i], now);
	read_devices(c, now);
	return make_obs(c);
}

int
collect_ask(struct collect *c, enum backend_ask what, struct buf *out,
    struct err *err)
{
	switch (what) {
	case ASK_DMESG:
		return ctrl_dmesg(c->ctrl, out, err);
	case ASK_COUNT:
		break;
	}
	return err_set(err, ERR_FAILED, "the agent does not know this");
}
