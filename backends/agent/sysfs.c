/* Counters of virtual interfaces and disks, from /sys/bus/xen-backend. It is
 * where libxenstat, and so xentop, looks for disks too, but its network figures
 * come from /proc/net/dev and vanish on a dom0 without a Linux bridge (Open
 * vSwitch, routed), and it asks QEMU for disks served by QEMU, which blocks;
 * such disks have no counters here.
 *
 * sysfs speaks as dom0: what a vif received the guest has sent. Sectors are
 * always 512 bytes (Documentation/ABI/testing/sysfs-driver-xen-blkback). An HVM
 * guest that uses the emulated card has its traffic on a tap beside the vif,
 * called VIF-emu; both are summed.
 *
 * Devices stand sorted by domid. Counters stay open: pread on an open sysfs
 * file is one system call and renders a fresh value, and after the device is
 * gone it fails instead of reading a namesake. */
#include "backends/agent/sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/mem.h"

enum { SECTOR = 512, PATH_BYTES = 320 };

enum kind { VIF, VBD };

/* What a counter adds to. */
enum sum { NET_RX, NET_TX, DISK_RD, DISK_WR, NSUMS };

enum { COUNTERS = 4 }; /* of one device: rx and tx, of the vif and its tap */

struct device {
	uint32_t domid, devid;
	enum kind kind;
	bool seen;           /* by the present scan */
	int fd[COUNTERS];    /* -1: not open */
	enum sum sum[COUNTERS];
};

struct sysfs {
	char *root;
	DIR *dir;            /* of the devices; NULL: not there yet */
	struct device *v;
	size_t n, cap;
	size_t fds, max_fds; /* open now, may stay open */
};

struct sysfs *
sysfs_open(const char *root, size_t max_fds)
{
	struct sysfs *s = x_calloc(1, sizeof *s);

	s->root = x_strdup(root);
	s->max_fds = max_fds;
	return s;
}

static void
device_close(struct sysfs *s, struct device *d)
{
	for (size_t i = 0; i < COUNTERS; i++) {
		if (d->fd[i] < 0)
			continue;
		close(d->fd[i]);
		d->fd[i] = -1;
		s->fds--;
	}
}

void
sysfs_close(struct sysfs *s)
{
	if (s == NULL)
		return;
	for (size_t i = 0; i < s->n; i++)
		device_close(s, &s->v[i]);
	if (s->dir != NULL)
		closedir(s->dir);
	x_free(s->v);
	x_free(s->root);
	x_free(s);
}

/* --- Which devices there are ---------------------------------------------- */

static int
compare(const struct device *a, const struct device *b)
{
	if (a->domid != b->domid)
		return a->domid < b->domid ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	return (a->devid > b->devid) - (a->devid < b->devid);
}

