#ifndef CORE_COMMAND_H
#define CORE_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "core/buf.h"
#include "core/conf.h"
#include "core/err.h"
#include "core/request.h"

/* The one place that knows how a request is said to a host: xl(1), lvm(8) and
 * a few words of POSIX shell, as argv lists. Nothing is pasted into a shell:
 * what varies is an argument of its own, and domains go by their number. */

struct command {
	char **argv;          /* ends with NULL */
	const char *input;    /* for its standard input, or NULL; the request's */
	int64_t limit_ms;     /* when it should have ended; then it hangs */
	bool progress;        /* its standard error tells how far it is */
	bool safe_again;      /* twice is the same as once */
};

/* Fills an empty command. -1 when the request lacks something or what it has
 * cannot be said: one sentence. */
int command_build(struct command *c, const struct conf *conf,
    const struct request *r, struct err *err);
void command_free(struct command *c);

/* As a shell would take it: "xl shutdown -F 12". For people, and to be pasted
 * on that host. */
int command_text(struct buf *out, const struct command *c);

#endif
