#ifndef TUI_REPORT_H
#define TUI_REPORT_H

#include <stddef.h>

#include "core/buf.h"
#include "core/ledger.h"
#include "core/model.h"
#include "core/query.h"

/* What the verbs tell about the model, as text: for the shell, and for the
 * command line of the console. Each returns how many hosts or VMs it told
 * about. */

enum { REPORT_MAX = 1 << 26 }; /* bytes: tens of thousands of VMs */

/* Every host and VM of that name or UUID. */
size_t report_info(struct buf *out, const struct model *m, const char *name);

size_t report_vms(struct buf *out, const struct model *m,
    const struct query *q);
size_t report_hosts(struct buf *out, const struct model *m,
    const struct query *q);

/* Jobs of the journal, the newest first in v, told the oldest first: a line
 * each; and one with all of its steps. wall_ms: now. */
void report_jobs(struct buf *out, const struct ledger_job *v, size_t n);
void report_jobs_newest(struct buf *out, const struct ledger_job *v,
    size_t n); /* the newest first */
void report_job(struct buf *out, const struct ledger_job *l, int64_t wall_ms);
/* "done"; "running"; "left", by a console that is gone. */
const char *report_job_state(const struct ledger_job *l);
/* What a step does, without its host. */
void report_step(char *out, size_t size, const struct ledger_step *s);

#endif
