#ifndef CORE_PLAN_H
#define CORE_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/request.h"

/* A plan: steps in an order, each a request with why it is there and which
 * steps must be done before it. It is data; core/jobs.h carries it out, and a
 * dialog or --dry-run shows it. */

struct step {
	struct request req;
	char *why;        /* "to make room for db1"; or NULL */
	uint32_t *after;  /* indexes of earlier steps; all must be done */
	size_t nafter;
};

struct plan {
	char *title;      /* "move web1 to beta" */
	struct step *steps;
	size_t n, cap;
};

void plan_init(struct plan *p);
void plan_free(struct plan *p);
void plan_copy(struct plan *to, const struct plan *from);

/* Adds a step that takes the request over; returns its index. It waits for
 * nothing yet. The pointer to it holds until the next is added. */
uint32_t plan_add(struct plan *p, struct request *r, const char *why);
void plan_after(struct plan *p, uint32_t step, uint32_t before);

/* One step's command: "alpha: xl shutdown 12". */
int step_text(struct buf *out, const struct step *s, const struct conf *conf);

/* What would run, where, and after what: one line per command, as
 * command_text has it, but for scripts: "sh -c {script} NAME ...". -1 when out
 * is full. */
int plan_text(struct buf *out, const struct plan *p, const struct conf *conf);

/* Those scripts, each once, by their names. */
int plan_scripts(struct buf *out, const struct plan *p,
    const struct conf *conf);

#endif
