#ifndef BACKENDS_CONFREAD_H
#define BACKENDS_CONFREAD_H

#include <stddef.h>

#include "core/conf.h"
#include "core/conf_errors.h"

/* Reads a configuration file into conf, which is as conf_init left it, and
 * adds all that is wrong with it to errs, which is initialised. 0, or -1; then
 * conf is again as conf_init leaves it, and errs is not empty. */
int confread_file(const char *path, struct conf *conf,
    struct conf_errors *errs);

/* The same with the file that is there: the user's (XDG_CONFIG_HOME, else
 * ~/.config), else the system's. *path becomes the name of the file that was
 * read, for x_free, or NULL when there is none. */
int confread_default(char **path, struct conf *conf,
    struct conf_errors *errs);

/* The same with a text in memory; name stands for its file. */
int confread_text(const char *name, const char *p, size_t n,
    struct conf *conf, struct conf_errors *errs);

#endif
