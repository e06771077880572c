#ifndef BACKENDS_JOURNAL_H
#define BACKENDS_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/backend.h"
#include "core/conf.h"
#include "core/err.h"
#include "core/jobs.h"
#include "core/ledger.h"

/* The journal: what was meant to be done and what became of it, in one SQLite
 * database that all consoles of one user (of root: of one machine) share. See
 * share/doc/journal.md.
 *
 * A child process writes, so that the console never waits for a disk. What it
 * was given it still writes when the console is killed, and only then is the
 * console gone for the others. When the child is killed another takes its
 * place, and whatever was not acknowledged is written again: every record may
 * come twice. */

struct journal;

/* The last known definition of a VM on one host. */
struct journal_definition {
	const char *cluster, *host, *path, *name, *uuid; /* uuid may be NULL */
	const char *text;    /* NULL: the file is not there any more */
	int64_t mtime_s;     /* of the file; -1: unknown */
	int64_t seen_ms;     /* wall clock */
};

struct journal_sink {
	/* A record is on the disk, or why not: one sentence. */
	void (*written)(void *arg, uint64_t seq, const char *error);
	/* A job whose console is gone is this one's now, by a record on the
	 * disk. Takes it over: jobs_adopt. NULL: this console takes none. */
	void (*adopt)(void *arg, struct job *job);
	/* For the operator: the journal cannot be written, or can again; a job
	 * of a console that is gone cannot be taken over. May be NULL. */
	void (*tell)(void *arg, enum note_level level, const char *text);
	/* What journal_query asked for: n jobs, the newest first; or why not.
	 * Borrowed. May be NULL. */
	void (*rows)(void *arg, uint32_t query, const struct ledger_job *v,
	    size_t n, const char *error);
	/* What journal_ask_definition asked for; NULL: there is none. May be
	 * NULL. */
	void (*definition)(void *arg, uint32_t query,
	    const struct journal_definition *d);
	/* An acknowledged alarm, once each after the opening and when another
	 * console acknowledges one. May be NULL. */
	void (*ready)(void *arg, const char *alarm, int64_t until_ms,
	    const char *by);
	void *arg;
};

/* The database's path that is used without another; to be freed. NULL and why:
 * there is no place for it. */
char *journal_default_path(struct err *err);

/* path NULL: the configuration's, else the default. ":memory:": nothing is kept,
 * and nobody else is heard of: for the simulator. Returns at once; whether the
 * database can be written is told by what is written. conf must outlive it.
 * NULL and why: no process to be had. The sink is only called from the
 * backend's postpoll and journal_wait. */
struct journal *journal_open(const struct conf *conf, const char *path,
    const char *operator, const struct journal_sink *sink, struct err *err);

/* The same with what tests want to go wrong; all 0: nothing. */
struct journal_faults {
	unsigned die_at;   /* the first child is killed at the so-many-th point
	                    * where that could make a difference */
	int64_t max_pages; /* the database may have */
	bool no_more;      /* no other child takes its place */
};

struct journal *journal_open_faulty(const struct conf *conf, const char *path,
    const char *operator, const struct journal_sink *sink,
    const struct journal_faults *faults, struct err *err);
/* What was given is still written; waits for that, at most so long, and leaves
 * the child to end by itself after that. */
void journal_close(struct journal *j, int64_t wait_ms);

/* What this console's jobs are called: jobs_new. */
const char *journal_key(const struct journal *j);
/* To be polled by the loop; its free does nothing. */
struct backend *journal_backend(struct journal *j);
/* Why nothing can be written, one sentence; NULL: it can, or that is not known
 * yet. */
const char *journal_failure(const struct journal *j);
/* The database is open and what there was to be taken over has been. */
bool journal_ready(const struct journal *j);
/* Records that are neither written nor failed. */
size_t journal_pending(const struct journal *j);
/* For verbs: handles what comes until it is ready, or has failed (-1 and why),
 * or the time is over (-1). */
int journal_wait(struct journal *j, int64_t ms, struct err *err);

/* A record; e is a JOB_WRITE and is copied. Its end is told by written(). */
void journal_write(struct journal *j, const struct job_effect *e);

/* What a host's definition file says; costs nothing when it is known. */
void journal_note_definition(struct journal *j,
    const struct journal_definition *d);
/* The last known one of that VM anywhere in the cluster. Returns a number that
 * definition() comes back with. */
uint32_t journal_ask_definition(struct journal *j, const char *cluster,
    const char *name);

/* Somebody has seen an alarm, for so long. until_ms 0: no more. */
void journal_acknowledge(struct journal *j, const char *alarm,
    int64_t until_ms, const char *by);

/* Returns a number that rows() comes back with. */
uint32_t journal_query(struct journal *j, const struct ledger_filter *f);

/* --- Without a console: for verbs; may block ------------------------------ */

/* Reads what is in the database into *v of *n, the newest first. A journal that
 * is not there is empty. */
int journal_read(const char *path, const struct ledger_filter *f,
    struct ledger_job **v, size_t *n, struct err *err);
void journal_read_free(struct ledger_job *v, size_t n);
/* The last known definition of that VM anywhere in the cluster: 1, to be given
 * back; 0: there is none; -1 and why. */
struct journal_known {
	char *text, *host, *path;
	int64_t seen_ms; /* wall clock */
};

int journal_read_definition(const char *path, const char *cluster,
    const char *name, struct journal_known *k, struct err *err);
void journal_known_free(struct journal_known *k);

#endif
