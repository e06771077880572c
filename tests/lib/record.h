#ifndef TESTS_LIB_RECORD_H
#define TESTS_LIB_RECORD_H

#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/mono.h"

/* Recordings of a simulated world with faults, made in no time. */

struct record {
	struct conf conf;
	char dir[64], path[96];
	int64_t wall_ms;
	struct mono end; /* of the recording's own time */
	size_t events;
};

/* clusters, hosts and VMs as of simgen; faults happen about every so many
 * seconds (0: none). The file is in a directory of its own. */
void record_make(struct record *r, uint64_t seed, int hosts, int vms,
    int64_t seconds, int64_t fault_s);
void record_free(struct record *r);

#endif
