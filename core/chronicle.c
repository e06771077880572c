/* The log with moments. Entries are copied out of a model's log as they come,
 * and back into another model's, whose VMs have other ids: there they are
 * found by their UUID and name. */
#include "core/chronicle.h"

#include <stdio.h>
#include <string.h>

#include "core/mem.h"

void
chronicle_free(struct chronicle *c)
{
	x_free(c->v);
	*c = (struct chronicle){ 0 };
}

static void
add(struct chronicle *c, const struct model *m, const struct log_entry *e,
    struct mono at)
{
	const struct vm *vm = e->vm != MODEL_NONE ? model_vm(m, e->vm) : NULL;
	struct chronicle_entry *to;

	if (c->n == CHRONICLE_MAX) {
		c->n /= 2;
		memmove(c->v, c->v + CHRONICLE_MAX - c->n, c->n * sizeof *c->v);
	}
	c->v = x_grow(c->v, c->n, &c->cap, sizeof *c->v);
	to = &c->v[c->n++];
	*to = (struct chronicle_entry){ .at = at, .log = *e };
	if (vm == NULL)
		return;
	to->uuid = vm->uuid;
	snprintf(to->name, sizeof to->name, "%s", vm->name);
}

void
chronicle_follow(struct chronicle *c, const struct model *m, struct mono at)
{
	const struct log_entry *newest = model_log(m, 0);
	size_t back;

	if (newest == NULL || newest->seq == c->seq)
		return;
	for (back = (size_t)(newest->seq - c->seq); back-- > 0;) {
		const struct log_entry *e = model_log(m, back);

		if (e != NULL)
			add(c, m, e, at);
	}
	c->seq = newest->seq;
}

/* How many entries are not after a moment. */
static size_t
count_until(const struct chronicle *c, struct mono at)
{
	size_t low = 0, high = c->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (mono_before(at, c->v[mid].at))
			high = mid;
		else
			low = mid + 1;
	}
	return low;
}

const struct chronicle_entry *
chronicle_after(const struct chronicle *c, struct mono at)
{
	size_t i = count_until(c, at);

	return i < c->n ? &c->v[i] : NULL;
}

const struct chronicle_entry *
chronicle_before(const struct chronicle *c, struct mono at)
{
	size_t i = count_until(c, (struct mono){ at.ns - 1 });

	return i > 0 ? &c->v[i - 1] : NULL;
}

void
chronicle_tell(const struct chronicle *c, struct model *m, struct mono at)
{
	size_t end = count_until(c, at);
	size_t from = end > MODEL_LOG_LEN ? end - MODEL_LOG_LEN : 0;
	struct log_entry *v = x_calloc(end - from + 1, sizeof *v);

	for (size_t i = from; i < end; i++) {
		const struct chronicle_entry *e = &c->v[i];
		const struct vm *vm = NULL;

		v[i - from] = e->log;
		if (e->log.vm != MODEL_NONE && e->log.host < model_nhosts(m))
			vm = model_find_vm(m,
			    model_host(m, e->log.host)->cluster, &e->uuid,
			    e->name);
		v[i - from].vm = vm != NULL ? vm->id : MODEL_NONE;
	}
	model_set_log(m, v, end - from);
	x_free(v);
}
