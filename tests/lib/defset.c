/* See defset.h. */
#include "tests/lib/defset.h"

#include <stdlib.h>
#include <string.h>

#include "core/mem.h"

void
defset_add(struct defset *s, const struct def *d, const char *path)
{
	struct def_file *f = &s->v[s->n];
	struct buf text;

	if (s->n == DEFSET_MAX)
		abort();
	buf_init(&text, DEFS_FILE_MAX);
	def_compose(&text, d);
	s->names[s->n++] = x_strdup(d->name);
	*f = (struct def_file){
		.path = path != NULL ? x_strdup(path) :
		    x_asprintf("/etc/xen/%s.cfg", d->name),
		.text = text.p,
		.len = text.len,
		.mtime_s = 1790000000,
	};
}

static void
drop(struct defset *s, size_t i)
{
	x_free((char *)(uintptr_t)s->v[i].path);
	x_free((char *)(uintptr_t)s->v[i].text);
	x_free(s->names[i]);
	s->n--;
	s->v[i] = s->v[s->n];
	s->names[i] = s->names[s->n];
}

void
defset_drop(struct defset *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->names[i], name) == 0) {
			drop(s, i);
			return;
		}
}

void
defset_free(struct defset *s)
{
	while (s->n > 0)
		drop(s, s->n - 1);
}

const struct defs *
defset_read(const struct defset *s)
{
	return defs_read(NULL, s->v, s->n, NULL);
}
