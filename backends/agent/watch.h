#ifndef BACKENDS_AGENT_WATCH_H
#define BACKENDS_AGENT_WATCH_H

#include "core/err.h"

/* xenstore's word that a domain came or went. */

struct watch;

struct watch *watch_open(struct err *err); /* NULL and why */
void watch_close(struct watch *w);

int watch_fd(const struct watch *w); /* readable: drain */

/* 1: some domain was made, stopped or is gone; 0: nothing; -1: xenstored is
 * gone for good, which only a new connection could mend. */
int watch_drain(struct watch *w);

#endif
