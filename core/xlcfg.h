#ifndef CORE_XLCFG_H
#define CORE_XLCFG_H

#include <stdbool.h>
#include <stddef.h>

#include "core/arena.h"

/* The form of xl's configuration files (xl.cfg(5), tools/libs/util/
 * libxlu_cfg_{l.l,y.y}): settings NAME = VALUE, a value being a string, a
 * number or a list of values over several lines. What xl would refuse is read
 * as far as it makes sense; only xl judges. */

enum {
	XLCFG_SETTINGS_MAX = 256,
	XLCFG_VALUES_MAX = 256, /* of a list; more are left out */
};

struct xlcfg_setting {
	const char *key;
	bool list;
	const char **v;  /* clean text, at most OBS_TEXT_MAX bytes each; of a
	                  * list in a list: "[a, b]" */
	size_t n;        /* 1 unless it is a list */
	unsigned line;   /* from 1 */
};

struct xlcfg {
	struct xlcfg_setting *v; /* each key once, in the order of the file; of
	                          * several the last one counts, as for xl */
	size_t n;
	const char *error; /* the first thing not understood: "line 3: ..."; or
	                    * NULL */
};

/* Everything is in the arena. */
void xlcfg_read(struct xlcfg *c, struct arena *a, const char *text,
    size_t len);

const struct xlcfg_setting *xlcfg_find(const struct xlcfg *c,
    const char *key); /* or NULL */
/* What is no list; or NULL. */
const char *xlcfg_string(const struct xlcfg *c, const char *key);
/* A number as xl takes it, decimal, octal or hexadecimal, quoted or not; -1:
 * there is none. */
long long xlcfg_number(const struct xlcfg *c, const char *key);

#endif
