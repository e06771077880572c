/* What a simulated host says when it is asked what observations do not tell
 * (core/probe.h), and its logical volumes. Hosts of one cluster share their
 * volumes, /dev/vgs/NAME, and have the same processors; each volume may be
 * active on a host or not. Disks that are files are each host's own, and always
 * there. */
#include <stdio.h>
#include <string.h>

#include "backends/simxl.h"
#include "core/mem.h"
#include "core/prng.h"

enum { PROBE_MS = 500, LVCHANGE_MS = 250, EXIT_LVM = 5 };

static const char volumes[] = "/dev/vgs/";
static const char hw_caps[] =
    "178bf3ff:f6d8320b:2e500800:244037ff:0000000f:219c91a9:00400004:00000780";

/* --- Volumes ------------------------------------------------------------------ */

static bool
is_volume(const char *path)
{
	return strncmp(path, volumes, sizeof volumes - 1) == 0 &&
	    path[sizeof volumes - 1] != '\0' &&
	    strchr(path + sizeof volumes - 1, '/') == NULL;
}

static size_t
find_asleep(const struct simhost *h, const char *path)
{
	size_t i = 0;

	while (i < h->nasleep && strcmp(h->asleep[i], path) != 0)
		i++;
	return i;
}

bool
simhost_has_disk(const struct simhost *h, const char *path)
{
	if (strncmp(path, "/dev/", 5) != 0)
		return path[0] == '/';
	return is_volume(path) && find_asleep(h, path) == h->nasleep;
}

static bool
is_in_use(const struct simworld *w, const struct simhost *h,
    const char *path)
{
	for (size_t i = 0; i < h->ndoms; i++) {
		const struct simdom *d = &h->doms[i];
		const struct obs_disk *v = d->disks;
		size_t n = d->ndisks;

		if (d->vm == SIM_NONE)
			continue;
		if (v == NULL) {
			v = w->vms[d->vm].disks;
			n = w->vms[d->vm].ndisks;
		}
		for (size_t k = 0; k < n; k++)
			if (v[k].target != NULL &&
			    strcmp(v[k].target, path) == 0)
				return true;
	}
	return false;
}

/* "lvchange -ay vgs/web1" */
static void
lvchange(struct simworld *w, struct simproc *p)
{
	struct simhost *h = &w->hosts[p->host];
	char path[OBS_TEXT_MAX + 1];
	bool wake, asleep;
	size_t at;

	if (simxl_nargs(p) != 2 || (strcmp(p->args[0], "-ay") != 0 &&
	    strcmp(p->args[0], "-an") != 0)) {
		simproc_fail(p, 3, "lvchange: unrecognised arguments\n");
		return;
	}
	wake = strcmp(p->args[0], "-ay") == 0;
	snprintf(path, sizeof path, "/dev/%s", p->args[1]);
	at = find_asleep(h, path);
	asleep = at < h->nasleep;
	if (!is_volume(path)) {
		simproc_fail(p, EXIT_LVM, "  Failed to find logical volume "
		    "\"%s\"\n", p->args[1]);
	} else if (!wake && is_in_use(w, h, path)) {
		simproc_fail(p, EXIT_LVM, "  Logical volume %s in use.\n",
		    p->args[1]);
	} else {
		if (wake && asleep)
			h->asleep[at] = h->asleep[--h->nasleep];
		if (!wake && !asleep) {
			h->asleep = x_grow(h->asleep, h->nasleep,
			    &h->asleep_cap, sizeof *h->asleep);
			h->asleep[h->nasleep++] = simworld_text(w, path);
		}
		simproc_end(p, 0);
	}
}

void
simlv_begin(struct simworld *w, struct simproc *p)
{
	p->args++;
	p->step = lvchange;
	simproc_wait(w, p, 0, LVCHANGE_MS);
}

/* --- Questions ----------------------------------------------------------------- */

struct question {
	struct simworld *w;
	struct simproc *p;
	const char *ask, *arg;
	bool tell, bad;
};

static void
say(struct question *q, const char *said, const char *text)
{
	if (q->tell)
		simproc_print(q->p, "xendeck-probe:%s:%s\t%s\t%s\n", q->ask,
		    said, q->arg, text);
	else if (strcmp(said, "yes") != 0)
		simproc_print(q->p, "%s: %s\n", q->arg, text);
	q->bad = q->bad || strcmp(said, "yes") != 0;
}

