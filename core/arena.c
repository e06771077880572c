/* One arena per host's observation: it is filled while the observation is
 * read, and given back whole when the next one replaces it. */
#include "core/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <string.h>

#include "core/mem.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) unsigned char data[];
};

/* Blocks double, so that a VM's few strings cost little and a host's long list
 * costs few calls. */
enum { FIRST_BLOCK = 256, LAST_BLOCK = 64 * 1024 };

static struct arena_block *
add_block(struct arena *a, size_t n)
{
	size_t size = a->blocks != NULL ? a->blocks->size * 2 : FIRST_BLOCK;
	struct arena_block *b;

	if (size > LAST_BLOCK)
		size = LAST_BLOCK;
	if (size < n)
		size = n;
	b = x_malloc(sizeof *b + size);
	*b = (struct arena_block){ .next = a->blocks, .size = size };
	a->blocks = b;
	return b;
}

void *
arena_alloc(struct arena *a, size_t n)
{
	size_t align = alignof(max_align_t);
	struct arena_block *b = a->blocks;
	void *p;

	n = (n + align - 1) / align * align;
	if (b == NULL || b->size - b->used < n)
		b = add_block(a, n);
	p = b->data + b->used;
	b->used += n;
	return memset(p, 0, n);
}

void *
arena_array(struct arena *a, size_t n, size_t size)
{
	if (size != 0 && n > (SIZE_MAX - 64) / size)
		return x_reallocarray(NULL, n, size); /* out of memory */
	return arena_alloc(a, n * size);
}

char *
arena_strndup(struct arena *a, const char *s, size_t n)
{
	size_t len = strnlen(s, n);
	char *p = arena_alloc(a, len + 1);

	memcpy(p, s, len);
	return p;
}

char *
arena_strdup(struct arena *a, const char *s)
{
	return s != NULL ? arena_strndup(a, s, strlen(s)) : NULL;
}

void
arena_reset(struct arena *a)
{
	struct arena_block *keep = a->blocks; /* the newest is the largest */

	if (keep == NULL)
		return;
	a->blocks = keep->next;
	arena_free(a);
	keep->next = NULL;
	keep->used = 0;
	a->blocks = keep;
}

void
arena_free(struct arena *a)
{
	while (a->blocks != NULL) {
		struct arena_block *next = a->blocks->next;

		x_free(a->blocks);
		a->blocks = next;
	}
}
