#ifndef TESTS_LIB_DESKJOURNAL_H
#define TESTS_LIB_DESKJOURNAL_H

#include "core/jobs.h"

/* A journal for tests, in memory: what it has acknowledged survives its console.
 * It takes its time, and whatever is on its way when a console dies may be in
 * it or not. */

struct deskjournal;

struct deskjournal *deskjournal_new(void);
void deskjournal_free(struct deskjournal *d);

/* A JOB_WRITE; it is acknowledged at `due`. */
void deskjournal_take(struct deskjournal *d, const struct job_effect *e,
    struct mono due);
/* Acknowledges what is due; why not NULL: that it cannot be written. */
void deskjournal_turn(struct deskjournal *d, struct jobs *jobs,
    struct mono now, const char *why);
/* The console has died: of what was on its way, this many records got in. All
 * jobs that are not over are adopted by the next one's jobs. */
void deskjournal_crash(struct deskjournal *d, size_t keep);
size_t deskjournal_pending(const struct deskjournal *d);
void deskjournal_adopt(struct deskjournal *d, struct jobs *jobs,
    struct mono now);

#endif
