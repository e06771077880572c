/* Alarms in words. */
#include "core/alarm.h"

#include <inttypes.h>
#include <stdio.h>

static const struct {
	const char *name, *word;
} kinds[ALARM_NKINDS] = {
	[ALARM_VM_TWICE] = { "vm-twice", "RUNS TWICE" },
	[ALARM_VM_CRASHED] = { "vm-crashed", "CRASHED" },
	[ALARM_VM_MISSING] = { "vm-missing", "MISSING" },
	[ALARM_HOST_DOWN] = { "host-down", "NO ANSWER" },
	[ALARM_HOST_REFUSED] = { "host-refused", "REFUSED" },
	[ALARM_VM_MAYBE] = { "vm-maybe-twice", "TWICE?" },
	[ALARM_HOST_MEMORY] = { "host-memory", "MEMORY" },
	[ALARM_HOST_CPU] = { "host-cpu", "CPU" },
	[ALARM_VM_CPU] = { "vm-cpu", "VM CPU" },
	[ALARM_VM_NAME] = { "vm-same-name", "SAME NAME" },
};

const char *
alarm_kind_name(enum alarm_kind k)
{
	return kinds[k].name;
}

const char *
alarm_word(enum alarm_kind k)
{
	return kinds[k].word;
}

const char *
alarm_state_name(const struct alarm *x)
{
	if (x->state == ALARM_ENDED)
		return "ended";
	return x->acked ? "acked" : x->silenced ? "silenced" : "active";
}

bool
alarm_has_percent(enum alarm_kind k)
{
	return k == ALARM_HOST_MEMORY || k == ALARM_HOST_CPU ||
	    k == ALARM_VM_CPU;
}

static void
figure_sentence(const struct alarm *x, char *out, size_t size)
{
	const char *what = x->kind == ALARM_HOST_MEMORY ?
	    "of its memory in use" : x->kind == ALARM_HOST_CPU ?
	    "of its CPUs busy" : "of its vCPUs busy";

	snprintf(out, size, "%s: %" PRId64 " %% %s, limit %" PRId64 " %%",
	    x->name, x->last / 10, what, x->limit / 10);
}

void
alarm_sentence(const struct alarm *x, char *out, size_t size)
{
	const char *place = x->place != NULL ? x->place : "?";

	switch (x->kind) {
	case ALARM_HOST_DOWN:
		snprintf(out, size, "%s does not answer%s%s", x->name,
		    x->why != NULL ? ": " : "", x->why != NULL ? x->why : "");
		return;
	case ALARM_HOST_REFUSED:
		snprintf(out, size, "%s waits for you%s%s", x->name,
		    x->why != NULL ? ": " : "", x->why != NULL ? x->why : "");
		return;
	case ALARM_VM_TWICE:
		snprintf(out, size, "%s RUNS TWICE: two live domains claim its "
		    "UUID", x->name);
		return;
	case ALARM_VM_MAYBE:
		snprintf(out, size, "%s MAY RUN TWICE: one of its hosts does "
		    "not answer", x->name);
		return;
	case ALARM_VM_NAME:
		snprintf(out, size, "%s: another VM of the cluster runs by "
		    "this name", x->name);
		return;
	case ALARM_VM_CRASHED:
		snprintf(out, size, "%s crashed on %s", x->name, place);
		return;
	case ALARM_VM_MISSING:
		snprintf(out, size, "%s is gone from %s%s", x->name, place,
		    x->level == NOTE_ALARM ? ", and runs nowhere" :
		    "; it may run on a host that does not answer");
		return;
	case ALARM_HOST_MEMORY:
	case ALARM_HOST_CPU:
	case ALARM_VM_CPU:
		figure_sentence(x, out, size);
		return;
	case ALARM_NKINDS:
		break;
	}
	snprintf(out, size, "%s", x->name);
}
