#ifndef BACKENDS_AGENT_WATCH_H
#define BACKENDS_AGENT_WATCH_H

#include "core/err.h"
#include "core/obs.h"

/* xenstore's word that a domain came or went, or got another name. */

enum watch_news {
	NEWS_DOMAINS = 1 << 0, /* some domain was made, stopped or is gone */
	NEWS_NAMES = 1 << 1,   /* some domain has another name */
};

struct watch;

struct watch *watch_open(struct err *err); /* NULL and why */
void watch_close(struct watch *w);

int watch_fd(const struct watch *w); /* readable: drain */

/* What happened, enum watch_news; -1: xenstored is gone for good, which only a
 * new connection could mend. */
int watch_drain(struct watch *w);

/* Whose names are watched from now on. Each new one is news once. */
void watch_names(struct watch *w, const struct obs *o);

#endif
