/* Which consoles are there. Each holds an flock on a file of its own beside the
 * database; the kernel lets it go when the console and its child have both
 * ended, however that was. A process id alone would say nothing: another process
 * may have it by now. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/journal_db.h"
#include "core/mem.h"

char *
journal_db_lock_path(const struct journal_db *d, const char *key)
{
	return x_asprintf("%s-consoles/%s", d->path, key);
}

int
journal_db_lock(const struct journal_db *d, struct err *err)
{
	char *dir = x_asprintf("%s-consoles", d->path);
	char *path = journal_db_lock_path(d, d->key);
	int fd = -1;

	/* The database's directory says who gets here. */
	if (mkdir(dir, 0770) == 0 || errno == EEXIST)
		fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
		    0640);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
		err_set(err, ERR_FAILED, "%s, which tells others that this "
		    "console is there, cannot be %s: %s; nothing is done "
		    "without it", path, fd < 0 ? "made" : "locked",
		    strerror(errno));
		if (fd >= 0)
			close(fd);
		fd = -1;
	}
	x_free(dir);
	x_free(path);
	return fd;
}

bool
journal_db_alive(const struct journal_db *d, const char *key)
{
	char *path;
	bool alive;
	int fd;

	if (d->memory)
		return false;
	/* A key out of a damaged database is no path. */
	if (key[0] == '\0' || strspn(key, "0123456789abcdef") != strlen(key))
		return false;
	path = journal_db_lock_path(d, key);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	alive = fd < 0 && errno != ENOENT && errno != ENOTDIR;
	if (fd >= 0) {
		alive = flock(fd, LOCK_SH | LOCK_NB) != 0;
		close(fd);
	}
	x_free(path);
	return alive;
}

int
journal_db_enter(struct journal_db *d, struct err *err)
{
	sqlite3_stmt *st = journal_db_prepare(d, err,
	    "INSERT INTO console VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
	    "ssii", d->key, d->operator, (int64_t)d->pid, d->began_ms);
	int rc = journal_db_run(d, st, err);

	if (rc != 0)
		return -1;
	st = journal_db_prepare(d, err, "SELECT 1 FROM console WHERE key = ?"
	    " AND pid = ? AND began_ms = ?", "sii", d->key, (int64_t)d->pid,
	    d->began_ms);
	if (st == NULL)
		return -1;
	rc = journal_db_step(d, st, err);
	sqlite3_finalize(st);
	if (rc == 0)
		return err_set(err, ERR_FAILED, "another console has had the "
		    "name %s, by chance; start xendeck again", d->key);
	return rc < 0 ? -1 : 0;
}
