#ifndef CORE_MEM_H
#define CORE_MEM_H

#include <stddef.h>

/* Allocation that cannot fail: out of memory runs the hook, which puts the
 * terminal back and ends the program. Without a hook it aborts. */
void mem_set_oom_hook(void (*hook)(void));

void *x_malloc(size_t n);
void *x_calloc(size_t count, size_t size);
/* count * size is checked for overflow, which counts as out of memory. */
void *x_reallocarray(void *p, size_t count, size_t size);
char *x_strdup(const char *s); /* NULL gives NULL */
char *x_strndup(const char *s, size_t n);
char *x_asprintf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void x_free(void *p); /* NULL is fine */

/* Replaces *slot by a copy of s, only when it differs. Returns whether it did.
 * Either may be NULL. */
int x_replace(char **slot, const char *s);

/* Makes room for one more element in a growing array: returns v, perhaps
 * moved, with *cap at least n + 1 elements of the given size. */
void *x_grow(void *v, size_t n, size_t *cap, size_t size);

#endif