static void
disk(struct question *q)
{
	const struct simhost *h = &q->w->hosts[q->p->host];
	const char *path = strchr(q->arg, ' ');
	size_t want = path != NULL ? (size_t)(path - q->arg) : 0;
	uint64_t hash = h->cluster;
	char id[40], text[160];

	if (path == NULL || path[1] != '/') {
		say(q, "cannot", "that is no path");
		return;
	}
	if (!is_volume(++path)) {
		if (simhost_has_disk(h, path))
			say(q, want == 1 && q->arg[0] == '-' ? "yes" : "no",
			    "file 1073741824 local:");
		else
			say(q, "no", "is not there");
		return;
	}
	for (const char *s = path; *s != '\0'; s++)
		hash = prng_hash(hash, (unsigned char)*s);
	snprintf(id, sizeof id, "lvm:%016llx", (unsigned long long)hash);
	if (!simhost_has_disk(h, path)) {
		snprintf(text, sizeof text, "inactive %s", id);
		say(q, "no", text);
	} else if (strncmp(q->arg, "-", want) != 0 &&
	    (strlen(id) != want || strncmp(q->arg, id, want) != 0)) {
		snprintf(text, sizeof text, "is another volume: %s, not %.*s",
		    id, (int)(want < 80 ? want : 80), q->arg);
		say(q, "no", text);
	} else {
		snprintf(text, sizeof text, "block %lld %s",
		    (long long)(8 + hash % 56) << 30, id);
		say(q, "yes", text);
	}
}

static void
file(struct question *q)
{
	struct simhost *h = &q->w->hosts[q->p->host];

	if (simhost_file(h, q->arg) != NULL ||
	    defs_at_path(h->defs, q->arg) != NULL)
		say(q, "yes", "");
	else
		say(q, "no", "is no file that can be read");
}

static void
ssh(struct question *q)
{
	uint32_t to = simxl_host_at(q->w, q->arg);
	char text[400];

	if (to != SIM_NONE && q->w->hosts[to].power == SIM_POWER_ON) {
		say(q, "yes", "");
		return;
	}
	snprintf(text, sizeof text, to == SIM_NONE ? "ssh: Could not resolve "
	    "hostname %.200s: Name or service not known" : "ssh: connect to "
	    "host %.200s port 22: No route to host", q->arg);
	say(q, "no", text);
}

/* Whether an xl is at work on that domain ("12 web1"), or receives any ("-"). */
static void
xl_at_work(struct question *q, bool receives)
{
	uint32_t domid = 0;

	sscanf(q->arg, "%u", &domid);
	for (size_t i = 0; i < q->w->nops; i++) {
		const struct simop *o = &q->w->ops[i];

		if ((o->busy == SIM_COPYING || o->busy == SIM_HANDOVER) &&
		    (receives ? o->to == q->p->host :
		    o->host == q->p->host && o->domid == domid)) {
			say(q, "no", "xl is still at it: process 1400");
			return;
		}
	}
	for (size_t i = 0; !receives && i < q->p->all->n; i++) {
		const struct simproc *p = q->p->all->v[i];

		if (p != q->p && p->host == q->p->host && p->domid == domid &&
		    p->state == SIMPROC_RUNS) {
			say(q, "no", "xl is still at it: process 1401");
			return;
		}
	}
	say(q, "yes", "");
}

static void
answer(struct question *q)
{
	if (strcmp(q->ask, "disk") == 0)
		disk(q);
	else if (strcmp(q->ask, "bridge") == 0)
		say(q, strcmp(q->arg, "xenbr0") == 0 ? "yes" : "no",
		    strcmp(q->arg, "xenbr0") == 0 ? "" :
		    "there is no such bridge");
	else if (strcmp(q->ask, "file") == 0)
		file(q);
	else if (strcmp(q->ask, "ssh") == 0)
		ssh(q);
	else if (strcmp(q->ask, "cpu") == 0)
		say(q, strcmp(q->arg, "-") == 0 ||
		    strcmp(q->arg, hw_caps) == 0 ? "yes" : "no", hw_caps);
	else if (strcmp(q->ask, "sender") == 0)
		xl_at_work(q, false);
	else if (strcmp(q->ask, "receiver") == 0)
		xl_at_work(q, true);
	else
		say(q, "cannot", "nobody knows how to ask that");
}

static void
probe(struct simworld *w, struct simproc *p)
{
	struct question q = {
		.w = w,
		.p = p,
		.tell = strcmp(p->args[0], "tell") == 0,
	};

	for (char **a = p->args + 1; *a != NULL; a++) {
		char *text = x_strdup(*a), *blank = strchr(text, ' ');

		if (blank != NULL)
			*blank = '\0';
		q.ask = text;
		q.arg = blank != NULL ? blank + 1 : "";
		answer(&q);
		x_free(text);
	}
	simproc_end(p, !q.tell && q.bad ? 1 : 0);
}

void
simprobe_begin(struct simworld *w, struct simproc *p)
{
	p->args += 4;
	p->step = probe;
	simproc_wait(w, p, 0, PROBE_MS);
}
