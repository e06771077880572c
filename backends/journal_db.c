/* The database itself: where it is, what is in it, and what is said when it
 * cannot be used. The schema has a number and only goes forward; one that is
 * newer than this program is left alone. */
#define _GNU_SOURCE
#include "backends/journal_db.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/mem.h"
#include "core/utf8.h"

enum {
	APPLICATION = 0x786e646b, /* "xndk" */
	BUSY_MS = 5000,
	CHECKED_PAGES = 4096, /* of a small one all is looked at */
};

/* One entry per step of the schema; its number is the index plus one. Entries
 * that were released are never changed. */
static const char *const schema[] = {
	"CREATE TABLE console (key TEXT PRIMARY KEY, operator TEXT NOT NULL,"
	" pid INTEGER NOT NULL, began_ms INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE job (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,"
	" console TEXT NOT NULL, title TEXT NOT NULL, operator TEXT NOT NULL,"
	" state TEXT NOT NULL, outcome TEXT, adopted INTEGER NOT NULL,"
	" made_ms INTEGER NOT NULL, ended_ms INTEGER NOT NULL);"
	"CREATE INDEX job_open ON job (console) WHERE ended_ms = 0;"
	"CREATE INDEX job_ended ON job (ended_ms);"
	"CREATE TABLE step (job TEXT NOT NULL, i INTEGER NOT NULL,"
	" op TEXT NOT NULL, host TEXT, host_to TEXT, cluster TEXT, vm TEXT,"
	" uuid TEXT NOT NULL, domid INTEGER NOT NULL, boot_id TEXT,"
	" value INTEGER NOT NULL, cap INTEGER NOT NULL,"
	" flags INTEGER NOT NULL, arg TEXT, arg2 TEXT, body TEXT, why TEXT,"
	" after TEXT NOT NULL, state TEXT NOT NULL, run_id TEXT,"
	" tries INTEGER NOT NULL, command TEXT, status INTEGER NOT NULL,"
	" words TEXT, outcome TEXT, began_ms INTEGER NOT NULL,"
	" ended_ms INTEGER NOT NULL, PRIMARY KEY (job, i)) WITHOUT ROWID;"
	"CREATE TABLE claim (cluster TEXT NOT NULL, name TEXT NOT NULL,"
	" uuid TEXT NOT NULL, job TEXT NOT NULL,"
	" PRIMARY KEY (cluster, name, uuid, job)) WITHOUT ROWID;"
	"CREATE INDEX claim_job ON claim (job);"
	"CREATE INDEX claim_uuid ON claim (cluster, uuid);"
	"CREATE TABLE text (id INTEGER PRIMARY KEY, body TEXT NOT NULL,"
	" hash INTEGER NOT NULL);"
	"CREATE INDEX text_hash ON text (hash);"
	"CREATE TABLE def (cluster TEXT NOT NULL, host TEXT NOT NULL,"
	" path TEXT NOT NULL, name TEXT NOT NULL, uuid TEXT NOT NULL,"
	" text INTEGER, since_ms INTEGER NOT NULL, mtime_ms INTEGER NOT NULL,"
	" seen_ms INTEGER NOT NULL,"
	" PRIMARY KEY (cluster, host, path, since_ms)) WITHOUT ROWID;"
	"CREATE INDEX def_name ON def (cluster, name);"
	"CREATE INDEX def_text ON def (text);"
	"CREATE TABLE ready (alarm TEXT PRIMARY KEY,"
	" until_ms INTEGER NOT NULL, who TEXT NOT NULL,"
	" change INTEGER NOT NULL) WITHOUT ROWID;",
};

enum { SCHEMA = sizeof schema / sizeof schema[0] };

/* --- What is said when it fails ------------------------------------------- */

static int
fail_code(const struct journal_db *d, int code, struct err *err)
{
	const char *path = d->path, *what;

	switch (code & 0xff) {
	case SQLITE_FULL:
		return err_set(err, ERR_FAILED, "the journal %s cannot be "
		    "written: there is no room left on its disk; nothing is "
		    "done until there is", path);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, ERR_FAILED, "the journal %s has been "
		    "locked by another program for more than %d s; nothing is "
		    "done until it is free", path, BUSY_MS / 1000);
	case SQLITE_READONLY:
	case SQLITE_PERM:
	case SQLITE_AUTH:
		return err_set(err, ERR_FAILED, "the journal %s may not be "
		    "written by this user, or its disk is read-only; nothing "
		    "is done without it", path);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return err_set(err, ERR_FAILED, "the journal %s is damaged, "
		    "or not a journal; nothing is done until it has been "
		    "moved away or put back from a backup", path);
	default:
		what = d->db != NULL && sqlite3_errcode(d->db) != SQLITE_OK ?
		    sqlite3_errmsg(d->db) : sqlite3_errstr(code);
		return err_set(err, ERR_FAILED, "the journal %s cannot be "
		    "used: %s%s%s; nothing is done without it", path, what,
		    errno != 0 && (code & 0xff) != SQLITE_ERROR ? ": " : "",
		    errno != 0 && (code & 0xff) != SQLITE_ERROR ?
		    strerror(errno) : "");
	}
}

