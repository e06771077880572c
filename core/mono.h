#ifndef CORE_MONO_H
#define CORE_MONO_H

#include <stdbool.h>
#include <stdint.h>

/* A moment of the monotonic clock, in a type of its own so that it cannot be
 * mixed with wall-clock time or a duration. core never reads a clock: now is
 * always a parameter. */
struct mono {
	int64_t ns;
};

#define MONO_NEVER ((struct mono){ INT64_MAX })
#define MONO_ZERO  ((struct mono){ 0 })

static inline struct mono
mono_add_ms(struct mono t, int64_t ms)
{
	return t.ns == INT64_MAX ? t : (struct mono){ t.ns + ms * 1000000 };
}

static inline int64_t
mono_diff_ms(struct mono later, struct mono earlier)
{
	return (later.ns - earlier.ns) / 1000000;
}

static inline bool
mono_before(struct mono a, struct mono b)
{
	return a.ns < b.ns;
}

static inline bool
mono_reached(struct mono deadline, struct mono now)
{
	return deadline.ns <= now.ns;
}

/* Lowers *deadline to t when t comes first. */
static inline void
mono_lower(struct mono *deadline, struct mono t)
{
	if (t.ns < deadline->ns)
		*deadline = t;
}

#endif
