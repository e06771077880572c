/* Loads in closed form: the CPU time up to any moment is computed from the
 * moment alone. So a simulated hour costs as little as a second, and the world
 * is the same however often it is looked at. All of it is whole numbers, so it
 * is the same on every machine too.
 *
 * The load is the mean plus waves. Every wave sums to zero over its own slot of
 * time, so that only the slot at hand has to be looked at; together they stay
 * between zero and the cap. */
#include "backends/simload.h"

#include <stddef.h>

#include "core/prng.h"

enum {
	HOUR_MS = 3600 * 1000,
	DAY_MS = 24 * HOUR_MS,
	QUICK_MS = 12 * 1000,
	SLOW_MS = 100 * 1000,
	BURST_MS = 300 * 1000, /* the slot */
	BURST_LEN_MS = 20 * 1000,
	BURST_FACTOR = (BURST_MS - BURST_LEN_MS) / BURST_LEN_MS,
};

static int64_t
least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Two times the integral of day[] up to each hour, in per mille hours. */
static const int32_t day_sums[24] = { 0, -840, -1760, -2760, -3830, -4880,
	-5740, -6220, -6160, -5600, -4660, -3500, -2450, -1570, -650, 350,
	1280, 1930, 2240, 2340, 2230, 1870, 1360, 740 };

/* How a day deviates from its mean at each full hour, in per mille; between
 * them in straight lines. The sum is zero. */
static const int32_t day[24] = { -400, -440, -480, -520, -550, -500, -360,
	-120, 180, 380, 560, 600, 450, 430, 490, 510, 420, 230, 80, 20, -130,
	-230, -280, -340 };

/* The integral of the day's deviation from midnight to t, in per mille ms. */
static int64_t
day_at(int64_t t)
{
	int64_t in = t % DAY_MS, hour = in / HOUR_MS, rest = in % HOUR_MS;
	int64_t a = day[hour], b = day[(hour + 1) % 24];
	int64_t whole = (int64_t)day_sums[hour] * (HOUR_MS / 2);

	return whole + a * rest + (b - a) * rest * rest / (2 * HOUR_MS);
}

/* Up, down through zero, and up again: the integral of a wave of that height
 * from the begin of its slot. Returns to zero at the end. */
static int64_t
wave_at(int64_t in, int64_t slot, int64_t height)
{
	int64_t q = slot / 4, second = 0;

	if (in >= 2 * q) {
		in -= 2 * q;
		second = height * q;
		height = -height;
	}
	if (in < q)
		return second + height * in * in / (2 * q);
	in -= q;
	return second + height * q / 2 + height * in - height * in * in /
	    (2 * q);
}

static int64_t
waver_at(const struct simload *l, int64_t t, int64_t slot, int64_t most)
{
	uint64_t r = prng_hash(l->seed ^ (uint64_t)slot, (uint64_t)(t / slot));
	int64_t height = most * ((int64_t)(r % 2001) - 1000) / 1000;

	return wave_at(t % slot, slot, height);
}

/* In one of three slots a short time of hard work, paid for by a little less
 * during the rest of the slot. */
static int64_t
burst_at(const struct simload *l, int64_t t, int64_t less)
{
	uint64_t r = prng_hash(l->seed + 1, (uint64_t)(t / BURST_MS));
	int64_t in = t % BURST_MS, begin, busy;

	if (r % 3 != 0)
		return 0;
	begin = (int64_t)(r / 3 % (BURST_MS - BURST_LEN_MS));
	busy = in < begin ? 0 : least(in - begin, BURST_LEN_MS);
	return less * BURST_FACTOR * busy - less * (in - busy);
}

/* The integral of all that deviates from the mean. */
static int64_t
deviation_at(const struct simload *l, int64_t t)
{
	int64_t room = l->cap - l->mean;
	int64_t swing = least(l->mean, room);
	int64_t less = least(l->mean * 12 / 100,
	    (room - swing * 9 / 10) / BURST_FACTOR);
	/* The world begins in the morning. Most follow the working day, some
	 * work at night. */
	int64_t shift = 8 * HOUR_MS + (int64_t)(l->seed % (3 * HOUR_MS)) +
	    ((l->seed >> 32) % 8 == 0 ? DAY_MS / 2 : 0);

	return swing * day_at(t + shift) / 1000 +
	    waver_at(l, t, QUICK_MS, swing * 15 / 100) +
	    waver_at(l, t, SLOW_MS, swing * 15 / 100) +
	    burst_at(l, t, less);
}

int64_t
simload_ns(const struct simload *l, int64_t from, int64_t to)
{
	return l->mean * (to - from) + deviation_at(l, to) -
	    deviation_at(l, from);
}
