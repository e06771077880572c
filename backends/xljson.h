#ifndef BACKENDS_XLJSON_H
#define BACKENDS_XLJSON_H

#include <stddef.h>

#include "core/arena.h"
#include "core/err.h"
#include "core/obs.h"

/* `xl list -l [DOMAIN]` (tools/xl/xl_list.c: libxl's domain configurations as
 * JSON, scalars that have their default left out). Fills domid, uuid, name,
 * type, vcpus_max, maxmem_kb, nics and disks of one obs_dom per domain, all in
 * the arena. xl leaves out, without a word, domains that are being made or torn
 * down. -1: not JSON, or not of that shape. */
int xljson_parse(struct arena *a, const char *p, size_t n,
    struct obs_dom **doms, size_t *ndoms, struct err *e);

#endif
