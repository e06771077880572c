/* The filters of the menu. Those that are always there also show how a query is
 * written. */
#include "tui/saved.h"

#include <string.h>
#include <strings.h>

#include "core/mem.h"

static struct saved_filter *
insert(struct saved *s, size_t at, const char *name, const char *query)
{
	s->v = x_grow(s->v, s->n, &s->cap, sizeof *s->v);
	memmove(&s->v[at + 1], &s->v[at], (s->n - at) * sizeof *s->v);
	s->n++;
	s->v[at] = (struct saved_filter){ .name = x_strdup(name),
		.query = x_strdup(query) };
	return &s->v[at];
}

void
saved_init(struct saved *s, const struct conf *conf)
{
	static const struct {
		const char *name, *query;
	} always[] = {
		{ "in trouble", "is:troubled" },
		{ "not running", "!state:running" },
		{ "busy", "cpu>80" },
		{ "away from home", "home:away" },
		{ "old figures", "is:stale" },
		{ "marked", "is:marked" },
	};

	*s = (struct saved){ 0 };
	insert(s, 0, "everything", "");
	for (size_t i = 0; i < conf->nfilters; i++)
		insert(s, s->n, conf->filters[i].name, conf->filters[i].query);
	/* The configuration may have another meaning for a name. */
	for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
		if (saved_find(s, always[i].name) == s->n)
			insert(s, s->n, always[i].name, always[i].query);
}

void
saved_free(struct saved *s)
{
	for (size_t i = 0; i < s->n; i++) {
		x_free(s->v[i].name);
		x_free(s->v[i].query);
	}
	x_free(s->v);
	*s = (struct saved){ 0 };
}

static size_t
count(const struct model *m, const struct filter *f)
{
	size_t n = 0;

	for (size_t i = 0; i < model_nvms(m); i++) {
		const struct vm *vm = model_vm_at(m, i);
		const struct vm_copy *c = vm_main(vm);

		n += filter_vm(f, m, vm, c != NULL ? c->host : vm->host, c);
	}
	return n;
}

void
saved_count(struct saved *s, const struct model *m, const struct filter *f)
{
	struct filter one = { .marks = f->marks, .alarms = f->alarms };

	for (size_t i = 0; i < s->n; i++) {
		filter_set(&one, s->v[i].query, model_conf(m));
		s->v[i].count = count(m, &one);
	}
	filter_free(&one);
}

size_t
saved_find(const struct saved *s, const char *name)
{
	size_t i = 0;

	while (i < s->n && strcasecmp(s->v[i].name, name) != 0)
		i++;
	return i;
}

bool
saved_add(struct saved *s, const char *name, const char *query)
{
	size_t at = saved_find(s, name);

	if (at < s->n && !s->v[at].own)
		return false;
	if (at < s->n)
		x_replace(&s->v[at].query, query);
	else
		insert(s, s->n > 0, name, query)->own = true;
	return true;
}
