/* Reads the files of a configuration and joins them to one text, keeping the
 * place of every line. The scanner (confscan.c) does the joining; here are the
 * files and the bounds on them. */
#include "backends/conftext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backends/confscan.h"
#include "core/mem.h"
#include "core/utf8.h"

void
conftext_init(struct conftext *t)
{
	*t = (struct conftext){ 0 };
	buf_init(&t->text, 2 * (size_t)CONFTEXT_MAX);
}

void
conftext_free(struct conftext *t)
{
	buf_free(&t->text);
	x_free(t->lines);
	for (size_t i = 0; i < t->nfiles; i++)
		x_free(t->files[i]);
	x_free(t->files);
	conftext_init(t);
}

/* Reads a whole regular file; NULL and why. A device or a FIFO would block or
 * never end, hence the check before the first read. */
static char *
slurp(struct confscan *l, const char *path, size_t *n, const char **why)
{
	size_t room = CONFTEXT_MAX - l->t->bytes, have = 0;
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat st;
	ssize_t r;
	char *p;

	*why = NULL;
	if (fd < 0) {
		*why = strerror(errno);
		return NULL;
	}
	if (fstat(fd, &st) != 0)
		*why = strerror(errno);
	else if (S_ISDIR(st.st_mode))
		*why = "it is a directory";
	else if (!S_ISREG(st.st_mode))
		*why = "it is not a regular file";
	else if ((uintmax_t)st.st_size > room)
		*why = "it is larger than 4 MiB, or all files together are";
	if (*why != NULL) {
		close(fd);
		return NULL;
	}
	p = x_malloc(room + 1);
	while (have < room && (r = read(fd, p + have, room - have)) != 0) {
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0) {
			*why = strerror(errno);
			break;
		}
		have += (size_t)r;
	}
	close(fd);
	if (*why != NULL) {
		x_free(p);
		return NULL;
	}
	l->t->bytes += have;
	*n = have;
	return p;
}

static void
read_file(struct confscan *l, const char *path,
    const struct conftext_place *from)
{
	const char *why = NULL;
	size_t n = 0;
	char *p = NULL;

	if (l->includes > CONFTEXT_INCLUDES_MAX)
		why = "files include each other too deeply, or in a circle";
	else if (l->t->nfiles == CONFTEXT_FILES_MAX)
		why = "there are too many files";
	else
		p = slurp(l, path, &n, &why);
	if (p == NULL) {
		conf_errors_add(l->errs, from != NULL ? from->file : path,
		    from != NULL ? from->line : 0, "cannot read%s%s: %s",
		    from != NULL ? " " : "", from != NULL ? path : "", why);
		l->fatal = true;
		return;
	}
	l->includes++;
	confscan_text(l, path, p, n);
	l->includes--;
	x_free(p);
}

int
conftext_read(struct conftext *t, const char *path, struct conf_errors *errs)
{
	struct confscan l = { .t = t, .errs = errs, .include = read_file };

	read_file(&l, path, NULL);
	confscan_finish(&l);
	return l.fatal ? -1 : 0;
}

int
conftext_take(struct conftext *t, const char *name, const char *p, size_t n,
    struct conf_errors *errs)
{
	struct confscan l = { .t = t, .errs = errs, .include = read_file };

	if (n > CONFTEXT_MAX) {
		conf_errors_add(errs, name, 0, "it is larger than 4 MiB");
		return -1;
	}
	confscan_text(&l, name, p, n);
	confscan_finish(&l);
	return l.fatal ? -1 : 0;
}

struct conftext_place
conftext_place(const struct conftext *t, int line)
{
	if (t->nlines == 0)
		return (struct conftext_place){ NULL, 0 };
	if (line < 1)
		line = 1;
	if ((size_t)line > t->nlines)
		line = (int)t->nlines;
	return t->lines[line - 1];
}

void
conftext_excerpt(const struct conftext *t, int line, char *dst, size_t size)
{
	const char *p = t->text.p, *end = p, *stop;
	size_t n = 0;

	dst[0] = '\0';
	if (p == NULL)
		return;
	stop = p + t->text.len;
	for (int i = 1; i <= line && p < stop; i++) {
		size_t blanks;

		end = memchr(p, '\n', (size_t)(stop - p));
		n = (size_t)((end != NULL ? end : stop) - p);
		blanks = strspn(p, " ");
		if (blanks < n)
			utf8_clean(dst, size, p + blanks, n - blanks);
		p += n + 1;
	}
}
