/* What is lost or interrupted, in one sentence that names the VM and the host:
 * shown before anything is done, and so written for whoever is about to press
 * the wrong key. */
#include <stdio.h>
#include <string.h>

#include "core/action.h"

static const char *
where(const struct action *a, const struct vm *vm, const struct model *m)
{
	uint32_t host = a->host != MODEL_NONE ? a->host : vm->host;

	return host < model_nhosts(m) ? model_host(m, host)->name :
	    "its host";
}

static const char *
target(const struct action *a, const struct model *m)
{
	return a->to < model_nhosts(m) ? model_host(m, a->to)->name :
	    "another host";
}

/* A letter that ends everything at once, of Linux's sysrq.rst. */
static bool
is_deadly(const struct action *a)
{
	return a->arg != NULL && a->arg[0] != '\0' && a->arg[1] == '\0' &&
	    strchr("bcoei", a->arg[0]) != NULL;
}

static bool
is_reset(const struct action *a)
{
	return a->arg != NULL && (strcmp(a->arg, "reset") == 0 ||
	    strcmp(a->arg, "init") == 0 || strcmp(a->arg, "nmi") == 0);
}

/* Of those that need more than a fixed sentence; NULL. */
static const char *
special(const struct action *a)
{
	if (a->kind == ACTION_START && a->sworn)
		return "Starts %s although nobody can prove that it runs "
		    "nowhere else. If it does, its disks are destroyed.";
	if (a->kind == ACTION_SHUTDOWN && a->hard)
		return "Shuts %s on %s down, and destroys it if it has not "
		    "ended in time: then what it had not written yet is lost.";
	if (a->kind == ACTION_TRIGGER && is_reset(a))
		return "Resets or interrupts %s on %s at once: what it has "
		    "not written yet may be lost.";
	if (a->kind == ACTION_SYSRQ && is_deadly(a))
		return "Ends processes or all of %s on %s at once: what it "
		    "has not written yet is lost.";
	return NULL;
}

/* First the VM, then the host. */
static const char *const sentences[ACTION_COUNT] = {
	[ACTION_START] = "Starts %s.",
	[ACTION_SHUTDOWN] = "Shuts %s on %s down; its users are cut off.",
	[ACTION_REBOOT] = "Reboots %s on %s; its users are cut off "
	    "meanwhile.",
	[ACTION_KILL] = "Destroys %s on %s at once, as if its power was cut: "
	    "what it has not written yet is lost.",
	[ACTION_PAUSE] = "Halts %s on %s until it is unpaused; its users "
	    "wait.",
	[ACTION_UNPAUSE] = "Lets %s on %s run again.",
	[ACTION_SAVE] = "Writes the memory of %s to a file on %s and ends it; "
	    "its users are cut off.",
	[ACTION_RESTORE] = "Lets %s go on from a saved state on %s. If its "
	    "disks were written to since, they are destroyed.",
	[ACTION_RENAME] = "Renames %s on %s; its definition keeps the old "
	    "name.",
	[ACTION_MEMORY] = "Sets the memory of %s on %s; too little lets it "
	    "kill processes.",
	[ACTION_VCPUS] = "Sets how many vCPUs %s on %s uses.",
	[ACTION_PIN] = "Sets on which processors %s on %s may run.",
	[ACTION_SCHED] = "Sets the share of the processors that %s on %s "
	    "gets.",
	[ACTION_DISK_ATTACH] = "Attaches a disk to %s on %s.",
	[ACTION_DISK_DETACH] = "Takes a disk away from %s on %s: what is in "
	    "use on it breaks.",
	[ACTION_NIC_ATTACH] = "Attaches a network interface to %s on %s.",
	[ACTION_NIC_DETACH] = "Takes a network interface away from %s on %s: "
	    "its connections break.",
	[ACTION_CD_INSERT] = "Inserts a CD into %s on %s.",
	[ACTION_CD_EJECT] = "Takes the CD out of %s on %s.",
	[ACTION_TRIGGER] = "Sends a trigger to %s on %s.",
	[ACTION_SYSRQ] = "Sends a SysRq key to %s on %s.",
	[ACTION_DUMP_CORE] = "Writes the memory of %s to a file on %s; it "
	    "stands still meanwhile.",
	[ACTION_MIGRATE] = "Takes %s from %s to %s while it runs; it stands "
	    "still for a moment at the end.",
	[ACTION_MOVE] = "Shuts %s on %s down and starts it on %s; its users "
	    "are cut off meanwhile.",
	[ACTION_REPAIR] = "Clears up what a broken migration left of %s on %s; "
	    "at most one copy goes on.",
};

/* The sentence with its %s filled in turn: no format comes from outside. */
static void
fill(char *out, size_t size, const char *s, const char *const v[3])
{
	size_t n = 0, k = 0;

	while (*s != '\0' && n + 1 < size) {
		if (s[0] == '%' && s[1] == 's' && k < 3) {
			int len = snprintf(out + n, size - n, "%s", v[k++]);

			n += (size_t)len < size - n ? (size_t)len :
			    size - n - 1;
			s += 2;
			continue;
		}
		out[n++] = *s++;
	}
	if (size > 0)
		out[n] = '\0';
}

void
action_loss(char *out, size_t size, const struct action *a,
    const struct model *m)
{
	const struct vm *vm = model_vm(m, a->vm);
	const char *s = special(a);

	if (vm == NULL) {
		snprintf(out, size, "The VM is not there any more.");
		return;
	}
	fill(out, size, s != NULL ? s : sentences[a->kind],
	    (const char *const[]){ vm->name, where(a, vm, m), target(a, m) });
}
