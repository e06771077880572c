#ifndef TUI_WORK_H
#define TUI_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/err.h"
#include "core/jobs.h"
#include "core/ledger.h"
#include "core/plan.h"
#include "core/probe.h"
#include "tui/session.h"

/* A session that acts: its jobs, the runners that carry their commands to
 * hosts, and the journal that is told before and after. The console has one for
 * its whole life, a verb that does something for as long as that takes.
 *
 * It is wired in work.c, so that what only looks is linked without it. */

struct work;

/* What comes back; each may be NULL. tell: what jobs have to say to the
 * operator, besides that it goes into the log: level, and the job and step that it is
 * about, NULL and 0 where it is about none. */
struct work_sink {
	void (*tell)(void *arg, enum note_level level, const struct job *job,
	    size_t step, const char *text);
	/* What work_query asked for, as journal_sink.rows. */
	void (*rows)(void *arg, uint32_t query, const struct ledger_job *v,
	    size_t n, const char *error);
	void *arg;
};

/* Opens the journal and takes over what consoles that are gone have left, as
 * soon as the session turns. The session must outlive it. keep: the journal is
 * the configuration's; else it is in memory, for hosts that are nobody's. NULL
 * and why: then nothing can be done, only looked at. */
struct work *work_open(struct session *s, bool keep,
    const struct work_sink *sink, struct err *err);

/* Other ears than those of work_open; NULL: none. */
void work_listen(struct work *w, const struct work_sink *sink);

/* What runs on hosts goes on; the journal has it for whoever comes next. */
void work_close(struct work *w);

/* After each turn of the session's loop: lets jobs, runners and journal go on.
 * Lowers *deadline to when it is to be called again. */
void work_turn(struct work *w, struct mono *deadline);

/* Carries a plan out; returns the job's id. */
uint64_t work_add(struct work *w, const struct plan *p);
void work_cancel(struct work *w, uint64_t job);

const struct jobs *work_jobs(const struct work *w);

/* Why nothing can be written into the journal any more; NULL: it can. */
const char *work_failure(const struct work *w);

/* Asks a host what observations do not tell: lines of core/probe.h. Answers
 * are added to work_probes as they come; nothing is changed by it. */
void work_probe(struct work *w, uint32_t host, const char *lines);
const struct probes *work_probes(const struct work *w);
/* How many have not been answered yet. */
size_t work_probing(const struct work *w);

/* Asks the journal; the answer is rows() by this number. */
uint32_t work_query(struct work *w, const struct ledger_filter *f);

/* Turns the session until the job is over or the moment has come; whether it
 * is over. */
bool work_wait(struct work *w, uint64_t job, struct mono until);

/* Who sits at this terminal: "alice", after su or sudo "alice (root)". */
const char *work_operator(const struct work *w);

#endif