int
journal_db_fail(const struct journal_db *d, struct err *err)
{
	int code = d->db != NULL ? sqlite3_extended_errcode(d->db) :
	    SQLITE_NOMEM;

	errno = d->db != NULL ? sqlite3_system_errno(d->db) : 0;
	return fail_code(d, code, err);
}

/* --- Statements ----------------------------------------------------------- */

int
journal_db_exec(struct journal_db *d, const char *sql, struct err *err)
{
	if (sqlite3_exec(d->db, sql, NULL, NULL, NULL) != SQLITE_OK)
		return journal_db_fail(d, err);
	return 0;
}

sqlite3_stmt *
journal_db_prepare(struct journal_db *d, struct err *err, const char *sql,
    const char *types, ...)
{
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(d->db, sql, -1, &st, NULL);
	va_list ap;

	va_start(ap, types);
	for (int i = 1; types[i - 1] != '\0' && rc == SQLITE_OK; i++)
		if (types[i - 1] == 's')
			rc = sqlite3_bind_text(st, i, va_arg(ap, char *), -1,
			    SQLITE_TRANSIENT);
		else
			rc = sqlite3_bind_int64(st, i, va_arg(ap, int64_t));
	va_end(ap);
	if (rc == SQLITE_OK)
		return st;
	journal_db_fail(d, err);
	sqlite3_finalize(st);
	return NULL;
}

int
journal_db_step(struct journal_db *d, sqlite3_stmt *st, struct err *err)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : journal_db_fail(d, err);
}

int
journal_db_run(struct journal_db *d, sqlite3_stmt *st, struct err *err)
{
	int rc = st != NULL ? journal_db_step(d, st, err) : -1;

	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

char *
journal_db_text(sqlite3_stmt *st, int column)
{
	const unsigned char *s = sqlite3_column_text(st, column);

	return s != NULL ? x_strdup((const char *)s) : NULL;
}

static int
pragma(struct journal_db *d, const char *sql, int64_t *value, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err, sql, "");
	int rc;

	if (st == NULL)
		return -1;
	rc = journal_db_step(d, st, err);
	*value = rc == 1 ? sqlite3_column_int64(st, 0) : 0;
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

/* --- Opening -------------------------------------------------------------- */

/* Where the operator has made a directory that several people share (its group
 * is passed on), the group may write; nowhere else is anything for others. */
static int
make_dirs(const char *path, struct err *err)
{
	char *dir = x_strdup(path), *slash;
	struct stat st;
	int rc = 0;

	for (slash = strchr(dir + 1, '/'); slash != NULL && rc == 0;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			rc = err_set(err, ERR_FAILED, "the directory %s of "
			    "the journal cannot be made: %s; nothing is done "
			    "without it", dir, strerror(errno));
		*slash = '/';
	}
	slash = strrchr(dir, '/');
	if (slash != NULL && slash != dir)
		*slash = '\0';
	umask(rc == 0 && stat(dir, &st) == 0 && (st.st_mode & S_ISGID) != 0 ?
	    007 : 077);
	x_free(dir);
	return rc;
}

static int
check_version(struct journal_db *d, int64_t *version, struct err *err)
{
	int64_t tables, application;

	if (pragma(d, "PRAGMA user_version", version, err) != 0 ||
	    pragma(d, "PRAGMA application_id", &application, err) != 0 ||
	    pragma(d, "SELECT count(*) FROM sqlite_master", &tables, err) != 0)
		return -1;
	if (tables > 0 && application != APPLICATION)
		return err_set(err, ERR_FAILED, "%s is another program's "
		    "database and not touched: choose another path for the "
		    "journal", d->path);
	if (*version > SCHEMA)
		return err_set(err, ERR_FAILED, "the journal %s was written "
		    "by a newer xendeck; nothing is done by this one: use the "
		    "newer one", d->path);
	return 0;
}

static int
upgrade(struct journal_db *d, struct err *err)
{
	int64_t version = 0;
	char sql[64];
	int rc;

	if (journal_db_exec(d, "BEGIN IMMEDIATE", err) != 0)
		return -1;
	rc = check_version(d, &version, err);
	for (int64_t v = version; v < SCHEMA && rc == 0; v++)
		rc = journal_db_exec(d, schema[v], err);
	if (rc == 0 && version < SCHEMA) {
		snprintf(sql, sizeof sql, "PRAGMA application_id = %d;"
		    "PRAGMA user_version = %d", APPLICATION, (int)SCHEMA);
		rc = journal_db_exec(d, sql, err);
	}
	if (rc == 0)
		return journal_db_exec(d, "COMMIT", err);
	journal_db_exec(d, "ROLLBACK", NULL);
	return -1;
}

/* Several that find no database make it at the same time; switching to WAL does
 * not wait for its lock by itself. */
static int
use_wal(struct journal_db *d, struct err *err)
{
	for (int waited = 0;; waited += 20) {
		int rc = sqlite3_exec(d->db, "PRAGMA journal_mode = WAL", NULL,
		    NULL, NULL);

		if (rc == SQLITE_OK)
			return 0;
		if ((rc & 0xff) != SQLITE_BUSY || waited >= BUSY_MS)
			return journal_db_fail(d, err);
		nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
	}
}

/* A small one is looked through, so that a damaged page is known before
 * anything relies on it. */
static int
look_through(struct journal_db *d, struct err *err)
{
	sqlite3_stmt *st;
	int64_t pages;
	int rc;

	if (pragma(d, "PRAGMA page_count", &pages, err) != 0)
		return -1;
	if (pages > CHECKED_PAGES)
		return 0;
	st = journal_db_prepare(d, err, "PRAGMA quick_check(1)", "");
	if (st == NULL)
		return -1;
	rc = journal_db_step(d, st, err);
	if (rc == 1 && strcmp((const char *)sqlite3_column_text(st, 0),
	    "ok") != 0)
		rc = fail_code(d, SQLITE_CORRUPT, err);
	sqlite3_finalize(st);
	return rc < 0 ? -1 : 0;
}

static int
set_up(struct journal_db *d, struct err *err)
{
	char sql[64];

	sqlite3_extended_result_codes(d->db, 1);
	sqlite3_busy_timeout(d->db, BUSY_MS);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* Before the first table; then nothing changes it. */
	if (journal_db_exec(d, "PRAGMA auto_vacuum = INCREMENTAL", err) != 0 ||
	    use_wal(d, err) != 0 ||
	    journal_db_exec(d, "PRAGMA synchronous = FULL", err) != 0 ||
	    look_through(d, err) != 0 || upgrade(d, err) != 0)
		return -1;
	if (d->max_pages == 0)
		return 0;
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d",
	    (int)d->max_pages);
	return journal_db_exec(d, sql, err);
}

