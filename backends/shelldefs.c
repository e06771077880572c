/* The files of the VMs that the host could start, without an agent: a function
 * of the remote script prints them when one of them looks different from the
 * last time. A file that changes while it is printed makes the lengths disagree;
 * then nothing is taken, and it is asked again. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backends/scan.h"
#include "backends/shellobs.h"
#include "core/buf.h"
#include "core/mem.h"
#include "core/quote.h"

enum {
	DEFS_MS = 10000,       /* two small processes over there */
	DEFS_HOLD_MS = 60000,  /* after a failure */
};

/* The words of "DIR DIR" as arguments; they are the configuration's own. */
char *
shelldefs_command(struct shellobs *o)
{
	const char *dirs = o->host->definitions != NULL ?
	    o->host->definitions : CONF_DEFINITIONS;
	const char *argv[3 + 16] = { "defs", o->defs.sum };
	char *words = x_strdup(dirs), *rest = words, *dir;
	struct buf b;
	size_t n = 2;

	while (n < sizeof argv / sizeof argv[0] - 1 &&
	    (dir = strtok_r(rest, " ", &rest)) != NULL)
		argv[n++] = dir;
	buf_init(&b, QUOTE_MAX);
	quote_argv(&b, argv);
	x_free(words);
	return b.p;
}

bool
shelldefs_due(const struct shellobs *o)
{
	return mono_reached(o->defs.due, o->now);
}

static bool
starts(const char *line, size_t len, const char *with)
{
	return len >= strlen(with) && memcmp(line, with, strlen(with)) == 0;
}

static void
note(struct buf *b, const char *path, size_t n, const char *why)
{
	if (b->len < OBS_TEXT_MAX)
		buf_printf(b, "%s%.*s: %s", b->len != 0 ? "; " : "", (int)n,
		    path, why);
}

/* A number and the blank after it. */
static bool
take_number(const char **p, size_t *n, int64_t *v)
{
	size_t len = 0;

	*v = 0;
	while (len < *n && (*p)[len] >= '0' && (*p)[len] <= '9' &&
	    *v < INT64_MAX / 100)
		*v = *v * 10 + ((*p)[len++] - '0');
	if (len == 0 || len == *n || (*p)[len] != ' ')
		return false;
	*p += len + 1;
	*n -= len + 1;
	return true;
}

/* "file SIZE MTIME PATH"; its text is not known yet. */
static bool
take_file(struct arena *a, const char *p, size_t n, struct def_file *f)
{
	int64_t size;

	if (!take_number(&p, &n, &size) || size > DEFS_FILE_MAX ||
	    !take_number(&p, &n, &f->mtime_s) || n == 0 || *p != '/')
		return false;
	f->len = (size_t)size;
	f->path = arena_strndup(a, p, n);
	return true;
}

/* What stands before the empty line. False: it makes no sense. */
static bool
take_heads(struct arena *a, const char **p, size_t *n, struct def_file *files,
    size_t *nfiles, struct buf *why)
{
	const char *line;
	size_t len;

	while (scan_line(p, n, &line, &len)) {
		if (len == 0)
			return true;
		if (starts(line, len, "denied "))
			note(why, line + 7, len - 7, "Permission denied");
		else if (starts(line, len, "large "))
			note(why, line + 6, len - 6,
			    "too large for a definition");
		else if (!starts(line, len, "file ") ||
		    *nfiles == DEFS_FILES_MAX ||
		    !take_file(a, line + 5, len - 5, &files[(*nfiles)++]))
			return false;
	}
	return false;
}

/* The texts; they are all of the rest. */
static bool
take_texts(const char *p, size_t n, struct def_file *files, size_t nfiles)
{
	for (size_t i = 0; i < nfiles; i++) {
		if (files[i].len > n)
			return false;
		files[i].text = p;
		p += files[i].len;
		n -= files[i].len;
	}
	return n == 0;
}

static bool
take(struct shellobs *o, const char *p, size_t n)
{
	struct def_file *files = x_calloc(DEFS_FILES_MAX, sizeof *files);
	struct arena a = { NULL };
	size_t nfiles = 0;
	struct buf why;
	bool good;

	buf_init(&why, 64 * 1024);
	good = take_heads(&a, &p, &n, files, &nfiles, &why) &&
	    take_texts(p, n, files, nfiles);
	if (good && o->cb.defs != NULL)
		o->cb.defs(o->arg, files, nfiles, why.len != 0 ? why.p : NULL);
	buf_free(&why);
	arena_free(&a);
	x_free(files);
	return good;
}

static void
fail(struct shellobs *o, const char *why)
{
	char *text = x_asprintf("definitions cannot be read there: %s", why);

	shellobs_trouble(o, TROUBLE_DEFS, text);
	x_free(text);
	o->defs.due = mono_add_ms(o->now, DEFS_HOLD_MS);
}

void
shelldefs_answer(struct shellobs *o, const struct shell_answer *a)
{
	const char *p = a->out, *line;
	size_t n = a->n, len;

	o->defs.due = mono_add_ms(o->now, DEFS_MS);
	if (!scan_line(&p, &n, &line, &len) || !starts(line, len, "sum ") ||
	    len - 4 >= sizeof o->defs.sum) {
		fail(o, a->said[0] != '\0' ? a->said : "stat or cksum fails");
		return;
	}
	shellobs_trouble(o, TROUBLE_DEFS, NULL);
	if (len - 4 == strlen(o->defs.sum) &&
	    memcmp(line + 4, o->defs.sum, len - 4) == 0)
		return;
	o->defs.sum[0] = '\0';
	if (a->cut || !take(o, p, n))
		return; /* asked again from the beginning */
	memcpy(o->defs.sum, line + 4, len - 4);
	o->defs.sum[len - 4] = '\0';
}
