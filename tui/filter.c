/* The filter between what is typed and the rows: one query at a time, always
 * usable, with its sentence kept for the status line. */
#include "tui/filter.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/alarm.h"
#include "tui/marks.h"

void
filter_free(struct filter *f)
{
	query_free(f->query);
	*f = (struct filter){ .marks = f->marks, .alarms = f->alarms };
}

void
filter_set(struct filter *f, const char *text, const struct conf *conf)
{
	const char *note;

	filter_free(f);
	f->query = query_new(text, conf);
	f->n = !query_empty(f->query);
	note = query_problem(f->query);
	if (note == NULL) {
		note = query_unfinished(f->query);
		f->waits = note != NULL;
	}
	snprintf(f->note, sizeof f->note, "%s", note != NULL ? note : "");
}

bool
filter_set_without_end(struct filter *f, const char *text,
    const struct conf *conf)
{
	char head[QUERY_TEXT_MAX + 1];
	size_t n = f->query != NULL ? query_begun(f->query) : SIZE_MAX;

	if (n >= sizeof head || n > strlen(text))
		return false;
	memcpy(head, text, n);
	head[n] = '\0';
	filter_set(f, head, conf);
	return true;
}

/* Alarms know better than the facts what is one. */
static void
add_alarm(struct query_facts *facts, const struct filter *f, uint32_t host,
    uint32_t vm)
{
	if (f->alarms == NULL || !query_asks(f->query, QUERY_ALARM))
		return;
	facts->is &= ~(unsigned)QUERY_ALARM;
	if (alarms_about(f->alarms, host, vm) != NULL)
		facts->is |= QUERY_ALARM;
}

bool
filter_vm(const struct filter *f, const struct model *m, const struct vm *vm,
    uint32_t host, const struct vm_copy *copy)
{
	struct query_facts facts;

	if (f->n == 0)
		return true;
	query_facts_vm(&facts, m, vm, host, copy);
	if (f->marks != NULL && marks_has(f->marks, vm->id))
		facts.is |= QUERY_MARKED;
	add_alarm(&facts, f, host, vm->id);
	return query_match(f->query, &facts);
}

bool
filter_host(const struct filter *f, const struct model *m,
    const struct host *h)
{
	struct query_facts facts;

	if (f->n == 0)
		return true;
	query_facts_host(&facts, m, h);
	add_alarm(&facts, f, h->id, MODEL_NONE);
	return query_match(f->query, &facts);
}
