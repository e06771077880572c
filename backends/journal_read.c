/* Jobs out of the database. What is in it may be damaged, or written by another
 * program: states that are none count as unknown, lists have limits. */
#include <stdlib.h>
#include <string.h>

#include "backends/journal_db.h"
#include "core/mem.h"

enum { READ_MAX = 1000 };

static enum step_state
step_state_of(const char *name)
{
	for (int s = 0; s < STEP_STATES && name != NULL; s++)
		if (strcmp(step_state_name((enum step_state)s), name) == 0)
			return (enum step_state)s;
	return STEP_UNKNOWN;
}

static enum job_state
job_state_of(const char *name)
{
	for (int s = 0; s < JOB_STATES && name != NULL; s++)
		if (strcmp(job_state_name((enum job_state)s), name) == 0)
			return (enum job_state)s;
	return JOB_UNKNOWN;
}

static void
read_after(struct ledger_step *s, const char *text)
{
	size_t cap = 0;
	char *end;

	while (text != NULL && *text != '\0' && s->nafter < LEDGER_STEPS_MAX) {
		unsigned long v = strtoul(text, &end, 10);

		if (end == text || v >= LEDGER_STEPS_MAX)
			break;
		s->after = x_grow(s->after, s->nafter, &cap, sizeof *s->after);
		s->after[s->nafter++] = (uint32_t)v;
		text = end;
	}
}

static void
read_step(struct ledger_step *s, sqlite3_stmt *st)
{
	const char *uuid = (const char *)sqlite3_column_text(st, 5);

	*s = (struct ledger_step){
		.op = journal_db_text(st, 0),
		.host = journal_db_text(st, 1),
		.to = journal_db_text(st, 2),
		.cluster = journal_db_text(st, 3),
		.vm = journal_db_text(st, 4),
		.domid = (uint32_t)sqlite3_column_int64(st, 6),
		.boot_id = journal_db_text(st, 7),
		.value = sqlite3_column_int64(st, 8),
		.cap = sqlite3_column_int64(st, 9),
		.flags = (uint32_t)sqlite3_column_int64(st, 10),
		.arg = journal_db_text(st, 11),
		.arg2 = journal_db_text(st, 12),
		.body = journal_db_text(st, 13),
		.why = journal_db_text(st, 14),
		.state = step_state_of(
		    (const char *)sqlite3_column_text(st, 16)),
		.run_id = journal_db_text(st, 17),
		.tries = (uint32_t)sqlite3_column_int64(st, 18),
		.command = journal_db_text(st, 19),
		.status = (int32_t)sqlite3_column_int64(st, 20),
		.words = journal_db_text(st, 21),
		.outcome = journal_db_text(st, 22),
		.began_ms = sqlite3_column_int64(st, 23),
		.ended_ms = sqlite3_column_int64(st, 24),
	};
	if (uuid != NULL)
		uuid_parse(&s->uuid, uuid);
	read_after(s, (const char *)sqlite3_column_text(st, 15));
}

static int
read_steps(struct journal_db *d, struct ledger_job *l, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT op, host, host_to, cluster, vm, uuid, domid, boot_id,"
	    " value, cap, flags, arg, arg2, body, why, after, state, run_id,"
	    " tries, command, status, words, outcome, began_ms, ended_ms"
	    " FROM step WHERE job = ? ORDER BY i LIMIT ?", "si", l->key,
	    (int64_t)LEDGER_STEPS_MAX);
	size_t cap = 0;
	int rc = -1;

	while (st != NULL && (rc = journal_db_step(d, st, err)) == 1) {
		l->steps = x_grow(l->steps, l->nsteps, &cap, sizeof *l->steps);
		read_step(&l->steps[l->nsteps++], st);
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

static int
read_job(struct journal_db *d, struct ledger_job *l, sqlite3_stmt *st,
    struct err *err)
{
	*l = (struct ledger_job){
		.key = journal_db_text(st, 0),
		.console = journal_db_text(st, 1),
		.title = journal_db_text(st, 2),
		.operator = journal_db_text(st, 3),
		.state = job_state_of((const char *)sqlite3_column_text(st,
		    4)),
		.outcome = journal_db_text(st, 5),
		.adopted = sqlite3_column_int(st, 6) != 0,
		.made_ms = sqlite3_column_int64(st, 7),
		.ended_ms = sqlite3_column_int64(st, 8),
	};
	if (l->ended_ms == 0)
		l->state = JOB_RUNNING;
	l->live = l->ended_ms == 0 && l->console != NULL &&
	    ((d->key != NULL && strcmp(d->key, l->console) == 0) ||
		journal_db_alive(d, l->console));
	return read_steps(d, l, err);
}

int
journal_db_read(struct journal_db *d, const struct ledger_filter *f,
    int (*fn)(void *arg, struct ledger_job *l), void *arg, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT key, console, title, operator, state, outcome, adopted,"
	    " made_ms, ended_ms FROM job"
	    " WHERE (?1 IS NULL OR key = ?1) AND made_ms >= ?2"
	    " AND (?3 IS NULL OR EXISTS (SELECT 1 FROM step"
	    "  WHERE step.job = job.key AND (vm = ?3 OR host = ?3"
	    "  OR host_to = ?3 OR vm GLOB ?3 OR host GLOB ?3)))"
	    " ORDER BY id DESC LIMIT ?4", "sisi", f->key, f->since_ms, f->word,
	    (int64_t)(f->limit > 0 && f->limit < READ_MAX ? f->limit :
		READ_MAX));
	int rc = -1;

	while (st != NULL && (rc = journal_db_step(d, st, err)) == 1) {
		struct ledger_job l;

		rc = read_job(d, &l, st, err);
		if (rc == 0)
			rc = fn(arg, &l);
		ledger_job_free(&l);
		if (rc != 0)
			break;
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}
