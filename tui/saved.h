#ifndef TUI_SAVED_H
#define TUI_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include "core/model.h"
#include "tui/filter.h"

enum { SAVED_NAME_MAX = 64 }; /* bytes */

/* Filters with names, to choose from: none at all, the configuration's, those
 * that were saved in the console, and a few that are always there. */

struct saved_filter {
	char *name, *query;
	bool own;     /* saved in the console */
	size_t count; /* VMs that it shows */
};

struct saved {
	struct saved_filter *v;
	size_t n, cap;
};

void saved_init(struct saved *s, const struct conf *conf);
void saved_free(struct saved *s);

/* Counts anew; marks and alarms as f has them. */
void saved_count(struct saved *s, const struct model *m,
    const struct filter *f);

/* Index of the one of that name, upper and lower case alike, or s->n. */
size_t saved_find(const struct saved *s, const char *name);

/* Replaces one of that name that was saved before; false: the name is taken by
 * one that was not. */
bool saved_add(struct saved *s, const char *name, const char *query);

#endif
