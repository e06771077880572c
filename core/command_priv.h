#ifndef CORE_COMMAND_PRIV_H
#define CORE_COMMAND_PRIV_H

/* What command's own files share; nobody else includes this. */

#include "core/argv.h"

#define COMMAND_S INT64_C(1000)
#define COMMAND_MIN (60 * COMMAND_S)

/* Each adds the words of one operation; 0, or -1 and what is wrong with it. */
typedef int command_put(struct argv *w);

/* command_life.c */
command_put command_start, command_restore, command_plain, command_shutdown,
    command_save, command_resume, command_dump, command_rename,
    command_migrate;

/* command_set.c */
command_put command_memory, command_vcpus, command_pin, command_sched,
    command_disk, command_nic_attach, command_nic_detach, command_cd,
    command_trigger, command_sysrq;

/* command_host.c */
command_put command_def_check, command_def_write, command_probe,
    command_volume;

#endif
