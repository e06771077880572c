#ifndef BACKENDS_AGENT_STAT_H
#define BACKENDS_AGENT_STAT_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"
#include "core/err.h"

/* libxenstat: live CPU and memory figures. */

struct stat_dom {
	uint32_t domid;
	const char *name;
	unsigned flags;      /* enum dom_flag */
	int32_t vcpus_max;
	int64_t cpu_ns;
	int64_t mem_kb;
	int64_t maxmem_kb;   /* INT64_MAX: no limit */
};

struct stat_node {
	int64_t t_ns;        /* monotonic, when they were counted */
	int64_t mem_kb, free_kb; /* of the machine; claims count as free */
	struct stat_dom *doms;   /* only those that have a name */
	size_t ndoms;
};

struct stat_reader;

struct stat_reader *stat_open(struct err *err); /* NULL and why */
void stat_close(struct stat_reader *s);

/* 0 and *n with memory of a; -1 when libxenstat fails or cannot be trusted. */
int stat_read(struct stat_reader *s, struct stat_node *n, struct arena *a);

#endif
