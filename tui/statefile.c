/* Files below the state directory. A file is written beside itself and then
 * takes the place of the old one, so that two consoles, a full disk or a
 * sudden end never leave half of one. No fsync: it is no more than comfort
 * that a power failure could cost, and the console must not wait for disks. */
#include "tui/statefile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/mem.h"

char *
statefile_path(const char *name)
{
	const char *xdg = getenv("XDG_STATE_HOME"), *home = getenv("HOME");

	if (xdg != NULL && xdg[0] == '/')
		return x_asprintf("%s/xendeck/%s", xdg, name);
	if (home != NULL && home[0] == '/')
		return x_asprintf("%s/.local/state/xendeck/%s", home, name);
	return NULL;
}

/* --- Reading --------------------------------------------------------------------- */

static int
read_all(int fd, const char *path, struct buf *out, struct err *e)
{
	char chunk[8192];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_FAILED, "%s cannot be read: %s",
			    path, strerror(errno));
		if (out->len + (size_t)n > STATEFILE_MAX ||
		    buf_add(out, chunk, (size_t)n) != 0)
			return err_set(e, ERR_FAILED, "%s is too large", path);
	}
	return 0;
}

int
statefile_read(const char *path, struct buf *out, struct err *e)
{
	struct stat st;
	int fd, rc;

	/* Never waits, should it be a pipe. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? 0 : err_set(e,
		    ERR_FAILED, "%s cannot be read: %s", path,
		    strerror(errno));
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		rc = err_set(e, ERR_FAILED, "%s is no ordinary file", path);
	else
		rc = read_all(fd, path, out, e);
	close(fd);
	return rc;
}

/* --- Writing --------------------------------------------------------------------- */

static int
make_dirs(const char *path, struct err *e)
{
	char *dir = x_strdup(path), *slash;
	int rc = 0;

	for (slash = strchr(dir + 1, '/'); slash != NULL && rc == 0;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			rc = err_set(e, ERR_FAILED, "%s cannot be made: %s",
			    dir, strerror(errno));
		*slash = '/';
	}
	x_free(dir);
	return rc;
}

static int
write_all(int fd, const struct buf *text)
{
	for (size_t at = 0; at < text->len;) {
		ssize_t n = write(fd, text->p + at, text->len - at);

		if (n < 0 && errno != EINTR)
			return -1;
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

int
statefile_write(const char *path, const struct buf *text, struct err *e)
{
	char *tmp;
	int fd, rc = -1;

	if (make_dirs(path, e) != 0)
		return -1;
	tmp = x_asprintf("%s.XXXXXX", path);
	fd = mkstemp(tmp); /* 0600 */
	if (fd >= 0) {
		rc = write_all(fd, text);
		rc = close(fd) != 0 ? -1 : rc;
		if (rc == 0)
			rc = rename(tmp, path);
	}
	if (rc != 0) {
		err_set(e, ERR_FAILED, "%s cannot be written: %s", path,
		    strerror(errno));
		if (fd >= 0)
			unlink(tmp);
	}
	x_free(tmp);
	return rc;
}
