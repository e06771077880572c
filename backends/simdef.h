#ifndef BACKENDS_SIMDEF_H
#define BACKENDS_SIMDEF_H

#include "backends/simworld.h"

/* The definitions that a simulated host has on its disk, as they are changed and
 * as a VM is made of one. */

/* The file has that text from now on. The old one stays beside it as
 * PATH.~N~. 0, or -1: it is too large. */
int simdef_write(struct simworld *w, uint32_t host, const char *path,
    const char *text, size_t len);

/* The VM that a definition is about; one that never was there is made up.
 * SIM_NONE: there are too many by now. */
uint32_t simdef_vm(struct simworld *w, uint32_t host, const struct def *def);

/* A domain as it says, paused; there is room for it, and no other of that
 * name. NULL: simdef_vm finds no VM. */
struct simdom *simdef_make(struct simworld *w, uint32_t host,
    const struct def *def);
int64_t simdef_mem_kb(const struct def *def);

#endif
