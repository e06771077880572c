#ifndef BACKENDS_XENTOP_H
#define BACKENDS_XENTOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `xentop -b -f -d N` (tools/xenstat/xentop/xentop.c): blocks of rows without
 * a domid or a time, each begun by a head line. */

struct xentop_row {
	char *name;         /* clean text */
	int32_t cpu_pm;     /* per mille of one pCPU over the last interval;
	                     * unknown in the first block */
	int64_t mem_kb;
	int64_t maxmem_kb;  /* INT64_MAX: no limit */
	int32_t vcpus;      /* offline ones too */
	/* Bytes as the guest sees them; network in whole kB, and 0 on a dom0
	 * without a Linux bridge. -1: not said. */
	int64_t net_rx, net_tx, disk_rd, disk_wr;
};

/* Reads one row. The name is borrowed from the line: its length goes to
 * *name_len. False: not a row. */
bool xentop_parse_row(const char *line, size_t n, struct xentop_row *row,
    size_t *name_len);
bool xentop_is_head(const char *line, size_t n);

/* The stream as a table of the last whole block. */
struct xentop;

struct xentop *xentop_new(void);
void xentop_free(struct xentop *t);
void xentop_restart(struct xentop *t); /* a new xentop: forget everything */
/* -1: garbage, too long a line or too many rows; restart before more. */
int xentop_feed(struct xentop *t, const char *p, size_t n);
/* The output paused: what came since the last head line is a whole block. */
void xentop_pause(struct xentop *t);
bool xentop_waiting(const struct xentop *t); /* for the rest, or a pause */
/* How many whole blocks there have been. */
uint64_t xentop_blocks(const struct xentop *t);
/* NULL when there is none of that name, or more than one. */
const struct xentop_row *xentop_find(const struct xentop *t,
    const char *name);

#endif
