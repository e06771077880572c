#ifndef TESTS_LIB_JOURNALCASE_H
#define TESTS_LIB_JOURNALCASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "backends/journal.h"

/* A journal in a directory of its own, and what it said. */

enum { CASE_SEQS = 4096, CASE_JOBS = 64, CASE_PATIENCE_MS = 30000 };

struct journalcase {
	struct conf *conf;
	char *path;
	struct journal *j;
	char *acks[CASE_SEQS];   /* by seq: "ok" or why not; NULL: none yet */
	size_t nacks;
	struct job *adopted[CASE_JOBS];
	size_t nadopted;
	char *told;              /* the last */
	char *rows;              /* keys of the last answer, "a b " */
	uint32_t query;          /* of it, or of the definition */
	char *definition;
	char *ready;             /* "alarm until by" of the last */
	uint64_t seq;
};

/* Wants the part in the text. */
void case_has(const char *text, const char *part);

/* Clusters prod (alpha, beta) and lab (gamma). */
void case_conf(struct conf *conf);
/* A fresh directory; removed with all in it by case_remove_dir. */
char *case_dir(void);
void case_remove_dir(char *dir);

void case_open(struct journalcase *c, struct conf *conf, const char *path,
    const char *operator, const struct journal_faults *faults);
void case_close(struct journalcase *c);
/* Turns until the condition or the end of the test's patience. */
void case_turn(struct journalcase *c);
#define CASE_UNTIL(c, condition) \
	for (struct mono end_ = mono_add_ms(drive_now(), CASE_PATIENCE_MS); \
	     !(condition); case_turn(c)) \
		assert_true(mono_before(drive_now(), end_))
void case_ready(struct journalcase *c);

/* A job "TITLE" of one step: starts that VM on alpha. The key gets a number of
 * the test's. */
struct job *case_job(const char *key, const char *vm, size_t body);

/* Writes and waits; "ok" or why not. */
const char *case_write(struct journalcase *c, enum job_record record,
    const struct job *job);
/* Only writes; its seq. */
uint64_t case_put(struct journalcase *c, enum job_record record,
    const struct job *job);

/* "KEY state step:run_id/words ...": all jobs in the database, the oldest
 * first; to be freed. */
char *case_dump(const char *path);

#endif
