/* What happened, in a ring: the event list of the console, and what a person
 * reads first after a bad night. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/model_priv.h"

void
model_logf(struct model *m, enum note_level level, uint32_t host, uint32_t vm,
    const char *fmt, ...)
{
	struct log_entry *e = &m->log[m->nlogged % MODEL_LOG_LEN];
	va_list ap;

	m->nlogged++;
	m->generation++;
	*e = (struct log_entry){
		.seq = m->nlogged,
		.wall_ms = m->wall_ms,
		.level = level,
		.host = host,
		.vm = vm,
	};
	va_start(ap, fmt);
	vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
}

const struct log_entry *
model_log(const struct model *m, size_t back)
{
	const struct log_entry *e;

	if (back >= m->nlogged || back >= MODEL_LOG_LEN)
		return NULL;
	e = &m->log[(m->nlogged - 1 - back) % MODEL_LOG_LEN];
	return e->seq != 0 ? e : NULL;
}

void
model_set_log(struct model *m, const struct log_entry *v, size_t n)
{
	memset(m->log, 0, sizeof m->log);
	m->nlogged = 0;
	for (size_t i = 0; i < n; i++) {
		m->nlogged = v[i].seq;
		m->log[(v[i].seq - 1) % MODEL_LOG_LEN] = v[i];
	}
	m->generation++;
}

const char *
model_took(char out[MODEL_TOOK], int64_t ms)
{
	long long s = ms < 0 ? 0 : ms / 1000;

	if (s < 60)
		snprintf(out, MODEL_TOOK, "%lld.%lld s", s,
		    ms < 0 ? 0LL : (long long)(ms % 1000 / 100));
	else if (s < 3600)
		snprintf(out, MODEL_TOOK, "%lldm%02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(out, MODEL_TOOK, "%lldh%02lldm", s / 3600,
		    s / 60 % 60);
	else
		snprintf(out, MODEL_TOOK, "%lldd%02lldh", s / 86400,
		    s / 3600 % 24);
	return out;
}

void
model_log_arrival(struct model *m, const struct host *h, const struct vm *vm,
    const struct vm_copy *c)
{
	char took[MODEL_TOOK];

	if (vm->ncopies > 1) {
		if (c->role == COPY_INCOMING)
			model_logf(m, NOTE_INFO, h->id, vm->id,
			    "%s: is being migrated to %s", vm->name, h->name);
	} else if (vm->state == VM_GONE) {
		model_logf(m, NOTE_INFO, h->id, vm->id,
		    "%s: is back on %s as domain %u after %s", vm->name,
		    h->name, c->domid, model_took(took,
		    mono_diff_ms(m->now, vm->gone_since)));
	} else {
		model_logf(m, NOTE_INFO, h->id, vm->id,
		    "%s: started on %s as domain %u", vm->name, h->name,
		    c->domid);
	}
}

static const char *
host_name(const struct model *m, uint32_t id)
{
	return id != MODEL_NONE ? m->hosts[id].pub.name : "another host";
}

void
model_log_state(struct model *m, const struct vm *vm, enum vm_state was,
    struct mono since)
{
	const char *host = m->hosts[vm->host].pub.name;
	char took[MODEL_TOOK];
	uint32_t from, to;

	model_took(took, mono_diff_ms(m->now, since));
	switch (vm->state) {
	case VM_CRASHED:
		model_logf(m, NOTE_ALARM, vm->host, vm->id, "%s: crashed on %s",
		    vm->name, host);
		break;
	case VM_MIGRATING:
		vm_route(vm, &from, &to);
		model_logf(m, NOTE_INFO, vm->host, vm->id,
		    "%s: migrates from %s to %s", vm->name,
		    host_name(m, from), host_name(m, to));
		break;
	case VM_PAUSED:
	case VM_SHUTDOWN:
		model_logf(m, NOTE_INFO, vm->host, vm->id, "%s: %s on %s",
		    vm->name, vm_state_name(vm->state), host);
		break;
	case VM_RUNNING:
		if (was == VM_MIGRATING)
			model_logf(m, NOTE_INFO, vm->host, vm->id,
			    "%s: runs on %s after its migration of %s",
			    vm->name, host, took);
		else if (was == VM_PAUSED)
			model_logf(m, NOTE_INFO, vm->host, vm->id,
			    "%s: runs again on %s after a pause of %s",
			    vm->name, host, took);
		else if (was == VM_CRASHED)
			model_logf(m, NOTE_INFO, vm->host, vm->id,
			    "%s: runs again on %s, %s after its crash",
			    vm->name, host, took);
		break;
	case VM_GONE:
		model_logf(m, NOTE_INFO, vm->host, vm->id, "%s: left %s",
		    vm->name, host);
		break;
	case VM_DYING:
	case VM_DORMANT:
		break;
	}
}

void
model_log_conflict(struct model *m, const struct vm *vm)
{
	char took[MODEL_TOOK];

	switch (vm->conflict) {
	case CONFLICT_UUID:
		model_logf(m, NOTE_ALARM, vm->host, vm->id,
		    "%s: RUNS TWICE: %zu domains claim its UUID", vm->name,
		    vm->ncopies);
		break;
	case CONFLICT_MAYBE:
		model_logf(m, NOTE_ALARM, vm->host, vm->id,
		    "%s: MAY RUN TWICE: one of its hosts does not answer",
		    vm->name);
		break;
	case CONFLICT_NAME:
		model_logf(m, NOTE_WARNING, vm->host, vm->id,
		    "%s: another VM of the cluster runs by this name",
		    vm->name);
		break;
	case CONFLICT_NONE:
		model_logf(m, NOTE_INFO, vm->host, vm->id,
		    "%s: its conflict is over after %s", vm->name,
		    model_took(took,
		    mono_diff_ms(m->now, vm->conflict_since)));
		break;
	}
}
