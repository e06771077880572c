/* Why a VM cannot go somewhere, or cannot go at all: each rule says its own
 * sentence, and all of them are asked, so that nobody mends one thing only to
 * be told of the next. What no host has said is not known, which is a reason of
 * its own and never taken for a yes. */
#include <stdio.h>
#include <string.h>

#include "core/defs.h"
#include "core/migrate_priv.h"
#include "core/repair.h"
#include "core/safety.h"

#define SAY(weight, code, ...) \
	migrate_say(t, MIGRATE_##weight, code, __VA_ARGS__)

/* One of the words that `xl info` has in virt_caps. */
static bool
has_cap(const struct host *h, const char *cap)
{
	const char *s = h->facts.virt_caps;
	size_t n = strlen(cap);

	for (; s != NULL && *s != '\0'; s += strspn(s, " ")) {
		size_t len = strcspn(s, " ");

		if (len == n && memcmp(s, cap, n) == 0)
			return true;
		s += len;
	}
	return false;
}

/* --- Wherever it goes ------------------------------------------------------- */

static void
judge_state(struct migrate_target *t, const struct passage *p)
{
	const char *name = p->vm->name;
	unsigned flags = p->copy->flags;
	char left[512];

	if (p->vm->state == VM_MIGRATING) {
		if (repair_needed(left, sizeof left, p->vm, p->m))
			SAY(BLOCKS, "left", "%s Repair it first.", left);
		else
			SAY(BLOCKS, "moving", "%s is being migrated already.",
			    name);
	} else if (p->vm->conflict != CONFLICT_NONE) {
		SAY(BLOCKS, "conflict", "%s %s: end one of the two first.",
		    name, p->vm->conflict == CONFLICT_NAME ?
		    "shares its name with another VM that runs" :
		    "runs, or may run, twice");
	}
	if ((flags & (DOM_SHUTDOWN | DOM_DYING)) != 0)
		SAY(BLOCKS, "ended", "%s %s: there is nothing left to move.",
		    name, (flags & DOM_DYING) != 0 ? "is being torn down" :
		    p->copy->reason == REASON_CRASH ? "has crashed" :
		    "is shutting down");
	else if ((flags & DOM_PAUSED) != 0)
		SAY(BLOCKS, "paused", "%s is paused, and a paused guest cannot "
		    "be asked to %s: unpause it first.", name, p->live ?
		    "suspend" : "shut down");
}

static void
judge_pv(struct migrate_target *t, const struct passage *p,
    const struct host *h)
{
	if (!p->live || p->copy->type != VM_TYPE_PV)
		return;
	if (h->facts.virt_caps == NULL)
		SAY(WARNS, "pv-live", "Whether the Xen of %s has the shadow "
		    "paging that a live PV guest needs is not known.", h->name);
	else if (!has_cap(h, "shadow"))
		SAY(BLOCKS, "pv-live", "%s is a PV guest and the Xen of %s is "
		    "built without shadow paging: it can only be moved cold "
		    "(shut down, started there).", p->vm->name, h->name);
}

void
migrate_judge_here(struct migrate_target *t, const struct passage *p)
{
	const struct def *d = migrate_def_known(p);
	struct err err;

	if (safety_writable(model_conf(p->m), p->vm->cluster, &err) != 0)
		SAY(BLOCKS, "read-only", "%s.", err.msg);
	if (p->copy == NULL) {
		SAY(BLOCKS, "not-running", "%s does not run: start it where it "
		    "is wanted.", p->vm->name);
		return;
	}
	if (p->from->health != HOST_LIVE)
		SAY(BLOCKS, "source", "%s gives no current figures (%s): what "
		    "%s does there is not known.", p->from->name,
		    host_health_name(p->from->health), p->vm->name);
	judge_state(t, p);
	judge_pv(t, p, p->from);
	if (d != NULL && d->pinned)
		SAY(BLOCKS, "pinned", "%s has a PCI or USB device of its host.",
		    p->vm->name);
}

/* --- That host -------------------------------------------------------------- */

static void
judge_taken(struct migrate_target *t, const struct passage *p)
{
	for (size_t i = 0; i < model_nvms(p->m); i++) {
		const struct vm *vm = model_vm_at(p->m, i);

		if (vm->cluster != p->vm->cluster ||
		    (vm != p->vm && strcmp(vm->name, p->vm->name) != 0))
			continue;
		for (size_t k = 0; k < vm->ncopies; k++)
			if (vm->copies[k].host == p->to->id)
				SAY(BLOCKS, vm == p->vm ? "uuid" : "name",
				    "%s has a domain %u of that %s already.",
				    p->to->name, vm->copies[k].domid,
				    vm == p->vm ? "VM" : "name");
	}
}

/* What Xen takes besides: libxl_get_required_shadow_memory. */
static int64_t
needed_kb(const struct passage *p)
{
	int64_t kb = p->copy->mem_kb;
	int64_t vcpus = p->copy->vcpus_max > 0 ? p->copy->vcpus_max : 1;

	if (p->copy->type == VM_TYPE_PV)
		return kb + 1024;
	return kb + 4 * (256 * vcpus + 2 * (kb / 1024));
}

static void
judge_memory(struct migrate_target *t, const struct passage *p)
{
	int64_t reserve = model_conf(p->m)->hosts[p->to->id].reserve_kb;
	int64_t free_kb = p->to->facts.free_kb, need = needed_kb(p);
	char a[MIGRATE_SIZE], b[MIGRATE_SIZE], c[MIGRATE_SIZE];

	if (free_kb < 0 || p->copy->mem_kb < 0) {
		SAY(WARNS, "memory", "Whether the memory of %s suffices is not "
		    "known.", p->to->name);
		return;
	}
	t->score += (free_kb - reserve - need) / 1024;
	if (free_kb - reserve >= need)
		return;
	if (reserve > 0)
		SAY(BLOCKS, "memory", "%s needs %s, and %s has %s free, %s of "
		    "it reserved.", p->vm->name, migrate_size(a, need),
		    p->to->name, migrate_size(b, free_kb),
		    migrate_size(c, reserve));
	else
		SAY(BLOCKS, "memory", "%s needs %s, and %s has %s free.",
		    p->vm->name, migrate_size(a, need), p->to->name,
		    migrate_size(b, free_kb));
}

static void
judge_definition(struct migrate_target *t, const struct passage *p)
{
	const struct def *there = migrate_def_on(p, p->to->id);
	const struct def *known = migrate_def_known(p);

	if (there != NULL) {
		if (known != there && (known->len != there->len ||
		    memcmp(known->text, there->text, known->len) != 0))
			SAY(WARNS, "definition", "The definition on %s is not "
			    "the same as %s's.", p->to->name, p->from->name);
	} else if (model_defs(p->m, p->to->id) == NULL) {
		SAY(WARNS, "definition", "Which definitions %s has is not "
		    "known.", p->to->name);
		if (!p->live)
			SAY(BLOCKS, "definition", "%s cannot be started from a "
			    "definition that nobody has seen there.",
			    p->vm->name);
	} else if (p->live) {
		SAY(WARNS, "definition", "%s has no definition of %s: once shut "
		    "down it cannot be started there.", p->to->name,
		    p->vm->name);
	} else if (known != NULL) {
		SAY(MENDED, "definition", "%s has no definition of %s: it is "
		    "written there.", p->to->name, p->vm->name);
	} else {
		SAY(BLOCKS, "definition", "No host has a definition of %s to "
		    "start it from.", p->vm->name);
	}
}

static void
judge_volume(struct migrate_target *t, const struct passage *p,
    const char *path, const struct probe_answer *here,
    const struct probe_answer *there)
{
	const char *a = probe_disk_id(here), *b = probe_disk_id(there);
	char lv[256];

	if (strncmp(a, "local:", 6) == 0 || strncmp(b, "local:", 6) == 0)
		SAY(BLOCKS, "not-shared", "%s is a file on a disk that the "
		    "hosts do not share.", path);
	else if (a[0] != '\0' && b[0] != '\0' && strcmp(a, b) != 0)
		SAY(BLOCKS, "not-shared", "%s on %s is another volume than on "
		    "%s: the storage is not shared.", path, p->to->name,
		    p->from->name);
	else if (there->said == PROBE_NO &&
	    migrate_volume(lv, sizeof lv, path) && a[0] != '\0')
		SAY(MENDED, "inactive", "The volume %s is not active on %s: it "
		    "is activated there.", lv, p->to->name);
	else if (a[0] == '\0' || b[0] == '\0')
		SAY(WARNS, "not-shared", "Nothing tells whether %s is the same "
		    "volume on %s and %s.", path, p->from->name, p->to->name);
}

static void
judge_disk(struct migrate_target *t, const struct passage *p,
    const struct obs_disk *d)
{
	const struct probe_answer *here, *there;
	char arg[OBS_TEXT_MAX + 3];

	if (!migrate_asks_disk(d))
		return;
	snprintf(arg, sizeof arg, "- %s", d->target);
	here = probes_find(p->a->probes, p->from->id, PROBE_DISK, arg);
	there = probes_find(p->a->probes, p->to->id, PROBE_DISK, arg);
	if (here == NULL || there == NULL)
		SAY(UNASKED, "disk", "Whether %s is the same disk on %s has "
		    "not been asked yet.", d->target, p->to->name);
	else if (there->said == PROBE_NO && probe_disk_id(there)[0] == '\0')
		SAY(BLOCKS, "disk", "%s: %s %s.", p->to->name, d->target,
		    there->text[0] != '\0' ? there->text : "is not there");
	else
		judge_volume(t, p, d->target, here, there);
}

static void
judge_bridge(struct migrate_target *t, const struct passage *p,
    const char *bridge)
{
	const struct probe_answer *a = probes_find(p->a->probes, p->to->id,
	    PROBE_BRIDGE, bridge);

	if (a == NULL)
		SAY(UNASKED, "bridge", "Whether %s has the bridge %s has not "
		    "been asked yet.", p->to->name, bridge);
	else if (a->said != PROBE_YES)
		SAY(BLOCKS, "bridge", "%s has no bridge %s.", p->to->name,
		    bridge);
}

static void
judge_devices(struct migrate_target *t, const struct passage *p)
{
	const struct obs_dom *d = passage_devices(p);

	if (d == NULL) {
		SAY(WARNS, "devices", "Which disks and bridges %s uses is not "
		    "known.", p->vm->name);
		return;
	}
	for (size_t i = 0; i < d->ndisks; i++)
		judge_disk(t, p, &d->disks[i]);
	for (size_t i = 0; i < d->nnics; i++) {
		bool again = false;

		for (size_t k = 0; k < i; k++)
			again = again || (d->nics[i].bridge != NULL &&
			    d->nics[k].bridge != NULL && strcmp(
			    d->nics[k].bridge, d->nics[i].bridge) == 0);
		if (d->nics[i].bridge != NULL && !again)
			judge_bridge(t, p, d->nics[i].bridge);
	}
}

/* Of "4.17.7" and "4.9": by number, as far as both have one. */
static int
version_cmp(const char *a, const char *b)
{
	for (;;) {
		long x = 0, y = 0;

		for (; *a >= '0' && *a <= '9' && x < 100000; a++)
			x = x * 10 + (*a - '0');
		for (; *b >= '0' && *b <= '9' && y < 100000; b++)
			y = y * 10 + (*b - '0');
		if (x != y)
			return x < y ? -1 : 1;
		if (*a != '.' || *b != '.')
			return 0;
		a++;
		b++;
	}
}

/* A bit that is in `have` and not in `want`'s words of hexadecimal digits. */
static bool
lacks_bits(const char *want, const char *have)
{
	unsigned long w, h;

	for (;;) {
		int n = 0, k = 0;

		w = h = 0;
		if (sscanf(want, "%8lx%n", &w, &n) < 1)
			return false;
		if (sscanf(have, "%8lx%n", &h, &k) < 1)
			return w != 0;
		if ((w & ~h) != 0)
			return true;
		want += n;
		have += k;
		if (*want != ':')
			return false;
		want++;
		have += *have == ':';
	}
}

static void
judge_cpu(struct migrate_target *t, const struct passage *p)
{
	const struct probe_answer *a = probes_find(p->a->probes, p->from->id,
	    PROBE_CPU, "-");
	const struct probe_answer *b = probes_find(p->a->probes, p->to->id,
	    PROBE_CPU, "-");

	if (a == NULL || b == NULL)
		SAY(UNASKED, "cpu", "Whether the processors of %s can do what "
		    "%s's can has not been asked yet.", p->to->name,
		    p->from->name);
	else if (a->said != PROBE_YES || b->said != PROBE_YES)
		SAY(WARNS, "cpu", "Whether the processors of %s can do what "
		    "%s's can is not known.", p->to->name, p->from->name);
	else if (lacks_bits(a->text, b->text))
		SAY(BLOCKS, "cpu", "The processors of %s lack features that "
		    "%s has been started with on %s: only cold.", p->to->name,
		    p->vm->name, p->from->name);
}

static void
judge_xen(struct migrate_target *t, const struct passage *p)
{
	const char *a = p->from->facts.xen_version;
	const char *b = p->to->facts.xen_version;
	enum vm_type type = p->copy->type;

	if ((type == VM_TYPE_PVH || type == VM_TYPE_HVM) &&
	    p->to->facts.virt_caps != NULL && !has_cap(p->to, "hvm"))
		SAY(BLOCKS, "hvm", "%s cannot run %s guests: its processors, "
		    "or its firmware's settings, have no virtualisation.",
		    p->to->name, vm_type_name(type));
	judge_pv(t, p, p->to);
	if (!p->live)
		return;
	if (a == NULL || b == NULL)
		SAY(WARNS, "version", "Whether the Xen of %s is as new as %s's "
		    "is not known.", p->to->name, p->from->name);
	else if (version_cmp(b, a) < 0)
		SAY(BLOCKS, "version", "%s has Xen %s, older than %s's %s: a "
		    "running guest only goes to the same or a newer one.",
		    p->to->name, b, p->from->name, a);
	judge_cpu(t, p);
}

static void
judge_ssh(struct migrate_target *t, const struct passage *p)
{
	const struct probe_answer *a;
	char fix[512];

	if (!p->live)
		return;
	a = probes_find(p->a->probes, p->from->id, PROBE_SSH,
	    passage_address(p));
	if (a == NULL)
		SAY(UNASKED, "ssh", "Whether root of %s may log in on %s has "
		    "not been asked yet.", p->from->name, p->to->name);
	else if (a->said != PROBE_YES && migrate_explain(fix, sizeof fix,
	    a->text, p->from->name, passage_address(p)))
		SAY(BLOCKS, "ssh", "%s", fix);
	else if (a->said != PROBE_YES)
		SAY(BLOCKS, "ssh", "%s cannot log in on %s by ssh: %s.",
		    p->from->name, passage_address(p), a->text);
}

void
migrate_judge_there(struct migrate_target *t, const struct passage *p)
{
	if (p->to->health != HOST_LIVE) {
		SAY(BLOCKS, "target", "%s gives no current figures (%s)%s%s.",
		    p->to->name, host_health_name(p->to->health),
		    p->to->reason != NULL ? ": " : "",
		    p->to->reason != NULL ? p->to->reason : "");
		return;
	}
	judge_taken(t, p);
	judge_memory(t, p);
	judge_xen(t, p);
	judge_definition(t, p);
	judge_devices(t, p);
	judge_ssh(t, p);
}
