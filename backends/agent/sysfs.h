#ifndef BACKENDS_AGENT_SYSFS_H
#define BACKENDS_AGENT_SYSFS_H

#include <stddef.h>
#include <stdint.h>

/* Network and disk counters of guests whose backend is this dom0. */

struct sysfs;

/* Bytes as the guest sees them, summed over its devices. */
struct sysfs_io {
	int64_t net_rx, net_tx, disk_rd, disk_wr;
	unsigned vifs, vbds; /* how many devices those are */
};

/* root: "/sys". At most max_fds counters stay open between two reads; those
 * beyond are opened each time. */
struct sysfs *sysfs_open(const char *root, size_t max_fds);
void sysfs_close(struct sysfs *s);

/* Finds devices that came and forgets those that went. */
void sysfs_scan(struct sysfs *s);

void sysfs_read(struct sysfs *s, uint32_t domid, struct sysfs_io *io);

#endif
