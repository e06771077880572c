/* See deffiles.h. A directory is read every few seconds, and its files only
 * when one of them looks different. What cannot be read is said in the note
 * and tried again with everything else. */
#include "backends/agent/deffiles.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/wire.h"
#include "core/arena.h"
#include "core/defs.h"
#include "core/mem.h"

struct seen {
	char *path;
	struct stat st;
	int error;     /* of stat, or opendir */
};

struct deffiles {
	char *dirs;
	bool blank;
	bool looked;
	struct seen *v; /* as of the last look, in order */
	size_t n, cap;
	struct mono due;
};

struct deffiles *
deffiles_new(const char *dirs)
{
	struct deffiles *d = x_calloc(1, sizeof *d);

	d->dirs = x_strdup(dirs);
	d->due = MONO_ZERO;
	return d;
}

static void
forget(struct seen *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		x_free(v[i].path);
	x_free(v);
}

void
deffiles_free(struct deffiles *d)
{
	if (d == NULL)
		return;
	forget(d->v, d->n);
	x_free(d->dirs);
	x_free(d);
}

void
deffiles_blank(struct deffiles *d)
{
	d->blank = true;
}

struct mono
deffiles_due(const struct deffiles *d)
{
	return d->due;
}

/* --- Looking -------------------------------------------------------------- */

static bool
is_candidate(const char *name)
{
	size_t n = strlen(name);

	return name[0] != '.' && n > 4 && strcmp(name + n - 4, ".cfg") == 0;
}

static struct seen *
add(struct deffiles *d, char *path, int error)
{
	d->v = x_grow(d->v, d->n, &d->cap, sizeof *d->v);
	d->v[d->n] = (struct seen){ .path = path, .error = error };
	return &d->v[d->n++];
}

static void
look_at(struct deffiles *d, const char *dir, const char *name)
{
	char *path = x_asprintf("%s/%s", dir, name);
	struct stat st;

	if (stat(path, &st) != 0) {
		if (errno == ENOENT) /* a link to nowhere */
			x_free(path);
		else
			add(d, path, errno);
	} else if (S_ISREG(st.st_mode)) {
		add(d, path, 0)->st = st;
	} else {
		x_free(path);
	}
}

static void
look_in(struct deffiles *d, const char *dir)
{
	DIR *dp = opendir(dir);
	struct dirent *e;

	if (dp == NULL) {
		if (errno != ENOENT)
			add(d, x_strdup(dir), errno);
		return;
	}
	while (d->n < DEFS_FILES_MAX && (e = readdir(dp)) != NULL)
		if (is_candidate(e->d_name))
			look_at(d, dir, e->d_name);
	closedir(dp);
}

static int
by_path(const void *a, const void *b)
{
	return strcmp(((const struct seen *)a)->path,
	    ((const struct seen *)b)->path);
}

static bool
same(const struct seen *a, const struct seen *b)
{
	return strcmp(a->path, b->path) == 0 && a->error == b->error &&
	    a->st.st_ino == b->st.st_ino && a->st.st_dev == b->st.st_dev &&
	    a->st.st_size == b->st.st_size &&
	    a->st.st_mtim.tv_sec == b->st.st_mtim.tv_sec &&
	    a->st.st_mtim.tv_nsec == b->st.st_mtim.tv_nsec &&
	    a->st.st_mode == b->st.st_mode;
}

/* Whether anything differs from the last time. */
static bool
look(struct deffiles *d)
{
	struct deffiles was = *d;
	char *dirs = x_strdup(d->dirs), *rest = dirs, *dir;
	bool changed = !d->looked;

	d->looked = true;
	d->v = NULL;
	d->n = d->cap = 0;
	while ((dir = strtok_r(rest, " ", &rest)) != NULL)
		look_in(d, dir);
	x_free(dirs);
	if (d->n > 1)
		qsort(d->v, d->n, sizeof *d->v, by_path);
	changed |= d->n != was.n;
	for (size_t i = 0; !changed && i < d->n; i++)
		changed = !same(&d->v[i], &was.v[i]);
	forget(was.v, was.n);
	return changed;
}

/* --- Reading -------------------------------------------------------------- */

/* 0, or an errno; EFBIG: it is too large for a definition. */
static int
read_file(struct arena *a, const char *path, struct def_file *f)
{
	char text[DEFS_FILE_MAX + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	size_t n = 0;
	ssize_t got = 0;

	if (fd < 0)
		return errno;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return EINVAL;
	}
	while (n < sizeof text &&
	    (got = read(fd, text + n, sizeof text - n)) > 0)
		n += (size_t)got;
	close(fd);
	if (got < 0)
		return errno;
	if (n > DEFS_FILE_MAX)
		return EFBIG;
	f->path = path;
	f->text = arena_strndup(a, text, n);
	f->len = n;
	f->mtime_s = st.st_mtim.tv_sec;
	return 0;
}

static void
blank_out(struct arena *a, struct def_file *f)
{
	struct buf text;

	buf_init(&text, 4 * DEFS_FILE_MAX);
	if (def_redact(&text, f->text, f->len) != 0)
		buf_clear(&text);
	f->text = arena_strndup(a, text.len != 0 ? text.p : "", text.len);
	f->len = text.len;
	buf_free(&text);
}

static void
note(struct buf *b, const char *path, int error)
{
	/* The sentence is cut where a screen would cut it. */
	if (b->len < OBS_TEXT_MAX)
		buf_printf(b, "%s%s: %s", b->len != 0 ? "; " : "", path,
		    error == EFBIG ? "too large for a definition" :
		    strerror(error));
}

static void
put_all(struct deffiles *d, struct buf *out)
{
	struct def_file *files = x_calloc(d->n + 1, sizeof *files);
	struct arena a = { NULL };
	size_t n = 0, bytes = 0;
	struct buf why;

	buf_init(&why, 16 * 1024);
	for (size_t i = 0; i < d->n; i++) {
		const struct seen *s = &d->v[i];
		int error = s->error;

		if (error == 0)
			error = bytes + (size_t)s->st.st_size > DEFS_BYTES_MAX ?
			    EFBIG : read_file(&a, s->path, &files[n]);
		if (error != 0) {
			note(&why, s->path, error);
			continue;
		}
		if (d->blank)
			blank_out(&a, &files[n]);
		bytes += files[n++].len;
	}
	if (wire_put_defs(out, files, n, why.len != 0 ? why.p : NULL) != 0)
		d->looked = false; /* no room: another time */
	buf_free(&why);
	arena_free(&a);
	x_free(files);
}

bool
deffiles_look(struct deffiles *d, struct buf *out, struct mono now)
{
	d->due = mono_add_ms(now, DEFFILES_EVERY_MS);
	if (!look(d))
		return false;
	put_all(d, out);
	return true;
}
