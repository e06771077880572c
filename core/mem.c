/* Allocation that cannot fail. A console that is out of memory can do nothing
 * useful; what it must do is leave the terminal sane, hence the hook. The hook
 * is one of the few variables of file scope: it has to be reachable from an
 * allocation anywhere. */
#include "core/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*oom_hook)(void);

void
mem_set_oom_hook(void (*hook)(void))
{
	oom_hook = hook;
}

static void *
checked(void *p)
{
	if (p == NULL) {
		if (oom_hook != NULL)
			oom_hook();
		abort();
	}
	return p;
}

void *
x_malloc(size_t n)
{
	return checked(malloc(n != 0 ? n : 1));
}

void *
x_calloc(size_t count, size_t size)
{
	if (count == 0 || size == 0)
		count = size = 1;
	return checked(calloc(count, size));
}

void *
x_reallocarray(void *p, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		return checked(NULL);
	return checked(realloc(p, count * size != 0 ? count * size : 1));
}

char *
x_strdup(const char *s)
{
	return s != NULL ? x_strndup(s, strlen(s)) : NULL;
}

char *
x_strndup(const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = x_malloc(len + 1);

	memcpy(p, s, len);
	p[len] = '\0';
	return p;
}

char *
x_asprintf(const char *fmt, ...)
{
	va_list ap;
	int n;
	char *p;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		return x_strdup("");
	p = x_malloc((size_t)n + 1);
	va_start(ap, fmt);
	vsnprintf(p, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return p;
}

void
x_free(void *p)
{
	free(p);
}

int
x_replace(char **slot, const char *s)
{
	if (*slot == s || (*slot != NULL && s != NULL && !strcmp(*slot, s)))
		return 0;
	x_free(*slot);
	*slot = x_strdup(s);
	return 1;
}

void *
x_grow(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	*cap = *cap != 0 ? *cap * 2 : 8;
	return x_reallocarray(v, *cap, size);
}
