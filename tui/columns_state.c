/* The state column: one word for how a cluster, a host or a VM is, with its age
 * where that is old. Every state is told in letters, whatever the colours. */
#include <stdio.h>

#include "tui/columns.h"
#include "tui/jobsview.h"
#include "tui/text.h"

static void
host_state(const struct item *it, struct cell_text *out)
{
	const struct host *h = it->host;
	char age[TEXT_MAX];

	switch (h->health) {
	case HOST_LIVE:
		column_say(out, h->note != NULL ? "live *" : "live",
		    STYLE_GOOD);
		return;
	case HOST_WAITING:
		column_say(out, h->link == LINK_CONNECTING ? "connects" :
		    "waiting", STYLE_BUSY);
		return;
	case HOST_STALE:
		text_age(age, it->age_ms);
		if (h->link == LINK_CONNECTING && h->reason != NULL) {
			snprintf(out->buf, sizeof out->buf, "DOWN %s", age);
			column_say(out, out->buf, STYLE_ALARM);
			return;
		}
		snprintf(out->buf, sizeof out->buf, "stale %s", age);
		column_say(out, out->buf, STYLE_WARN);
		return;
	case HOST_DOWN:
		text_age(age, it->age_ms);
		snprintf(out->buf, sizeof out->buf, "DOWN %s", age);
		column_say(out, out->buf, STYLE_ALARM);
		return;
	case HOST_REFUSED:
		column_say(out, "REFUSED", STYLE_ALARM);
		return;
	}
}

static void
cluster_state(const struct item *it, struct cell_text *out)
{
	const struct sum *s = it->sum;

	if (s == NULL)
		return;
	if (snprintf(out->buf, sizeof out->buf, "%u/%u live", s->live,
	    s->hosts) > COLUMN_STATE_W)
		snprintf(out->buf, sizeof out->buf, "%u/%u", s->live,
		    s->hosts);
	column_say(out, out->buf, s->live == s->hosts ? STYLE_GOOD :
	    STYLE_WARN);
}

static void
migration(const struct item *it, struct cell_text *out)
{
	const struct model *m = it->f->model;
	uint32_t from, to;

	vm_route(it->vm, &from, &to);
	if (to < model_nhosts(m) && to != it->row->id.host)
		snprintf(out->buf, sizeof out->buf, "->%.48s",
		    model_host(m, to)->name);
	else if (from < model_nhosts(m) && from != it->row->id.host)
		snprintf(out->buf, sizeof out->buf, "<-%.48s",
		    model_host(m, from)->name);
	else
		snprintf(out->buf, sizeof out->buf, "migrates");
	column_say(out, out->buf, STYLE_BUSY);
}

/* Half a word, for what was true so long ago. */
static void
old_state(const struct item *it, struct cell_text *out)
{
	static const char *const was[] = {
		[VM_RUNNING] = "run", [VM_PAUSED] = "paus",
		[VM_SHUTDOWN] = "shut", [VM_CRASHED] = "crsh",
		[VM_DYING] = "dyin", [VM_MIGRATING] = "migr",
		[VM_GONE] = "gone", [VM_DORMANT] = "dorm",
	};
	char age[TEXT_MAX];

	text_age(age, it->age_ms);
	snprintf(out->buf, sizeof out->buf, "%s? %s", was[it->vm->state], age);
	column_say(out, out->buf, STYLE_STALE);
}

static void
vm_state(const struct item *it, struct cell_text *out)
{
	static const enum style styles[] = {
		[VM_RUNNING] = STYLE_GOOD, [VM_PAUSED] = STYLE_WARN,
		[VM_SHUTDOWN] = STYLE_WARN, [VM_CRASHED] = STYLE_ALARM,
		[VM_DYING] = STYLE_BUSY, [VM_MIGRATING] = STYLE_BUSY,
		[VM_GONE] = STYLE_BUSY, [VM_DORMANT] = STYLE_FAINT,
	};

	if (it->vm->conflict == CONFLICT_UUID)
		column_say(out, "!! TWICE", STYLE_ALARM);
	else if (it->vm->conflict == CONFLICT_MAYBE)
		column_say(out, "! TWICE?", STYLE_ALARM);
	else if (jobs_vm_words(it->f, it->vm, out->buf, sizeof out->buf))
		column_say(out, out->buf, STYLE_BUSY);
	else if (it->stale)
		old_state(it, out);
	else if (it->vm->conflict == CONFLICT_NAME)
		column_say(out, "! 2 NAMES", STYLE_ALARM);
	else if (it->vm->state == VM_MIGRATING)
		migration(it, out);
	else if (it->vm->state == VM_CRASHED)
		column_say(out, "CRASHED", STYLE_ALARM);
	else
		column_say(out, vm_state_name(it->vm->state),
		    styles[it->vm->state]);
}

void
column_state(const struct item *it, struct cell_text *out)
{
	char age[TEXT_MAX];

	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		cluster_state(it, out);
		break;
	case ROW_HOST:
		host_state(it, out);
		break;
	case ROW_DOM0:
		if (it->stale) {
			text_age(age, it->age_ms);
			snprintf(out->buf, sizeof out->buf, "? %s", age);
			column_say(out, out->buf, STYLE_STALE);
		}
		break;
	case ROW_VM:
		if (it->vm != NULL)
			vm_state(it, out);
		break;
	case ROW_DORMANT:
		break;
	}
}

struct sort_key
column_key_state(const struct item *it)
{
	return (struct sort_key){ .num = it->vm->conflict != CONFLICT_NONE ? -1 :
	    it->vm->state == VM_CRASHED ? 0 : (int64_t)it->vm->state + 1 };
}
