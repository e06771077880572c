/* The one place that all printed text passes. The standard streams are replaced
 * by ones that rewrite what is written (glibc's fopencookie): nothing that
 * prints has to know. In a UTF-8 locale this does nothing at all. */
#define _GNU_SOURCE /* fopencookie */
#include "tui/output.h"

#include <errno.h>
#include <langinfo.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "core/utf8.h"

static bool
write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t k = write(fd, p, n);

		if (k < 0 && errno == EINTR)
			continue;
		if (k < 0)
			return false;
		p += k;
		n -= (size_t)k;
	}
	return true;
}

/* Bytes that the character at s wants, by its first. */
static size_t
wanted(char first)
{
	unsigned char c = (unsigned char)first;

	return c < 0xc2 || c > 0xf4 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

static ssize_t
output_write(void *cookie, const char *p, size_t n)
{
	struct output *o = cookie;
	char out[1024];
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t cp;
		int columns;

		o->part[o->n++] = p[i];
		if (o->n < wanted(o->part[0]) &&
		    (o->n == 1 || ((unsigned char)p[i] & 0xc0) == 0x80))
			continue;
		utf8_decode(&cp, o->part, o->n);
		columns = cp < 0x80 ? 1 : utf8_width(cp);
		for (int k = 0; k < columns; k++)
			out[len++] = cp < 0x80 ? (char)cp : '?';
		o->n = 0;
		if (len + 4 > sizeof out) {
			if (!write_all(o->fd, out, len))
				return 0;
			len = 0;
		}
	}
	return write_all(o->fd, out, len) ? (ssize_t)n : 0;
}

static FILE *
rewriting(struct output *o, int fd, int buffering)
{
	static const cookie_io_functions_t io = { .write = output_write };
	FILE *f = fopencookie(o, "w", io);

	o->fd = fd;
	if (f != NULL)
		setvbuf(f, NULL, buffering, BUFSIZ);
	return f;
}

void
output_start(struct output streams[2], bool exact)
{
	FILE *f;

	if (strcmp(nl_langinfo(CODESET), "UTF-8") == 0)
		return;
	f = rewriting(&streams[0], STDERR_FILENO, _IOLBF);
	if (f != NULL)
		stderr = f;
	f = exact ? NULL : rewriting(&streams[1], STDOUT_FILENO,
	    isatty(STDOUT_FILENO) ? _IOLBF : _IOFBF);
	if (f != NULL)
		stdout = f;
}
