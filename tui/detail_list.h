#ifndef TUI_DETAIL_LIST_H
#define TUI_DETAIL_LIST_H

#include "tui/doc.h"
#include "tui/ui.h"

/* The hosts of a cluster, and the domains that are on a host: its VMs that
 * run, or ran when it was last heard of. */
void detail_list_hosts(struct doc *d, const struct frame *f, uint32_t cluster);
void detail_list_vms(struct doc *d, const struct frame *f, uint32_t host);

#endif
