#ifndef TUI_COMMAND_ACT_H
#define TUI_COMMAND_ACT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/action.h"
#include "tui/command.h"

/* The command line's verbs that act upon VMs. */

/* The action whose verb that is, or NULL. */
const struct action_info *command_act_find(const char *name, size_t n);

/* false: it is no such verb. */
bool command_act(struct app *a, const char *name, const char *args);

/* As struct console_command's complete. */
size_t command_act_complete(const struct app *a, const struct action_info *i,
    const char *args, size_t n, struct words *out);

#endif
