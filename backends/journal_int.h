#ifndef BACKENDS_JOURNAL_INT_H
#define BACKENDS_JOURNAL_INT_H

#include "backends/journal.h"
#include "backends/journal_child.h"
#include "backends/journal_frame.h"
#include "backends/spawn.h"

/* The console's half of the journal: journal.c is what others call,
 * journal_link.c the child and the bytes to and from it. */

/* A frame that has no answer yet. */
struct journal_pending {
	uint64_t number;
	enum frame_type answer;
	bool record;       /* written() is to be told, of seq */
	uint64_t seq;
	char *job;         /* the key of one that begins, or NULL */
	char *leave;       /* of one that is left, or NULL */
	char *bytes;
	size_t n;
};

/* A job that may be in the database, but that nobody carries out. */
struct journal_leaving {
	char *key, *why;
};

/* What a definition file said last, by hashes. */
struct journal_seen {
	uint64_t file, what;
};

struct journal {
	struct backend backend;
	const struct conf *conf;
	char *path, *key, *operator;
	struct journal_sink sink;
	struct journal_faults faults;
	int64_t began_ms;
	struct spawn child;
	int lock;                /* that says we live, -1: none yet */
	size_t slot;             /* in the pollset */
	uint64_t last;           /* number of a frame */
	struct journal_pending *pending; /* by number */
	size_t npending, pending_cap;
	size_t nsent;            /* of them, whole */
	size_t sent;             /* bytes of the next */
	struct buf in;
	char *failure;           /* that the child told, or of it */
	bool settled;
	unsigned deaths;         /* in a row */
	struct mono born, retry;
	struct ledger_job *rows; /* of the query that is being answered */
	size_t nrows, rows_cap;
	struct journal_leaving *leaves;
	size_t nleaves, leaves_cap;
	struct journal_seen *seen; /* open addressing, a power of two */
	size_t nseen, seen_cap;
};

/* Starts a child; -1: then it is tried again at retry. */
int journal_link_start(struct journal *j, struct mono now, struct err *err);
/* Appends a frame, of the record seq or NULL; its number. Too large a one is
 * refused by the child. */
uint64_t journal_link_put(struct journal *j, struct frame *f,
    const struct ledger_job *job, const uint64_t *seq);
/* Removes one that is answered: 0, or -1 when there is none. */
int journal_link_answered(struct journal *j, uint64_t number,
    struct journal_pending *out);
/* Sends, receives, looks after the child; whole frames go to
 * journal_handle. */
void journal_link_turn(struct journal *j, bool readable, struct mono now);
/* Whether somebody waits for an answer. */
bool journal_link_awaited(const struct journal *j);
void journal_link_free(struct journal *j);

/* May take things out of the frame. */
void journal_handle(struct journal *j, struct frame *f);
/* Says in the database that a job is not carried out, until it is there. */
void journal_leave(struct journal *j, const char *key, const char *why);
void journal_left(struct journal *j, const char *key);
void journal_leave_again(struct journal *j);
/* Tells when that is news; NULL: it can be written. */
void journal_set_failure(struct journal *j, const char *why);

struct mono journal_now(void);

#endif