int
journal_db_open(struct journal_db *d, struct err *err)
{
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
	    SQLITE_OPEN_NOMUTEX;
	int code;

	d->memory = strcmp(d->path, ":memory:") == 0;
	if (!d->memory && make_dirs(d->path, err) != 0)
		return -1;
	code = sqlite3_open_v2(d->path, &d->db, flags, NULL);
	if (code != SQLITE_OK)
		journal_db_fail(d, err);
	if (code == SQLITE_OK && set_up(d, err) == 0)
		return 0;
	sqlite3_close_v2(d->db);
	d->db = NULL;
	return -1;
}

/* As a URI: for one whose directory may not be written, and that nobody writes
 * at the moment. */
static char *
still_uri(const char *path)
{
	static const char hex[] = "0123456789ABCDEF";
	char *uri = x_calloc(strlen(path) * 3 + 32, 1), *at = uri;

	at += sprintf(at, "file:");
	for (; *path != '\0'; path++) {
		if (strchr("?#%", *path) == NULL) {
			*at++ = *path;
			continue;
		}
		*at++ = '%';
		*at++ = hex[*path >> 4];
		*at++ = hex[*path & 0xf];
	}
	strcpy(at, "?immutable=1");
	return uri;
}

static int
try_read(struct journal_db *d, const char *name, int flags, struct err *err)
{
	int64_t version = 0;

	if (sqlite3_open_v2(name, &d->db, SQLITE_OPEN_READONLY |
		SQLITE_OPEN_NOMUTEX | flags, NULL) != SQLITE_OK) {
		journal_db_fail(d, err);
	} else {
		sqlite3_extended_result_codes(d->db, 1);
		sqlite3_busy_timeout(d->db, BUSY_MS);
		sqlite3_db_config(d->db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0,
		    NULL);
		if (check_version(d, &version, err) == 0)
			return version > 0 ? 0 : 1;
	}
	sqlite3_close_v2(d->db);
	d->db = NULL;
	return -1;
}

int
journal_db_open_read(struct journal_db *d, const char *path, struct err *err)
{
	char *uri, *wal;
	struct stat st;
	int rc;

	*d = (struct journal_db){ .path = x_strdup(path) };
	if (stat(path, &st) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return 1;
	rc = try_read(d, path, 0, err);
	wal = x_asprintf("%s-wal", path);
	if (rc < 0 && access(path, R_OK) == 0 && access(path, W_OK) != 0 &&
	    (stat(wal, &st) != 0 || st.st_size == 0)) {
		uri = still_uri(path);
		rc = try_read(d, uri, SQLITE_OPEN_URI, err);
		x_free(uri);
	}
	x_free(wal);
	return rc;
}

void
journal_db_close(struct journal_db *d)
{
	sqlite3_close_v2(d->db);
	x_free(d->path);
	d->db = NULL;
	d->path = NULL;
}
