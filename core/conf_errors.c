/* The list of everything wrong with a configuration. It is capped: a file that
 * is no configuration at all must not print a thousand lines. */
#include "core/conf_errors.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/mem.h"

enum { TEXT_MAX = 1024 };

void
conf_errors_init(struct conf_errors *e)
{
	*e = (struct conf_errors){ 0 };
}

void
conf_errors_free(struct conf_errors *e)
{
	for (size_t i = 0; i < e->n; i++) {
		x_free(e->v[i].file);
		x_free(e->v[i].text);
	}
	x_free(e->v);
	conf_errors_init(e);
}

void
conf_errors_add(struct conf_errors *e, const char *file, int line,
    const char *fmt, ...)
{
	char text[TEXT_MAX];
	va_list ap;

	if (e->n == CONF_ERRORS_MAX) {
		e->more++;
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	e->v = x_grow(e->v, e->n, &e->cap, sizeof *e->v);
	e->v[e->n++] = (struct conf_error){
		.file = x_strdup(file),
		.line = line,
		.text = x_strdup(text),
	};
}

static int
same_file(const struct conf_error *a, const struct conf_error *b)
{
	return a->file == b->file || (a->file != NULL && b->file != NULL &&
	    strcmp(a->file, b->file) == 0);
}

/* By insertion, since it must be stable and files have no other order than
 * that of their first error. */
void
conf_errors_sort(struct conf_errors *e)
{
	for (size_t i = 1; i < e->n; i++) {
		struct conf_error x = e->v[i];
		size_t to = i;

		while (to > 0 && !same_file(&e->v[to - 1], &x))
			to--;
		if (to == 0)
			to = i; /* the first of its file */
		while (to > 0 && same_file(&e->v[to - 1], &x) &&
		    e->v[to - 1].line > x.line)
			to--;
		memmove(&e->v[to + 1], &e->v[to], (i - to) * sizeof x);
		e->v[to] = x;
	}
}

void
conf_errors_put(const struct conf_errors *e, struct buf *out)
{
	for (size_t i = 0; i < e->n; i++) {
		const struct conf_error *x = &e->v[i];

		if (x->file != NULL && x->line > 0)
			buf_printf(out, "%s:%d: ", x->file, x->line);
		else if (x->file != NULL)
			buf_printf(out, "%s: ", x->file);
		buf_printf(out, "%s\n", x->text);
	}
	if (e->more > 0)
		buf_printf(out, "and %zu more\n", e->more);
}
