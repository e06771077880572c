/* Jobs into the database. Every record may come twice: the console gives it
 * again when it has not heard that it is there. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "backends/journal_db.h"
#include "core/mem.h"

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static const char *
uuid_text(char out[UUID_STR], const struct uuid *u)
{
	if (uuid_is_nil(u))
		return "";
	uuid_format(out, u);
	return out;
}

/* 1: it is there; 0, -1. */
static int
has_job(struct journal_db *d, const char *key, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT 1 FROM job WHERE key = ?", "s", key);
	int rc = st != NULL ? journal_db_step(d, st, err) : -1;

	sqlite3_finalize(st);
	return rc;
}

/* --- A whole job ---------------------------------------------------------- */

static char *
after_text(const struct ledger_step *s)
{
	struct buf b;
	char *text;

	buf_init(&b, LEDGER_STEPS_MAX * 12);
	for (size_t i = 0; i < s->nafter; i++)
		buf_printf(&b, "%s%" PRIu32, i > 0 ? " " : "", s->after[i]);
	text = x_strdup(b.p != NULL ? b.p : "");
	buf_free(&b);
	return text;
}

static int
put_step(struct journal_db *d, const char *key, size_t i,
    const struct ledger_step *s, struct err *err)
{
	char uuid[UUID_STR], *after = after_text(s);
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "INSERT INTO step (job, i, op, host, host_to, cluster, vm, uuid,"
	    " domid, boot_id, value, cap, flags, arg, arg2, body, why, after,"
	    " state, run_id, tries, command, status, words, outcome, began_ms,"
	    " ended_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
	    " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "sissssssisiiisssssssisissii", key, (int64_t)i, or_empty(s->op),
	    s->host, s->to, s->cluster, s->vm, uuid_text(uuid, &s->uuid),
	    (int64_t)s->domid, s->boot_id, s->value, s->cap,
	    (int64_t)s->flags, s->arg, s->arg2, s->body, s->why, after,
	    step_state_name(s->state), s->run_id, (int64_t)s->tries,
	    s->command, (int64_t)s->status, s->words, s->outcome, s->began_ms,
	    s->ended_ms);

	x_free(after);
	return journal_db_run(d, st, err);
}

static int
put_claim(struct journal_db *d, const char *key, const struct ledger_step *s,
    const char *name, struct err *err)
{
	char uuid[UUID_STR];

	return journal_db_run(d, journal_db_prepare(d, err,
	    "INSERT INTO claim VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
	    "ssss", or_empty(s->cluster), name, uuid_text(uuid, &s->uuid),
	    key), err);
}

/* The other name that a step gives its VM, or NULL. */
static const char *
new_name(const struct ledger_step *s)
{
	return s->op != NULL && request_op_find(s->op) == REQ_RENAME ? s->arg :
	    NULL;
}

static int
put_claims(struct journal_db *d, const struct ledger_job *l, struct err *err)
{
	for (size_t i = 0; i < l->nsteps; i++) {
		const struct ledger_step *s = &l->steps[i];

		if (s->vm != NULL && put_claim(d, l->key, s, s->vm, err) != 0)
			return -1;
		if (s->vm != NULL && new_name(s) != NULL &&
		    put_claim(d, l->key, s, new_name(s), err) != 0)
			return -1;
	}
	return 0;
}

int
journal_db_put_job(struct journal_db *d, const struct ledger_job *l,
    struct err *err)
{
	int there = l->key != NULL ? has_job(d, l->key, err) :
	    err_set(err, ERR_USAGE, "a job without a name");
	int rc;

	if (there != 0)
		return there < 0 ? -1 : 0;
	if (journal_db_enter(d, err) != 0 || journal_db_claim(d, l, err) != 0)
		return -1;
	rc = journal_db_run(d, journal_db_prepare(d, err,
	    "INSERT INTO job (key, console, title, operator, state, outcome,"
	    " adopted, made_ms, ended_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)",
	    "ssssssii", l->key, d->key, or_empty(l->title),
	    or_empty(l->operator), job_state_name(l->state), l->outcome,
	    (int64_t)l->adopted, l->made_ms), err);
	for (size_t i = 0; i < l->nsteps && rc == 0; i++)
		rc = put_step(d, l->key, i, &l->steps[i], err);
	return rc == 0 ? put_claims(d, l, err) : -1;
}

