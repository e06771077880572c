/* Sets of processors as people write them: "0-3,8". */
#include "core/cpuset.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

void
cpuset_add(struct cpuset *s, int64_t n)
{
	if (n >= 0 && n < CPUSET_MAX)
		s->bits[n / 64] |= UINT64_C(1) << (n % 64);
}

static bool
has(const struct cpuset *s, int n)
{
	return n < CPUSET_MAX && (s->bits[n / 64] >> (n % 64) & 1) != 0;
}

int32_t
cpuset_count(const struct cpuset *s)
{
	int32_t n = 0;

	for (int i = 0; i < CPUSET_MAX; i++)
		n += has(s, i);
	return n;
}

size_t
cpuset_format(char *out, size_t size, const struct cpuset *s)
{
	static const char more[] = ",...";
	size_t len = 0;

	out[0] = '\0';
	for (int i = 0; i < CPUSET_MAX; i++) {
		const char *comma = len > 0 ? "," : "";
		char part[32];
		int first = i, n;

		if (!has(s, i))
			continue;
		while (has(s, i + 1))
			i++;
		n = first == i ? snprintf(part, sizeof part, "%s%d", comma, i) :
		    snprintf(part, sizeof part, "%s%d-%d", comma, first, i);
		if (len + (size_t)n + sizeof more > size) {
			if (len + sizeof more <= size) {
				memcpy(out + len, more, sizeof more);
				len += sizeof more - 1;
			}
			return len;
		}
		memcpy(out + len, part, (size_t)n + 1);
		len += (size_t)n;
	}
	return len;
}
