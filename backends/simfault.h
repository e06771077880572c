#ifndef BACKENDS_SIMFAULT_H
#define BACKENDS_SIMFAULT_H

#include "backends/simlink.h"
#include "backends/simworld.h"
#include "core/conf.h"

/* Makes one entry of the fault script happen now. What cannot happen, because
 * the VM is elsewhere or a host is full, is told in a note. */
void simfault_apply(struct simworld *w, struct simlinks *l,
    const struct conf_sim_fault *f);

#endif
