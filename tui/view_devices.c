/* The devices of a VM as tables, or line by line where there is no room for
 * one. Nothing is cut: paths and addresses are what people copy from here. */
#include <stdio.h>
#include <string.h>

#include "tui/view.h"

enum {
	TABLE_W = 56,      /* a narrower screen has no tables */
	MAC_W = 19,
	BRIDGE_MAX = 20, /* longer ones are no name of Linux's */
};

static const char *
known(const char *s, const char *none)
{
	return s != NULL ? s : none;
}

/* --- Network cards ---------------------------------------------------------- */

static void
nic_lines(struct doc *d, const struct obs_dom *o)
{
	for (size_t i = 0; i < o->nnics; i++) {
		const struct obs_nic *n = &o->nics[i];
		char label[16];

		snprintf(label, sizeof label, "vif %d", n->devid);
		doc_factf(d, label, "%s on %s%s%s", known(n->mac, "no MAC"),
		    known(n->bridge, "no bridge"),
		    n->ip != NULL ? ", the guest says " : "",
		    known(n->ip, ""));
	}
}

static int
widest_bridge(const struct obs_dom *o)
{
	int w = (int)sizeof "bridge";

	for (size_t i = 0; i < o->nnics; i++) {
		int n = (int)strlen(known(o->nics[i].bridge, "-")) + 1;

		w = n > w ? n : w;
	}
	return w;
}

static bool
fits_table(const struct obs_dom *o)
{
	for (size_t i = 0; i < o->nnics; i++)
		if (strlen(known(o->nics[i].mac, "")) >= MAC_W ||
		    strlen(known(o->nics[i].bridge, "")) >= BRIDGE_MAX)
			return false;
	return true;
}

static void
nic_table(struct doc *d, const struct obs_dom *o)
{
	int mac = DOC_LABEL + 1, bridge = mac + MAC_W;
	int ip = bridge + widest_bridge(o) + 1;

	doc_need(d, 2);
	canvas_text(&d->c, 1, d->y, DOC_LABEL, STYLE_LABEL, "Network card");
	canvas_text(&d->c, mac, d->y, MAC_W - 1, STYLE_LABEL, "MAC");
	canvas_text(&d->c, bridge, d->y, BRIDGE_MAX, STYLE_LABEL, "bridge");
	doc_text(d, ip, STYLE_LABEL, "address by the guest");
	for (size_t i = 0; i < o->nnics; i++) {
		const struct obs_nic *n = &o->nics[i];

		doc_need(d, 2);
		canvas_printf(&d->c, 1, d->y, DOC_LABEL - 1, STYLE_NORMAL,
		    "vif %d", n->devid);
		canvas_text(&d->c, mac, d->y, MAC_W - 1, STYLE_NORMAL,
		    known(n->mac, "-"));
		canvas_text(&d->c, bridge, d->y, ip - bridge - 1, STYLE_NORMAL,
		    known(n->bridge, "-"));
		doc_text(d, ip, n->ip != NULL ? STYLE_NORMAL : STYLE_FAINT,
		    known(n->ip, "-"));
	}
}

/* --- Disks ------------------------------------------------------------------ */

static void
disk_table(struct doc *d, const struct obs_dom *o)
{
	int access = DOC_LABEL + 1, target = access + 12;

	doc_need(d, 2);
	canvas_text(&d->c, 1, d->y, DOC_LABEL, STYLE_LABEL, "Disk");
	canvas_text(&d->c, access, d->y, 11, STYLE_LABEL, "access");
	doc_text(d, target, STYLE_LABEL, "target");
	for (size_t i = 0; i < o->ndisks; i++) {
		const struct obs_disk *k = &o->disks[i];

		doc_need(d, 2);
		canvas_text(&d->c, 1, d->y, DOC_LABEL - 1, STYLE_NORMAL,
		    known(k->vdev, "-"));
		canvas_text(&d->c, access, d->y, 11, STYLE_NORMAL,
		    k->readonly ? "read-only" : "read-write");
		doc_text(d, target, k->target != NULL ? STYLE_NORMAL :
		    STYLE_FAINT, known(k->target, "nothing inserted"));
	}
}

static void
disk_lines(struct doc *d, const struct obs_dom *o)
{
	for (size_t i = 0; i < o->ndisks; i++)
		doc_factf(d, known(o->disks[i].vdev, "disk"), "%s%s",
		    known(o->disks[i].target, "nothing inserted"),
		    o->disks[i].readonly ? " (read-only)" : "");
}

void
detail_devices(struct doc *d, const struct obs_dom *o)
{
	bool tables = d->c.w >= TABLE_W;

	if (o->nnics + o->ndisks == 0)
		return;
	doc_title(d, "Devices");
	if (o->nnics > 0)
		tables && fits_table(o) ? nic_table(d, o) : nic_lines(d, o);
	if (o->ndisks > 0)
		tables ? disk_table(d, o) : disk_lines(d, o);
}
