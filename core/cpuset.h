#ifndef CORE_CPUSET_H
#define CORE_CPUSET_H

#include <stddef.h>
#include <stdint.h>

/* A set of processors, or of other things with small numbers. */

enum { CPUSET_MAX = 4096 }; /* Xen's largest NR_CPUS */

struct cpuset {
	uint64_t bits[CPUSET_MAX / 64];
};

void cpuset_add(struct cpuset *s, int64_t n); /* beyond the limits: ignored */
int32_t cpuset_count(const struct cpuset *s);

/* "0-3,8"; "" when empty; "0-3,..." when there is no room for all. Returns the
 * length. */
size_t cpuset_format(char *out, size_t size, const struct cpuset *s);

#endif
