#ifndef TUI_WALL_INT_H
#define TUI_WALL_INT_H

#include "tui/wall.h"

/* What the wall's own files share; nobody else includes this. */

/* Of a host, a cluster or everything. */
struct wall_sum {
	uint32_t hosts, live;
	uint32_t vms, running, unsure, crashed;
	int64_t cpu_pm, cpus;    /* of live hosts; per mille of one pCPU */
	int64_t used_kb, mem_kb;
};

/* A host as it is shown. */
struct wall_host {
	const struct host *host;
	struct wall_sum sum;
	const struct alarm *alarm; /* the worst about it or its VMs, or NULL */
	const struct vm **vms;     /* with domains here, in no order */
	size_t nvms;
	int rank;                  /* how bad it is; 0: well */
};

/* The tiles of one page. */
struct wall_grid {
	enum wall_size { WALL_SMALL, WALL_MEDIUM, WALL_LARGE, WALL_HUGE } size;
	int columns, rows, w, h; /* of tiles; and cells of one, its gap too */
	size_t pinned;           /* of the hosts, on every page */
	size_t pages;
};

/* Everything that a frame needs, worked out from the model. */
struct wall_view {
	struct wall_host *hosts; /* the worst first */
	size_t nhosts;
	struct wall_sum *clusters, all;
	const struct vm **vms;       /* by host; on several: several times */
	size_t nclusters;
	const struct alarm **alarms; /* that go on */
	size_t nalarms;
	struct mono newest;          /* when any host last said something */
	bool any;                    /* one ever did */
};

void wall_look(struct wall_view *v, const struct wall *w);
void wall_view_free(struct wall_view *v);

/* Where everything is. */
struct wall_layout {
	int big;            /* scale of big letters in the header; 0: none */
	struct rect header, clusters, alarms, tiles, events, footer;
};

void wall_lay_out(struct wall_layout *l, const struct wall *w);
struct wall_grid wall_grid(struct rect area, size_t nhosts, size_t nbad);

void wall_header(struct canvas *c, const struct wall_layout *l,
    const struct wall *w, const struct wall_view *v);

/* The glyph that moves with the seconds; and the time of day behind it. */
enum { WALL_CLOCK = 32 };
char wall_beat(const struct wall *w);
void wall_clock(char out[WALL_CLOCK], const struct wall *w);
/* "hosts 3/4  VMs 6+3?  CPU 32.8%  Mem 69G/112G" */
void wall_totals(char *out, size_t size, const struct wall_sum *s);

void wall_tile(struct canvas *c, struct rect r, enum wall_size size,
    const struct wall *w, const struct wall_host *h);
/* As many of its VMs as there is room for. */
void wall_vms(struct canvas *c, struct rect r, const struct wall_host *h);
/* "CPU ███··· 58%": a bar with its label and figure. */
void wall_bar(struct canvas *c, struct rect r, unsigned style,
    const char *label, int64_t part, int64_t whole, const char *figure,
    bool old);

#endif
