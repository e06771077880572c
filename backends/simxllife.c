/* xl's commands that begin and end a domain, or stop it for a while. Their words
 * and exit codes are those of Xen 4.17 (tools/xl/xl_vmcontrol.c). */
#include <string.h>

#include "backends/simdef.h"
#include "backends/simxl.h"

enum {
	READ_MS = 150,
	BUILD_MS = 900,
	BUILD_KB_PER_MS = 4096,   /* of memory, scrubbed and filled */
	ACK_MS = 200,             /* for a guest to hear what it is asked */
	ACK_LIMIT_MS = 60 * 1000, /* how long libxl waits for that */
	DESTROY_MS = 250,
};

/* --- create ------------------------------------------------------------------ */

enum { CREATE_READ, CREATE_MAKE, CREATE_BUILD };

/* How libxl tells that it takes away what it has made so far. */
static void
fail_create(struct simproc *p, uint32_t domid)
{
	simproc_fail(p, 3, "libxl: error: libxl_domain.c:1183:"
	    "libxl__destroy_domid: Domain %u:Non-existant domain\n"
	    "libxl: error: libxl_domain.c:1137:domain_destroy_callback: "
	    "Domain %u:Unable to destroy guest\n"
	    "libxl: error: libxl_domain.c:1064:domain_destroy_cb: "
	    "Domain %u:Destruction of domain failed\n", domid, domid, domid);
}

static void
create_read(struct simworld *w, struct simproc *p)
{
	const char *path;
	char c;

	while ((c = simxl_option(p, "peq")) != '\0')
		if (c == '?')
			return;
		else if (c == 'p')
			p->told |= 1;
	if (!simxl_wants(p, 1))
		return;
	path = p->args[0];
	if (defs_at_path(w->hosts[p->host].defs, path) == NULL) {
		simproc_fail(p, 3, "Failed to read config file: %s: No such "
		    "file or directory\n", path);
		return;
	}
	simproc_print(p, "Parsing config from %s\n", path);
	simproc_wait(w, p, CREATE_MAKE, READ_MS);
}

static void
create_make(struct simworld *w, struct simproc *p)
{
	struct simhost *h = &w->hosts[p->host];
	const struct def *def = defs_at_path(h->defs, p->args[0]);
	const struct simdom *d;

	if (def == NULL) {
		simproc_fail(p, 3, "Failed to parse config: No such file or "
		    "directory\n");
		return;
	}
	if (simdom_named(h, def->name) != NULL) {
		simproc_print(p, "libxl: error: libxl_domain.c:81:"
		    "libxl__domain_rename: Domain %u:Domain with name \"%s\" "
		    "already exists.\n"
		    "libxl: error: libxl_create.c:1296:initiate_domain_create: "
		    "Domain %u:cannot make domain: -6\n", h->next_domid,
		    def->name, h->next_domid);
		fail_create(p, h->next_domid++);
		return;
	}
	for (size_t i = 0; i < def->ndisks; i++) {
		const struct obs_disk *disk = &def->disks[i];

		if (disk->target == NULL ||
		    simhost_has_disk(h, disk->target))
			continue;
		simproc_print(p, "libxl: error: libxl_device.c:455:"
		    "libxl__device_disk_set_backend: Disk vdev=%s failed to "
		    "stat: %s: No such file or directory\n"
		    "libxl: error: libxl_create.c:1318:initiate_domain_create: "
		    "Domain %u:Unable to set disk defaults for disk %zu\n",
		    disk->vdev, disk->target, h->next_domid, i);
		fail_create(p, h->next_domid++);
		return;
	}
	if (simdef_mem_kb(def) > simworld_free_kb(h)) {
		simproc_print(p, "xc: error: panic: xg_dom_boot.c:119: "
		    "xc_dom_boot_mem_init: can't allocate low memory for "
		    "domain: Out of memory\n"
		    "libxl: error: libxl_dom.c:586:libxl__build_dom: "
		    "xc_dom_boot_mem_init failed: Cannot allocate memory\n"
		    "libxl: error: libxl_create.c:1640:domcreate_rebuild_done: "
		    "Domain %u:cannot (re-)build domain: -3\n", h->next_domid);
		fail_create(p, h->next_domid++);
		return;
	}
	d = simdef_make(w, p->host, def);
	if (d == NULL) {
		simproc_fail(p, SIMXL_EXIT_UNKNOWN, "simulator: it has too "
		    "many VMs by now\n");
		return;
	}
	p->domid = d->domid;
	simproc_wait(w, p, CREATE_BUILD, BUILD_MS + simdef_mem_kb(def) /
	    BUILD_KB_PER_MS);
}

static void
create(struct simworld *w, struct simproc *p)
{
	struct simdom *d;

	switch (p->phase) {
	case CREATE_READ:
		create_read(w, p);
		break;
	case CREATE_MAKE:
		create_make(w, p);
		break;
	default:
		d = simxl_dom(w, p);
		if (d == NULL) {
			simproc_fail(p, 3, "libxl: error: libxl_create.c:1921:"
			    "domcreate_attach_devices: Domain %u:unable to add "
			    "vif devices\n", p->domid);
			break;
		}
		if ((p->told & 1) == 0) {
			simdom_fold(w, d);
			d->paused = false;
		}
		simproc_end(p, 0);
		break;
	}
}

/* --- shutdown, reboot -------------------------------------------------------- */

enum { STOP_ASK, STOP_ACK, STOP_TIMEOUT };
enum { STOP_FALLBACK = 1, STOP_ACPI = 2 };