/* The first device that is not before d. */
static size_t
lower_bound(const struct sysfs *s, const struct device *d)
{
	size_t low = 0, high = s->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (compare(&s->v[mid], d) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* "vif-3-0", "vbd-3-51712". */
static bool
parse_name(const char *name, struct device *d)
{
	int end = 0;

	if (strncmp(name, "vif-", 4) == 0)
		d->kind = VIF;
	else if (strncmp(name, "vbd-", 4) == 0)
		d->kind = VBD;
	else
		return false;
	return sscanf(name + 4, "%5" SCNu32 "-%9" SCNu32 "%n", &d->domid,
	    &d->devid, &end) == 2 && name[4 + end] == '\0';
}

static void
note_device(struct sysfs *s, const char *name)
{
	struct device d = { .fd = { -1, -1, -1, -1 }, .seen = true };
	size_t at;

	if (!parse_name(name, &d))
		return;
	at = lower_bound(s, &d);
	if (at < s->n && compare(&s->v[at], &d) == 0) {
		s->v[at].seen = true;
		return;
	}
	s->v = x_grow(s->v, s->n, &s->cap, sizeof *s->v);
	memmove(s->v + at + 1, s->v + at, (s->n - at) * sizeof *s->v);
	s->v[at] = d;
	s->n++;
}

static void
forget_unseen(struct sysfs *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n; i++) {
		if (s->v[i].seen)
			s->v[n++] = s->v[i];
		else
			device_close(s, &s->v[i]);
	}
	s->n = n;
}

void
sysfs_scan(struct sysfs *s)
{
	char path[PATH_BYTES];
	const struct dirent *e;

	for (size_t i = 0; i < s->n; i++)
		s->v[i].seen = false;
	if (s->dir == NULL) {
		/* Comes with the first backend driver, perhaps later. */
		snprintf(path, sizeof path, "%s/bus/xen-backend/devices",
		    s->root);
		s->dir = opendir(path);
	} else {
		rewinddir(s->dir);
	}
	if (s->dir != NULL)
		while ((e = readdir(s->dir)) != NULL)
			note_device(s, e->d_name);
	forget_unseen(s);
}

/* --- What they counted ---------------------------------------------------- */

static void
open_counter(struct sysfs *s, struct device *d, size_t i, enum sum sum,
    const char *dir, const char *file)
{
	char path[2 * PATH_BYTES];

	snprintf(path, sizeof path, "%s/%s", dir, file);
	d->fd[i] = open(path, O_RDONLY | O_CLOEXEC);
	d->sum[i] = sum;
	if (d->fd[i] >= 0)
		s->fds++;
}

/* The name of the only directory inside; false while there is none. */
static bool
only_entry(const char *path, char *name, size_t size)
{
	DIR *dir = opendir(path);
	const struct dirent *e;
	bool found = false;

	if (dir == NULL)
		return false;
	while (!found && (e = readdir(dir)) != NULL)
		if (e->d_name[0] != '.')
			found = (size_t)snprintf(name, size, "%s", e->d_name)
			    < size;
	closedir(dir);
	return found;
}

static void
open_vif(struct sysfs *s, struct device *d)
{
	char net[PATH_BYTES], name[64], dir[PATH_BYTES + 96];

	snprintf(net, sizeof net, "%s/bus/xen-backend/devices/vif-%" PRIu32
	    "-%" PRIu32 "/net", s->root, d->domid, d->devid);
	/* There a moment after the device, and may be renamed. */
	if (!only_entry(net, name, sizeof name))
		return;
	snprintf(dir, sizeof dir, "%s/%s/statistics", net, name);
	open_counter(s, d, 0, NET_TX, dir, "rx_bytes");
	open_counter(s, d, 1, NET_RX, dir, "tx_bytes");
	snprintf(dir, sizeof dir, "%s/class/net/%s-emu/statistics", s->root,
	    name);
	open_counter(s, d, 2, NET_TX, dir, "rx_bytes");
	open_counter(s, d, 3, NET_RX, dir, "tx_bytes");
}

static void
open_vbd(struct sysfs *s, struct device *d)
{
	char dir[PATH_BYTES];

	snprintf(dir, sizeof dir, "%s/bus/xen-backend/devices/vbd-%" PRIu32
	    "-%" PRIu32 "/statistics", s->root, d->domid, d->devid);
	open_counter(s, d, 0, DISK_RD, dir, "rd_sect");
	open_counter(s, d, 1, DISK_WR, dir, "wr_sect");
}

/* Whether it could be read; then it is added to *sum. */
static bool
add_counter(int fd, int64_t unit, int64_t *sum)
{
	char text[32];
	unsigned long long v;
	char *end;
	ssize_t n = pread(fd, text, sizeof text - 1, 0);

	if (n <= 0)
		return false;
	text[n] = '\0';
	v = strtoull(text, &end, 10);
	if (end == text || (*end != '\n' && *end != '\0'))
		return false;
	if (v > (unsigned long long)((INT64_MAX - *sum) / unit))
		*sum = INT64_MAX;
	else
		*sum += (int64_t)v * unit;
	return true;
}

static void
read_device(struct sysfs *s, struct device *d, int64_t sums[NSUMS])
{
	bool fine = true;

	if (d->fd[0] < 0) {
		device_close(s, d);
		if (d->kind == VIF)
			open_vif(s, d);
		else
			open_vbd(s, d);
	}
	for (size_t i = 0; i < COUNTERS; i++)
		if (d->fd[i] >= 0 && !add_counter(d->fd[i],
		    d->kind == VBD ? SECTOR : 1, &sums[d->sum[i]]))
			fine = false;
	/* Gone, or a namesake has taken its place: opened anew next time. */
	if (!fine || s->fds > s->max_fds)
		device_close(s, d);
}

void
sysfs_read(struct sysfs *s, uint32_t domid, struct sysfs_io *io)
{
	struct device first = { .domid = domid, .kind = VIF };
	int64_t sums[NSUMS] = { 0 };

	*io = (struct sysfs_io){ 0 };
	for (size_t i = lower_bound(s, &first);
	    i < s->n && s->v[i].domid == domid; i++) {
		read_device(s, &s->v[i], sums);
		if (s->v[i].kind == VIF)
			io->vifs++;
		else
			io->vbds++;
	}
	io->net_rx = sums[NET_RX];
	io->net_tx = sums[NET_TX];
	io->disk_rd = sums[DISK_RD];
	io->disk_wr = sums[DISK_WR];
}
