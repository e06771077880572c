#ifndef BACKENDS_XLPARSE_H
#define BACKENDS_XLPARSE_H

#include <stddef.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/obs.h"

/* Readers of what xl prints in the C locale: pure, and safe on any bytes.
 * Formats: tools/xl/xl_list.c and xl_info.c of Xen 4.14 to 4.20. */

/* `xl list -v`. Fills domid, uuid, name, flags, reason, vcpus, mem_kb (whole
 * MiB) and cpu_ns (tenths of a second) of one obs_dom per row; all of it lives
 * in the arena. -1 unless the answer is complete: the head line, dom0, every
 * line understood, the last one ended. An incomplete list must never look like
 * a short one. */
int xl_parse_list(struct arena *a, const char *p, size_t n,
    struct obs_dom **doms, size_t *ndoms, struct err *e);

/* `xl info`. Fills in *h what that tells; strings go to the arena. -1 when the
 * number of CPUs or the memory is missing. */
int xl_parse_info(struct arena *a, const char *p, size_t n,
    struct obs_host *h, struct err *e);

#endif
