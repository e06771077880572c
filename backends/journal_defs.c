/* What the journal keeps beside jobs: the definitions that VMs had on their
 * hosts, each text once however many files have it, and which alarms somebody
 * has seen. */
#include <string.h>

#include "backends/journal.h"
#include "backends/journal_db.h"
#include "core/mem.h"

enum {
	VERSIONS_MAX = 20,      /* of one file */
	SEEN_MS = 3600 * 1000,  /* how exact "last seen" is */
};

/* FNV-1a: only to find the few texts that may be equal. */
static int64_t
hash_of(const char *text)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; *text != '\0'; text++)
		h = (h ^ (unsigned char)*text) * UINT64_C(1099511628211);
	return (int64_t)(h >> 1);
}

/* 0 and *id, which stays 0 for no text. */
static int
text_id(struct journal_db *d, const char *text, int64_t *id, struct err *err)
{
	sqlite3_stmt *st;
	int rc;

	*id = 0;
	if (text == NULL)
		return 0;
	st = journal_db_prepare(d, err,
	    "SELECT id FROM text WHERE hash = ? AND body = ?", "is",
	    hash_of(text), text);
	rc = st != NULL ? journal_db_step(d, st, err) : -1;
	if (rc == 1)
		*id = sqlite3_column_int64(st, 0);
	sqlite3_finalize(st);
	if (rc != 0)
		return rc < 0 ? -1 : 0;
	rc = journal_db_run(d, journal_db_prepare(d, err,
	    "INSERT INTO text (body, hash) VALUES (?, ?)", "si", text,
	    hash_of(text)), err);
	*id = sqlite3_last_insert_rowid(d->db);
	return rc;
}

/* What the file said last. */
struct version {
	int64_t text, since_ms, seen_ms;
	bool same; /* VM too */
};

static int
last_version(struct journal_db *d, const struct journal_definition *def,
    struct version *v, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT text, since_ms, seen_ms, name = ? AND uuid = ? FROM def"
	    " WHERE cluster = ? AND host = ? AND path = ?"
	    " ORDER BY since_ms DESC LIMIT 1", "sssss", def->name,
	    def->uuid != NULL ? def->uuid : "", def->cluster, def->host,
	    def->path);
	int rc = st != NULL ? journal_db_step(d, st, err) : -1;

	*v = (struct version){ .text = -1 };
	if (rc == 1)
		*v = (struct version){
			.text = sqlite3_column_int64(st, 0),
			.since_ms = sqlite3_column_int64(st, 1),
			.seen_ms = sqlite3_column_int64(st, 2),
			.same = sqlite3_column_int(st, 3) != 0,
		};
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

static int
drop_old(struct journal_db *d, const struct journal_definition *def,
    struct err *err)
{
	if (journal_db_run(d, journal_db_prepare(d, err,
	    "DELETE FROM def WHERE cluster = ?1 AND host = ?2 AND path = ?3"
	    " AND since_ms NOT IN (SELECT since_ms FROM def WHERE"
	    " cluster = ?1 AND host = ?2 AND path = ?3"
	    " ORDER BY since_ms DESC LIMIT ?4)", "sssi", def->cluster,
	    def->host, def->path, (int64_t)VERSIONS_MAX), err) != 0)
		return -1;
	return sqlite3_changes(d->db) == 0 ? 0 : journal_db_exec(d,
	    "DELETE FROM text WHERE NOT EXISTS"
	    " (SELECT 1 FROM def WHERE def.text = text.id)", err);
}

int
journal_db_put_def(struct journal_db *d, const struct journal_definition *def,
    struct err *err)
{
	struct version last;
	int64_t id, since;

	if (last_version(d, def, &last, err) != 0 ||
	    text_id(d, def->text, &id, err) != 0)
		return -1;
	if (last.text == id && last.same) {
		if (def->seen_ms - last.seen_ms < SEEN_MS)
			return 0;
		return journal_db_run(d, journal_db_prepare(d, err,
		    "UPDATE def SET seen_ms = ? WHERE cluster = ? AND"
		    " host = ? AND path = ? AND since_ms = ?", "isssi",
		    def->seen_ms, def->cluster, def->host, def->path,
		    last.since_ms), err);
	}
	/* Wall clocks go back; versions do not. */
	since = def->seen_ms > last.since_ms ? def->seen_ms :
	    last.since_ms + 1;
	if (journal_db_run(d, journal_db_prepare(d, err,
	    "INSERT INTO def (cluster, host, path, name, uuid, text,"
	    " since_ms, mtime_ms, seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
	    "sssssiiii", def->cluster, def->host, def->path, def->name,
	    def->uuid != NULL ? def->uuid : "", id, since,
	    def->mtime_s * 1000, def->seen_ms), err) != 0)
		return -1;
	return drop_old(d, def, err);
}

int
journal_db_get_def(struct journal_db *d, const char *cluster, const char *name,
    struct journal_db_def *out, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT text.body, def.host, def.path, def.uuid, def.mtime_ms,"
	    " def.seen_ms FROM def JOIN text ON text.id = def.text"
	    " WHERE def.cluster = ? AND def.name = ? AND NOT EXISTS"
	    " (SELECT 1 FROM def AS later WHERE later.cluster = def.cluster"
	    "  AND later.host = def.host AND later.path = def.path"
	    "  AND later.since_ms > def.since_ms)"
	    " ORDER BY def.mtime_ms DESC, def.seen_ms DESC, def.host LIMIT 1",
	    "ss", cluster, name);
	int rc = st != NULL ? journal_db_step(d, st, err) : -1;

	*out = (struct journal_db_def){ 0 };
	if (rc == 1)
		*out = (struct journal_db_def){
			.text = journal_db_text(st, 0),
			.host = journal_db_text(st, 1),
			.path = journal_db_text(st, 2),
			.uuid = journal_db_text(st, 3),
			.mtime_s = sqlite3_column_int64(st, 4) / 1000,
			.seen_ms = sqlite3_column_int64(st, 5),
		};
	sqlite3_finalize(st);
	return rc;
}

void
journal_db_def_free(struct journal_db_def *out)
{
	x_free(out->text);
	x_free(out->host);
	x_free(out->path);
	x_free(out->uuid);
	*out = (struct journal_db_def){ 0 };
}

/* --- Alarms ---------------------------------------------------------------- */

int
journal_db_put_ready(struct journal_db *d, const char *alarm, int64_t until_ms,
    const char *by, struct err *err)
{
	return journal_db_run(d, journal_db_prepare(d, err,
	    "INSERT INTO ready SELECT ?, ?, ?, coalesce(max(change), 0) + 1"
	    " FROM ready WHERE true ON CONFLICT (alarm) DO UPDATE SET"
	    " until_ms = excluded.until_ms, who = excluded.who,"
	    " change = excluded.change", "sis", alarm, until_ms, by), err);
}

int
journal_db_get_ready(struct journal_db *d, int64_t *change,
    void (*fn)(void *arg, const char *alarm, int64_t until_ms, const char *by),
    void *arg, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "SELECT alarm, until_ms, who, change FROM ready WHERE change > ?"
	    " ORDER BY change", "i", *change);
	int rc = -1;

	while (st != NULL && (rc = journal_db_step(d, st, err)) == 1) {
		fn(arg, (const char *)sqlite3_column_text(st, 0),
		    sqlite3_column_int64(st, 1),
		    (const char *)sqlite3_column_text(st, 2));
		*change = sqlite3_column_int64(st, 3);
	}
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}
