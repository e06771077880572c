#ifndef TUI_FILTER_H
#define TUI_FILTER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/query.h"

struct alarms;
struct marks;

/* The console's filter: a query as it is typed, and what there is to say about
 * it. */
struct filter {
	struct query *query; /* NULL: none was ever set */
	size_t n;            /* 0: it lets everything through */
	bool waits;          /* note is no mistake but an open end */
	char note[160];      /* one sentence, or "" */
	/* What the model does not know; the owner's, or NULL. */
	const struct marks *marks;
	const struct alarms *alarms;
};

void filter_free(struct filter *f);

void filter_set(struct filter *f, const char *text, const struct conf *conf);

/* The same, but what may become a field (sta, of state:running) is waited for
 * with all that stands before it. False when there is no such end. */
bool filter_set_without_end(struct filter *f, const char *text,
    const struct conf *conf);

bool filter_vm(const struct filter *f, const struct model *m,
    const struct vm *vm, uint32_t host, const struct vm_copy *copy);
/* The host by itself, whatever of its VMs. */
bool filter_host(const struct filter *f, const struct model *m,
    const struct host *h);

#endif
