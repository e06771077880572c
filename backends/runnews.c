/* A word is a line "\nTOKEN WORD TEXT\n", whose first newline belongs to it:
 * the command need not have ended its last line. The token is made for this one
 * channel and is never an argument, so neither a guest nor a command can know
 * it. Bytes that may be the beginning of a word are held back until they are
 * known not to be one: no more than a word is ever kept. */
#define _GNU_SOURCE /* memmem */
#include "backends/runnews.h"

#include <stdio.h>
#include <string.h>

#include "core/utf8.h"

enum { PIECE = 4096, LINE_MAX_BYTES = 4096 };

static const char *const words[] = {
	[RUNNEWS_READY] = "ready",
	[RUNNEWS_BEGAN] = "began",
	[RUNNEWS_END] = "end",
	[RUNNEWS_NO] = "no",
	[RUNNEWS_ABSENT] = "absent",
	[RUNNEWS_GONE] = "gone",
	[RUNNEWS_LOST] = "lost",
	[RUNNEWS_OK] = "ok",
	[RUNNEWS_BEAT] = "beat",
};

void
runnews_init(struct runnews *r, const char *token,
    const struct runnews_cb *cb, void *arg)
{
	*r = (struct runnews){ .cb = cb, .arg = arg };
	r->nmark = (size_t)snprintf(r->mark, sizeof r->mark, "\n%s ", token);
	buf_init(&r->in, PIECE + LINE_MAX_BYTES + sizeof r->mark);
}

void
runnews_free(struct runnews *r)
{
	buf_free(&r->in);
}

static void
pass(struct runnews *r, size_t n)
{
	if (n > 0 && r->began)
		r->cb->output(r->arg, r->in.p, n);
	buf_drop(&r->in, n);
}

/* How many bytes at the end may be the beginning of a mark. */
static size_t
held_back(const struct runnews *r)
{
	size_t n = r->in.len < r->nmark ? r->in.len : r->nmark - 1;

	for (; n > 0; n--)
		if (memcmp(r->in.p + r->in.len - n, r->mark, n) == 0)
			break;
	return n;
}

static void
tell(struct runnews *r, const char *line, size_t n)
{
	const char *blank = memchr(line, ' ', n);
	size_t len = blank != NULL ? (size_t)(blank - line) : n;
	char text[RUNNEWS_TEXT_MAX] = "";

	if (blank != NULL)
		utf8_clean(text, sizeof text, blank + 1, n - len - 1);
	for (size_t i = 0; i < RUNNEWS_WORDS; i++) {
		if (strlen(words[i]) != len || memcmp(words[i], line, len) != 0)
			continue;
		if (i == RUNNEWS_BEGAN)
			r->began = true;
		r->cb->word(r->arg, (enum runnews_word)i, text);
		return;
	}
}

/* Whether there was a whole word. */
static bool
take_word(struct runnews *r)
{
	const char *at = r->in.len == 0 ? NULL :
	    memmem(r->in.p, r->in.len, r->mark, r->nmark), *line, *end;
	size_t left;

	if (at == NULL) {
		pass(r, r->in.len - held_back(r));
		return false;
	}
	pass(r, (size_t)(at - r->in.p));
	line = r->in.p + r->nmark;
	left = r->in.len - r->nmark;
	if (left > LINE_MAX_BYTES)
		left = LINE_MAX_BYTES;
	end = memchr(line, '\n', left);
	if (end == NULL && left < LINE_MAX_BYTES)
		return false;
	if (end == NULL)
		end = line + left - 1; /* no word is that long: it is cut */
	tell(r, line, (size_t)(end - line));
	buf_drop(&r->in, (size_t)(end - r->in.p) + 1);
	return true;
}

void
runnews_feed(struct runnews *r, const char *p, size_t n)
{
	while (n > 0) {
		size_t piece = n < PIECE ? n : PIECE;

		buf_add(&r->in, p, piece);
		p += piece;
		n -= piece;
		while (take_word(r))
			;
	}
}
