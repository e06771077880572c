/* libxenctrl, for the two questions of every tick: all domains, and memory; and
 * for Xen's log, where libxenlight's reader is not to be trusted. It
 * is the unstable one of Xen's libraries, but these calls have been the
 * same from 4.14 to 4.20, and the agent is built for one Xen anyway. The others
 * cost too much to be asked each second (measured with 22 guests, emulated):
 *
 *   xc_domain_getinfolist         0.1 ms
 *   libxl_list_domain             12 ms: twice room for 1024 domains, and a
 *                                 question for everybody's security label
 *   xenstat_get_node              16 ms and 30 ms of xenstored, for the names
 *
 * libxenstat has more against it: no network figures without a Linux bridge, 10
 * ms of waiting for each disk that QEMU serves, and with more than 256 domains
 * some missed and some twice. */
#include "backends/agent/ctrl.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xenctrl.h>
#include <xentoollog.h>

#include "backends/agent/clock.h"
#include "core/mem.h"

enum {
	SLACK = 16,    /* domains that may come between two ticks */
	PAGE_KB = XC_PAGE_SIZE / 1024,
};

struct ctrl {
	xentoollog_logger *log;
	xc_interface *xc;
	xc_domaininfo_t *v;
	size_t n, cap;
};

struct ctrl *
ctrl_open(struct err *err)
{
	struct ctrl *c = x_calloc(1, sizeof *c);

	c->log = (xentoollog_logger *)xtl_createlogger_stdiostream(stderr,
	    XTL_CRITICAL, 0);
	c->xc = xc_interface_open(c->log, c->log, 0);
	if (c->xc == NULL) {
		err_set(err, ERR_FAILED, "libxenctrl cannot start: %s: is "
		    "/dev/xen/privcmd there?", strerror(errno));
		ctrl_close(c);
		return NULL;
	}
	return c;
}

void
ctrl_close(struct ctrl *c)
{
	if (c == NULL)
		return;
	if (c->xc != NULL)
		xc_interface_close(c->xc);
	if (c->log != NULL)
		xtl_logger_destroy(c->log);
	x_free(c->v);
	x_free(c);
}

/* --- Domains -------------------------------------------------------------- */

/* All of them, by domid. One call, unless more came than there was room for:
 * then the rest is asked for from the last one on. */
static int
list(struct ctrl *c)
{
	uint32_t first = 0;
	size_t room;
	int got;

	c->n = 0;
	do {
		if (c->cap < c->n + SLACK) {
			c->cap = 2 * c->n + 2 * SLACK;
			c->v = x_reallocarray(c->v, c->cap, sizeof *c->v);
		}
		room = c->cap - c->n;
		got = xc_domain_getinfolist(c->xc, first, (unsigned)room,
		    c->v + c->n);
		if (got < 0)
			return -1;
		c->n += (size_t)got;
		if (got > 0)
			first = (uint32_t)c->v[c->n - 1].domain + 1;
	} while ((size_t)got == room);
	return 0;
}

static enum vm_type
type_of(const xc_domaininfo_t *d)
{
	if ((d->flags & XEN_DOMINF_hvm_guest) == 0)
		return VM_TYPE_PV;
	/* There is no HVM dom0. */
	return d->domain == 0 ? VM_TYPE_PVH : VM_TYPE_UNKNOWN;
}

static unsigned
flags_of(uint32_t f)
{
	return ((f & XEN_DOMINF_running) != 0 ? DOM_RUNNING : 0u) |
	    ((f & XEN_DOMINF_blocked) != 0 ? DOM_BLOCKED : 0u) |
	    ((f & XEN_DOMINF_paused) != 0 ? DOM_PAUSED : 0u) |
	    ((f & XEN_DOMINF_shutdown) != 0 ? DOM_SHUTDOWN : 0u) |
	    ((f & XEN_DOMINF_dying) != 0 ? DOM_DYING : 0u);
}

/* The codes of REASON_* are Xen's. */
static enum shutdown_reason
reason_of(uint32_t f)
{
	if ((f & XEN_DOMINF_shutdown) == 0)
		return REASON_NONE;
	return (enum shutdown_reason)((f >> XEN_DOMINF_shutdownshift) &
	    XEN_DOMINF_shutdownmask);
}

/* Xen reports UINT_MAX pages, or more, for a domain without a limit. */
static int64_t
limit_kb(uint64_t pages)
{
	return pages >= UINT_MAX ? INT64_MAX : (int64_t)pages * PAGE_KB;
}

static struct obs_dom
dom_of(const xc_domaininfo_t *d)
{
	struct obs_dom o;

	obs_dom_init(&o);
	o.domid = d->domain;
	memcpy(o.uuid.b, d->handle, sizeof o.uuid.b);
	o.type = type_of(d);
	o.flags = flags_of(d->flags);
	o.reason = reason_of(d->flags);
	o.vcpus = (int32_t)d->nr_online_vcpus;
	o.vcpus_max = (int32_t)(d->max_vcpu_id + 1);
	o.mem_kb = (int64_t)(d->tot_pages + d->outstanding_pages) * PAGE_KB;
	o.maxmem_kb = limit_kb(d->max_pages);
	o.cpu_ns = (int64_t)d->cpu_time;
	return o;
}

/* --- All of it ------------------------------------------------------------ */

static void
set_memory(struct obs_host *h, const xc_physinfo_t *p)
{
	int64_t claimed = (int64_t)p->outstanding_pages;
	int64_t left = (int64_t)p->free_pages - claimed;

	h->mem_kb = (int64_t)p->total_pages * PAGE_KB;
	h->free_kb = (left > 0 ? left : 0) * PAGE_KB;
	h->claimed_kb = claimed * PAGE_KB;
}

int
ctrl_read(struct ctrl *c, struct obs *o, struct err *err)
{
	xc_physinfo_t p = { 0 };

	o->t_ns = clock_ns(CLOCK_BOOTTIME); /* as /proc/uptime */
	if (list(c) != 0 || xc_physinfo(c->xc, &p) != 0)
		return err_set(err, ERR_FAILED, "Xen refuses to say which "
		    "domains there are: %s: try `xl list` on that host",
		    strerror(errno));
	set_memory(&o->host, &p);
	o->ndoms = c->n;
	o->doms = arena_array(&o->mem, o->ndoms, sizeof *o->doms);
	for (size_t i = 0; i < o->ndoms; i++)
		o->doms[i] = dom_of(&c->v[i]);
	return 0;
}

/* --- Xen's log ------------------------------------------------------------- */

/* In pieces, of which the newest are kept; libxenlight's own reader hands out a
 * string that may lack its end. A log that grows while it is read, or a ring of
 * many megabytes, is not followed for ever. */
int
ctrl_dmesg(struct ctrl *c, struct buf *out, struct err *err)
{
	enum { PIECE = 16384, PIECES = 4096, KEEP = 4 * PIECE };
	char *piece = x_malloc(PIECE);
	uint32_t index = 0;
	int rc = 0;

	for (int i = 0; i < PIECES; i++) {
		unsigned n = PIECE;

		rc = xc_readconsolering(c->xc, piece, &n, 0, 1, &index);
		if (rc != 0 || n == 0 || n > PIECE)
			break;
		if (out->len > KEEP)
			buf_drop(out, out->len - KEEP);
		buf_add(out, piece, n);
	}
	if (rc != 0)
		err_set(err, ERR_FAILED, "Xen does not give its log: %s",
		    strerror(errno));
	x_free(piece);
	return rc == 0 ? 0 : -1;
}
