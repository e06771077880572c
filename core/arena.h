#ifndef CORE_ARENA_H
#define CORE_ARENA_H

#include <stddef.h>

/* Memory that is given back all at once. Whatever an arena handed out lives
 * until arena_reset or arena_free. */
struct arena_block;
struct arena {
	struct arena_block *blocks; /* the newest first */
};

void *arena_alloc(struct arena *a, size_t n);             /* zeroed */
void *arena_array(struct arena *a, size_t n, size_t size); /* zeroed */
char *arena_strdup(struct arena *a, const char *s);        /* NULL: NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n);
void arena_reset(struct arena *a); /* keeps one block for the next round */
void arena_free(struct arena *a);

#endif
