/* Any bytes as sysfs' counters and as lines of the xenstore tools. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "backends/scan.h"
#include "backends/sysparse.h"
#include "backends/xsparse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *line;
	struct arena a = { NULL };
	struct sys_counters *v;
	size_t left = n, len, count = sys_parse_counters(&a, p, n, &v);
	char text[64];

	for (size_t i = 0; i < count; i++)
		if ((i > 0 && v[i].domid <= v[i - 1].domid) ||
		    v[i].net_rx < -1 || v[i].disk_wr < -1 ||
		    sys_find_counters(v, count, v[i].domid) != &v[i])
			abort();
	while (scan_line(&p, &left, &line, &len)) {
		struct xs_fact f = xs_parse_line(line, len);

		if (xs_unescape(text, sizeof text, line, len) > len)
			abort();
		if (f.kind != XS_OTHER && (f.number < 0 ||
		    memchr(f.text, '\0', sizeof f.text) == NULL))
			abort();
	}
	scan_sentence(text, sizeof text, (const char *)data, n);
	if (memchr(text, '\0', sizeof text) == NULL)
		abort();
	arena_free(&a);
	return 0;
}
