#ifndef TUI_GRAPH_H
#define TUI_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/history.h"
#include "core/moments.h"
#include "core/mono.h"
#include "tui/doc.h"
#include "tui/text.h"

/* Graphs of histories, in two columns where there is room. */

struct graph {
	const char *label;
	const struct history *h;
	int64_t now;    /* the figure of this moment; -1: unknown */
	int64_t full;   /* upper edge; 0: the highest value there is */
	/* A value in words. */
	void (*words)(char out[TEXT_MAX], int64_t v);
	bool levels;    /* a high value is alarming */
};

/* The figures that hosts and VMs have a history of. */
enum { GRAPHS = 4 };

/* when: of the values, from the newest back; now: of the right edge. */
void graph_put(struct doc *d, const struct graph *g, size_t n,
    const struct moments *when, struct mono now);

/* graph.words for MiB; text_percent and text_rate serve for the others. */
void graph_mib(char out[TEXT_MAX], int64_t mib);

#endif
