#ifndef TUI_KEYMAP_CONF_H
#define TUI_KEYMAP_CONF_H

#include "tui/keymap.h"

/* Gives bindings the keys that the configuration wants; what cannot be is left
 * out, and said when errs is not NULL. */
void keymap_rebind(struct keymap *m, const struct conf *conf,
    struct conf_errors *errs);

#endif
