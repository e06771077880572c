/* `xl migrate`: the words of both ends, which come out of one mouth, and how far
 * the copying is. What happens meanwhile is in simmig.c. */
#include <stdio.h>
#include <string.h>

#include "backends/simxl.h"

enum { MIG_BEGIN, MIG_CONNECT, MIG_COPY, MIG_HANDOVER };
enum { CONNECT_MS = 700, PROGRESS_MS = 400, PAGE_KB = 4 };
enum { MIG_PAUSED = 1 };

static const char undefined[] =
    "** Migration failed during final handshake **\n"
    "Domain state is now undefined !\n"
    "Please CHECK AT BOTH ENDS for running instances, before renaming and\n"
    " resuming at most one instance.  Two simultaneous instances of the domain\n"
    " would probably result in SEVERE DATA LOSS and it is now your\n"
    " responsibility to avoid that.  Sorry.\n";

static void
begin(struct simworld *w, struct simproc *p)
{
	char c;

	while ((c = simxl_option(p, "spe")) != '\0')
		if (c == '?')
			return;
		else if (c == 'p')
			p->told |= MIG_PAUSED;
		else if (c == 's' && p->args[0] != NULL)
			p->args++;
	if (!simxl_wants(p, 2) || !simxl_domid(w, p))
		return;
	simproc_wait(w, p, MIG_CONNECT, CONNECT_MS);
}

/* Hosts reach each other by the address that is configured, or the name. */
uint32_t
simxl_host_at(const struct simworld *w, const char *address)
{
	const char *at = strrchr(address, '@');

	if (at != NULL)
		address = at + 1;
	for (uint32_t i = 0; i < w->nhosts; i++) {
		const struct conf_host *h =
		    &w->conf->hosts[w->hosts[i].conf_host];

		if (strcmp(w->hosts[i].conf->name, address) == 0 ||
		    (h->migration_address != NULL &&
		    strcmp(h->migration_address, address) == 0) ||
		    (h->address != NULL && strcmp(h->address, address) == 0))
			return i;
	}
	return SIM_NONE;
}

static void
no_receiver(struct simproc *p, const char *why)
{
	simproc_fail(p, 1, "%s\nlibxl: error: libxl_utils.c:505:"
	    "libxl_read_exactly: file/stream truncated reading banner from "
	    "migration receiver stream\n"
	    "libxl: info: libxl_exec.c:117:libxl_report_child_exitstatus: "
	    "migration transport process [%zu] exited with error status 255\n",
	    why, 1400 + p->out.len);
}

/* What the receiver says when it cannot make the domain. */
static void
receiver_fails(struct simproc *p, uint32_t domid)
{
	simproc_fail(p, 1,
	    "libxl: error: libxl_domain.c:1183:libxl__destroy_domid: "
	    "Domain %u:Non-existant domain\n"
	    "libxl: error: libxl_domain.c:1137:domain_destroy_callback: "
	    "Domain %u:Unable to destroy guest\n"
	    "libxl: error: libxl_domain.c:1064:domain_destroy_cb: "
	    "Domain %u:Destruction of domain failed\n"
	    "migration target: Domain creation failed (code -3).\n"
	    "migration sender: libxl_domain_suspend failed (rc=-3)\n"
	    "Migration failed, resuming at sender.\n", domid, domid, domid);
}

static const struct obs_disk *
missing_disk(const struct simworld *w, const struct simhost *h,
    const struct simdom *d)
{
	const struct obs_disk *v = d->disks;
	size_t n = d->ndisks;

	if (v == NULL) {
		v = w->vms[d->vm].disks;
		n = w->vms[d->vm].ndisks;
	}
	for (size_t i = 0; i < n; i++)
		if (v[i].target != NULL && !simhost_has_disk(h, v[i].target))
			return &v[i];
	return NULL;
}

