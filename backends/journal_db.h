#ifndef BACKENDS_JOURNAL_DB_H
#define BACKENDS_JOURNAL_DB_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "core/conf.h"
#include "core/err.h"
#include "core/ledger.h"

/* The database, for the child that writes and for verbs that read. Whatever
 * fails is one sentence about the journal in err. */

struct journal_db {
	sqlite3 *db;        /* NULL: not open */
	char *path;
	bool memory;        /* nobody else has it */
	/* Of one that writes: */
	const struct conf *conf;
	const char *key;    /* of this console */
	const char *operator;
	int64_t began_ms;
	int32_t pid;
	int64_t max_pages;  /* 0: as many as there is room for */
};

/* Makes what is missing. */
int journal_db_open(struct journal_db *d, struct err *err);
/* 1: there is no such file yet. */
int journal_db_open_read(struct journal_db *d, const char *path,
    struct err *err);
void journal_db_close(struct journal_db *d);

/* The sentence for what the library said last; -1. */
int journal_db_fail(const struct journal_db *d, struct err *err);
int journal_db_exec(struct journal_db *d, const char *sql, struct err *err);

/* A statement with its parameters: 's' char *, 'i' int64_t; NULL and why.
 * As many as there are in types. */
sqlite3_stmt *journal_db_prepare(struct journal_db *d, struct err *err,
    const char *sql, const char *types, ...);
/* Runs one that has no rows and ends it; takes NULL: then -1. */
int journal_db_run(struct journal_db *d, sqlite3_stmt *st, struct err *err);
/* The next row: 1, 0 at the end, -1. */
int journal_db_step(struct journal_db *d, sqlite3_stmt *st, struct err *err);
/* A copy of a text, NULL as it is; at most max bytes, clean where it is for
 * people. */
char *journal_db_text(sqlite3_stmt *st, int column);

/* --- Consoles ------------------------------------------------------------- */

char *journal_db_lock_path(const struct journal_db *d, const char *key);
/* Our own, for as long as any copy of the descriptor is open; -1. */
int journal_db_lock(const struct journal_db *d, struct err *err);
/* Whether that console is still there. One of whom that cannot be told is. */
bool journal_db_alive(const struct journal_db *d, const char *key);
/* This console's row, in the running transaction. */
int journal_db_enter(struct journal_db *d, struct err *err);

/* --- Jobs ----------------------------------------------------------------- */

/* In the running transaction; each may come twice. */
int journal_db_put_job(struct journal_db *d, const struct ledger_job *l,
    struct err *err);
int journal_db_put_intent(struct journal_db *d, const char *key, uint32_t step,
    const struct ledger_step *s, struct err *err);
int journal_db_put_outcome(struct journal_db *d, const char *key,
    uint32_t step, const struct ledger_step *s, struct err *err);
int journal_db_put_end(struct journal_db *d, const struct ledger_job *l,
    struct err *err);
/* Nobody here can tell what became of a job: its steps are unknown and its
 * claims end. */
int journal_db_put_unknown(struct journal_db *d, const char *key,
    const char *why, struct err *err);
/* 0: nobody else works on its VMs. What was left to nobody is closed. */
int journal_db_claim(struct journal_db *d, const struct ledger_job *l,
    struct err *err);
/* Why this console cannot take that job over, or 0. */
int journal_db_adoptable(struct journal_db *d, const char *key,
    struct err *err);

/* Calls with each job, the newest first; stops at its -1. */
int journal_db_read(struct journal_db *d, const struct ledger_filter *f,
    int (*fn)(void *arg, struct ledger_job *l), void *arg, struct err *err);

/* Takes over what is open of consoles that are gone, and is not told already:
 * `fn` gets each, `cannot` each that this configuration cannot have. In a
 * transaction of its own; fn is called after it. */
int journal_db_adopt(struct journal_db *d,
    void (*fn)(void *arg, struct ledger_job *l),
    void (*cannot)(void *arg, const char *key, const char *sentence),
    void *arg, struct err *err);

/* --- What else is kept ------------------------------------------------------ */

struct journal_definition;
int journal_db_put_def(struct journal_db *d,
    const struct journal_definition *def, struct err *err);
/* 1 and *text, *host, *path, *uuid, *seen_ms; 0: none. */
struct journal_db_def {
	char *text, *host, *path, *uuid;
	int64_t mtime_s, seen_ms;
};
int journal_db_get_def(struct journal_db *d, const char *cluster,
    const char *name, struct journal_db_def *out, struct err *err);
void journal_db_def_free(struct journal_db_def *out);

int journal_db_put_ready(struct journal_db *d, const char *alarm,
    int64_t until_ms, const char *by, struct err *err);
/* Those that changed since *change, which becomes the newest. */
int journal_db_get_ready(struct journal_db *d, int64_t *change,
    void (*fn)(void *arg, const char *alarm, int64_t until_ms, const char *by),
    void *arg, struct err *err);

/* Deletes a few of what is too old or too much: 1 when there is more to
 * delete, 0, -1. */
int journal_db_prune(struct journal_db *d, int64_t now_ms, int64_t max_bytes,
    struct err *err);

#endif
