#ifndef TESTS_LIB_SCENE_LOOK_H
#define TESTS_LIB_SCENE_LOOK_H

#include <stdbool.h>

#include "tests/lib/scene.h"

/* What somebody who looks at the screen sees. */

struct canvas;
bool canvas_shows(const struct canvas *c, const char *text);

/* Whether the text is on the scene's screen, drawn as it is now: no tick. */
bool scene_shows(const struct scene *s, const char *text);

/* The name of what is selected, "dom0" or "dormant" for such rows, "" when
 * there is no row. */
const char *scene_selected(const struct scene *s);
/* Goes there by keys; fails the test when it has no row. */
void scene_go_to(struct scene *s, const char *name);

#endif
