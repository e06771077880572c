#ifndef BACKENDS_SYSPARSE_H
#define BACKENDS_SYSPARSE_H

#include <stddef.h>
#include <stdint.h>

#include "core/arena.h"

/* One domain's devices added up, in bytes and as the guest sees them: what
 * dom0's end of a vif received the guest has sent. -1: no such device. */
struct sys_counters {
	uint32_t domid;
	int64_t net_rx, net_tx, disk_rd, disk_wr;
	unsigned lines; /* counters that were summed: changes with devices */
};

/* Reads lines "vif-2-0/net/vif2.0/statistics/rx_bytes:123" and
 * "vbd-2-51712/statistics/rd_sect:34", as `grep -H .` prints them in
 * /sys/bus/xen-backend/devices (Linux' drivers/block/xen-blkback/xenbus.c and
 * net/core/net-sysfs.c), and "/sys/class/net/vif2.0-emu/statistics/..." of an
 * HVM guest's emulated card. Other lines are ignored. *out lives in the arena,
 * sorted by domid; returns how many. */
size_t sys_parse_counters(struct arena *a, const char *p, size_t n,
    struct sys_counters **out);

/* NULL when there is none. */
const struct sys_counters *sys_find_counters(const struct sys_counters *v,
    size_t n, uint32_t domid);

#endif
