#ifndef BACKENDS_SSHASK_H
#define BACKENDS_SSHASK_H

#include "backends/sshoptions.h"

/* Fills an empty struct from the configuration, ssh_config and the passwd
 * database. May block. 0, or -1 and why. */
int sshask_options(struct sshoptions *o, const struct conf_host *host,
    struct err *err);

#endif
