/* xl save, restore and dump-core. xl save suspends the guest first and copies
 * then: whoever kills it in the middle leaves a domain that is
 * neither running nor gone. */
#include <stdio.h>
#include <string.h>

#include "backends/simxl.h"

enum {
	SAVE_KB_PER_MS = 512, /* a disk of 500 MB/s */
	SUSPEND_LIMIT_MS = 60 * 1000,
	PROGRESS_MS = 500,
	PAGE_KB = 4,
	READ_MS = 300,
};

enum { SAVE_BEGIN, SAVE_COPY, SAVE_TIMEOUT };
enum { SAVE_LEAVE = 1, SAVE_PAUSE = 2 };

static void
save_failed(struct simworld *w, struct simproc *p, const char *why)
{
	struct simdom *d = simxl_dom(w, p);

	simproc_fail(p, 1, "%sFailed to save domain, resuming domain\n", why);
	if (d != NULL && d->reason == REASON_SUSPEND) {
		d->since = w->now;
		d->reason = REASON_NONE;
	}
}

static void
save_begin(struct simworld *w, struct simproc *p)
{
	struct simdom *d;
	char c;

	while ((c = simxl_option(p, "cp")) != '\0')
		if (c == '?')
			return;
		else
			p->told |= c == 'c' ? SAVE_LEAVE : SAVE_PAUSE;
	if (!simxl_wants(p, 2) || !simxl_domid(w, p))
		return;
	d = simxl_dom(w, p);
	if (d == NULL || d->vm == SIM_NONE) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c: "
		    "libxl_domain_info: Domain %u:Domain not found\n",
		    p->domid);
		return;
	}
	simproc_print(p, "Saving to %s new xl format (info 0x3/0x0/1272)\n"
	    "xc: info: Saving domain %u, type x86 %s\n", p->args[0], p->domid,
	    w->vms[d->vm].conf->type == VM_TYPE_PV ? "PV" : "HVM");
	if (!simdom_listens(w, d) ||
	    simop_of_dom(w, p->host, p->domid) != SIM_NONE) {
		simproc_wait(w, p, SAVE_TIMEOUT, SUSPEND_LIMIT_MS);
		return;
	}
	simdom_fold(w, d);
	d->reason = REASON_SUSPEND;
	simhost_save(w, p->host, p->args[0], SIM_NONE);
	p->since = w->now;
	simproc_wait(w, p, SAVE_COPY, PROGRESS_MS);
}

static void
saved(struct simworld *w, struct simproc *p, struct simdom *d)
{
	struct simfile *f = simhost_save(w, p->host, p->args[0], d->vm);

	f->name = d->name;
	f->mem_kb = d->mem_kb;
	f->max_kb = d->max_kb;
	f->vcpus = d->vcpus;
	f->vcpus_max = d->vcpus_max;
	simproc_fail(p, 0, "xc: progress: End of stream: 0/0    0%%\n");
	if ((p->told & (SAVE_LEAVE | SAVE_PAUSE)) == 0) {
		simdom_remove(w, p->host, d);
		return;
	}
	/* The xl that waited for its end thinks that it has ended. */
	d->alone = true;
	d->since = w->now;
	d->reason = REASON_NONE;
	d->paused = (p->told & SAVE_PAUSE) != 0;
}

static void
save_copy(struct simworld *w, struct simproc *p)
{
	struct simdom *d = simxl_dom(w, p);
	int64_t done, all;

	if (d == NULL || d->reason != REASON_SUSPEND) {
		save_failed(w, p, "xc: error: Save failed (3 = No such "
		    "process): Internal error\n");
		return;
	}
	if (w->hosts[p->host].disk_full) {
		save_failed(w, p, "xc: error: Failed to write page data to "
		    "stream (28 = No space left on device): Internal error\n"
		    "xc: error: Save failed (28 = No space left on device): "
		    "Internal error\n");
		return;
	}
	all = d->mem_kb / PAGE_KB;
	done = (w->now - p->since) * SAVE_KB_PER_MS / PAGE_KB;
	done = done < all ? done : all;
	simproc_print(p, "xc: progress: Frames: %lld/%lld  %3lld%%\n",
	    (long long)done, (long long)all,
	    (long long)(all > 0 ? done * 100 / all : 100));
	if (done < all)
		simproc_wait(w, p, SAVE_COPY, PROGRESS_MS);
	else
		saved(w, p, d);
}

static void
save(struct simworld *w, struct simproc *p)
{
	if (p->phase == SAVE_BEGIN)
		save_begin(w, p);
	else if (p->phase == SAVE_COPY)
		save_copy(w, p);
	else
		save_failed(w, p, "libxl: error: libxl_dom_suspend.c: guest "
		    "didn't acknowledge suspend, request cancelled\n");
}

/* --- restore ------------------------------------------------------------------ */

