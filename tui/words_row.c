/* Rows in words, for those who hear them one after the other: the name first,
 * then what it is and how it is; what changes all the time only where asked
 * for. */
#include "tui/words_row.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "tui/jobsview.h"
#include "tui/marks.h"
#include "tui/text.h"

struct words_out {
	char *p;
	size_t size, len;
};

static void
say(struct words_out *o, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static void
say(struct words_out *o, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(o->p + o->len, o->size - o->len, fmt, ap);
	va_end(ap);
	o->len += n > 0 ? (size_t)n : 0;
	if (o->len >= o->size)
		o->len = o->size - 1;
}

static void
say_memory(struct words_out *o, const char *what, int64_t kib)
{
	int64_t tenths = kib * 10 / (1024 * 1024);

	if (kib < 0)
		return;
	if (kib < 1024 * 1024)
		say(o, "%s%" PRId64 " MiB", what, kib / 1024);
	else if (tenths % 10 == 0 || tenths >= 1000)
		say(o, "%s%" PRId64 " GiB", what, tenths / 10);
	else
		say(o, "%s%" PRId64 ".%" PRId64 " GiB", what, tenths / 10,
		    tenths % 10);
}

static void
say_cpu(struct words_out *o, int64_t pm)
{
	if (pm >= 0)
		say(o, ", CPU %" PRId64 " per cent", (pm + 5) / 10);
}

static void
say_age(struct words_out *o, const char *what, int64_t ms)
{
	char age[TEXT_MAX];

	text_age(age, ms);
	say(o, "%s%s", what, age);
}

/* An alarm that the row's other words do not tell already: a figure over its
 * limit, a VM that is missing, and whatever is folded away in there. */
static void
say_alarm(struct words_out *o, const struct item *it)
{
	const struct alarm *x = row_alarm(it);
	bool folded = it->row->folds && !it->row->open;

	if (x == NULL || (!folded && !alarm_has_percent(x->kind) &&
	    x->kind != ALARM_VM_MISSING))
		return;
	say(o, ", %s: ", !alarm_is_loud(x) ? "known" :
	    x->level == NOTE_ALARM ? "alarm" : "warning");
	if (folded)
		say(o, "%s ", x->name);
	say(o, "%s", alarm_word(x->kind));
}

/* --- Clusters and hosts ------------------------------------------------------- */

static void
cluster_words(struct words_out *o, const struct item *it, bool figures)
{
	const struct sum *s = it->sum;

	say(o, "%s, cluster", model_conf(it->f->model)->
	    clusters[it->row->id.id].name);
	say_alarm(o, it);
	if (s == NULL)
		return;
	say(o, ", %u of %u hosts live, %u of %u VMs running", s->live,
	    s->hosts, s->running, s->vms);
	if (s->unsure > 0)
		say(o, ", %u more not sure", s->unsure);
	if (s->crashed > 0)
		say(o, ", %u CRASHED", s->crashed);
	if (!figures || s->cpus == 0)
		return;
	say_cpu(o, s->cpu_pm / s->cpus);
	say_memory(o, ", memory ", s->used_kb);
	say_memory(o, " of ", s->mem_kb);
}

static void
health_words(struct words_out *o, const struct item *it, bool figures)
{
	const struct host *h = it->host;

	switch (h->health) {
	case HOST_LIVE:
		say(o, h->note != NULL ? "live with a note" : "live");
		return;
	case HOST_WAITING:
		say(o, "waiting for its first answer");
		break;
	case HOST_STALE:
		say(o, "STALE");
		break;
	case HOST_DOWN:
		say(o, "DOWN");
		break;
	case HOST_REFUSED:
		say(o, "REFUSED");
		break;
	}
	if (figures && h->health != HOST_WAITING)
		say_age(o, ", no figures for ", it->age_ms);
	if (h->reason != NULL)
		say(o, ", %s", h->reason);
}

static void
host_words(struct words_out *o, const struct item *it, bool figures)
{
	const struct host *h = it->host;

	say(o, "%s, host, ", h->name);
	health_words(o, it, figures);
	say_alarm(o, it);
	if (it->sum != NULL)
		say(o, ", %u VM%s", it->sum->vms, it->sum->vms == 1 ? "" : "s");
	if (!figures || !h->seen || h->health != HOST_LIVE)
		return;
	if (h->facts.cpus > 0 && h->cpu_pm >= 0)
		say_cpu(o, h->cpu_pm / h->facts.cpus);
	if (h->facts.mem_kb > 0) {
		say_memory(o, ", memory ", host_used_kb(h));
		say_memory(o, " of ", h->facts.mem_kb);
	}
}

static void
dom0_words(struct words_out *o, const struct item *it, bool figures)
{
	say(o, "dom0 of %s", it->host->name);
	if (it->stale)
		say(o, ", its host is not live");
	else if (figures) {
		say_cpu(o, it->host->dom0_cpu_pm);
		say_memory(o, ", memory ", it->host->dom0.mem_kb);
	}
}

/* --- VMs ------------------------------------------------------------------------ */

static const char *
host_name(const struct item *it, uint32_t host)
{
	return host < model_nhosts(it->f->model) ?
	    model_host(it->f->model, host)->name : "another host";
}

static void
state_words(struct words_out *o, const struct item *it)
{
	const struct vm *vm = it->vm;
	uint32_t from, to;
	char job[64];

	if (vm->conflict == CONFLICT_UUID)
		say(o, "RUNS TWICE, ");
	else if (vm->conflict == CONFLICT_MAYBE)
		say(o, "MAY RUN TWICE, ");
	else if (vm->conflict == CONFLICT_NAME)
		say(o, "NAMED LIKE ANOTHER, ");
	if (it->stale)
		say(o, "was ");
	if (vm->state == VM_MIGRATING && !it->stale) {
		vm_route(vm, &from, &to);
		say(o, "migrating from %s to %s", host_name(it, from),
		    host_name(it, to));
		return;
	}
	say(o, "%s", vm->state == VM_CRASHED ? "CRASHED" :
	    vm_state_name(vm->state));
	if (it->host != NULL)
		say(o, " on %s", it->host->name);
	if (jobs_vm_words(it->f, vm, job, sizeof job))
		say(o, ", job: %s", job);
}

static void
vm_words(struct words_out *o, const struct item *it, bool figures)
{
	const struct vm *vm = it->vm;

	if (vm == NULL)
		return;
	say(o, "%s, ", vm->name != NULL ? vm->name : "no name yet");
	state_words(o, it);
	say_alarm(o, it);
	if (marks_has(&it->f->ui->marks, vm->id))
		say(o, ", marked");
	if (!figures)
		return;
	if (it->stale)
		say_age(o, ", no figures for ", it->age_ms);
	else if (it->copy != NULL)
		say_cpu(o, it->copy->cpu_pm);
	say_memory(o, ", memory ", it->copy != NULL ? it->copy->mem_kb :
	    vm->def_mem_kb);
}

void
words_row(char *out, size_t size, const struct item *it, bool figures)
{
	struct words_out o = { .p = out, .size = size };

	out[0] = '\0';
	switch (it->row->id.kind) {
	case ROW_CLUSTER:
		cluster_words(&o, it, figures);
		break;
	case ROW_HOST:
		host_words(&o, it, figures);
		break;
	case ROW_DOM0:
		dom0_words(&o, it, figures);
		break;
	case ROW_DORMANT:
		say(&o, "%u dormant", it->row->count);
		if (it->host != NULL)
			say(&o, " on %s", it->host->name);
		say_alarm(&o, it);
		break;
	case ROW_VM:
		vm_words(&o, it, figures);
		break;
	}
	if (it->row->folds && !it->row->open)
		say(&o, ", folded");
}