static bool
can_begin(struct simworld *w, struct simproc *p, uint32_t to)
{
	struct simhost *b = &w->hosts[to];
	const struct simdom *d = simxl_dom(w, p);
	char plain[OBS_NAME_MAX + 1], name[OBS_NAME_MAX + 16];
	const struct obs_disk *missing;

	if (d == NULL || d->vm == SIM_NONE) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c:"
		    "libxl_domain_info: Domain %u:Domain not found\n",
		    p->domid);
		return false;
	}
	simproc_print(p, "migration target: Ready to receive domain.\n"
	    "Saving to migration stream new xl format (info 0x3/0x0/1274)\n"
	    "Loading new save file <incoming migration stream> (new xl fmt "
	    "info 0x3/0x0/1274)\n"
	    " Savefile contains xl domain config in JSON format\n"
	    "Parsing config from <saved>\n"
	    "xc: info: Saving domain %u, type x86 %s\n", p->domid,
	    w->vms[d->vm].conf->type == VM_TYPE_PV ? "PV" : "HVM");
	if (w->vms[d->vm].conf->type == VM_TYPE_PV) {
		simproc_print(p, "xc: error: Failed to enable logdirty: "
		    "95,22,0 (22 = Invalid argument): Internal error\n"
		    "xc: error: Save failed (22 = Invalid argument): Internal "
		    "error\n"
		    "migration sender: libxl_domain_suspend failed (rc=-8)\n");
		simproc_fail(p, 1, "migration target: Domain creation failed "
		    "(code -3).\nMigration failed, failed to suspend at "
		    "sender.\n");
		return false;
	}
	simdom_plain_name(plain, sizeof plain, d);
	snprintf(name, sizeof name, "%s--incoming", plain);
	if (simdom_named(b, name) != NULL) {
		simproc_print(p, "libxl: error: libxl_domain.c:81:"
		    "libxl__domain_rename: Domain %u:Domain with name \"%s\" "
		    "already exists.\n", b->next_domid, name);
		receiver_fails(p, b->next_domid++);
		return false;
	}
	missing = missing_disk(w, b, d);
	if (missing != NULL) {
		simproc_print(p, "libxl: error: libxl_device.c:455:"
		    "libxl__device_disk_set_backend: Disk vdev=%s failed to "
		    "stat: %s: No such file or directory\n"
		    "libxl: error: libxl_create.c:1318:initiate_domain_create: "
		    "Domain %u:Unable to set disk defaults for disk 0\n",
		    missing->vdev, missing->target, b->next_domid);
		receiver_fails(p, b->next_domid++);
		return false;
	}
	if (d->mem_kb > simworld_free_kb(b)) {
		simproc_print(p, "xc: error: Failed to populate physmap (16 = "
		    "Device or resource busy): Internal error\n"
		    "xc: error: Restore failed (16 = Device or resource busy): "
		    "Internal error\n");
		receiver_fails(p, b->next_domid++);
		return false;
	}
	return true;
}

static void
connect_to(struct simworld *w, struct simproc *p)
{
	struct simhost *h = &w->hosts[p->host];
	uint32_t to = simxl_host_at(w, p->args[0]);
	struct simop how = { .kept = true };
	char why[300];

	if (to == SIM_NONE || to == p->host ||
	    w->hosts[to].power != SIM_POWER_ON) {
		snprintf(why, sizeof why, to == SIM_NONE ?
		    "ssh: Could not resolve hostname %.200s: Name or service "
		    "not known" : "ssh: connect to host %.200s port 22: No "
		    "route to host", p->args[0]);
		no_receiver(p, why);
		return;
	}
	if (!can_begin(w, p, to))
		return;
	how.end = h->next_mig;
	how.end_pm = h->next_mig_pm;
	how.stays_paused = (p->told & MIG_PAUSED) != 0;
	h->next_mig = SIMMIG_WELL;
	p->op = simmig_begin(w, p->host, p->domid, to, &how);
	p->since = w->now;
	simproc_print(p, "xc: info: Found x86 HVM domain from Xen 4.17\n"
	    "xc: info: Restoring domain\n");
	simproc_wait(w, p, MIG_COPY, PROGRESS_MS);
}