enum { RESTORE_BEGIN, RESTORE_MAKE, RESTORE_FILL };

static void
restore_begin(struct simworld *w, struct simproc *p)
{
	const struct simfile *f;
	char c;

	while ((c = simxl_option(p, "pe")) != '\0')
		if (c == '?')
			return;
		else if (c == 'p')
			p->told |= SAVE_PAUSE;
		else
			p->told |= SAVE_LEAVE;
	if (!simxl_wants(p, 1))
		return;
	f = simhost_file(&w->hosts[p->host], p->args[0]);
	if (f == NULL) {
		simproc_fail(p, 1, "Can't open restore file: No such file or "
		    "directory\n");
		return;
	}
	if (f->vm == SIM_NONE) {
		simproc_fail(p, 1, "libxl: error: libxl_utils.c:505:"
		    "libxl_read_exactly: file/stream truncated reading header "
		    "from %s\nxl: fatal error: xl_vmcontrol.c:713: Protocol "
		    "error: libxl_read_exactly( ctx, restore_fd, &hdr, "
		    "sizeof(hdr), restore_source, \"header\")\n", p->args[0]);
		return;
	}
	simproc_print(p, "Loading new save file %s (new xl fmt info "
	    "0x3/0x0/1272)\n Savefile contains xl domain config in JSON "
	    "format\nParsing config from <saved>\n", p->args[0]);
	simproc_wait(w, p, RESTORE_MAKE, READ_MS);
}

static void
restore_make(struct simworld *w, struct simproc *p)
{
	struct simhost *h = &w->hosts[p->host];
	const struct simfile *f = simhost_file(h, p->args[0]);
	struct simdom *d;
	struct err err;

	if (f == NULL || f->vm == SIM_NONE) {
		simproc_fail(p, 1, "xc: error: Restore failed (0 = Success): "
		    "Internal error\n");
		return;
	}
	d = simvm_make(w, p->host, f->vm, f->name, f->mem_kb, f->vcpus_max,
	    &err);
	if (d == NULL) {
		simproc_fail(p, 3, simdom_named(h, f->name) != NULL ?
		    "libxl: error: libxl_domain.c:81:libxl__domain_rename: "
		    "Domain %u:Domain with name \"%s\" already exists.\n" :
		    "xc: error: Failed to populate physmap (16 = Device or "
		    "resource busy): Internal error\nlibxl: error: "
		    "libxl_create.c:1640:domcreate_rebuild_done: Domain %u:"
		    "cannot (re-)build domain %s: -3\n", h->next_domid,
		    f->name);
		h->next_domid++;
		return;
	}
	d->max_kb = f->max_kb;
	simdom_set_vcpus(w, p->host, d, f->vcpus);
	d->paused = true;
	p->domid = d->domid;
	simproc_print(p, "xc: info: Found x86 HVM domain from Xen 4.17\n"
	    "xc: info: Restoring domain\n");
	simproc_wait(w, p, RESTORE_FILL, f->mem_kb / SAVE_KB_PER_MS);
}

static void
restore(struct simworld *w, struct simproc *p)
{
	struct simdom *d;

	if (p->phase == RESTORE_BEGIN) {
		restore_begin(w, p);
	} else if (p->phase == RESTORE_MAKE) {
		restore_make(w, p);
	} else if ((d = simxl_dom(w, p)) == NULL) {
		simproc_fail(p, 3, "xc: error: Restore failed (3 = No such "
		    "process): Internal error\n");
	} else {
		simdom_fold(w, d);
		d->paused = (p->told & SAVE_PAUSE) != 0;
		d->alone = (p->told & SAVE_LEAVE) != 0;
		simproc_fail(p, 0, "xc: info: Restore successful\n");
	}
}

/* --- dump-core ---------------------------------------------------------------- */

static void
dump_core(struct simworld *w, struct simproc *p)
{
	struct simdom *d;

	if (p->phase == 0) {
		if (!simxl_wants(p, 2) || !simxl_domid(w, p))
			return;
		d = simxl_dom(w, p);
		simproc_wait(w, p, 1, d != NULL ? 500 + d->mem_kb /
		    SAVE_KB_PER_MS : 0);
		return;
	}
	d = simxl_dom(w, p);
	if (d == NULL || w->hosts[p->host].disk_full) {
		simproc_fail(p, 1, "libxl: error: libxl_domain.c: "
		    "libxl_domain_core_dump: Domain %u:Core dumping domain to "
		    "%s: %s\ncore dump failed (rc=-3)\n", p->domid, p->args[0],
		    d == NULL ? "No such process" : "No space left on device");
		return;
	}
	simhost_save(w, p->host, p->args[0], SIM_NONE);
	simproc_end(p, 0);
}

const struct simxl_command simxl_saving[] = {
	{ "save", save },
	{ "restore", restore },
	{ "dump-core", dump_core },
	{ NULL, NULL },
};
