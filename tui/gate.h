#ifndef TUI_GATE_H
#define TUI_GATE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/event.h"
#include "core/model.h"

/* Stands between the backends and the model. Open, it passes every event on;
 * closed (the operator froze the screen), it keeps them back, so that what is
 * on the screen stays true to one moment while keys still work. */

struct gate;

struct gate *gate_new(struct model *m);
void gate_free(struct gate *g);

/* What backends are given. Lives as long as the gate. */
struct event_sink gate_sink(struct gate *g);

void gate_close(struct gate *g);
void gate_open(struct gate *g); /* hands on all that waited */
bool gate_closed(const struct gate *g);
size_t gate_waiting(const struct gate *g); /* events kept back */

#endif
