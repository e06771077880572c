#ifndef TUI_JSONOUT_H
#define TUI_JSONOUT_H

#include <stdint.h>

/* JSON on standard output, in ASCII whatever the locale can show. */

void jsonout_string(const char *s);
/* ", name: value"; nothing for NULL. */
void jsonout_member(const char *name, const char *value);
void jsonout_number(const char *name, int64_t value);
/* A moment of the wall clock; nothing for 0. */
void jsonout_time(const char *name, int64_t ms);

#endif
