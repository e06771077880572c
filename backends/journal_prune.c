/* Old jobs that are over go, a few at a time, so that nobody waits for it. */
#include "backends/journal_db.h"

enum { AT_ONCE = 100, FREE_PAGES = 256 };

#define KEEP_MS (INT64_C(2) * 366 * 24 * 3600 * 1000)

static int
number(struct journal_db *d, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err, sql, "");
	int rc = st != NULL ? journal_db_step(d, st, err) : -1;

	if (rc == 1)
		*value = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	return rc == 1 ? 0 : -1;
}

static int
used_bytes(struct journal_db *d, int64_t *bytes, struct err *err)
{
	int64_t pages = 0, spare = 0, size = 0;

	if (number(d, "PRAGMA page_count", &pages, err) != 0 ||
	    number(d, "PRAGMA freelist_count", &spare, err) != 0 ||
	    number(d, "PRAGMA page_size", &size, err) != 0)
		return -1;
	*bytes = (pages - spare) * size;
	return 0;
}

/* The oldest that ended before that; how many, -1. */
static int
drop(struct journal_db *d, int64_t before_ms, struct err *err)
{
	int n;

	if (journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM step WHERE job IN (SELECT key FROM job"
	    " WHERE ended_ms > 0 AND ended_ms < ?1 ORDER BY ended_ms, id"
	    " LIMIT ?2)", "ii", before_ms, (int64_t)AT_ONCE), err) != 0 ||
	    journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM job WHERE id IN (SELECT id FROM job"
	    " WHERE ended_ms > 0 AND ended_ms < ?1 ORDER BY ended_ms, id"
	    " LIMIT ?2)", "ii", before_ms, (int64_t)AT_ONCE), err) != 0)
		return -1;
	n = sqlite3_changes(d->db);
	if (n == 0)
		return 0;
	if (journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM console WHERE key <> ? AND key NOT IN"
	    " (SELECT console FROM job)", "s", d->key), err) != 0)
		return -1;
	return n;
}

int
journal_db_prune(struct journal_db *d, int64_t now_ms, int64_t max_bytes,
    struct err *err)
{
	int64_t bytes = 0;
	char vacuum[64];
	int n;

	if (journal_db_exec(d, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	n = drop(d, now_ms - KEEP_MS, err);
	if (n == 0 && used_bytes(d, &bytes, err) != 0)
		n = -1;
	if (n == 0 && bytes > max_bytes)
		n = drop(d, now_ms, err);
	if (n >= 0 && journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM ready WHERE until_ms < ? AND change <"
	    " (SELECT max(change) FROM ready)", "i", now_ms), err) != 0)
		n = -1;
	if (n < 0 || journal_db_exec(d, "COMMIT", err) != 0) {
		journal_db_exec(d, "ROLLBACK", NULL);
		return -1;
	}
	sqlite3_snprintf(sizeof vacuum, vacuum, "PRAGMA incremental_vacuum(%d)",
	    FREE_PAGES);
	if (n > 0 && journal_db_exec(d, vacuum, err) != 0)
		return -1;
	return n > 0;
}