static void
stop_ask(struct simworld *w, struct simproc *p, bool reboot)
{
	const struct simdom *d;
	char c;

	while ((c = simxl_option(p, "F")) != '\0')
		if (c == '?')
			return;
		else
			p->told |= STOP_FALLBACK;
	if (!simxl_wants(p, 1) || !simxl_domid(w, p))
		return;
	simproc_print(p, "%s domain %u\n",
	    reboot ? "Rebooting" : "Shutting down", p->domid);
	d = simxl_dom(w, p);
	if (d == NULL || d->vm == SIM_NONE) {
		simproc_fail(p, 1, "%s failed (rc=%d)\n",
		    reboot ? "reboot" : "shutdown", d == NULL ? -21 : -3);
		return;
	}
	if (!simdom_has_drivers(w, d) && (p->told & STOP_FALLBACK) == 0) {
		simproc_fail(p, 1, "PV control interface not available: "
		    "external graceful %s not possible.\n"
		    "Use \"xl trigger <dom> %s\" or \"xl destroy <dom>\".\n"
		    "%s failed (rc=-10)\n", reboot ? "reboot" : "shutdown",
		    reboot ? "reset" : "power",
		    reboot ? "reboot" : "shutdown");
		return;
	}
	if (!simdom_has_drivers(w, d)) {
		simproc_print(p, "PV control interface not available: sending "
		    "ACPI %s button event.\n", reboot ? "reset" : "power");
		p->told |= STOP_ACPI;
	}
	if ((p->told & STOP_ACPI) == 0 &&
	    !simdom_listens(w, d))
		simproc_wait(w, p, STOP_TIMEOUT, ACK_LIMIT_MS);
	else
		simproc_wait(w, p, STOP_ACK, ACK_MS);
}

/* It was heard; what the guest makes of it is its own affair. */
static void
stop_ack(struct simworld *w, struct simproc *p, bool reboot)
{
	struct simdom *d = simxl_dom(w, p);

	simproc_end(p, 0);
	if (d != NULL && simdom_listens(w, d) && !w->vms[d->vm].stubborn &&
	    simop_of_dom(w, p->host, p->domid) == SIM_NONE)
		simdom_stop(w, p->host, d, reboot);
}

static void
stop(struct simworld *w, struct simproc *p, bool reboot)
{
	switch (p->phase) {
	case STOP_ASK:
		stop_ask(w, p, reboot);
		break;
	case STOP_ACK:
		stop_ack(w, p, reboot);
		break;
	default:
		simproc_fail(p, 1, "libxl: error: libxl_domain.c:854:"
		    "pvcontrol_cb: guest didn't acknowledge control request: "
		    "-9\n%s failed (rc=-9)\n", reboot ? "reboot" : "shutdown");
		break;
	}
}

static void
shut_down(struct simworld *w, struct simproc *p)
{
	stop(w, p, false);
}

static void
reboot(struct simworld *w, struct simproc *p)
{
	stop(w, p, true);
}

/* --- destroy, pause, unpause ------------------------------------------------- */

static void
destroy(struct simworld *w, struct simproc *p)
{
	struct simdom *d;
	bool force = false;
	char c;

	if (p->phase == 0) {
		while ((c = simxl_option(p, "f")) != '\0')
			if (c == '?')
				return;
			else
				force = true;
		if (!simxl_wants(p, 1) || !simxl_domid(w, p))
			return;
		if (p->domid == 0 && !force)
			simproc_fail(p, 1, "Not destroying domain 0; use -f to "
			    "force.\nThis can only be done when using a "
			    "disaggregated hardware domain and toolstack.\n\n");
		else
			simproc_wait(w, p, 1, DESTROY_MS);
		return;
	}
	d = simxl_dom(w, p);
	if (d == NULL || d->vm == SIM_NONE) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c:1183:"
		    "libxl__destroy_domid: Domain %u:Non-existant domain\n"
		    "libxl: error: libxl_domain.c:1137:domain_destroy_callback: "
		    "Domain %u:Unable to destroy guest\n"
		    "libxl: error: libxl_domain.c:1064:domain_destroy_cb: "
		    "Domain %u:Destruction of domain failed\n"
		    "destroy failed (rc=-21)\n", p->domid, p->domid, p->domid);
		return;
	}
	simdom_remove(w, p->host, d);
	simproc_end(p, 0);
}

/* xl does not look at what comes of these two: it ends well in any case. */
static void
set_paused(struct simworld *w, struct simproc *p, bool paused)
{
	struct simdom *d;

	if (!simxl_wants(p, 1) || !simxl_domid(w, p))
		return;
	d = simxl_dom(w, p);
	if (d == NULL) {
		simproc_print(p, "libxl: error: libxl_domain.c:%s Domain %u\n",
		    paused ? "libxl_domain_pause: Pausing" :
		    "libxl_domain_unpause: Unpausing", p->domid);
	} else if (d->vm != SIM_NONE) {
		simdom_fold(w, d);
		if (paused)
			d->pauses = d->paused ? d->pauses + (d->pauses == 0) +
			    1 : 1;
		else if (d->pauses > 0)
			d->pauses--;
		d->paused = paused || d->pauses > 0;
	}
	simproc_end(p, 0);
}

static void
pause_dom(struct simworld *w, struct simproc *p)
{
	set_paused(w, p, true);
}

static void
unpause(struct simworld *w, struct simproc *p)
{
	set_paused(w, p, false);
}

const struct simxl_command simxl_lifecycle[] = {
	{ "create", create },
	{ "shutdown", shut_down },
	{ "reboot", reboot },
	{ "destroy", destroy },
	{ "pause", pause_dom },
	{ "unpause", unpause },
	{ NULL, NULL },
};
