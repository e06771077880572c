/* What happened, in a ring: the event list of the console, and what a person
 * reads first after a bad night. */
#include <stdarg.h>
#include <stdio.h>

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
	if (back >= m->nlogged || back >= MODEL_LOG_LEN)
		return NULL;
	return &m->log[(m->nlogged - 1 - back) % MODEL_LOG_LEN];
}
