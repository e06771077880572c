/* Any bytes as xentop's output: read whole or in pieces it comes to the same. */
#include <stdint.h>
#include <stdlib.h>

#include "backends/scan.h"
#include "backends/xentop.h"
#include "core/obs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int
feed(struct xentop *t, const char *p, size_t n, size_t piece)
{
	for (; n > 0; p += piece, n -= piece) {
		if (piece > n)
			piece = n;
		if (xentop_feed(t, p, piece) != 0)
			return -1;
	}
	xentop_pause(t);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const char *p = (const char *)data, *line;
	struct xentop *a = xentop_new(), *b = xentop_new();
	size_t left = n, len, name_len;
	struct xentop_row r;
	const struct xentop_row *x, *y;
	char name[OBS_NAME_MAX + 1];

	if (feed(a, p, n, n != 0 ? n : 1) != feed(b, p, n, 5) ||
	    xentop_blocks(a) != xentop_blocks(b))
		abort();
	while (scan_line(&p, &left, &line, &len)) {
		if (!xentop_parse_row(line, len, &r, &name_len))
			continue;
		if (name_len > len || r.cpu_pm < 0 || r.maxmem_kb < -1)
			abort();
		if (name_len >= sizeof name)
			continue;
		for (size_t i = 0; i < name_len; i++)
			name[i] = line[i];
		name[name_len] = '\0';
		x = xentop_find(a, name);
		y = xentop_find(b, name);
		if ((x == NULL) != (y == NULL) ||
		    (x != NULL && x->cpu_pm != y->cpu_pm))
			abort();
	}
	xentop_free(a);
	xentop_free(b);
	return 0;
}
