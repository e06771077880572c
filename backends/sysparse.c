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

/* What a line counts, and the path in front of it. */
struct leaf {
	const char *name;
	size_t offset; /* in struct sys_counters */
	int64_t unit;
};

static const struct leaf leaves[] = {
	{ "/statistics/rx_bytes", offsetof(struct sys_counters, net_tx), 1 },
	{ "/statistics/tx_bytes", offsetof(struct sys_counters, net_rx), 1 },
	{ "/statistics/rd_sect", offsetof(struct sys_counters, disk_rd),
	    SECTOR },
	{ "/statistics/wr_sect", offsetof(struct sys_counters, disk_wr),
	    SECTOR },
};
enum { LEAVES = sizeof leaves / sizeof leaves[0] };

/* Shortens the line to the device's path and returns what it counts; NULL when
 * it is not a counter. */
static const struct leaf *
split(const char *s, size_t *n, int64_t *v)
{
	size_t path = *n;

	while (path > 0 && s[path - 1] != ':')
		path--;
	if (path == 0 || !scan_number(s + path, *n - path, v))
		return NULL;
	path--;
	for (size_t i = 0; i < LEAVES; i++) {
		size_t len = strlen(leaves[i].name);

		if (path <= len || *v > INT64_MAX / leaves[i].unit ||
		    memcmp(s + path - len, leaves[i].name, len) != 0)
			continue;
		*n = path - len;
		return &leaves[i];
	}
	return NULL;
}

/* The last part of a path. */
static const char *
base(const char *s, size_t *n)
{
	size_t at = *n;

	while (at > 0 && s[at - 1] != '/')
		at--;
	*n -= at;
	return s + at;
}

/* An interface of a vif, for its tap is known by that name only. */
struct iface {
	const char *name;
	size_t len;
	uint32_t domid;
};

struct reader {
	struct sys_counters *v;
	size_t n;
	struct iface *ifaces;
	size_t nifaces;
};

static void
count(struct reader *r, const struct leaf *leaf, uint32_t domid, int64_t v)
{
	struct sys_counters *c = &r->v[r->n++];

	*c = (struct sys_counters){ domid, -1, -1, -1, -1, 1 };
	*(int64_t *)(void *)((char *)c + leaf->offset) = v * leaf->unit;
}

static void
read_backend(struct reader *r, const char *s, size_t n)
{
	const struct leaf *leaf;
	const char *name;
	uint32_t domid;
	int64_t v;

	if (n < 4 || (leaf = split(s, &n, &v)) == NULL ||
	    memcmp(s, leaf->unit == SECTOR ? "vbd" : "vif", 3) != 0 ||
	    !backend_domid(s, n, &domid))
		return;
	count(r, leaf, domid, v);
	name = base(s, &n);
	if (leaf->unit == 1)
		r->ifaces[r->nifaces++] = (struct iface){ name, n, domid };
}

/* "/sys/class/net/IF-emu/statistics/rx_bytes:5": what an HVM guest's emulated
 * card did, which goes past the vif. */
static void
read_tap(struct reader *r, const char *s, size_t n)
{
	const struct leaf *leaf;
	const char *name;
	int64_t v;
	size_t len;

	if ((leaf = split(s, &n, &v)) == NULL || leaf->unit != 1)
		return;
	len = n;
	name = base(s, &len);
	if (len <= 4 || memcmp(name + len - 4, "-emu", 4) != 0)
		return;
	for (size_t i = 0; i < r->nifaces; i++)
		if (r->ifaces[i].len == len - 4 &&
		    memcmp(r->ifaces[i].name, name, len - 4) == 0) {
			count(r, leaf, r->ifaces[i].domid, v);
			return;
		}
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
	to->lines += c->lines;
}

static void
each_line(struct reader *r, const char *p, size_t n,
    void (*read)(struct reader *, const char *, size_t))
{
	const char *line;
	size_t len;

	while (scan_line(&p, &n, &line, &len))
		read(r, line, len);
}

size_t
sys_parse_counters(struct arena *a, const char *p, size_t n,
    struct sys_counters **out)
{
	size_t lines = scan_count_lines(p, n), kept = 0;
	struct reader r = { .v = arena_array(a, lines * 2, sizeof *r.v),
		.ifaces = arena_array(a, lines, sizeof *r.ifaces) };

	each_line(&r, p, n, read_backend);
	each_line(&r, p, n, read_tap);
	qsort(r.v, r.n, sizeof *r.v, by_domid);
	for (size_t i = 0; i < r.n; i++) {
		if (kept != 0 && r.v[kept - 1].domid == r.v[i].domid)
			merge(&r.v[kept - 1], &r.v[i]);
		else
			r.v[kept++] = r.v[i];
	}
	*out = r.v;
	return kept;
}

const struct sys_counters *
sys_find_counters(const struct sys_counters *v, size_t n, uint32_t domid)
{
	struct sys_counters key = { .domid = domid };

	return n != 0 ? bsearch(&key, v, n, sizeof *v, by_domid) : NULL;
}
