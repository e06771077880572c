#ifndef TUI_GROUND_H
#define TUI_GROUND_H

#include <stddef.h>

#include "tui/style.h"

/* Whether the terminal writes on dark or on light, as far as it tells. */

/* COLORFGBG: "15;0", the last one being the background. */
enum background ground_of_environment(void);

/* Its answer to OSC 11, "\033]11;rgb:ffff/ffff/dddd" with whatever ends it;
 * unknown if that is not what it is. */
enum background ground_of_answer(const char *p, size_t n);

#endif
