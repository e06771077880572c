#ifndef TUI_ROWS_H
#define TUI_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/ui.h"

/* The lines of the home screen in order, made from the model and what the
 * operator folded, sorted by and looks for; and sums per host and cluster. */

struct row {
	struct row_id id;
	uint8_t depth;
	bool folds;  /* can be folded */
	bool open;   /* and is not */
	uint32_t count; /* dormant: so many VMs */
};

struct alarm;

struct sum {
	uint32_t hosts, live;
	uint32_t vms;          /* known VMs */
	uint32_t running;      /* VMs on hosts that are live; paused, too */
	uint32_t unsure;       /* on the others: ran when last seen */
	uint32_t crashed;      /* VMs of which a crashed domain is left */
	uint32_t vcpus;
	int64_t cpu_pm, cpus;  /* of live hosts; per mille of one pCPU */
	int64_t used_kb, mem_kb; /* of live hosts */
	int64_t net_rx, net_tx, disk_rd, disk_wr; /* -1: none known */
};

struct rows {
	struct row *v;
	size_t n, cap;
	size_t matches; /* VMs that the filter let through */
	struct sum *host, *cluster, all;
	size_t nhosts, nclusters;
	void *scratch;  /* of the last making, kept for the next */
	size_t scratch_cap;
};

void rows_free(struct rows *r);

/* Makes everything anew. */
void rows_make(struct rows *r, const struct model *m, const struct ui *ui);
/* Only the sums: enough when nothing came, went, moved or was re-sorted. */
void rows_sum(struct rows *r, const struct model *m);

bool row_id_equal(struct row_id a, struct row_id b);
/* Index of the row, or r->n. */
size_t rows_find(const struct rows *r, struct row_id id);
/* A VM that moved is found wherever it is now. */
size_t rows_find_moved(const struct rows *r, struct row_id id);
/* Whether the VM belongs to that group of dormant ones. */
bool rows_dormant_has(const struct model *m, struct row_id group,
    const struct vm *vm);
/* What a VM that has no row is folded into, or r->n. */
size_t rows_find_around(const struct rows *r, const struct model *m,
    struct row_id id);

/* --- One row and what it shows ---------------------------------------------- */

struct item {
	const struct frame *f;
	const struct row *row;
	const struct host *host;    /* cluster: NULL */
	const struct vm *vm;        /* VM rows */
	const struct vm_copy *copy; /* the domain shown there; NULL: none */
	const struct sum *sum;      /* cluster and host rows */
	bool stale;                 /* its figures are old */
	int64_t age_ms;             /* how old, when they are */
};

struct item row_item(const struct frame *f, const struct row *row);

/* 0 when it is not known. */
int64_t host_used_kb(const struct host *h);

/* Since when there is nothing new of it, however often it was tried since. */
struct mono host_fine_until(const struct host *h);

/* The copy of the VM on that host that stands for it there, or NULL. */
const struct vm_copy *vm_copy_on(const struct vm *vm, uint32_t host);

/* The worst alarm about the row and, while it is folded, about anything that is
 * inside of it; or NULL. */
const struct alarm *row_alarm(const struct item *it);

/* What wants a look: conflicts, crashes, hosts that are not live. */
bool row_troubled(const struct item *it);

#endif
