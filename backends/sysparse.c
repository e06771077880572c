/* Device counters from dom0's sysfs. They are exact where xentop's are whole
 * kilobytes, and there even when dom0 has no Linux bridge, without which
 * libxenstat (and so xentop) shows no network at all. */
#include "backends/sysparse.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "backends/scan.h"

enum { SECTOR = 512 }; /* of the block layer, whatever the disk's own */

/* "-DOMID-" behind "vif" or "vbd". */
static bool
backend_domid(const char *s, size_t n, uint32_t *domid)
{
	const char *dash;
	int64_t v;

	if (n < 5 || s[3] != '-')
		return false;
	dash = memchr(s + 4, '-', n - 4);
	if (dash == NULL || !scan_number(s + 4, (size_t)(dash - s - 4), &v) ||
	    v > UINT32_MAX)
		return false;
	*domid = (uint32_t)v;
	return true;
}

static void
add(int64_t *sum, int64_t v)
{
	int64_t base = *sum < 0 ? 0 : *sum;

	*sum = v <= INT64_MAX - base ? base + v : INT64_MAX;
}

static bool
counter_line(const char *s, size_t n, struct sys_counters *c)
{
	static const struct {
		const char *bus, *leaf;
		size_t offset;
		int64_t unit;
	} kinds[] = {
		{ "vif", "/statistics/rx_bytes",
		    offsetof(struct sys_counters, net_tx), 1 },
		{ "vif", "/statistics/tx_bytes",
		    offsetof(struct sys_counters, net_rx), 1 },
		{ "vbd", "/statistics/rd_sect",
		    offsetof(struct sys_counters, disk_rd), SECTOR },
		{ "vbd", "/statistics/wr_sect",
		    offsetof(struct sys_counters, disk_wr), SECTOR },
	};
	size_t path = n;
	int64_t v;

	while (path > 0 && s[path - 1] != ':')
		path--;
	if (path == 0 || !scan_number(s + path, n - path, &v))
		return false;
	path--;
	*c = (struct sys_counters){ 0, -1, -1, -1, -1 };
	if (!backend_domid(s, path, &c->domid))
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		size_t len = strlen(kinds[i].leaf);

		if (memcmp(s, kinds[i].bus, 3) == 0 && path > len &&
		    memcmp(s + path - len, kinds[i].leaf, len) == 0 &&
		    v <= INT64_MAX / kinds[i].unit) {
			*(int64_t *)(void *)((char *)c + kinds[i].offset) =
			    v * kinds[i].unit;
			return true;
		}
	}
	return false;
}

static int
by_domid(const void *a, const void *b)
{
	uint32_t x = ((const struct sys_counters *)a)->domid;
	uint32_t y = ((const struct sys_counters *)b)->domid;

	return (x > y) - (x < y);
}

static void
merge(struct sys_counters *to, const struct sys_counters *c)
{
	if (c->net_rx >= 0)
		add(&to->net_rx, c->net_rx);
	if (c->net_tx >= 0)
		add(&to->net_tx, c->net_tx);
	if (c->disk_rd >= 0)
		add(&to->disk_rd, c->disk_rd);
	if (c->disk_wr >= 0)
		add(&to->disk_wr, c->disk_wr);
}

size_t
sys_parse_counters(struct arena *a, const char *p, size_t n,
    struct sys_counters **out)
{
	struct sys_counters *v = arena_array(a, scan_count_lines(p, n), sizeof *v);
	size_t count = 0, kept = 0;
	const char *line;
	size_t len;

	while (scan_line(&p, &n, &line, &len))
		count += counter_line(line, len, &v[count]);
	qsort(v, count, sizeof *v, by_domid);
	for (size_t i = 0; i < count; i++) {
		if (kept != 0 && v[kept - 1].domid == v[i].domid)
			merge(&v[kept - 1], &v[i]);
		else
			v[kept++] = v[i];
	}
	*out = v;
	return kept;
}

const struct sys_counters *
sys_find_counters(const struct sys_counters *v, size_t n, uint32_t domid)
{
	struct sys_counters key = { .domid = domid };

	return n != 0 ? bsearch(&key, v, n, sizeof *v, by_domid) : NULL;
}
