#ifndef BACKENDS_AGENT_CLOCK_H
#define BACKENDS_AGENT_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "core/mono.h"

static inline int64_t
clock_ns(clockid_t id)
{
	struct timespec ts;

	clock_gettime(id, &ts);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

static inline struct mono
clock_now(void)
{
	return (struct mono){ clock_ns(CLOCK_MONOTONIC) };
}

#endif