/* One round copies it all, a second one what changed meanwhile. */
static void
progress(struct simworld *w, struct simproc *p)
{
	const struct simop *o = &w->ops[p->op];
	const struct simdom *d = simxl_dom(w, p);
	int64_t all = d != NULL ? d->mem_kb / PAGE_KB : 0;
	int64_t pm = o->ends > o->began ?
	    (w->now - o->began) * 1000 / (o->ends - o->began) : 1000;
	int round = 0;

	if (o->end == SIMMIG_EMPTY)
		pm = pm * o->end_pm / 1000;
	if (pm > 850) {
		round = 1;
		pm = (pm - 850) * 1000 / 150;
		all /= 8;
	} else {
		pm = pm * 1000 / 850;
	}
	simproc_print(p, "xc: progress: Frames iteration %d: %lld/%lld  "
	    "%3lld%%\n", round, (long long)(all * pm / 1000), (long long)all,
	    (long long)(pm / 10));
}

static void
ended(struct simproc *p, enum simmig how)
{
	switch (how) {
	case SIMMIG_WELL:
		simproc_fail(p, 0, "migration target: Domain started "
		    "successsfully.\nmigration sender: Target reports "
		    "successful startup.\nMigration successful.\n");
		break;
	case SIMMIG_TAKEN:
		simproc_fail(p, 1, "migration sender: Target reports startup "
		    "failure (status code 6).\nmigration target: Failure, "
		    "destroying our copy.\nmigration target: Cleanup OK, "
		    "granting sender permission to resume.\nmigration sender: "
		    "Trying to resume at our end.\nmigration sender: Resumed "
		    "OK.\nMigration failed due to problems at target.\n");
		break;
	case SIMMIG_HANDSHAKE:
	case SIMMIG_UNHEARD:
		simproc_fail(p, 1, "%s", undefined);
		break;
	case SIMMIG_EMPTY:
	case SIMMIG_BOTH:
	case SIMMIG_UNDONE:
	case SIMMIG_KINDS:
		simproc_fail(p, 1, "libxl: error: libxl_utils.c:505:"
		    "libxl_read_exactly: file/stream truncated reading ready "
		    "message from migration receiver stream\n"
		    "Migration failed, resuming at sender.\n");
		break;
	}
}

static void
watch(struct simworld *w, struct simproc *p)
{
	struct simop *o = &w->ops[p->op];

	if (o->busy == SIM_COPYING) {
		progress(w, p);
		simproc_wait(w, p, MIG_COPY, o->ends - w->now < PROGRESS_MS &&
		    o->ends > w->now ? o->ends - w->now : PROGRESS_MS);
		return;
	}
	if (p->phase == MIG_COPY && (o->busy == SIM_HANDOVER ||
	    o->end == SIMMIG_WELL || o->end == SIMMIG_TAKEN))
		simproc_print(p, "xc: info: Restore successful\n"
		    "migration target: Transfer complete, requesting "
		    "permission to start domain.\n"
		    "migration sender: Target has acknowledged transfer.\n"
		    "migration sender: Giving target permission to start.\n"
		    "migration target: Got permission, starting domain.\n");
	if (o->busy == SIM_HANDOVER) {
		simproc_wait(w, p, MIG_HANDOVER, o->ends - w->now);
		return;
	}
	o->kept = false;
	p->op = SIM_NONE;
	ended(p, o->end);
}

static void
migrate(struct simworld *w, struct simproc *p)
{
	if (p->phase == MIG_BEGIN)
		begin(w, p);
	else if (p->phase == MIG_CONNECT)
		connect_to(w, p);
	else
		watch(w, p);
}

const struct simxl_command simxl_migration[] = {
	{ "migrate", migrate },
	{ NULL, NULL },
};