/* --- What becomes of it --------------------------------------------------- */

/* A record about a job that is not there must not be taken for written. */
static int
run_one(struct journal_db *d, sqlite3_stmt *st, const char *key,
    struct err *err)
{
	if (journal_db_run(d, st, err) != 0)
		return -1;
	if (sqlite3_changes(d->db) != 1)
		return err_set(err, ERR_USAGE, "the journal %s has no job %s "
		    "any more: somebody has put another in its place", d->path,
		    key);
	return 0;
}

int
journal_db_put_intent(struct journal_db *d, const char *key, uint32_t step,
    const struct ledger_step *s, struct err *err)
{
	char uuid[UUID_STR];

	return run_one(d, journal_db_prepare(d, err,
	    "UPDATE step SET state = ?, run_id = ?, tries = ?, command = ?,"
	    " domid = ?, uuid = ?, boot_id = ?, began_ms = ?"
	    " WHERE job = ? AND i = ?", "ssisissisi",
	    step_state_name(STEP_RUNNING), s->run_id, (int64_t)s->tries,
	    s->command, (int64_t)s->domid, uuid_text(uuid, &s->uuid),
	    s->boot_id, s->began_ms, key, (int64_t)step), key, err);
}

int
journal_db_put_outcome(struct journal_db *d, const char *key, uint32_t step,
    const struct ledger_step *s, struct err *err)
{
	return run_one(d, journal_db_prepare(d, err,
	    "UPDATE step SET state = ?, status = ?, words = ?, outcome = ?,"
	    " ended_ms = ? WHERE job = ? AND i = ?", "sissisi",
	    step_state_name(s->state), (int64_t)s->status, s->words,
	    s->outcome, s->ended_ms, key, (int64_t)step), key, err);
}

static int
drop_claims(struct journal_db *d, const char *key, struct err *err)
{
	return journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM claim WHERE job = ?", "s", key), err);
}

int
journal_db_put_end(struct journal_db *d, const struct ledger_job *l,
    struct err *err)
{
	const char *key = or_empty(l->key);

	if (run_one(d, journal_db_prepare(d, err, "UPDATE job SET state = ?,"
	    " outcome = ?, ended_ms = ? WHERE key = ?", "ssis",
	    job_state_name(l->state), l->outcome,
	    l->ended_ms != 0 ? l->ended_ms : (int64_t)1, key), key, err) != 0)
		return -1;
	return drop_claims(d, key, err);
}

int
journal_db_put_unknown(struct journal_db *d, const char *key, const char *why,
    struct err *err)
{
	int64_t now_ms = (int64_t)time(NULL) * 1000;

	if (journal_db_run(d, journal_db_prepare(d, err,
	    "UPDATE step SET state = CASE WHEN run_id IS NULL THEN ?"
	    " ELSE ? END, outcome = ?, ended_ms = ? WHERE job = ?"
	    " AND ended_ms = 0", "sssis", step_state_name(STEP_SKIPPED),
	    step_state_name(STEP_UNKNOWN), why, now_ms, key), err) != 0 ||
	    journal_db_run(d, journal_db_prepare(d, err,
	    "UPDATE job SET state = CASE WHEN EXISTS (SELECT 1 FROM step"
	    " WHERE job = ?4 AND run_id IS NOT NULL) THEN ?1 ELSE ?5 END,"
	    " outcome = ?2, ended_ms = ?3 WHERE key = ?4 AND ended_ms = 0",
	    "ssiss", job_state_name(JOB_UNKNOWN), why, now_ms, key,
	    job_state_name(JOB_REFUSED)), err) != 0)
		return -1;
	return drop_claims(d, key, err);
}
